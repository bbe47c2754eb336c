package messenger

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"culver/conversation"
	"culver/im"
	"culver/lang"
	"culver/protocol"
)

// roomEvent handles what a session tells of rooms.
func (m *Messenger) roomEvent(a *account, e protocol.Event) {
	in := func(bare string, f func(*room)) {
		if r := m.rooms[im.ConvID{Account: a.id, Peer: bare}]; r != nil {
			f(r)
		}
	}
	switch e := e.(type) {
	case protocol.RoomJoined:
		in(e.Room, func(r *room) { m.roomJoined(r, e) })
	case protocol.RoomRefused:
		in(e.Room, func(r *room) { m.roomRefused(r, e) })
	case protocol.RoomLeft:
		in(e.Room, func(r *room) { m.roomLeft(r, e) })
	case protocol.OccupantHere:
		in(e.Room, func(r *room) { m.occupantHere(r, e.Occupant) })
	case protocol.OccupantGone:
		in(e.Room, func(r *room) { m.occupantGone(r, e) })
	case protocol.RoomTopic:
		in(e.Room, func(r *room) { m.roomTopic(r, e) })
	case protocol.RoomDescribed:
		in(e.Room, func(r *room) { m.roomDescribed(r, e.Traits) })
	case protocol.RoomMessage:
		in(e.Room, func(r *room) { m.roomMessage(r, e) })
	case protocol.RoomAside:
		in(e.Room, func(r *room) { m.roomAside(r, e) })
	case protocol.RoomTrouble:
		in(e.Room, func(r *room) { m.notice(r.id, im.Notice, im.Plain(conversation.Name(e.Reason))) })
	case protocol.RoomInvited:
		m.roomInvited(a, e)
	case protocol.RoomDone:
		e.Reason = conversation.Name(e.Reason)
		if e.ID == "" && e.Reason != "" {
			m.trouble(e.Reason, nil)
		}
		m.roomAnswer(a.id, e.ID, e)
	case protocol.RoomSettings:
		m.roomAnswer(a.id, e.ID, e)
	case protocol.RoomPeople:
		m.roomAnswer(a.id, e.ID, e)
	case protocol.RoomsFound:
		m.roomAnswer(a.id, e.ID, e)
	case protocol.Bookmarks:
		m.bookmarks(a, e.All)
	case protocol.BookmarkChanged:
		m.bookmarked(a, e.Bookmark)
		m.saveRooms(a.id)
	case protocol.BookmarkRemoved:
		in(e.Room, func(r *room) {
			m.changeRoom(r, conversation.RoomKept{})
			m.saveRooms(a.id)
		})
	}
}

func (m *Messenger) roomJoined(r *room, e protocol.RoomJoined) {
	if !r.wanted { // the user changed their mind meanwhile
		m.exit(r)
		return
	}
	r.mark.Nick, r.entered, r.waited = e.Nick, time.Now(), false
	occupants := make([]im.Occupant, len(e.Occupants))
	for i, o := range e.Occupants {
		occupants[i] = m.cleanOccupant(r, o)
	}
	entered := conversation.RoomEntered{Nick: e.Nick, Occupants: occupants}
	r.known.Apply(entered)
	for i, o := range occupants { // now that all are known
		occupants[i].Like = m.looksLike(r, o)
	}
	m.changeRoom(r, entered)
	m.chat(r.id).left("")
	if e.Created {
		m.notice(r.id, im.Notice, im.Plain(lang.T("This room is new, and yours. Room Settings says what it is like.")))
	}
	m.open(r.id, false)
	m.flush(m.chat(r.id))
}

func (m *Messenger) roomRefused(r *room, e protocol.RoomRefused) {
	e.Reason = conversation.Name(e.Reason)
	if r.known.Place != conversation.GoingIn { // it is about something else than going in
		m.notice(r.id, im.Notice, im.Plain(e.Reason))
		return
	}
	if e.Why == protocol.WrongRoomSecret && r.mark.Password != "" {
		e.Reason = lang.F("This is not the password of the room %s.", conversation.Name(r.id.Peer))
	}
	if r.wanted = r.wanted && e.Why == protocol.RoomUnreachable; r.wanted {
		if m.returnTo(r) {
			e.Reason += " " + lang.T("It is tried again soon.")
		} else { // but in the next session
			e.Reason += " " + lang.T("Try again later.")
		}
	}
	m.changeRoom(r, conversation.RoomPlace{Why: e.Reason})
	if e.Why == protocol.WrongRoomSecret || e.Why == protocol.NickTaken {
		m.askToEnter(r, e)
	}
}

func (m *Messenger) roomLeft(r *room, e protocol.RoomLeft) {
	if e.Why == protocol.ExitLost {
		m.roomLost(r)
		return
	}
	wanted := r.wanted
	r.wanted = wanted && e.Why == protocol.ExitShutdown
	why := newExit(e.Why, e.By, e.Words).own()
	if r.wanted && m.returnTo(r) {
		why += " " + lang.T("It is entered again soon.")
	}
	m.outside(r, why)
	if !wanted || why == "" {
		return
	}
	if e.Other != "" {
		why += " " + lang.F("It goes on in %s.", conversation.Name(e.Other))
	}
	m.notice(r.id, im.Alarm, im.Plain(why))
}

func (m *Messenger) occupantHere(r *room, o im.Occupant) {
	before, there := r.known.Occupant(o.Nick)
	o = m.cleanOccupant(r, o)
	o.Like = m.looksLike(r, o)
	if there && before == o {
		return
	}
	m.changeRoom(r, conversation.OccupantHere{Occupant: o})
	if there && (before.Role != o.Role || before.Standing != o.Standing) {
		m.notice(r.id, im.Notice, im.Plain(promotion(before, o)))
	}
	if o.Own {
		r.mark.Nick = o.Nick
		m.flush(m.chat(r.id)) // perhaps we may speak now
	}
}

// promotion says what somebody may do now.
func promotion(before, o im.Occupant) string {
	switch changed := before.Standing != o.Standing; {
	case changed && o.Own:
		return lang.F("You are now: %s, %s.", o.Standing, o.Role.InSentence())
	case changed:
		return lang.F("%s is now: %s, %s.", o.Name, o.Standing, o.Role.InSentence())
	case o.Own:
		return lang.F("You are now: %s.", o.Role)
	default:
		return lang.F("%s is now: %s.", o.Name, o.Role)
	}
}

func (m *Messenger) occupantGone(r *room, e protocol.OccupantGone) {
	o, there := r.known.Occupant(e.Nick)
	if !there {
		return
	}
	m.changeRoom(r, conversation.OccupantGone{Nick: e.Nick, Renamed: e.Renamed, Told: e.Renamed != "" || e.Why != protocol.ExitLeft})
	m.chat(r.id).left(e.Nick)
	name := conversation.Name(e.Renamed)
	switch {
	case e.Renamed != "" && o.Own:
		m.notice(r.id, im.Notice, im.Plain(lang.F("You are now called %s.", name)))
	case e.Renamed != "":
		m.notice(r.id, im.Notice, im.Plain(lang.F("%s is now called %s.", o.Name, name)))
	case e.Why != protocol.ExitLeft:
		if text := newExit(e.Why, e.By, e.Words).of(o.Name); text != "" {
			m.notice(r.id, im.Notice, im.Plain(text))
		}
	}
	aside := im.Aside(r.id, e.Nick)
	if e.Renamed == "" {
		m.noticeIfOpen(aside, lang.F("%s has left the room. Whoever comes in under this name may be somebody else.", o.Name))
	} else {
		m.noticeIfOpen(aside, lang.F("%s is now called %s. Whoever takes the old name may be somebody else.", o.Name, name))
	}
}

func (m *Messenger) roomTopic(r *room, e protocol.RoomTopic) {
	topic, by := conversation.Name(e.Topic), conversation.Name(e.By)
	if topic == r.known.Topic {
		return
	}
	m.changeRoom(r, conversation.TopicSet{Topic: topic, By: by})
	switch {
	case !e.Time.IsZero():
	case topic == "":
		m.notice(r.id, im.Notice, im.Plain(lang.F("%s took the topic away.", cmp.Or(by, lang.T("Somebody")))))
	default:
		m.notice(r.id, im.Notice, im.Plain(lang.F("%s set the topic: %s", cmp.Or(by, lang.T("Somebody")), topic)))
	}
}

// roomDescribed takes what a room is like. Front ends show who can read along as long as
// that is so; if it is not what it was when the user was told first, a line says so, too.
func (m *Messenger) roomDescribed(r *room, t im.RoomTraits) {
	t.Name, t.Description = conversation.Name(t.Name), conversation.Clean(t.Description)
	if t == r.known.Traits {
		return
	}
	m.changeRoom(r, conversation.TraitsSet{Traits: t})
	if !t.Known || r.known.Place == conversation.Outside {
		return
	}
	warnings, told := conversation.RoomWarnings(t), r.told
	first := !r.described
	r.described, r.told = true, warnings
	switch {
	case first || slices.Equal(warnings, told):
	case slices.ContainsFunc(warnings, func(w string) bool { return !slices.Contains(told, w) }):
		m.notice(r.id, im.Alarm, im.Plain(lang.F("This room has changed. %s", strings.Join(warnings, " "))))
	default: // nobody has to be alarmed
		m.notice(r.id, im.Notice, im.Plain(lang.T("This room has changed. It is less open than before.")))
	}
}

// cleanOccupant makes what a room says of somebody safe to show.
func (m *Messenger) cleanOccupant(r *room, o im.Occupant) im.Occupant {
	o.Name = cmp.Or(conversation.Name(o.Nick), lang.T("(no name)"))
	o.Presence.Status = conversation.Name(o.Presence.Status)
	return o
}

// looksLike is whom somebody's name looks like without being theirs.
func (m *Messenger) looksLike(r *room, o im.Occupant) string {
	if o.Own {
		return ""
	}
	if other := r.known.Alike(o); other != "" {
		return other
	}
	return m.titles.alike(m.list, r.id.Account, o)
}

// bookmarks takes all rooms that the user keeps, as the server has them.
func (m *Messenger) bookmarks(a *account, all []im.Bookmark) {
	listed := map[string]bool{}
	for _, b := range all {
		listed[b.Room] = true
		m.bookmarked(a, b)
	}
	for _, r := range m.sortedRooms(a.id) {
		if r.known.Kept && !listed[r.id.Peer] {
			m.changeRoom(r, conversation.RoomKept{})
		}
	}
	m.saveRooms(a.id)
}

// bookmarked takes a room that the user keeps, and goes in if it says so.
func (m *Messenger) bookmarked(a *account, b im.Bookmark) {
	id := im.ConvID{Account: a.id, Peer: b.Room}
	if m.person(id) || m.rooms[id] == nil && len(m.sortedRooms(a.id)) >= maxRooms {
		return
	}
	r := m.room(id)
	b.Account, b.Name = a.id, conversation.Name(b.Name)
	if b.Nick == "" || r.known.Place == conversation.Inside {
		b.Nick = r.mark.Nick
	}
	r.mark = b
	m.changeRoom(r, conversation.RoomKept{Kept: true, Auto: b.Auto})
	if !b.Auto || r.wanted {
		return
	}
	inside := 0
	for _, other := range m.sortedRooms(a.id) {
		if other.wanted {
			inside++
		}
	}
	if inside < maxAutoRooms {
		m.enter(r)
	}
}
