package messenger

import (
	"time"

	"culver/im"
	"culver/lang"
	"culver/protocol"
)

// Above the first line that the history has of a conversation, what the server kept of
// it goes on.

const (
	olderPatience = 30 * time.Second // with the server
	maxEmpty      = 5                // pages in a row that have nothing new
)

// past is how far a conversation was read back in the archive.
type past struct {
	query  string // the page that is being waited for
	before string // the ID of the oldest that was read
	byTime bool   // the archive does not know the ID of our first line
	empty  int    // how many pages had nothing new
	done   bool   // there is nothing older
}

// mayHaveOlder reports that the server may have more of a conversation.
func (m *Messenger) mayHaveOlder(c *chat) bool {
	a := m.accounts[c.id.Account]
	if a == nil || !a.archive.there || c.past.done || m.shared(c.id) {
		return false
	}
	_, ok := m.online(a.id).(protocol.ArchiveReader)
	return ok
}

// readOlder asks the server for lines above the first, if it may have some.
func (m *Messenger) readOlder(c *chat) (asked bool) {
	if !m.mayHaveOlder(c) {
		return false
	}
	if c.past.query != "" {
		return true
	}
	q := protocol.ArchiveQuery{ID: newID(), Peer: c.id.Peer, Newest: true, Max: archivePage, Before: c.past.before}
	if q.Before == "" && c.timeline.Len() > 0 {
		if first := c.timeline.At(0); first.Archive != "" && !c.past.byTime {
			q.Before = first.Archive
		} else {
			q.Until = first.Time.Add(time.Second)
		}
	}
	if err := m.online(c.id.Account).(protocol.ArchiveReader).ReadArchive(q); err != nil {
		return false
	}
	c.past.query = q.ID
	m.after(olderPatience, func() {
		if c.past.query == q.ID {
			m.olderGivenUp(c)
		}
	})
	return true
}

// olderGivenUp tells that nothing came.
func (m *Messenger) olderGivenUp(c *chat) {
	if c.past.query != "" {
		c.past.query = ""
		m.publish(OlderLines{c.id, nil, c.older})
	}
}

// olderPage is what the archive has above the first line.
func (m *Messenger) olderPage(a *account, e protocol.ArchivePage) {
	var c *chat
	for _, other := range m.chats {
		if other.past.query == e.Query && e.Query != "" {
			c = other
		}
	}
	if c == nil {
		return // nobody waits for it any more
	}
	p := &c.past
	p.query = ""
	if e.Unknown && !p.byTime {
		p.byTime, p.before = true, ""
		if m.readOlder(c) {
			return
		}
	}
	p.done = e.Failed || e.Unknown || e.Complete || e.First == "" || e.First == p.before
	p.before = e.First
	fresh := m.unseen(a, e.Lines, new(time.Time), func(_ protocol.Received, id im.ConvID) bool { return id == c.id })
	kept := m.keepCopies(fresh)
	for i, msg := range fresh {
		fresh[i].Late = false // nobody is told of it now
		if kept[msg.ID] {
			c.logged[msg.ID] = true
		}
	}
	fresh = c.timeline.Prepend(fresh)
	p.empty++
	if len(fresh) > 0 {
		p.empty = 0
		if kept[fresh[0].ID] {
			c.oldest = fresh[0].ID
		}
	}
	p.done = p.done || p.empty == maxEmpty
	if len(fresh) == 0 && m.readOlder(c) {
		return
	}
	c.older = m.mayHaveOlder(c)
	m.publish(OlderLines{c.id, fresh, c.older})
}

// copiesStay is said before lines are deleted of which the server may have copies.
func copiesStay() string {
	return lang.T("The server may keep copies of its own, which stay there: what you scroll up to comes from it again.")
}

// keptElsewhere reports that a server may have copies of a part of the history.
func (m *Messenger) keptElsewhere(r im.Range) bool {
	for _, a := range m.accounts {
		if a.archive.there && (r.Conv.IsZero() || r.Conv.Account == a.id) {
			return true
		}
	}
	return false
}
