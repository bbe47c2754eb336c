package xmpp

import (
	"strconv"
	"strings"
	"time"

	"mellium.im/xmpp/jid"

	"culver/im"
	"culver/lang"
	"culver/protocol"
)

// Rooms (XEP-0045). A link knows the rooms that it was told to be in; what comes from any
// other is nothing. Nothing of a room's traffic reaches the rest of the link: those who are
// there are nobody's contacts.

const (
	nsRoom      = "http://jabber.org/protocol/muc"       // XEP-0045
	nsRoomAdmin = "http://jabber.org/protocol/muc#admin" // XEP-0045
	nsRoomOwner = "http://jabber.org/protocol/muc#owner" // XEP-0045
	nsInvite    = "jabber:x:conference"                  // XEP-0249
)

// The limits of rooms.
const (
	maxRooms     = 200     // that a link is in
	maxOccupants = 5000    // who are known, of one
	maxAllPeople = 20_000  // of all together
	maxHeld      = 1 << 20 // bytes of lines that wait for older ones
	maxNick      = 1023    // bytes, RFC 7622
	maxStatus    = 1024    // bytes of what somebody says of themselves, of a reason, and the like
	maxTopic     = 8 << 10
	firstHistory = 50 // lines, of a room that is new to us
	maxHistory   = 200
)

var _ protocol.Rooms = (*Session)(nil)

// rooms is what a link knows of rooms. It belongs to Run's goroutine.
type rooms struct {
	ready   bool // the session is: one may go in
	waiting []func()
	in      map[string]*room // by bare address
	asked   map[string]*dataForm
	watched bool                // somebody looks whether we are still there
	extras  map[string]*element // what other programs keep with a bookmark, by its room
	catching
}

// room is one that we are in, or on the way into.
type room struct {
	address   jid.JID
	nick      string // ours there, or the one that we want
	join      protocol.RoomJoin
	place     roomPlace
	created   bool
	info      *info
	flags     roomFlags
	traits    im.RoomTraits
	occupants map[string]im.Occupant
	sent      map[string]time.Time // our lines that it has not repeated, and since when the server has them
	expecting bool                 // somebody looks whether it does
	heard     time.Time            // when it last said something
	wants     string               // the nick that we asked for, while it did not answer
	topic     bool                 // it has said what it is about
	held      []protocol.RoomMessage
	heldSize  int
	told      map[string]bool // lines of the archive, by ID, while others are held
	holding   bool            // lines wait for those of the archive, which are older
}

// roomPlace is how far we are.
type roomPlace int

const (
	asking   roomPlace = iota // what it is like
	entering                  // it has to say whether we are in
	inside
)

// roomFlags are what a room says of itself to those who are in it.
type roomFlags struct{ logged, open bool }

// roomsExtension takes what rooms say.
func (l *link) roomsExtension() extension {
	l.rooms.in, l.rooms.asked = map[string]*room{}, map[string]*dataForm{}
	return extension{
		features: []string{nsInvite},
		message:  l.roomMessage,
		presence: l.roomPresence,
		online: func() {
			l.rooms.ready = true
			waiting := l.rooms.waiting
			l.rooms.waiting = nil
			for _, f := range waiting {
				f()
			}
		},
	}
}

// whenReady calls f once the session is ready.
func (l *link) whenReady(f func()) {
	if l.rooms.ready {
		f()
		return
	}
	if len(l.rooms.waiting) < maxRooms {
		l.rooms.waiting = append(l.rooms.waiting, f)
	}
}

// toRoom runs f on Run's goroutine, with the address of a room.
func (s *Session) toRoom(bare string, f func(l *link, address jid.JID)) error {
	l, err := s.online()
	if err != nil {
		return err
	}
	address, err := roomAddress(bare)
	if err != nil {
		return err
	}
	return l.do(func() { f(l, address) })
}

// roomAddress is the address of a room, which has a name at a service.
func roomAddress(bare string) (jid.JID, error) {
	address, err := parseJID(bare)
	if err != nil || address.Localpart() == "" || address.Resourcepart() != "" {
		return jid.JID{}, sentencef("%q is not the address of a room. One looks like cooks@rooms.example.net.", shorten(bare))
	}
	return address, nil
}

// person reports that an address is our own, or on the roster: whatever the server says,
// that is no room. What is said to a person is sealed where the user wants that, what is
// said in a room never is.
func (l *link) person(bare string) bool { return bare == l.bare || l.knows(bare) }

// nickAddress is the address of somebody in a room.
func nickAddress(room jid.JID, nick string) (jid.JID, error) {
	nick = sanitize(nick)
	full, err := room.WithResource(nick)
	if err == nil && strings.TrimSpace(nick) != "" {
		// It has to come back as it was sent.
		if again, err := parseJID(full.String()); err == nil && again.Equal(full) {
			return full, nil
		}
	}
	return jid.JID{}, sentencef("%q cannot be a nickname. Use letters and digits.", shorten(nick))
}

// JoinRoom goes into a room.
func (s *Session) JoinRoom(j protocol.RoomJoin) error {
	address, err := roomAddress(j.Room)
	if err != nil {
		return err
	}
	full, err := nickAddress(address, j.Nick)
	if err != nil {
		return err
	}
	return s.toRoom(j.Room, func(l *link, address jid.JID) {
		l.whenReady(func() { l.joinRoom(address, full.Resourcepart(), j, s.wish) })
	})
}

// wish is what the user wants to be seen as.
func (s *Session) wish() im.Presence {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.presence
}

// joinRoom asks what a room is like, and goes in.
func (l *link) joinRoom(address jid.JID, nick string, j protocol.RoomJoin, wish func() im.Presence) {
	bare := address.String()
	if l.person(bare) {
		l.emit(protocol.RoomRefused{Room: bare, Why: protocol.NoSuchRoom, Reason: lang.F("%s is not a room.", bare)})
		return
	}
	if r := l.rooms.in[bare]; r != nil && r.place != inside {
		return
	}
	if len(l.rooms.in) >= maxRooms {
		l.emit(protocol.RoomRefused{Room: bare, Reason: lang.T("You are in too many rooms. Leave some of them first.")})
		return
	}
	r := &room{address: address, nick: nick, join: j, occupants: map[string]im.Occupant{}, sent: map[string]time.Time{}, heard: time.Now()}
	l.rooms.in[bare] = r
	l.askInfo(bare, "", func(i *info) {
		if l.rooms.in[bare] != r {
			return
		}
		if i != nil && !i.has(nsRoom) {
			delete(l.rooms.in, bare)
			l.emit(protocol.RoomRefused{Room: bare, Why: protocol.NoSuchRoom, Reason: lang.F("%s is not a room.", bare)})
			return
		}
		r.info = i
		r.place, r.heard = entering, time.Now()
		if err := l.send(r.entrance(wish())); err != nil {
			delete(l.rooms.in, bare)
			l.emit(protocol.RoomRefused{Room: bare, Why: protocol.RoomUnreachable, Reason: lang.T("The room could not be asked: too much waits to be sent already.")})
			return
		}
		l.awaitEntry(r)
	})
	l.watchRooms()
}

// awaitEntry gives up a room that says neither who is there nor that we may not come in.
func (l *link) awaitEntry(r *room) {
	time.AfterFunc(l.patience.answer, func() {
		_ = l.do(func() { // else there is no link any more
			bare := r.address.String()
			switch {
			case l.rooms.in[bare] != r || r.place != entering:
			case time.Since(r.heard) < l.patience.answer:
				l.awaitEntry(r)
			default:
				l.goOut(r)
				l.emit(protocol.RoomRefused{Room: bare, Why: protocol.RoomUnreachable, Reason: lang.F("The room %s does not answer.", bare)})
			}
		})
	})
}

// goOut leaves a room, or the way into it.
func (l *link) goOut(r *room) {
	delete(l.rooms.in, r.address.String())
	if r.place != asking {
		_ = l.send(newElement(nsClient, "presence").with("type", "unavailable").with("to", r.address.String()+"/"+r.nick))
	}
}

// entrance is the presence that goes in (XEP-0045, section 7.2). Those who are there see
// how available we are, but not what we say about it: that is for buddies.
func (r *room) entrance(wish im.Presence) *element {
	x := newElement(nsRoom, "x")
	if r.join.Password != "" {
		x.add(newText(nsRoom, "password", sanitize(r.join.Password)))
	}
	history := newElement(nsRoom, "history")
	switch {
	case r.info.has(nsArchive):
		history.with("maxstanzas", "0") // its archive tells better
	case r.join.Since.IsZero():
		history.with("maxstanzas", strconv.Itoa(firstHistory))
	default:
		history.with("maxstanzas", strconv.Itoa(maxHistory)).with("since", r.join.Since.UTC().Format("2006-01-02T15:04:05Z"))
	}
	return r.presence(wish, r.nick).add(x.add(history))
}

// presence is ours under a nick, for those who are in the room.
func (r *room) presence(wish im.Presence, nick string) *element {
	return announcement(inRooms(wish), capability{}).with("to", r.address.String()+"/"+nick)
}

// inRooms is what of our presence people in rooms, who may be strangers, are told: no words,
// and nothing about when the user does nothing.
func inRooms(wish im.Presence) im.Presence {
	if wish.Show == im.Offline || wish.Auto { // one is in a room, or not
		wish.Show = im.Available
	}
	return im.Presence{Show: wish.Show}
}

// presentInRooms tells those in rooms how available we are now.
func (l *link) presentInRooms(wish im.Presence) {
	if wish.Show == im.Offline {
		return
	}
	for _, r := range l.rooms.in {
		if r.place == inside {
			_ = l.send(r.presence(wish, r.nick)) // what does not fit is said the next time
		}
	}
}

// LeaveRoom goes out of a room.
func (s *Session) LeaveRoom(bare string) error {
	return s.toRoom(bare, func(l *link, address jid.JID) {
		l.whenReady(func() { // behind the wish to go in
			if r := l.rooms.in[address.String()]; r != nil {
				l.goOut(r)
				l.emit(protocol.RoomLeft{Room: address.String(), Why: protocol.ExitLeft})
			}
		})
	})
}

// SetRoomNick asks for another nick.
func (s *Session) SetRoomNick(bare, nick string) error {
	address, err := roomAddress(bare)
	if err != nil {
		return err
	}
	full, err := nickAddress(address, nick)
	if err != nil {
		return err
	}
	return s.toRoom(bare, func(l *link, address jid.JID) {
		if r := l.rooms.in[address.String()]; r != nil && r.place == inside && full.Resourcepart() != r.nick {
			r.wants = full.Resourcepart()
			_ = l.send(r.presence(s.wish(), r.wants))
		}
	})
}

// SetRoomTopic asks the room to be about that (XEP-0045, section 8.1).
func (s *Session) SetRoomTopic(bare, topic string) error {
	topic = clip(sanitize(topic), maxTopic)
	return s.toRoom(bare, func(l *link, address jid.JID) {
		id := newElement(nsClient, "message", newText(nsClient, "subject", topic)).with("type", "groupchat").
			with("id", topicID+newStanzaID()).with("to", address.String())
		_ = l.send(id)
	})
}

// topicID begins the IDs of stanzas that set a topic, so that a refusal is known as one.
const topicID = "topic-"

// learn takes what the room is like from what it and its service say.
func (r *room) learn() (changed bool) {
	t := im.RoomTraits{Logged: r.flags.logged}
	if i := r.info; i != nil {
		t.Known = true
		for _, d := range i.identities {
			if d.category == "conference" && t.Name == "" {
				t.Name = clip(d.name, maxStatus)
			}
		}
		t.Public = i.has("muc_public")
		t.Password = i.has("muc_passwordprotected")
		t.Open = !i.has("muc_membersonly") && !t.Password
		t.Persistent = i.has("muc_persistent")
		t.Moderated = i.has("muc_moderated")
		t.Anonymous = (i.has("muc_semianonymous") || i.has("muc_fullyanonymous")) && !r.flags.open
		t.Archive = i.has(nsArchive)
		for _, x := range i.forms {
			f := readForm(x)
			if f.value("FORM_TYPE") != "http://jabber.org/protocol/muc#roominfo" {
				continue
			}
			t.Description = clip(f.value("muc#roominfo_description"), maxTopic)
			if n, err := strconv.Atoi(f.value("muc#roominfo_occupants")); err == nil && n > 0 && n < 1<<30 {
				t.Occupants = n
			}
			t.Logged = t.Logged || f.value("muc#roominfo_logs") != ""
		}
	}
	if t == r.traits {
		return false
	}
	r.traits = t
	return true
}

// learnAgain asks what the room is like since somebody has changed it.
func (l *link) learnAgain(r *room) {
	bare := r.address.String()
	l.askInfo(bare, "", func(i *info) {
		if l.rooms.in[bare] != r || i == nil {
			return
		}
		r.info = i
		// What the room said before it was changed may not hold any more.
		r.flags.open = r.flags.open && !i.has("muc_semianonymous")
		if r.learn() && r.place == inside {
			l.emit(protocol.RoomDescribed{Room: bare, Traits: r.traits})
		}
	})
}
