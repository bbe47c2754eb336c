package messenger

import (
	"culver/im"
	"culver/lang"
	"culver/protocol"
)

// roomAsk is what was asked of rooms and waits for the answer.
type roomAsk struct {
	account im.AccountID
	done    func(answer protocol.Event)
}

// askService asks something under an ID; done is called once with the answer, which is a
// protocol.RoomDone if it did not work. With an error it is not.
func (m *Messenger) askService(a im.AccountID, ask func(s protocol.Rooms, id string) error, done func(protocol.Event)) error {
	s, err := m.roomService(a)
	if err != nil {
		return err
	}
	id := newID()
	m.roomAsks[id] = roomAsk{a, done}
	if err := ask(s, id); err != nil {
		delete(m.roomAsks, id)
		return err
	}
	return nil
}

func (m *Messenger) roomAnswer(a im.AccountID, id string, e protocol.Event) {
	if ask, ok := m.roomAsks[id]; ok && ask.account == a {
		delete(m.roomAsks, id)
		ask.done(e)
	}
}

// answerLost answers what cannot be answered any more.
func (m *Messenger) answerLost(a im.AccountID) {
	for id, ask := range m.roomAsks {
		if ask.account == a {
			delete(m.roomAsks, id)
			ask.done(protocol.RoomDone{ID: id, Reason: lang.T("The connection was lost before the room had answered.")})
		}
	}
}

// wantOfRoom asks a room for a change, and shows there if it did not work.
func (m *Messenger) wantOfRoom(r *room, ask func(s protocol.Rooms, id string) error) error {
	return m.askService(r.id.Account, ask, func(e protocol.Event) {
		if done, ok := e.(protocol.RoomDone); ok && done.Reason != "" {
			m.notice(r.id, im.Notice, im.Plain(done.Reason))
		}
	})
}
