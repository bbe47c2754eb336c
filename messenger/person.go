package messenger

import (
	"slices"

	"culver/conversation"
	"culver/im"
	"culver/lang"
	"culver/protocol"
)

// recentLines is how many lines of the history say whether a conversation is with a person.
const recentLines = 20

// person reports that an address is a person's, as far as this device knows by itself, so
// that it must not become a room: what is said in rooms is never sealed, and it is the
// server who says what is one.
func (m *Messenger) person(id im.ConvID) bool {
	if m.somebody(id) {
		return true
	}
	if m.rooms[id] != nil {
		return false
	}
	if c, ok := m.chats[id]; ok && (c.ours || c.open || c.draft.Text != "" || c.seal.Level != im.Open) {
		return true
	}
	return m.wasListed(id) || m.spokenAs(id)
}

// somebody reports that an address is the user's own, or on the Buddy List.
func (m *Messenger) somebody(id im.ConvID) bool {
	_, buddy := m.list.Buddy(id)
	return buddy || id.Peer == id.Account.Bare()
}

// spokenAs reports that there are lines of a conversation that are not a room's. A history
// that cannot be read may have some.
func (m *Messenger) spokenAs(id im.ConvID) bool {
	personal := func(msg im.Message) bool { return msg.Kind == im.Chat && msg.Nick == "" }
	if c, ok := m.chats[id]; ok && slices.ContainsFunc(c.timeline.Lines(0), personal) {
		return true
	}
	recent, _, err := m.olderLines(id, "", recentLines)
	return err != nil || slices.ContainsFunc(recent, personal)
}

// noRoomsOfPeople forgets rooms the addresses of which turned out to be people's.
func (m *Messenger) noRoomsOfPeople(a im.AccountID) {
	for _, r := range m.sortedRooms(a) {
		if m.somebody(r.id) {
			m.forgetRoom(r)
		}
	}
}

// forgetRoom makes a room a conversation with a person. What the user wrote there was for
// the room, and does not leave any more.
func (m *Messenger) forgetRoom(r *room) {
	if s, ok := m.online(r.id.Account).(protocol.Rooms); ok && r.known.Place != conversation.Outside {
		_ = s.LeaveRoom(r.id.Peer)
	}
	if r.asking != nil {
		r.asking.Close()
		r.asking = nil
	}
	r.wanted = false
	r.known.Apply(conversation.RoomKept{})
	m.outside(r, "")
	delete(m.rooms, r.id)
	m.saveRooms(r.id.Account)
	c, ok := m.chats[r.id]
	if !ok {
		return
	}
	c.said, c.earlier, c.gone, c.named = nil, nil, nil, 0
	m.flush(c)  // its lines fail
	if c.open { // front ends have shown a room
		m.publish(ConversationClosed{r.id})
		m.publish(ConversationOpened{State: m.state(c), Focus: m.front == r.id})
	}
}

// strayed is why a line may not leave in the conversation as it is now: it was written to
// a person and would go to a room, or the other way round. It is empty if it may.
func (m *Messenger) strayed(c *chat, msg im.Message) string {
	switch kind := m.kind(c.id); {
	case kind == im.InRoom && (msg.Nick == "" || msg.Private || m.somebody(c.id)):
		return lang.T("Not sent: this line was written to a person, and its address is taken for a room now.")
	case kind == im.WithPerson && msg.Nick != "":
		return lang.T("Not sent: this line was written to a room, and its address is that of a person now.")
	}
	return ""
}
