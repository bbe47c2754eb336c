package messenger_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"culver/im"
	"culver/protocol"
)

// fakeArchive is the archive of the fake network's server.
type fakeArchive struct {
	mu        sync.Mutex
	lines     []protocol.Received // the oldest first
	asked     []protocol.ArchiveQuery
	lenient   bool // it begins at the beginning if it does not know an ID
	silent    bool
	failing   bool
	delivered []protocol.Delivered // confirmations in every page
	endless   bool                 // there is always one more page
}

func (a *fakeArchive) add(lines ...protocol.Received) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, l := range lines {
		l.Archive, l.Copy, l.Late = fmt.Sprint("arch", len(a.lines)), true, true
		if l.ID == "" {
			l.ID = "origin of " + l.Archive
		}
		a.lines = append(a.lines, l)
	}
}

func (a *fakeArchive) queries() []protocol.ArchiveQuery {
	a.mu.Lock()
	defer a.mu.Unlock()
	asked := a.asked
	a.asked = nil
	return asked
}

// theirs and ours are lines as an archive has them.
func theirs(body string, at time.Time) protocol.Received {
	return protocol.Received{From: im.Addr{Bare: "bob@x", Resource: "desk"}, To: im.Addr{Bare: "alice@x"}, Body: body, Time: at}
}

func ours(body string, at time.Time) protocol.Received {
	return protocol.Received{From: im.Addr{Bare: "alice@x", Resource: "phone"}, To: im.Addr{Bare: "bob@x"}, Own: true, Body: body, Time: at}
}

var errNoArchive = errors.New("no archive")

func (s *fakeSession) ReadArchive(q protocol.ArchiveQuery) error {
	a := s.net.archive
	if a == nil {
		return errNoArchive
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.asked = append(a.asked, q)
	if !a.silent {
		page := a.page(q)
		go func() { s.events <- page }()
	}
	return nil
}

func (a *fakeArchive) page(q protocol.ArchiveQuery) protocol.ArchivePage {
	page := protocol.ArchivePage{Query: q.ID, Failed: a.failing, Delivered: a.delivered}
	if a.failing {
		return page
	}
	if a.endless {
		id := "endless " + q.ID
		l := theirs("endless", time.Now())
		l.Archive, l.ID, l.Copy = id, id, true
		page.Lines, page.First, page.Last, page.At = []protocol.Received{l}, id, id, l.Time
		return page
	}
	at := func(id string) int {
		return slices.IndexFunc(a.lines, func(l protocol.Received) bool { return l.Archive == id })
	}
	found := a.lines
	if q.After != "" {
		if i := at(q.After); i >= 0 {
			found = found[i+1:]
		} else if page.Unknown = !a.lenient; page.Unknown {
			return page
		}
	}
	if q.Before != "" {
		i := at(q.Before)
		if page.Unknown = i < 0; page.Unknown {
			return page
		}
		found = found[:i]
	}
	found = slices.DeleteFunc(slices.Clone(found), func(l protocol.Received) bool {
		return l.Time.Before(q.From) || !q.Until.IsZero() && l.Time.After(q.Until) ||
			q.Peer != "" && l.From.Bare != q.Peer && l.To.Bare != q.Peer
	})
	page.Complete = len(found) <= q.Max
	if !page.Complete && q.Newest {
		found = found[len(found)-q.Max:]
	} else if !page.Complete {
		found = found[:q.Max]
	}
	if n := len(found); n > 0 {
		page.Lines, page.First, page.Last, page.At = found, found[0].Archive, found[n-1].Archive, found[n-1].Time
	}
	return page
}
