package messenger

import (
	"cmp"
	"crypto/sha256"
	"time"

	"culver/buddylist"
	"culver/conversation"
	"culver/im"
	"culver/lang"
	"culver/plugin"
	"culver/protocol"
)

// maxAsides is how many occupants of one room may have a conversation with the user that
// the user did not begin.
const maxAsides = 30

// roomMessage takes a line of a room.
func (m *Messenger) roomMessage(r *room, e protocol.RoomMessage) {
	if r.known.Place == conversation.Outside {
		return
	}
	c := m.chat(r.id)
	if m.repeated(c, e) || !e.Own && r.known.Ignores(e.Nick) {
		return
	}
	in, _ := conversation.Incoming(nil, r.id, plugin.Arrival{Wire: e.Body, Late: e.Late})
	if in.Drop {
		return
	}
	if e.Nick == "" {
		if !e.Late {
			m.notice(r.id, im.Notice, in.Text)
		}
		return
	}
	if m.correctedInRoom(c, e, in) || m.correctedBefore(c, e, in) {
		return
	}
	msg := im.Message{ID: newID(), Conv: r.id, Out: e.Own, From: im.Addr{Bare: e.Room, Resource: e.Nick}, Nick: shownNick(e.Nick),
		Text: in.Text, Time: time.Now(), Origin: cleanID(e.ID), Archive: cleanID(e.Archive), Late: e.Late}
	if e.Late {
		msg.Time = plausible(e.Time, msg.Time)
	}
	first := len(c.said)+len(c.earlier) == 0
	c.noteSaid(msg)
	m.keepLine(c, msg)
	m.open(r.id, false)
	m.add(c, msg)
	switch {
	case e.Own || e.Late && first:
	default:
		named, many := conversation.Names(in.Text.String(), conversation.Name(r.known.Nick)), c.named
		if named {
			many++
		}
		if m.setNamed(c, c.unread+1, many); !e.Late {
			m.heardInRoom(c, named)
		}
	}
}

// correctedBefore reports that this is a correction that has been taken already, told once
// more by the archive.
func (m *Messenger) correctedBefore(c *chat, e protocol.RoomMessage, in conversation.Inbound) bool {
	if !e.Late || e.Replaces == "" {
		return false
	}
	for _, from := range []im.Addr{{Bare: e.Room, Resource: e.Nick}, {}} { // ours as well
		msg, ok := c.timeline.ByOrigin(from, cleanID(e.Replaces))
		if ok && msg.Edited && msg.Text.String() == in.Text.String() {
			return true
		}
	}
	return false
}

// shownNick is a nick as it is shown.
func shownNick(nick string) string { return cmp.Or(conversation.Name(nick), lang.T("(no name)")) }

// saidKeys are what a line of a room is known by, should it come again: hashes, which stay
// small whatever somebody says.
func saidKeys(nick, origin, archive string, at time.Time, text string) (keys []string) {
	add := func(key string) {
		sum := sha256.Sum256([]byte(key))
		keys = append(keys, string(sum[:16]))
	}
	if archive != "" {
		add("archive\x00" + archive)
	}
	if origin != "" {
		add("origin\x00" + nick + "\x00" + origin)
	}
	add("text\x00" + nick + "\x00" + at.UTC().Format(time.RFC3339Nano) + "\x00" + text)
	return keys
}

// maxSaid is how many keys there are before those from before them are forgotten: a line
// comes again soon, or out of an archive that tells less than that.
const maxSaid = 10_000

// noteSaid notes a line of a room, so that it is known if it comes again.
func (c *chat) noteSaid(msg im.Message) {
	for _, key := range saidKeys(msg.From.Resource, msg.Origin, msg.Archive, msg.Time, msg.Text.String()) {
		c.said[key] = msg.ID
	}
	if len(c.said) >= maxSaid {
		c.earlier, c.said = c.said, map[string]string{}
	}
}

// repeated reports that a line is known already. One of ours that the room repeats has
// arrived by that.
func (m *Messenger) repeated(c *chat, e protocol.RoomMessage) bool {
	if c.said == nil {
		c.said = map[string]string{}
		for _, msg := range c.timeline.Lines(0) {
			if msg.Kind == im.Chat {
				c.noteSaid(msg)
			}
		}
	}
	// The archive tells by the nick alone that a line is ours; its ID nobody could guess
	// before we had sent it.
	if r := m.rooms[c.id]; e.Own || e.Late && r != nil && e.Nick == r.mark.Nick {
		if msg, ok := c.sentAs(e.ID); ok && e.ID != "" {
			m.confirmed(c, msg, e)
			return true
		}
	}
	for _, key := range saidKeys(e.Nick, e.ID, e.Archive, e.Time, conversation.Clean(e.Body)) {
		id, ok := c.said[key]
		if !ok {
			id, ok = c.earlier[key]
		}
		if ok {
			if msg, there := c.timeline.Find(id); there && msg.Out && e.Own {
				m.confirmed(c, msg, e)
			}
			return true
		}
	}
	return false
}

// confirmed notes that the room has one of our lines.
func (m *Messenger) confirmed(c *chat, msg im.Message, e protocol.RoomMessage) {
	if msg.State == im.Done && (msg.Archive != "" || e.Archive == "") {
		return
	}
	msg.Archive = cmp.Or(msg.Archive, e.Archive)
	if !outdated(msg, e.ID) {
		delete(c.before, msg.ID)
		msg.State, msg.Reason = im.Done, ""
		c.waitNoMore(msg.ID)
	}
	c.noteSaid(msg)
	m.change(c, msg)
	m.keepSent(c, msg)
}

// roomAside takes a line of one occupant for the user alone.
func (m *Messenger) roomAside(r *room, e protocol.RoomAside) {
	o, there := r.known.Occupant(e.Nick)
	id := im.Aside(r.id, e.Nick)
	if !there || o.Own || r.known.Ignores(e.Nick) || !m.welcomesAside(r, id) {
		return
	}
	c, from := m.chat(id), im.Addr{Bare: e.Room, Resource: e.Nick}
	if _, again := m.cameTwice(c, protocol.Received{From: from, ID: e.ID, Body: e.Body}); again {
		return
	}
	in, _ := conversation.Incoming(nil, id, plugin.Arrival{Wire: e.Body, Late: e.Late})
	if in.Drop {
		return
	}
	msg := im.Message{ID: newID(), Conv: id, From: from, Nick: o.Name, Text: in.Text,
		Time: time.Now(), Origin: cleanID(e.ID), Late: e.Late}
	if e.Late {
		msg.Time = plausible(e.Time, msg.Time)
	}
	m.keepLine(c, msg)
	what := soundOf(c)
	m.open(id, false)
	m.add(c, msg)
	m.setNamed(c, c.unread+1, c.named+1)
	m.heard(c, what)
}

// welcomesAside reports whether a line of this occupant is taken: in a large room, many
// could open a conversation each.
func (m *Messenger) welcomesAside(r *room, id im.ConvID) bool {
	if _, there := m.chats[id]; there {
		return true
	}
	n := 0
	for other, c := range m.chats {
		if in, _, ok := im.SplitAside(other); ok && in == r.id && !c.ours {
			n++
		}
	}
	if n < maxAsides {
		r.crowded = false
	} else if !r.crowded {
		r.crowded = true
		m.trouble(lang.F("More people in %s than Culver can show write to you alone. Close some of their conversations to see others.", m.list.Title(r.id)), nil)
	}
	return n < maxAsides
}

// keepLine writes a line down that came in, if lines like it are kept.
func (m *Messenger) keepLine(c *chat, msg im.Message) {
	if !m.logs(c.id, msg.Seal) {
		c.noteUnkept(msg)
		return
	}
	if err := m.append(msg); err != nil {
		m.trouble(lang.F("A message in %s could not be saved. It is shown, but will be gone after you quit.", m.list.Title(c.id)), err)
		return
	}
	c.logged[msg.ID] = true
}

// setNamed says how many lines of a room the user did not see yet, and how many of them
// name the user.
func (m *Messenger) setNamed(c *chat, unread, named int) {
	c.unread, c.named = unread, named
	m.applyList(buddylist.Unread{Conv: c.id, Count: unread, Named: named})
}
