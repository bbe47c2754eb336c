package messenger

import (
	"time"

	"culver/buddylist"
	"culver/conversation"
	"culver/im"
	"culver/lang"
	"culver/plugin"
	"culver/protocol"
)

// Copies: what other devices of ours got and sent, as it happens or later, out of the
// server's archive. Nothing is answered to them, no plugin gets them to transform, and
// what is sealed in them is not shown: the device that it was for has read it.

// elsewhere is all that is said of an encrypted copy: it explains to somebody who
// looks at the conversation why it goes on without them. Nobody is called for it, since
// there is nothing to read here; and in the archive it is long over.
func elsewhere() string {
	return lang.T("Another device of yours takes part in this conversation with encrypted messages, which only that device can read.")
}

// notEncrypted warns of copies where everything was to be private: whoever can send
// them might have written them.
func notEncrypted() string {
	return lang.T("What follows reached you by way of the server's copies, and was NOT encrypted: others may have read or changed it.")
}

// overhear is what people can read of a copy. A plugin that fails hides it.
func (m *Messenger) overhear(wire string) (text string, sealed bool) {
	text = wire
	for _, p := range m.cfg.Plugins {
		if b, ok := p.(plugin.Bystander); ok && !sealed {
			sealed = true
			m.guard(func() { text, sealed = b.Overheard(text) })
		}
	}
	return text, sealed
}

// convOf is the conversation that a copy belongs to.
func convOf(a *account, e protocol.Received) im.ConvID {
	if e.Own {
		return im.ConvID{Account: a.id, Peer: e.To.Bare}
	}
	return im.ConvID{Account: a.id, Peer: e.From.Bare}
}

// copied is a copy that came as it happened.
func (m *Messenger) copied(a *account, e protocol.Received) {
	if _, sealed := m.overhear(e.Body); sealed {
		m.sealedElsewhere(convOf(a, e))
		return
	}
	m.takeCopies(a, []protocol.Received{e}, new(time.Time))
	if c, ok := m.chats[convOf(a, e)]; ok && !e.Own && c.resource != e.From.Resource && c.seal.Level == im.Open {
		c.resource = "" // they write to all of our devices, or to another one: we answer to all of theirs
	}
}

// sealedElsewhere says once that there is something that cannot be read here, and
// again only after something else was there to see.
func (m *Messenger) sealedElsewhere(id im.ConvID) {
	c, ok := m.chats[id]
	if !ok || !c.open {
		return
	}
	if n := c.timeline.Len(); n == 0 || c.timeline.At(n-1).Text.String() != elsewhere() {
		m.notice(id, im.Notice, im.Plain(elsewhere()))
	}
}

// lineOfCopy is a copy as a line, if there is anything in it to show.
func (m *Messenger) lineOfCopy(a *account, e protocol.Received) (im.Message, bool) {
	text, sealed := m.overhear(e.Body)
	if sealed {
		return im.Message{}, false
	}
	msg := im.Message{ID: newID(), Conv: convOf(a, e), Out: e.Own, From: e.From, Text: conversation.Links(conversation.Clean(text)),
		Time: plausible(e.Time, time.Now()), Origin: cleanID(e.ID), Archive: cleanID(e.Archive), Late: e.Late && !e.Own}
	return msg, len(msg.Text) > 0
}

// takeCopies shows lines, the oldest first, and keeps those that are to be kept. Those
// that are there already are left out. See unseen for the floor.
func (m *Messenger) takeCopies(a *account, copies []protocol.Received, floor *time.Time) {
	fresh := m.unseen(a, copies, floor, func(e protocol.Received, id im.ConvID) bool {
		if e.Own || m.welcomes(id) {
			return true
		}
		m.knockedByLine(id, e)
		return false
	})
	there := m.chatsOf(fresh)
	kept := m.keepCopies(fresh)
	heard := map[im.ConvID]int{} // what is unread of these
	var order []*chat
	for _, msg := range fresh {
		c := m.chat(msg.Conv) // a new one begins with those that were kept
		if _, again := heard[c.id]; !again {
			heard[c.id], order = c.unread, append(order, c)
			m.warnOfCopies(c, fresh)
		}
		if msg.Out {
			heard[c.id] = 0 // whoever answers on another device has read it there
		} else {
			heard[c.id]++
			m.open(c.id, false)
		}
		if there[c.id] || !kept[msg.ID] {
			m.placeCopy(c, msg, kept[msg.ID])
		}
	}
	for _, c := range order {
		more := heard[c.id] > c.unread
		m.setUnread(c, heard[c.id])
		if more {
			if m.known(c.id) {
				m.applyList(buddylist.Typing{Conv: c.id, State: im.TypingActive})
			}
			m.heard(c, SoundReceived)
		}
	}
}

// takeOld is takeCopies for what was said before this device was there: nobody is
// called, and nothing opened, for what was read long ago.
func (m *Messenger) takeOld(a *account, copies []protocol.Received) {
	talked := map[im.ConvID]bool{} // the user did
	for _, e := range copies {
		if e.Own {
			talked[convOf(a, e)] = true
		}
	}
	fresh := m.unseen(a, copies, new(time.Time), func(_ protocol.Received, id im.ConvID) bool { return talked[id] || m.known(id) })
	there := m.chatsOf(fresh)
	kept := m.keepCopies(fresh)
	for _, msg := range fresh {
		if there[msg.Conv] {
			m.placeCopy(m.chats[msg.Conv], msg, kept[msg.ID])
		}
	}
}

// chatsOf are the conversations of these lines that are loaded.
func (m *Messenger) chatsOf(lines []im.Message) map[im.ConvID]bool {
	there := map[im.ConvID]bool{}
	for _, msg := range lines {
		if _, ok := m.chats[msg.Conv]; ok {
			there[msg.Conv] = true
		}
	}
	return there
}

// warnOfCopies says of copies that they were not private, where all was to be: of what
// others wrote, and of what the user is said to have written elsewhere.
func (m *Messenger) warnOfCopies(c *chat, lines []im.Message) {
	if !c.seal.Level.Encrypted() && !m.required(c.id) {
		return
	}
	for _, msg := range lines {
		if msg.Conv == c.id {
			if !msg.Out {
				m.open(c.id, false)
			}
			m.place(c, im.Message{ID: newID(), Conv: c.id, Kind: im.Alarm, Text: im.Plain(notEncrypted()),
				Time: msg.Time.Add(-time.Millisecond), Seal: c.seal}) // above it
			return
		}
	}
}

// keepCopies writes those lines into the history that are to be in it, and says which.
func (m *Messenger) keepCopies(lines []im.Message) map[string]bool {
	kept := map[string]bool{}
	var keep []im.Message
	for _, msg := range lines {
		if m.logs(msg.Conv, msg.Seal) {
			keep = append(keep, msg)
		}
	}
	if len(keep) == 0 {
		return kept
	}
	if _, err := m.importLines(keep); err != nil {
		m.trouble(lang.T("Messages that came by way of the server's copies could not be saved. They are shown, but will be gone after you quit."), err)
		return kept
	}
	for _, msg := range keep {
		kept[msg.ID] = true
	}
	return kept
}

// placeCopy shows a line where it belongs.
func (m *Messenger) placeCopy(c *chat, msg im.Message, kept bool) {
	if kept {
		c.logged[msg.ID] = true
		if c.timeline.Len() > 0 && msg.Time.Before(c.timeline.At(0).Time) {
			m.historyChanged(c) // it is above what is on show
			return
		}
	}
	m.place(c, msg)
}

func (m *Messenger) place(c *chat, msg im.Message) {
	if i := c.timeline.Place(msg); i == c.timeline.Len()-1 {
		m.publish(MessageAdded{msg})
		m.spoke(msg)
	} else {
		m.publish(MessagePlaced{msg})
	}
}
