package xmpp

import (
	"slices"
	"strings"
	"testing"

	"culver/im"
	"culver/internal/testkit"
	"culver/protocol"
	"culver/protocol/xmpp/xmpptest"
)

// Hints of each kind of message, as they stand in the stanza.
func TestHints(t *testing.T) {
	c, conn := fake(t, xmpptest.Options{})
	const sealed = `<no-copy xmlns="urn:xmpp:hints"/><no-permanent-store xmlns="urn:xmpp:hints"/>`
	for _, tc := range []struct {
		name  string
		hints protocol.Hints
		want  string
	}{
		{"open", protocol.Hints{}, ""},
		{"a query", protocol.Hints{Sealed: true}, sealed + `<private xmlns="urn:xmpp:carbons:2"/>`},
		{"data", protocol.Hints{Sealed: true, By: "urn:xmpp:otr:0"},
			sealed + `<private xmlns="urn:xmpp:carbons:2"/><encryption xmlns="urn:xmpp:eme:0" namespace="urn:xmpp:otr:0"/>`},
		{"a key exchange", protocol.Hints{Sealed: true, Momentary: true, By: "urn:xmpp:otr:0"},
			sealed + `<no-store xmlns="urn:xmpp:hints"/><private xmlns="urn:xmpp:carbons:2"/><encryption xmlns="urn:xmpp:eme:0" namespace="urn:xmpp:otr:0"/>`},
	} {
		must(t, c.Send(protocol.Outgoing{ID: tc.name, To: im.Addr{Bare: "bob@test.example"}, Body: "x", Hints: tc.hints}))
		s := conn.Next()
		for s.XMLName.Local != "message" {
			s = conn.Next()
		}
		got := strings.ReplaceAll(s.Inner, "'", `"`)
		if want := "<body>x</body><origin-id xmlns=\"urn:xmpp:sid:0\" id=\"" + tc.name + "\"/>" + tc.want; got != want {
			t.Errorf("%s:\n%s, want\n%s", tc.name, got, want)
		}
	}
}

// What a person forwards has words of its own, and is read as those; and one that asks
// not to be copied is no copy.
func TestForwardedByAPerson(t *testing.T) {
	c, conn := fake(t, xmpptest.Options{Roster: withBob})
	conn.Send("<message from='bob@test.example/x' type='chat'><body>look at this</body><forwarded xmlns='urn:xmpp:forward:0'>%s</forwarded></message>",
		inner(fromBob, "<body>?OTR:AAMDcanary.</body>"))
	if m := wait[protocol.Received](c, nil); m.Body != "look at this" || m.Late || m.Copy {
		t.Errorf("got %+v", m)
	}
	conn.Send("<message from='bob@test.example/x' type='chat'><body>between us</body><private xmlns='urn:xmpp:carbons:2'/></message>")
	if m := wait[protocol.Received](c, nil); m.Body != "between us" || m.Copy {
		t.Errorf("got %+v", m)
	}
}

// On real servers: another device of alice's that asks for carbons gets none of
// what is sealed, the archive has none of it, and for bob, who is away, data waits.
// A key exchange, which asks not to, waits on Prosody 0.12 nevertheless.
func TestServerKeepsAndCopiesNothingSealed(t *testing.T) {
	servers.On(t, func(t *testing.T, s *testkit.Server) {
		a, b := s.FreshFriends(t, "alice", "bob")
		alice, other, bob := enter(t, s, a), enter(t, s, a), enter(t, s, b)
		ask(t, other, "set", newElement(nsCarbons, "enable"))
		settled(t, bob) // present
		send := func(body string, h protocol.Hints) {
			t.Helper()
			must(t, alice.Send(protocol.Outgoing{ID: body, To: im.Addr{Bare: b.Bare}, Body: body, Hints: h}))
			wait(alice, func(e protocol.Sent) bool { return e.ID == body })
		}
		const otr = "urn:xmpp:otr:0"
		send("?OTR:AAMDsealed-canary.", protocol.Hints{Sealed: true, By: otr})
		send("?OTR:AAMCexchange-canary.", protocol.Hints{Sealed: true, Momentary: true, By: otr})
		send("?OTRv3? query-canary", protocol.Hints{Sealed: true})
		send("an open line", protocol.Hints{})
		wait(bob, func(e protocol.Received) bool { return e.Body == "an open line" })
		s.WaitStanza(t, "< "+a.Bare, "urn:xmpp:carbons:2", "forwarded", "an open line")
		for _, line := range lines(s.Stanzas(), "< "+a.Bare, "urn:xmpp:carbons:2", "forwarded", "canary") {
			t.Errorf("a copy of what is sealed: %s", line)
		}

		leave(t, bob)
		wait(alice, func(e protocol.PresenceChanged) bool { return e.From.Bare == b.Bare && e.Presence.Show == im.Offline })
		send("?OTR:AAMDwaiting-canary.", protocol.Hints{Sealed: true, By: otr})
		lost := protocol.Outgoing{ID: "lost", To: im.Addr{Bare: b.Bare}, Body: "?OTR:AAMClost-canary.", Hints: protocol.Hints{Sealed: true, Momentary: true, By: otr}}
		must(t, alice.Send(lost))
		if s.Name == testkit.NameEjabberd {
			if r := wait[protocol.Rejected](alice, nil); r.ID != lost.ID || r.From.Bare != b.Bare {
				t.Errorf("rejected: %+v", r)
			}
		} else {
			wait(alice, func(e protocol.Sent) bool { return e.ID == lost.ID })
		}
		send("waited", protocol.Hints{})
		settled(t, alice)
		bob = enter(t, s, b)
		got := []string{}
		wait(bob, func(e protocol.Received) bool {
			if !e.Late {
				t.Errorf("not marked as late: %+v", e)
			}
			got = append(got, e.Body)
			return e.Body == "waited"
		})
		want := []string{"?OTR:AAMDwaiting-canary.", lost.Body, "waited"}
		if s.Name == testkit.NameEjabberd {
			want = []string{"?OTR:AAMDwaiting-canary.", "waited"}
		}
		if !slices.Equal(got, want) {
			t.Errorf("what waited: %q, want %q", got, want)
		}

		before := len(s.Stanzas())
		ask(t, alice, "set", newElement(nsArchive, "query"))
		settled(t, alice)
		archive := recordedSince(s, before)
		if !strings.Contains(archive, "an open line") {
			t.Errorf("not even the open line is in the archive: this proves nothing\n%s", archive)
		}
		if strings.Contains(archive, "canary") {
			t.Errorf("sealed messages are in the archive:\n%s", archive)
		}
		none[protocol.Received](alice) // the results were no messages
	})
}
