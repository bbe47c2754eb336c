package xmpp

import (
	"testing"
	"time"

	"culver/im"
	"culver/internal/testkit"
	"culver/protocol"
)

// Two devices of one account at real servers: each sees what the other one gets and
// sends, and the archive has it, by the IDs that came with it.
func TestServerCopiesAndArchives(t *testing.T) {
	testkit.OnServers(t, testkit.ServerOptions{}, func(t *testing.T, s *testkit.Server) {
		ours, theirs := s.FreshFriends(t, "alice", "bob")
		start := time.Now().Add(-time.Minute)
		desk, phone, bob := servedBy(t, s, ours), servedBy(t, s, ours), servedBy(t, s, theirs)
		for _, c := range []*client{desk, phone, bob} {
			wait[protocol.ArchiveFound](c, nil)
		}
		var full im.Addr
		on(t, desk, func(l *link) { full = addr(l.self) })

		must(t, bob.Send(protocol.Outgoing{ID: "b1", To: full, Body: "to the desk"}))
		first := wait[protocol.Received](desk, nil)
		if first.Body != "to the desk" || first.Copy || first.Archive == "" {
			t.Errorf("%+v", first)
		}
		copied := wait[protocol.Received](phone, nil)
		if copied.Body != "to the desk" || !copied.Copy || copied.Own || copied.To != full || copied.From.Bare != theirs.Bare || copied.Late {
			t.Errorf("%+v", copied)
		}
		must(t, desk.Send(protocol.Outgoing{ID: "a1", To: im.Addr{Bare: theirs.Bare}, Body: "from the desk"}))
		wait(desk, func(e protocol.Sent) bool { return e.ID == "a1" })
		copied = wait[protocol.Received](phone, nil)
		if copied.Body != "from the desk" || !copied.Own || copied.From != full || copied.To.Bare != theirs.Bare || copied.ID != "a1" {
			t.Errorf("%+v", copied)
		}
		must(t, desk.Send(protocol.Outgoing{ID: "a2", To: im.Addr{Bare: theirs.Bare}, Body: "?OTR:AAMDcanary.", Hints: protocol.Hints{Sealed: true, By: "urn:xmpp:otr:0"}}))
		wait(desk, func(e protocol.Sent) bool { return e.ID == "a2" })

		read := func(q protocol.ArchiveQuery) protocol.ArchivePage {
			t.Helper()
			must(t, phone.ReadArchive(q))
			return wait(phone, func(e protocol.ArchivePage) bool { return e.Query == q.ID })
		}
		all := read(protocol.ArchiveQuery{ID: "all", From: start, Max: 50})
		if len(all.Lines) != 2 || !all.Complete || all.Failed || all.Unknown {
			t.Fatalf("%+v", all)
		}
		one, two := all.Lines[0], all.Lines[1]
		if one.Body != "to the desk" || one.Own || one.Archive != first.Archive || one.ID != "b1" || time.Since(one.Time).Abs() > time.Minute {
			t.Errorf("%+v", one)
		}
		if two.Body != "from the desk" || !two.Own || two.To.Bare != theirs.Bare || two.ID != "a1" || all.Last != two.Archive || all.First != one.Archive {
			t.Errorf("%+v", two)
		}
		only := func(name string, p protocol.ArchivePage, body string) {
			t.Helper()
			if len(p.Lines) != 1 || p.Lines[0].Body != body {
				t.Errorf("%s: %+v", name, p)
			}
		}
		only("after", read(protocol.ArchiveQuery{ID: "after", After: one.Archive, From: start, Max: 50}), "from the desk")
		only("before", read(protocol.ArchiveQuery{ID: "before", Before: two.Archive, Newest: true, Max: 50}), "to the desk")
		newest := read(protocol.ArchiveQuery{ID: "newest", Newest: true, Peer: theirs.Bare, Max: 1})
		only("the newest", newest, "from the desk")
		if newest.Complete {
			t.Error("there is nothing before the last of two lines")
		}
		if p := read(protocol.ArchiveQuery{ID: "peer", Peer: "carol@" + s.Host, Max: 50}); len(p.Lines) != 0 || p.Failed {
			t.Errorf("with somebody else: %+v", p)
		}
		if p := read(protocol.ArchiveQuery{ID: "later", From: time.Now().Add(time.Hour), Max: 50}); len(p.Lines) != 0 || p.Failed || !p.Complete {
			t.Errorf("in the future: %+v", p)
		}
		// Of an ID that it does not know, one server says so, and the other begins anew.
		if p := read(protocol.ArchiveQuery{ID: "unknown", After: "2b7f0000-canary", From: start, Max: 50}); !p.Unknown && len(p.Lines) != 2 || p.Failed {
			t.Errorf("after what is not there: %+v", p)
		}
	})
}
