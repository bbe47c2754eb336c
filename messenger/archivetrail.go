package messenger

import (
	"slices"
	"time"

	"culver/protocol"
)

// An archive is in the order in which lines were said, and not in that in which they came:
// a server may file one when it hands it over, under the time at which it got it, and hand
// it over behind later ones. If the connection breaks between these, it stands before what
// was read last. So a session that has read on looks at one page before that, too, as far
// as it is of the last minutes; what is read twice is not shown twice.
const (
	markBehind = 5 * time.Minute
	trailEvery = 10 * time.Second
)

// trail are marks of this run, the oldest first: the last one that is older than
// markBehind, if there is one, and some of those behind it. What is not in the history is on show
// in the same run, and known by that.
type trail []trailed

type trailed struct {
	mark archiveMark
	at   time.Time // when it was the mark
}

// markAt moves the mark.
func (r *archiving) markAt(k archiveMark) {
	r.mark = k
	now := time.Now()
	if n := len(r.trail); n > 0 && now.Sub(r.trail[n-1].at).Abs() < trailEvery {
		return
	}
	r.trail = append(r.trail, trailed{k, now})
	for len(r.trail) > 1 && now.Sub(r.trail[1].at) >= markBehind {
		r.trail = slices.Delete(r.trail, 0, 1)
	}
}

// noTrails is told that something was deleted: it is not to come back.
func (m *Messenger) noTrails() {
	for _, a := range m.accounts {
		a.archive.trail, a.archive.back = nil, lookBack{}
	}
}

// lookBack is that page.
type lookBack struct {
	before string    // the ID before which it is; empty: it was asked for, or nothing is to be
	from   time.Time // nothing is taken that is older
	query  string
}

func (m *Messenger) lookBack(a *account) {
	b := &a.archive.back
	s, ok := m.online(a.id).(protocol.ArchiveReader)
	if !ok || b.before == "" {
		return
	}
	q := protocol.ArchiveQuery{ID: newID(), From: b.from.Add(-markSlack), Newest: true, Before: b.before, Max: archivePage}
	b.before, b.query = "", q.ID
	_ = s.ReadArchive(q) // fails only when the session is over
}

func (m *Messenger) lookedBack(a *account, e protocol.ArchivePage) {
	b := a.archive.back
	a.archive.back = lookBack{}
	m.takeCopies(a, slices.DeleteFunc(e.Lines, func(l protocol.Received) bool { return l.Time.Before(b.from) }), &b.from)
	for _, d := range e.Delivered {
		m.delivered(a, d)
	}
}
