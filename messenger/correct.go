package messenger

import (
	"cmp"
	"slices"
	"time"

	"culver/conversation"
	"culver/im"
	"culver/lang"
	"culver/protocol"
)

// Lines that were sent get another wording by those who sent them. What a line said
// before is kept nowhere.

// correctionTime is for how long that is possible: later on, what somebody said is what
// they said.
const correctionTime = 48 * time.Hour

// Correctable reports whether the user can correct a line. One that was sealed stays as
// it was said: which line a message replaces stands outside of the seal, so that whoever
// carries it could have any sealed line vanish behind another.
func Correctable(msg im.Message, now time.Time) bool {
	return msg.Kind == im.Chat && msg.Out && msg.State.Taken() && !msg.Seal.Level.Encrypted() && now.Sub(msg.Time) < correctionTime
}

// Correct gives a line that the network has taken another wording, and sends that. Like
// every line it may wait or fail.
func (m *Messenger) Correct(id im.ConvID, line, text string, began im.Level) {
	m.inbox.Put(func() {
		c, ok := m.chats[id]
		if !ok {
			return
		}
		msg, ok := c.timeline.Find(line)
		if !ok || text == "" || !Correctable(msg, time.Now()) {
			m.trouble(lang.F("What you wrote to %s was not sent: the line that it corrects cannot be changed any more. It is back in the entry.", m.list.Title(id)), nil)
			m.publish(TakenBack{Conv: id, Text: text})
			return
		}
		said, err := m.rewrite(id, text)
		if max(len(text), len(said)) > conversation.MaxText {
			m.trouble(lang.T("The correction was not sent: it is too long for one line. It is back in the entry."), nil)
			m.publish(TakenBack{Conv: id, Text: text, Corrects: line})
			return
		}
		if said == msg.Text.String() {
			return
		}
		c.ours, c.typed = true, im.TypingGone
		c.remembers(msg)
		msg.Private = secret(msg) || c.edited || c.seal.Level != im.Open || began.Encrypted() || m.required(id)
		msg.Text, msg.Edited = conversation.Links(said), true
		msg.State, msg.Reason, msg.Seal = im.Waiting, "", im.Seal{}
		if c.edited && c.draft.Text == "" { // this is what was taken back, written anew
			c.edited = false
			c.writtenAnew(msg.ID)
		}
		m.change(c, msg)
		m.submit(c, msg, began, err)
	})
}

// alias is an ID under which a line was corrected, and by whom: empty for the user.
type alias struct {
	from     im.Addr
	id, line string
}

// maxAliases is how many of them are kept of a conversation.
const maxAliases = 64

func (c *chat) call(from im.Addr, id, line string) {
	c.aliases = slices.DeleteFunc(c.aliases, func(a alias) bool { return a.from == from && (a.id == id || from == (im.Addr{}) && a.line == line) })
	if len(c.aliases) == maxAliases {
		c.aliases = slices.Delete(c.aliases, 0, 1)
	}
	c.aliases = append(c.aliases, alias{from, id, line})
}

// called returns the line that was corrected under this ID.
func (c *chat) called(from im.Addr, id string) (im.Message, bool) {
	for _, a := range c.aliases {
		if a.from == from && a.id == id {
			return c.timeline.Find(a.line)
		}
	}
	return im.Message{}, false
}

// remembers keeps what the peer has of a line that is being corrected, until they have
// the correction.
func (c *chat) remembers(msg im.Message) {
	if c.before == nil {
		c.before = map[string]im.Message{}
	}
	c.before[msg.ID] = msg
}

// outdated reports that what was sent under this ID is what one of our lines said before
// it was corrected: what became of that says nothing of the correction.
func outdated(msg im.Message, id string) bool {
	return msg.Edited && id == cmp.Or(msg.Origin, msg.ID)
}

// uncorrect gives up a correction that waits or failed: the line is what the peer has
// of it. It reports whether there was one.
func (m *Messenger) uncorrect(c *chat, msg im.Message) bool {
	before, ok := c.before[msg.ID]
	if !ok {
		return false
	}
	delete(c.before, msg.ID)
	c.waitNoMore(msg.ID)
	m.change(c, before)
	if c.logged[msg.ID] {
		if !m.logs(c.id, before.Seal) && !c.kept[msg.ID] {
			m.unkeep(c, msg.ID)
		} else if err := m.cfg.Store.Edit(before); err != nil {
			m.trouble(lang.T("What became of a line could not be saved."), err)
		}
	}
	return true
}

// corrected gives a line of a peer's another wording, if it is theirs to correct: they
// said it, in this conversation, in a room the same one of them, not long ago, and it was
// not sealed: see [Correctable]. Otherwise what came is a line of its own.
func (m *Messenger) corrected(c *chat, e protocol.Received, in conversation.Inbound) bool {
	if e.Replaces == "" || in.Alarm != "" {
		return false
	}
	from := im.Addr{Bare: e.From.Bare}
	switch {
	case e.Own:
		from = im.Addr{}
	case m.shared(c.id): // others there may have chosen the same ID
		from = e.From
	}
	when := time.Now()
	if e.Late {
		when = plausible(e.Time, when)
	}
	theirs := func(msg im.Message) bool {
		return msg.Kind == im.Chat && msg.State.Taken() &&
			(msg.Nick == "" || e.Own || c.sameOccupant(msg, e.From.Resource)) &&
			when.Sub(msg.Time) < correctionTime && !msg.Seal.Level.Encrypted()
	}
	msg, found := c.called(from, e.Replaces)
	if !found {
		msg, found = c.timeline.ByOrigin(from, cleanID(e.Replaces))
	}
	shown := found
	if !found {
		lines, err := m.cfg.Store.ByOrigin(c.id, from.Bare, cleanID(e.Replaces))
		if err != nil {
			m.trouble(lang.T("The history could not be read."), err)
		}
		if i := slices.IndexFunc(lines, theirs); i >= 0 {
			msg, found = lines[i], true
		}
	}
	if !found || !theirs(msg) {
		return false
	}
	c.call(from, cleanID(e.ID), msg.ID)
	if msg.Edited && msg.Text.String() == in.Text.String() && msg.Seal == in.Seal {
		return true // it came before
	}
	msg.Text, msg.Edited, msg.Seal, msg.State = in.Text, true, in.Seal, im.Done
	switch {
	case shown && !c.logged[msg.ID]:
	case m.logs(c.id, msg.Seal):
		if err := m.cfg.Store.Edit(msg); err != nil {
			m.trouble(lang.F("A correction of %s could not be saved. It is shown, but will be gone after you quit.", m.list.Title(c.id)), err)
		}
	case shown:
		c.noteUnkept(msg)
		m.unkeep(c, msg.ID)
	default:
		if err := m.cfg.Store.Remove(c.id, msg.ID); err != nil {
			m.trouble(lang.T("A line could not be removed from the history."), err)
		}
		m.sweep()
	}
	m.change(c, msg)
	return true
}

// correctedInRoom is corrected for a line of a room. Whoever comes in under a name that
// somebody left is somebody else: what is said under a name is corrected as long as
// nobody left under it. What was said before we came, and what the room tells of that,
// stays as it is: nobody knows who was who.
func (m *Messenger) correctedInRoom(c *chat, e protocol.RoomMessage, in conversation.Inbound) bool {
	if e.Late && !e.Own {
		return false
	}
	return m.corrected(c, protocol.Received{From: im.Addr{Bare: e.Room, Resource: e.Nick}, ID: e.ID, Replaces: e.Replaces,
		Time: e.Time, Late: e.Late, Own: e.Own}, in)
}

// maxGone is how many names are remembered of those who left a room.
const maxGone = 500

// left notes that the one with this name left the room; with "", that all may have.
func (c *chat) left(nick string) {
	if len(c.gone) >= maxGone || c.gone == nil {
		c.gone = map[string]time.Time{}
		nick = ""
	}
	c.gone[nick] = time.Now()
}

// sameOccupant reports whether whoever said a line in a room is there since then, under
// the same name.
func (c *chat) sameOccupant(msg im.Message, nick string) bool {
	return msg.From.Resource == nick && !msg.Late && msg.Time.After(c.gone[nick]) && msg.Time.After(c.gone[""])
}
