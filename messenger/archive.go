package messenger

import (
	"strings"
	"time"

	"culver/lang"
	"culver/protocol"
)

// What the server kept of an account's conversations is read at the beginning of each
// session, page by page, from where it was read to before. A device that is new to the
// account gets the last of it; what is older comes when the user goes up to it.

const (
	archivePage  = 50                     // lines at once
	archivePause = 100 * time.Millisecond // between pages
	archivePages = 100                    // in a row
	archiveRest  = 2 * time.Hour          // after those
	firstPages   = 6                      // on a new device
	firstSpan    = 30 * 24 * time.Hour
	markEvery    = 10 * time.Minute // it is saved, while much is said
	markSlack    = time.Hour        // for clocks, where a mark has to be found by time
	firstRetry   = time.Minute      // before a page is asked for again that did not come; twice that the next time
	maxRetries   = 6                // in a row
)

// archiving is how far the archive of an account was read.
type archiving struct {
	there  bool        // the server has one
	mark   archiveMark // up to where it was read
	saved  archiveMark
	trail  trail
	back   lookBack
	query  string // the page that is being waited for, while it is being read
	after  string // from where on that is
	first  bool   // this device is new to the archive
	lost   bool   // the archive does not know the mark: it was found by its time
	pages  int    // how many were read
	fails  int    // how often in a row none came
	before string // the ID before which that is, if any
	paused bool   // there was no connection when it was to go on
	done   bool   // all of it was: what is said from now on comes by itself
}

// archiveMark is a line of an archive: its ID there, which may be unknown, and when it
// was said or, if it came by itself, when it came.
type archiveMark struct {
	id string
	at time.Time
}

// optionArchive is where an account keeps its mark, so that it goes when the account
// does.
const optionArchive = "archive"

func (k archiveMark) String() string { return k.at.UTC().Format(time.RFC3339Nano) + " " + k.id }

func parseMark(s string) (k archiveMark) {
	at, id, _ := strings.Cut(s, " ")
	t, err := time.Parse(time.RFC3339Nano, at)
	if err != nil {
		return archiveMark{}
	}
	return archiveMark{id, plausible(t, time.Now())}
}

// archiveFound begins to read.
func (m *Messenger) archiveFound(a *account) {
	mark, trail := a.archive.mark, a.archive.trail
	if mark.at.IsZero() {
		mark = parseMark(a.link.State().Account.Option(optionArchive))
	}
	a.archive = archiving{there: true, mark: mark, saved: mark, trail: trail, first: mark.at.IsZero()}
	if len(trail) > 0 {
		a.archive.back = lookBack{before: mark.id, from: trail[0].mark.at}
	}
	if !a.archive.first {
		a.archive.markAt(mark)
	}
	m.readArchive(a, "")
	if s, ok := m.online(a.id).(protocol.ArchiveKeeper); ok {
		_ = s.AskKeeping() // fails only when the session is over
	}
	for _, c := range m.sortedChats(a.id) {
		c.past = past{}
		m.historyChanged(c)
	}
}

// readArchive asks for the next page: behind the mark, or on a new device, before the
// ID, if there is one.
func (m *Messenger) readArchive(a *account, before string) {
	r := &a.archive
	r.before = before
	s, ok := m.online(a.id).(protocol.ArchiveReader)
	if r.paused = !ok; r.paused {
		return
	}
	q := protocol.ArchiveQuery{ID: newID(), Max: archivePage}
	switch {
	case r.first:
		q.From, q.Newest, q.Before = time.Now().Add(-firstSpan), true, before
	default:
		// The time as well: some servers begin at the beginning if they do not know the ID.
		q.From, q.After = r.mark.at.Add(-markSlack), r.mark.id
	}
	r.query, r.after = q.ID, q.After
	if err := s.ReadArchive(q); err != nil {
		m.retryArchive(a)
	}
}

// archivePage is what the archive had to say.
func (m *Messenger) archivePage(a *account, e protocol.ArchivePage) {
	r := &a.archive
	if r.back.query != "" && e.Query == r.back.query {
		m.lookedBack(a, e)
		return
	}
	if e.Query != r.query || r.query == "" {
		m.olderPage(a, e)
		return
	}
	r.query = ""
	if e.Failed {
		m.retryArchive(a)
		return
	}
	r.fails = 0
	if e.Unknown && r.lost {
		return // the next session tries again
	}
	if e.Unknown {
		r.lost, r.mark.id, r.back = true, "", lookBack{}
		m.readArchive(a, "")
		return
	}
	if r.first {
		m.takeOld(a, e.Lines)
	} else {
		m.takeCopies(a, e.Lines, &r.mark.at)
	}
	for _, d := range e.Delivered {
		m.delivered(a, d)
	}
	r.pages++
	if r.first && r.pages == 1 || !r.first && e.Last != "" {
		m.setMark(a, e)
	}
	more := !e.Complete && e.Last != ""
	switch {
	case r.first && (!more || r.pages == firstPages):
		r.done = true
	case r.first:
		m.readOn(a, e.First)
	case !more || e.Last == r.after:
		r.done = true
		m.lookBack(a)
	case r.pages < archivePages:
		m.readOn(a, "")
	default:
		r.pages = 0
		m.readLater(a, "", archiveRest)
	}
}

// readOn asks for the next page, a little later.
func (m *Messenger) readOn(a *account, before string) { m.readLater(a, before, archivePause) }

// retryArchive asks again for a page that did not come, later each time. In the end that is
// left to the next session.
func (m *Messenger) retryArchive(a *account) {
	r := &a.archive
	r.query = ""
	if r.fails++; r.fails <= maxRetries {
		m.readLater(a, r.before, firstRetry<<(r.fails-1))
	}
}

func (m *Messenger) readLater(a *account, before string, pause time.Duration) {
	r := &a.archive
	r.query = newID() // of nothing yet: it is not to begin twice
	waiting := r.query
	m.after(pause, func() {
		if r.query == waiting {
			m.readArchive(a, before)
		}
	})
}

// setMark notes up to where the archive was read: an empty one up to now.
func (m *Messenger) setMark(a *account, e protocol.ArchivePage) {
	at := plausible(e.At, time.Now())
	if was := a.archive.mark.at; at.Before(was) { // servers may know only seconds
		at = was
	}
	a.archive.markAt(archiveMark{cleanID(e.Last), at})
	m.saveMark(a)
}

// passMark moves the mark with what came by itself, and is dealt with.
func (m *Messenger) passMark(a *account, e protocol.Received) {
	r := &a.archive
	if id := cleanID(e.Archive); id != "" && r.done && !e.Late {
		r.markAt(archiveMark{id, time.Now()})
		if r.mark.at.Sub(r.saved.at) > markEvery {
			m.saveMark(a)
		}
	}
}

// saveMark keeps the mark. It may fall behind: what is read twice is not shown twice.
func (m *Messenger) saveMark(a *account) {
	r := &a.archive
	if r.mark == r.saved || a.removed {
		return
	}
	r.saved = r.mark
	set := a.link.State().Account.Clone()
	set.Options[optionArchive] = r.mark.String()
	a.link.SetAccount(set)
	if err := m.cfg.Store.SaveAccount(set); err != nil {
		m.trouble(lang.T("The account could not be saved."), err)
	}
}

// archiveResumed goes on reading after a session was resumed. What it was waiting for
// still comes.
func (m *Messenger) archiveResumed(a *account) {
	if a.archive.paused {
		m.readArchive(a, a.archive.before)
	}
}

// archiveEnded is told of the end of a session.
func (m *Messenger) archiveEnded(a *account) {
	a.archive.query, a.archive.there = "", false // the next session says whether there is one
	m.saveMark(a)
	for _, c := range m.sortedChats(a.id) {
		m.olderGivenUp(c)
	}
}
