package messenger

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"culver/buddylist"
	"culver/conversation"
	"culver/im"
	"culver/lang"
	"culver/protocol"
)

// room is a room that the user is in, keeps, or was in not long ago.
type room struct {
	id     im.ConvID
	known  *conversation.Room
	mark   im.Bookmark // how to go in; with what the user keeps, if known.Kept
	wanted bool        // the user wants to be in whenever the account is online
	told   []string    // what the user was warned of last, if described
	used   int64       // when the user was in it last, in seconds
	asking *dialog     // what is missing to go in
	waited bool        // the user has just asked to go in, and waits for it

	described bool // it was told what it is like

	crowded bool // the user was told that too many write to them alone

	entered time.Time // when the user came in last
	lost    int       // how often it put them out soon after that
}

func reasonRoomOffline() string { return lang.T("Waiting until you are online.") }

// maxAutoRooms is how many rooms an account goes into by itself.
const maxAutoRooms = 100

// kind is with whom a conversation is.
func (m *Messenger) kind(id im.ConvID) im.ConvKind {
	if _, _, ok := im.SplitAside(id); ok {
		return im.InAside
	}
	if m.rooms[id] != nil {
		return im.InRoom
	}
	return im.WithPerson
}

// shared reports that a conversation is in a room, with all there or with one of them.
// Plugins that change text have no part in it: nobody there is anybody in particular.
func (m *Messenger) shared(id im.ConvID) bool { return m.kind(id) != im.WithPerson }

// room returns a room, remembered from now on. Who did not get its address from the user
// asks [Messenger.person] first.
func (m *Messenger) room(id im.ConvID) *room {
	r := m.rooms[id]
	if r == nil {
		r = &room{id: id, known: conversation.NewRoom(), mark: im.Bookmark{Account: id.Account, Room: id.Peer}}
		m.rooms[id] = r
	}
	return r
}

// sortedRooms are the rooms of an account, in order.
func (m *Messenger) sortedRooms(a im.AccountID) []*room {
	var all []*room
	for id, r := range m.rooms {
		if id.Account == a {
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(x, y *room) int { return cmp.Compare(x.id.Peer, y.id.Peer) })
	return all
}

// roomService is the session of an account that is online, if its network has rooms.
func (m *Messenger) roomService(a im.AccountID) (protocol.Rooms, error) {
	if s, ok := m.online(a).(protocol.Rooms); ok {
		return s, nil
	}
	return nil, protocol.ErrOffline
}

// changeRoom changes what is known of a room, here and in all front ends.
func (m *Messenger) changeRoom(r *room, e conversation.RoomEvent) {
	r.known.Apply(e)
	m.publish(RoomChanged{r.id, e})
	m.listRoom(r)
}

// listRoom brings the Buddy List in line with a room.
func (m *Messenger) listRoom(r *room) {
	have, listed := m.list.Room(r.id)
	if !r.known.Kept && !r.wanted {
		if listed {
			m.applyList(buddylist.RoomGone{Conv: r.id})
		}
		return
	}
	want := buddylist.RoomEntry{Conv: r.id, Name: cmp.Or(r.mark.Name, r.known.Traits.Name), Kept: r.known.Kept, Auto: r.known.Auto,
		Inside: r.known.Place == conversation.Inside, People: r.known.Len()}
	if !listed || have != want {
		m.applyList(buddylist.Room{Room: want})
	}
}

// nickFor is what the user is called in a room.
func (m *Messenger) nickFor(r *room) string {
	if r.mark.Nick != "" {
		return r.mark.Nick
	}
	local, _, _ := strings.Cut(r.id.Account.Bare(), "@")
	return local
}

// enter goes into a room, now or as soon as the account is online.
func (m *Messenger) enter(r *room) {
	if m.accounts[r.id.Account] == nil {
		return
	}
	r.wanted = true
	if r.known.Place != conversation.Outside {
		return
	}
	r.used = time.Now().Unix()
	m.saveRooms(r.id.Account)
	s, err := m.roomService(r.id.Account)
	if err == nil {
		m.changeRoom(r, conversation.RoomPlace{Place: conversation.GoingIn})
		since, last := m.lastHeard(r.id)
		err = s.JoinRoom(protocol.RoomJoin{Room: r.id.Peer, Nick: m.nickFor(r), Password: r.mark.Password, Since: since, After: last})
	}
	switch {
	case errors.Is(err, protocol.ErrOffline): // or the connection broke, and we are not told yet
		r.waited = false
		m.changeRoom(r, conversation.RoomPlace{Why: reasonRoomOffline()})
	case err != nil:
		r.wanted, r.waited = false, false
		m.changeRoom(r, conversation.RoomPlace{Why: sentenceOf(err)})
	}
}

// lastHeard is when the last line of a room was said that is known here, and what the
// room's archive calls it.
func (m *Messenger) lastHeard(id im.ConvID) (since time.Time, archive string) {
	lines := m.chat(id).timeline
	for i := lines.Len() - 1; i >= 0; i-- {
		if msg := lines.At(i); msg.Kind == im.Chat && (!msg.Out || msg.State == im.Done) {
			if since.IsZero() {
				since = msg.Time
			}
			if archive = msg.Archive; archive != "" {
				break
			}
		}
	}
	return since, archive
}

// exit goes out of a room for good.
func (m *Messenger) exit(r *room) {
	r.wanted = false
	if r.known.Place != conversation.Outside {
		s, ok := m.online(r.id.Account).(protocol.Rooms)
		if a := m.accounts[r.id.Account]; !ok && a != nil {
			s, ok = a.held.(protocol.Rooms) // it goes as soon as the session goes on
		}
		if ok {
			_ = s.LeaveRoom(r.id.Peer) // offline, nobody is in
		}
	}
	m.outside(r, "")
}

// outside notes that the user is not in the room any more. Lines that the room has not
// repeated may never have reached it.
func (m *Messenger) outside(r *room, why string) {
	was := r.known.Place
	m.changeRoom(r, conversation.RoomPlace{Why: why})
	c, ok := m.chats[r.id]
	if !ok || was == conversation.Outside {
		return
	}
	m.failUnderWay(c, lang.T("You left the room before it was certain that this line had reached it."))
}

// enterRooms goes into all rooms of an account that has come online.
func (m *Messenger) enterRooms(a im.AccountID) {
	for _, r := range m.sortedRooms(a) {
		if r.wanted {
			m.enter(r)
		}
	}
}

// roomsOffline notes that an account lost its connection: nobody knows who is where.
func (m *Messenger) roomsOffline(a im.AccountID) {
	for _, r := range m.sortedRooms(a) {
		if r.known.Place != conversation.Outside {
			m.changeRoom(r, conversation.RoomPlace{Why: reasonRoomOffline()})
		}
	}
	m.answerLost(a)
}

// mayTalk says why nothing can be said in a conversation now, empty if it can be or is in
// no room, and whether it helps to wait.
func (m *Messenger) mayTalk(id im.ConvID) (wait bool, why string) {
	where, nick, aside := im.SplitAside(id)
	if !aside {
		where = id
	}
	r := m.rooms[where]
	switch {
	case r == nil && aside:
		return false, lang.T("You are not in this room any more.")
	case r == nil:
		return true, ""
	case r.known.Place != conversation.Inside && r.wanted:
		return true, lang.T("Waiting until you are in the room")
	case r.known.Place != conversation.Inside:
		return false, lang.T("Not sent: you are not in the room. Join it and send the line again.")
	case !aside && r.known.Own().Role == im.Visitor:
		return false, lang.T("Not sent: you may only read in this room. Ask a moderator to let you speak.")
	case !aside:
		return true, ""
	}
	if _, there := r.known.Occupant(nick); !there {
		return false, lang.F("Not sent: %s is not in the room any more.", shownNick(nick))
	}
	return true, ""
}
