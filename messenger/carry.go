package messenger

import (
	"cmp"
	"slices"

	"culver/conversation"
	"culver/im"
	"culver/lang"
)

// carried is what of a conversation is not on the disk, and passes from a messenger
// that was locked to the next one.
type carried struct {
	conv   im.ConvID
	open   bool
	ours   bool
	edited bool
	front  bool // it was the one in front
	unread int
	// What stands in the entry, if the disk does not have it.
	draft  im.Draft
	hidden bool // it is not to be there, whichever plugins are on
	lines  []carriedLine
}

// unsent reports whether something in it waits for the user to send it.
func (c carried) unsent() bool {
	return c.draft.Text != "" || slices.ContainsFunc(c.lines, func(l carriedLine) bool {
		return l.msg.Out && !l.msg.State.Taken()
	})
}

// carriedLine is a line that is not in the history.
type carriedLine struct {
	after  string // the ID of the line above; empty: there is none
	msg    im.Message
	hidden bool
}

// Unsent reports whether [Messenger.Carry] is going to have something that the user
// wrote and did not send. It may be called between Run and Carry.
func (m *Messenger) Unsent() bool {
	return slices.ContainsFunc(m.chatsByTurn(), func(c *chat) bool {
		got, _ := c.carry()
		return got.unsent()
	})
}

// Carry is what would be lost with a messenger that was locked: which conversations
// were open, of which one the history was on show, which links were not followed yet, their lines that are not to be on the disk, those that wait to be sent
// above all. It is for the Config of the next one, and may be called once Run has
// returned. The caller keeps the bytes as safe as a secret, and wipes them. It is
// nil if the messenger was not locked, or was asked before: the messenger itself,
// which front ends may still know, remembers nothing afterwards.
func (m *Messenger) Carry() []byte {
	if !m.locked || m.chats == nil {
		return nil
	}
	var all []carried
	for _, c := range m.chatsByTurn() {
		if got, some := c.carry(); some {
			got.front = c.id == m.front
			all = append(all, got)
		}
	}
	packed := packCarried(all, m.stopped, m.past, m.unfollowed())
	m.forgetAll()
	return packed
}

// forgetAll drops all that the messenger was made from, and all it knew.
func (m *Messenger) forgetAll() { m.cfg, m.model = Config{}, model{} }

// chatsByTurn are all conversations in the order in which they were opened.
func (m *Messenger) chatsByTurn() []*chat {
	all := m.sortedChats("")
	slices.SortStableFunc(all, func(a, b *chat) int { return cmp.Compare(a.turn, b.turn) })
	return all
}

// carry is what there is to carry of the conversation, if anything.
func (c *chat) carry() (carried, bool) {
	out := carried{conv: c.id, open: c.open, ours: c.ours, edited: c.edited, unread: c.unread}
	if c.draft.Draft != c.draft.saved {
		out.draft, out.hidden = c.draft.Draft, c.draft.hidden
	}
	above := ""
	for _, msg := range c.timeline.Lines(0) {
		if !c.logged[msg.ID] {
			msg.Private = msg.Private || c.held[msg.ID] // it may have turned out to be
			out.lines = append(out.lines, carriedLine{after: above, msg: msg, hidden: c.hidden[msg.ID]})
		}
		above = msg.ID
	}
	return out, c.open || c.edited || out.unsent()
}

// takeUp goes on where the messenger before was locked.
func (m *Messenger) takeUp(packed []byte) {
	all, stopped, past, links, ok := unpackCarried(packed)
	if !ok {
		m.trouble(lang.T("What was not sent when Culver was locked could not be taken up again."), nil)
	}
	for _, text := range stopped {
		m.trouble(text, nil)
	}
	m.past = past
	m.mu.Lock()
	m.handed = append(links, m.handed...)
	m.mu.Unlock()
	for _, got := range all {
		if m.accounts[got.conv.Account] == nil {
			continue
		}
		c := m.chat(got.conv)
		c.ours, c.edited = c.ours || got.ours, got.edited
		if got.open {
			m.shows(c)
		}
		if got.front {
			m.front = c.id
		}
		c.take(got.lines)
		c.draft.Draft, c.draft.hidden = got.draft, got.hidden
		m.setUnread(c, got.unread)
	}
}

// take puts the lines back where they were among those of the history.
func (c *chat) take(lines []carriedLine) {
	all := c.timeline.Lines(0)
	top := 0 // where those go whose line above is not there: it is further up
	for _, l := range lines {
		msg := l.msg
		if msg.State == im.Sending {
			msg.State, msg.Reason = im.Failed, reasonInterrupted()
		}
		at := top
		if i := slices.IndexFunc(all, func(above im.Message) bool { return above.ID == l.after }); i >= 0 {
			at = i + 1
		}
		all = slices.Insert(all, at, msg)
		if at == top {
			top++
		}
		if l.hidden {
			c.hide(msg.ID)
		}
		if msg.Out && msg.Private && msg.State == im.Waiting {
			c.writtenAnew(msg.ID) // plugins have not heard of it
		}
	}
	c.timeline = conversation.NewTimeline(all)
	c.waiting = nil
	for _, msg := range all {
		if msg.Out && msg.State == im.Waiting {
			c.waiting = append(c.waiting, msg.ID)
		}
	}
}
