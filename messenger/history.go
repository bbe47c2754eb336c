package messenger

import (
	"time"

	"culver/im"
	"culver/lang"
)

// What front ends ask the history, and what they get of it. A question that the
// disk cannot answer gets an empty answer, and the user is told why.

const (
	historyPage = 200  // lines at once, if the asker does not say how many
	maxLines    = 1000 // at most
	maxHits     = 500
)

func (m *Messenger) nextAsk() AskID { return AskID(m.asked.Add(1)) }

// LookBack notes of which conversation the history is on show. While Culver is being
// locked front ends close everything: that counts for nothing.
func (m *Messenger) LookBack(c im.ConvID) {
	m.inbox.Put(func() {
		if !m.quitting {
			m.past = c
		}
	})
}

// Pasts asks which conversations the history holds.
func (m *Messenger) Pasts() AskID {
	ask := m.nextAsk()
	m.inbox.Put(func() {
		pasts, err := m.cfg.Store.Pasts()
		m.unreadHistory(err)
		names := make(map[im.ConvID]string, len(pasts))
		for _, p := range pasts {
			names[p.Conv] = m.list.Title(p.Conv)
		}
		m.publish(PastsListed{ask, pasts, names})
	})
	return ask
}

// PastDays asks which days have lines.
func (m *Messenger) PastDays(c im.ConvID, from, until time.Time) AskID {
	ask := m.nextAsk()
	m.inbox.Put(func() {
		days, err := m.cfg.Store.Days(c, from, until)
		m.unreadHistory(err)
		m.publish(DaysListed{ask, days})
	})
	return ask
}

// PastLines asks for lines of a conversation.
func (m *Messenger) PastLines(q LinesQuery) AskID {
	ask := m.nextAsk()
	m.inbox.Put(func() {
		found, err := m.pastLines(q)
		m.unreadHistory(err)
		found.Ask = ask
		m.publish(found)
	})
	return ask
}

func (m *Messenger) pastLines(q LinesQuery) (f LinesFound, err error) {
	n := historyPage
	if q.Count > 0 {
		n = min(q.Count, maxLines)
	}
	switch {
	case q.Before != "":
		f.Lines, f.Older, err = m.olderLines(q.Conv, q.Before, n)
		f.Newer = true
		f.Gone, err = m.goneIfNone(q.Conv, q.Before, f.Lines, err)
	case q.After != "":
		f.Lines, f.Newer, err = m.newerLines(q.Conv, q.After, n)
		f.Older = true
		f.Gone, err = m.goneIfNone(q.Conv, q.After, f.Lines, err)
	case q.Around != "":
		return m.linesAround(q.Conv, q.Around, n)
	case !q.From.IsZero():
		f.Lines, err = m.cfg.Store.Since(q.Conv, q.From, n+1)
		f.Lines, f.Newer = firstOf(f.Lines, n)
		if err == nil && len(f.Lines) > 0 {
			_, f.Older, err = m.olderLines(q.Conv, f.Lines[0].ID, 0)
		}
	default:
		f.Lines, f.Older, err = m.olderLines(q.Conv, "", n)
	}
	return f, err
}

// goneIfNone reports whether a line is gone if nothing was found beside it.
func (m *Messenger) goneIfNone(c im.ConvID, line string, beside []im.Message, err error) (bool, error) {
	if err != nil || len(beside) > 0 {
		return false, err
	}
	gone, err := m.cfg.Store.Gone(c, []string{line})
	return len(gone) > 0, err
}

// linesAround are about as many lines on either side of one, and that.
func (m *Messenger) linesAround(c im.ConvID, id string, n int) (f LinesFound, err error) {
	n = max(n, 2)
	before, older, err := m.olderLines(c, id, n/2)
	if err != nil {
		return f, err
	}
	from := "" // it is the oldest of all, or not there
	if len(before) > 0 {
		from = before[len(before)-1].ID
	}
	after, newer, err := m.newerLines(c, from, max(n-len(before), 1))
	if err != nil || len(after) == 0 || after[0].ID != id {
		return LinesFound{Gone: err == nil}, err
	}
	return LinesFound{Lines: append(before, after...), Older: older, Newer: newer}, nil
}

// olderLines are the n lines before one, and whether there are more.
func (m *Messenger) olderLines(c im.ConvID, id string, n int) (lines []im.Message, more bool, err error) {
	lines, err = m.cfg.Store.Older(c, id, n+1)
	if len(lines) > n {
		return lines[len(lines)-n:], true, err
	}
	return lines, false, err
}

// newerLines are the n lines after one, and whether there are more.
func (m *Messenger) newerLines(c im.ConvID, id string, n int) (lines []im.Message, more bool, err error) {
	lines, err = m.cfg.Store.Newer(c, id, n+1)
	lines, more = firstOf(lines, n)
	return lines, more, err
}

func firstOf(lines []im.Message, n int) ([]im.Message, bool) {
	if len(lines) > n {
		return lines[:n], true
	}
	return lines, false
}

// SearchPast looks for words. A search that was under way ends.
func (m *Messenger) SearchPast(s im.Search) AskID {
	ask := m.nextAsk()
	m.inbox.Put(func() {
		if s.Limit <= 0 || s.Limit > maxHits {
			s.Limit = historyPage
		}
		most := s.Limit
		s.Limit++
		m.search = ask
		m.searchOn(ask, s, most, nil, 0)
	})
	return ask
}

// searchOn searches for a moment, below a place, and leaves the rest to its next turn.
func (m *Messenger) searchOn(ask AskID, s im.Search, most int, hits []im.Message, below int64) {
	if m.search != ask {
		return
	}
	found, next, err := m.cfg.Store.Search(s, below)
	m.unreadHistory(err)
	hits = append(hits, found...)
	if err == nil && next != 0 {
		s.Limit -= len(found)
		m.inbox.Put(func() { m.searchOn(ask, s, most, hits, next) })
		return
	}
	m.search = 0
	hits, more := firstOf(hits, most)
	m.publish(HitsFound{ask, hits, more})
}

func (m *Messenger) unreadHistory(err error) {
	if err != nil {
		m.trouble(lang.T("The history could not be read."), err)
	}
}

// LoadOlder puts a page of older lines above those that the conversation shows.
func (m *Messenger) LoadOlder(id im.ConvID) {
	m.inbox.Put(func() {
		if c, ok := m.chats[id]; ok && c.open {
			m.loadOlder(c)
		}
	})
}

// loadOlder takes a page a turn, until there is something new in it: a page may be of
// lines that are on show already, or its place be lost because they are being deleted.
func (m *Messenger) loadOlder(c *chat) {
	above := m.oldestLogged(c)
	lines, more, err := m.olderLines(c.id, above, historyPage)
	if err != nil {
		m.trouble(lang.F("The history of %s could not be read.", m.list.Title(c.id)), err)
		m.publish(OlderLines{c.id, nil, c.older})
		return
	}
	if len(lines) == 0 && above != "" {
		top := c.loggedLines()
		if m.withoutGone(c, append(top[:min(len(top), historyPage)], above)) {
			m.LoadOlder(c.id)
			return
		}
	}
	c.older = more || m.mayHaveOlder(c)
	fresh := c.timeline.Prepend(lines)
	switch {
	case len(fresh) > 0:
		c.oldest = fresh[0].ID
	case len(lines) > 0:
		c.oldest = lines[0].ID
	}
	if len(fresh) == 0 && more {
		m.LoadOlder(c.id)
		return
	}
	if len(fresh) == 0 && m.readOlder(c) {
		return
	}
	for _, line := range fresh {
		c.recovered(line)
	}
	m.publish(OlderLines{c.id, fresh, c.older})
}

// oldestLogged is the line above which the history goes on: of those that are in
// it, what was found furthest up. Lines may have left it since.
func (m *Messenger) oldestLogged(c *chat) string {
	if c.oldest != "" && c.logged[c.oldest] {
		return c.oldest
	}
	for i := range c.timeline.Len() {
		if id := c.timeline.At(i).ID; c.logged[id] {
			return id
		}
	}
	return ""
}

// historyChanged brings a conversation in line with a history that has changed
// above what it shows.
func (m *Messenger) historyChanged(c *chat) {
	_, older, err := m.olderLines(c.id, m.oldestLogged(c), 0)
	older = older || m.mayHaveOlder(c)
	if err == nil && older != c.older {
		c.older = older
		m.publish(OlderLines{Conv: c.id, More: older})
	}
}

// historyGrew tells conversations on show of lines of the past that came.
func (m *Messenger) historyGrew(lines []im.Message) {
	seen := map[im.ConvID]bool{}
	for _, msg := range lines {
		if c, ok := m.chats[msg.Conv]; ok && !seen[msg.Conv] {
			seen[msg.Conv] = true
			m.historyChanged(c)
		}
	}
}
