package xmpp

import (
	"crypto/rand"
	"iter"
	"strconv"
	"time"

	"mellium.im/xmpp/jid"

	"culver/im"
	"culver/protocol"
)

// The namespaces of archives.
const (
	nsArchive  = "urn:xmpp:mam:2"                      // XEP-0313
	nsForward  = "urn:xmpp:forward:0"                  // XEP-0297
	nsPages    = "http://jabber.org/protocol/rsm"      // XEP-0059
	nsIDs      = "urn:xmpp:sid:0"                      // XEP-0359
	nsRoomUser = "http://jabber.org/protocol/muc#user" // XEP-0045
)

var _ protocol.ArchiveReader = (*Session)(nil)

// archive is what a link knows of archives. It belongs to Run's goroutine.
type archive struct {
	there   bool                     // the server keeps one of the account
	queries map[string]*archiveQuery // what archives are asked for, by the ID of the query
}

// The limits of what an archive (XEP-0313) may tell.
const (
	maxArchiveQueries = 8       // at once, of the account's own; those of rooms are counted apart
	maxArchivePage    = 100     // messages
	maxArchiveBytes   = 1 << 20 // of a page in memory; what is more is asked for again
	archiveStamp      = "2006-01-02T15:04:05.000Z"
)

// archiveQuery is one page of an archive, while it comes. What the server sends of it
// are messages, and then the answer.
type archiveQuery struct {
	at    string // the bare address of the archive: ours, or a room's
	max   int
	back  bool            // it goes on before the first result, not behind the last
	seen  map[string]bool // the IDs of the results
	size  int             // bytes that they take in memory
	full  bool            // there were more: they are asked for again
	found []archived
	time  time.Time // when the last was said
}

// archived is one message of an archive.
type archived struct {
	id       string
	message  copied
	readable bool // it is one that is taken
}

// archivePage is what a query found.
type archivePage struct {
	archiveQuery
	complete, unknown, failed bool
}

// archives asks whether there is an archive, and takes what comes from it.
func (l *link) archives() extension {
	return extension{
		message: l.archiveResult,
		online: func() {
			l.whenHomeKnown(func(_, account *info) {
				if account.has(nsArchive) {
					l.archive.there = true
					l.emit(protocol.ArchiveFound{})
				}
			})
		},
	}
}

// archived is the ID that a message has in our archive (XEP-0359), or nothing. Only a
// server that keeps an archive removes what others forge.
func (l *link) archived(e *element) string {
	id := ""
	for _, c := range e.children {
		if l.archive.there && c.is(nsIDs, "stanza-id") && c.attr("by") == l.bare {
			if id != "" {
				return ""
			}
			id = c.attr("id")
		}
	}
	return id
}

// readArchive asks an archive for a page: ours, or that of a room. Done is called on
// Run's goroutine.
func (l *link) readArchive(at string, q protocol.ArchiveQuery, done func(archivePage)) error {
	if l.archiveFull(at) {
		return errQueueFull
	}
	id := rand.Text()
	query := &archiveQuery{at: at, max: min(max(q.Max, 1), maxArchivePage), back: q.Newest || q.Before != "", seen: map[string]bool{}}
	if l.archive.queries == nil {
		l.archive.queries = map[string]*archiveQuery{}
	}
	l.archive.queries[id] = query
	end := func(answer *element) {
		delete(l.archive.queries, id)
		done(query.end(answer))
	}
	request := archiveRequest(id, query.max, q)
	patience := l.patience.archive
	if at != l.bare { // strangers may never answer
		patience = l.patience.answer
	}
	l.askWithin(patience, at, "set", request, end)
	return nil
}

// asks reports that an archive there was asked, and has not told all yet.
func (a *archive) asks(at string) bool {
	for _, q := range a.queries {
		if q.at == at {
			return true
		}
	}
	return false
}

// archiveFull reports that no more can be asked now, of our archive or of all the rooms'.
func (l *link) archiveFull(at string) bool {
	running := 0
	for _, q := range l.archive.queries {
		if (q.at == l.bare) == (at == l.bare) {
			running++
		}
	}
	return running >= maxArchiveQueries
}

// archiveRequest is the question (XEP-0313, section 4).
func archiveRequest(id string, most int, q protocol.ArchiveQuery) *element {
	form := newElement(nsDataForm, "x", formField("FORM_TYPE", nsArchive).with("type", "hidden")).with("type", "submit")
	for _, f := range []struct{ name, value string }{
		{"with", q.Peer}, {"start", stampOf(q.From)}, {"end", stampOf(q.Until)},
	} {
		if f.value != "" {
			form.add(formField(f.name, f.value))
		}
	}
	page := newElement(nsPages, "set", newText(nsPages, "max", strconv.Itoa(most)))
	if q.After != "" {
		page.add(newText(nsPages, "after", q.After))
	}
	if q.Before != "" || q.Newest {
		page.add(newText(nsPages, "before", q.Before))
	}
	return newElement(nsArchive, "query", form, page).with("queryid", id)
}

func formField(name, value string) *element {
	return newElement(nsDataForm, "field", newText(nsDataForm, "value", value)).with("var", name)
}

func stampOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(archiveStamp)
}

// archiveResult takes what claims to come from an archive, wherever it comes from. It
// counts only while its query runs, and from whom that was sent to (CVE-2019-16237).
func (l *link) archiveResult(e *element, from jid.JID) (taken bool) {
	var result *element
	for _, c := range e.children {
		if isResult(c) {
			result, taken = c, true
			break
		}
	}
	if result == nil || !result.is(nsArchive, "result") {
		return taken
	}
	if q := l.archive.queries[result.attr("queryid")]; q != nil && q.at == from.String() {
		q.add(l, result)
	}
	return true
}

// add takes a result. What comes is in the order of time: of too much, that is left out which
// the next question is about.
func (q *archiveQuery) add(l *link, result *element) {
	id := result.attr("id")
	if id == "" || q.seen[id] {
		return
	}
	if !q.back && (len(q.found) == q.max || q.size >= maxArchiveBytes) {
		q.full = true
	}
	if q.full && !q.back {
		return
	}
	q.seen[id] = true
	if f := result.child(nsForward, "forwarded"); f != nil {
		if t, ok := stamp(f); ok {
			q.time = t
		}
	}
	read := l.forwarded
	if q.at != l.bare {
		read = func(wrapper *element) (copied, bool) { return roomForwarded(wrapper, q.at) }
	}
	found := archived{id: id}
	if c, ok := read(result); ok && c.late {
		found.message, found.readable = c, true
		q.size += c.e.weight()
	}
	q.found = append(q.found, found)
	for len(q.found) > q.max || q.back && q.size > maxArchiveBytes && len(q.found) > 1 {
		q.dropFirst()
	}
}

func (q *archiveQuery) dropFirst() {
	first := q.found[0]
	q.full, q.found = true, q.found[1:]
	delete(q.seen, first.id)
	if first.readable {
		q.size -= first.message.e.weight()
	}
}

// outermost are the IDs of the first and the last result, empty if there is none.
func (q *archiveQuery) outermost() (first, last string) {
	if len(q.found) == 0 {
		return "", ""
	}
	return q.found[0].id, q.found[len(q.found)-1].id
}

// readable are the messages that were found.
func (q *archiveQuery) readable() iter.Seq[archived] {
	return func(yield func(archived) bool) {
		for _, a := range q.found {
			if a.readable && !yield(a) {
				return
			}
		}
	}
}

// end is the page, with the server's answer; nil: there is none.
func (q *archiveQuery) end(answer *element) archivePage {
	p := archivePage{archiveQuery: *q}
	if answer == nil {
		p.failed = true
		return p
	}
	fin := answer.child(nsArchive, "fin")
	switch {
	case answer.attr("type") == "error":
		p.unknown = stanzaCondition(answer) == "item-not-found"
		p.failed = !p.unknown
	case fin == nil:
		p.failed = true
	default:
		p.complete = fin.attr("complete") == "true" || fin.attr("complete") == "1"
	}
	if q.full {
		p.complete = false
	}
	return p
}

// ReadArchive asks for a page of the account's archive.
func (s *Session) ReadArchive(q protocol.ArchiveQuery) error {
	l, err := s.online()
	if err != nil {
		return err
	}
	if q.Peer != "" {
		address, err := peer(im.Addr{Bare: q.Peer})
		if err != nil {
			return err
		}
		q.Peer = address.Bare().String()
	}
	return l.do(func() {
		if err := l.readOwnArchive(q); err != nil {
			l.emit(protocol.ArchivePage{Query: q.ID, Failed: true})
		}
	})
}

func (l *link) readOwnArchive(q protocol.ArchiveQuery) error {
	return l.readArchive(l.bare, q, func(p archivePage) {
		page := protocol.ArchivePage{Query: q.ID, At: p.time, Complete: p.complete, Unknown: p.unknown, Failed: p.failed}
		page.First, page.Last = p.outermost()
		for a := range p.readable() {
			if q.Peer != "" && a.message.peer().String() != q.Peer {
				continue
			}
			if id := receiptOf(a.message.e); id != "" && !a.message.own {
				page.Delivered = append(page.Delivered, protocol.Delivered{From: addr(a.message.from), ID: id})
			}
			if r, ok := a.message.received(); ok {
				r.Archive = a.id
				page.Lines = append(page.Lines, r)
			}
		}
		l.emit(page)
	})
}
