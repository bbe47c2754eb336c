package xmpp

import (
	"context"
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

// On a real server: another device of alice's that asks for carbons gets none of
// what is sealed, the archive has none of it, and for bob, who is away, data waits.
// Whether a key exchange waits, too, is up to the server; it only asks for less.
func TestProsodyKeepsAndCopiesNothingSealed(t *testing.T) {
	p := testkit.StartProsody(t, testkit.ProsodyOptions{Users: map[string]string{"alice": "pw", "bob": "pw"}, Friends: [][2]string{{"alice", "bob"}}})
	alice, other, bob := login(t, p, "alice", "pw"), login(t, p, "alice", "pw"), login(t, p, "bob", "pw")
	ask(t, other, "set", newElement(nsCarbons, "enable"))
	send := func(body string, h protocol.Hints) {
		must(t, alice.Send(protocol.Outgoing{ID: body, To: im.Addr{Bare: "bob@localhost"}, Body: body, Hints: h}))
		wait(alice, func(e protocol.Sent) bool { return e.ID == body })
	}
	const otr = "urn:xmpp:otr:0"
	send("?OTR:AAMDsealed-canary.", protocol.Hints{Sealed: true, By: otr})
	send("?OTR:AAMCexchange-canary.", protocol.Hints{Sealed: true, Momentary: true, By: otr})
	send("?OTRv3? query-canary", protocol.Hints{Sealed: true})
	send("an open line", protocol.Hints{})
	wait(bob, func(e protocol.Received) bool { return e.Body == "an open line" })
	ask(t, other, "get", newElement(nsPing, "ping")) // after all copies
	carbons, seen := 0, p.Stanzas()
	for line := range strings.Lines(seen) {
		if strings.HasPrefix(line, "< alice") && strings.Contains(line, "carbons:2") && strings.Contains(line, "forwarded") {
			carbons++
			if strings.Contains(line, "canary") {
				t.Errorf("a copy of what is sealed: %s", line)
			}
		}
	}
	if carbons == 0 {
		t.Error("not even the open line was copied: this proves nothing")
	}

	must(t, bob.SetPresence(im.Presence{}))
	bob.cancel()
	bob.end()
	wait(alice, func(e protocol.PresenceChanged) bool { return e.Presence.Show == im.Offline })
	send("?OTR:AAMDwaiting-canary.", protocol.Hints{Sealed: true, By: otr})
	send("?OTR:AAMClost-canary.", protocol.Hints{Sealed: true, Momentary: true, By: otr})
	send("waited", protocol.Hints{})
	bob = login(t, p, "bob", "pw")
	if m := wait[protocol.Received](bob, nil); m.Body != "?OTR:AAMDwaiting-canary." || !m.Late {
		t.Errorf("what waited first: %+v", m)
	}
	wait(bob, func(e protocol.Received) bool {
		if !e.Late {
			t.Errorf("not marked as late: %+v", e)
		}
		return e.Body == "waited"
	})

	before := len(p.Stanzas())
	ask(t, alice, "set", newElement("urn:xmpp:mam:2", "query"))
	archive := p.Stanzas()[before:]
	if !strings.Contains(archive, "an open line") {
		t.Errorf("not even the open line is in the archive: this proves nothing\n%s", archive)
	}
	if strings.Contains(archive, "canary") {
		t.Errorf("sealed messages are in the archive:\n%s", archive)
	}
	none[protocol.Received](alice) // the results were no messages
}

// ask sends a request to the account's own server, and waits for its answer.
func ask(t *testing.T, c *client, kind string, payload *element) {
	t.Helper()
	l, err := c.online()
	must(t, err)
	answered := make(chan string, 1)
	must(t, l.ask("", kind, payload, func(e *element) { answered <- e.attr("type") }))
	ctx, cancel := context.WithTimeout(t.Context(), waitLimit)
	defer cancel()
	select {
	case typ := <-answered:
		if typ != "result" {
			t.Fatalf("the server answered with %s", typ)
		}
	case <-ctx.Done():
		t.Fatal("no answer")
	}
}
