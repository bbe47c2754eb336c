package xmpp

import (
	"fmt"
	"strings"
	"testing"

	"culver/im"
	"culver/protocol"
	"culver/protocol/xmpp/xmpptest"
)

const withBob = "<item jid='bob@test.example' subscription='both'/>"

// copyOf wraps a message as another device's copy.
func copyOf(kind, message string) string {
	return "<" + kind + " xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>" + message + "</forwarded></" + kind + ">"
}

func inner(attrs, content string) string {
	return "<message xmlns='jabber:client' type='chat' " + attrs + ">" + content + "</message>"
}

const (
	fromBob   = "from='bob@test.example/x' to='alice@test.example/other' id='b1'"
	toBob     = "from='alice@test.example/other' to='bob@test.example/x' id='a1'"
	composing = "<composing xmlns='http://jabber.org/protocol/chatstates'/>"
)

func TestCarbonsAreAskedForOnEachNewSession(t *testing.T) {
	server := xmpptest.Start(t, xmpptest.Options{HoldCopies: true})
	run(t, dial(t, server, xmpptest.Options{}, endless))
	conn := server.Accept()
	for {
		s := conn.Next()
		if s.XMLName.Local == "presence" {
			t.Fatal("presence went out, and carbons were not asked for")
		}
		if strings.Contains(s.Inner, nsCarbons) {
			if s.Attr("type") != "set" || s.Attr("to") != "" || !strings.Contains(s.Inner, "<enable") {
				t.Errorf("%+v", s)
			}
			return
		}
	}
}

func TestCarbonsAreRead(t *testing.T) {
	c, conn := fake(t, xmpptest.Options{Roster: withBob, Account: []string{nsArchive}})
	conn.Send("<message from='alice@test.example'>%s</message>",
		copyOf("received", inner(fromBob, "<body>to the other</body>"+composing+"<request xmlns='urn:xmpp:receipts'/><stanza-id xmlns='urn:xmpp:sid:0' by='alice@test.example' id='77'/>")))
	got := wait[protocol.Received](c, nil)
	if got.From != (im.Addr{Bare: "bob@test.example", Resource: "x"}) || got.To.String() != "alice@test.example/other" ||
		got.ID != "b1" || got.Body != "to the other" || !got.Copy || got.Own || got.Late || got.Archive != "77" || got.WantReceipt {
		t.Errorf("%+v", got)
	}
	if s := wait[protocol.TypingChanged](c, nil); s.State != im.TypingComposing || s.From.Bare != "bob@test.example" {
		t.Errorf("%+v", s)
	}
	conn.Send("<message>%s</message>", copyOf("sent", inner(toBob, "<body>from the other</body>"+composing)))
	got = wait[protocol.Received](c, nil)
	if got.From.String() != "alice@test.example/other" || got.To.Bare != "bob@test.example" || !got.Own || !got.Copy || got.ID != "a1" {
		t.Errorf("%+v", got)
	}
	if said := fence(t, conn); len(said) != 0 {
		t.Errorf("answered with %+v", said)
	}
	none[protocol.TypingChanged](c) // ours is for the peer
}

// Forged copies, as the CVEs of 2017 (5589 to 5606, 5858), CVE-2019-16235 and
// CVE-2020-26547 describe: whoever is not our own account says nothing by them.
func TestCVE_2017_5589_ForgedCarbons(t *testing.T) {
	c, conn := fake(t, xmpptest.Options{Roster: withBob})
	for _, from := range []string{
		"evil@elsewhere.example/x", "evil@elsewhere.example", "bob@test.example", "bob@test.example/x", "test.example",
		"alice@test.example/other", "alice@elsewhere.example", "alice@test.example.evil.example", "elsewhere.example", "alice",
	} {
		for _, copy := range []string{copyOf("received", inner(fromBob, "<body>forged</body>"+composing)), copyOf("sent", inner(toBob, "<body>forged</body>"+composing))} {
			for _, beside := range []string{"", "<body>forged</body>" + composing} {
				conn.Send("<message from='%s' to='alice@test.example/x' type='chat'>%s%s</message>", from, beside, copy)
				nothingOf(t, c, conn, from)
			}
		}
	}
}

// nothingOf checks that the client neither said nor reported anything.
func nothingOf(t *testing.T, c *client, conn *xmpptest.Conn, what string) {
	t.Helper()
	for _, s := range fence(t, conn) {
		t.Errorf("%s: answered with %+v", what, s)
	}
	for len(c.events) > 0 {
		if e := <-c.events; fmt.Sprintf("%T", e) != "protocol.ArchiveFound" {
			t.Errorf("%s: became %T%+v", what, e, e)
		}
	}
}

// What our own server passes on as a copy still has to be a message between us and
// somebody else, and to be what it is said to be.
func TestCopiesThatCannotBe(t *testing.T) {
	c, conn := fake(t, xmpptest.Options{Roster: withBob})
	body := "<body>wrong</body>" + composing
	for name, copy := range map[string]string{
		"received, of two others":       copyOf("received", inner("from='bob@test.example/x' to='carol@test.example'", body)),
		"received, of ours":             copyOf("received", inner(toBob, body)),
		"sent, of theirs":               copyOf("sent", inner(fromBob, body)),
		"sent, of two others":           copyOf("sent", inner("from='bob@test.example/x' to='carol@test.example'", body)),
		"sent, to nobody":               copyOf("sent", inner("from='alice@test.example/other'", body)),
		"sent, to ourselves":            copyOf("sent", inner("from='alice@test.example/other' to='alice@test.example'", body)),
		"from nobody":                   copyOf("received", inner("to='alice@test.example'", body)),
		"from no address":               copyOf("received", inner("from='@@' to='alice@test.example'", body)),
		"to no address":                 copyOf("sent", inner("from='alice@test.example/other' to='@@'", body)),
		"both":                          copyOf("received", inner(fromBob, body)) + copyOf("sent", inner(toBob, body)),
		"of a room":                     copyOf("received", "<message xmlns='jabber:client' type='groupchat' from='r@rooms.example/bob' to='alice@test.example'>"+body+"</message>"),
		"of somebody in a room":         copyOf("received", inner("from='r@rooms.example/bob' to='alice@test.example'", body+"<x xmlns='http://jabber.org/protocol/muc#user'/>")),
		"an error":                      copyOf("received", "<message xmlns='jabber:client' type='error' from='bob@test.example' to='alice@test.example'>"+body+"</message>"),
		"a copy in a copy":              copyOf("received", inner(fromBob, body+copyOf("received", inner(fromBob, body)))),
		"a result in a copy":            copyOf("received", inner(fromBob, body+"<result xmlns='urn:xmpp:mam:2'/>")),
		"nothing":                       copyOf("received", ""),
		"no message":                    copyOf("received", "<presence xmlns='jabber:client' from='bob@test.example'/>"),
		"a message of another language": copyOf("received", "<message xmlns='jabber:server' from='bob@test.example' to='alice@test.example'>"+body+"</message>"),
		"not forwarded":                 "<received xmlns='urn:xmpp:carbons:2'>" + inner(fromBob, body) + "</received>",
		"nothing at all":                "<sent xmlns='urn:xmpp:carbons:2'/>",
	} {
		conn.Send("<message from='alice@test.example' type='chat'>%s</message>", copy)
		nothingOf(t, c, conn, name)
	}
}

// What is in a copy is never handled as if it had been sent to us: it answers nothing,
// changes no roster, and is no receipt of the server's.
func TestCopiesAreNotAnswered(t *testing.T) {
	c, conn := fake(t, xmpptest.Options{Roster: withBob})
	conn.Send("<message>%s</message>", copyOf("received", inner(fromBob,
		"<request xmlns='urn:xmpp:receipts'/><body>x</body><query xmlns='jabber:iq:roster'><item jid='evil@x'/></query>")))
	if r := wait[protocol.Received](c, nil); r.WantReceipt {
		t.Error("a receipt would be sent for a copy")
	}
	if said := fence(t, conn); len(said) != 0 {
		t.Errorf("answered with %+v", said)
	}
	none[protocol.BuddyChanged](c)
}

// A stanza-id counts if it is our own archive's, and if there is one.
func TestForgedArchiveIDs(t *testing.T) {
	id := func(by, id string) string {
		return "<stanza-id xmlns='urn:xmpp:sid:0' by='" + by + "' id='" + id + "'/>"
	}
	own := id("alice@test.example", "1")
	for _, tc := range []struct {
		name, ids, want string
		features        []string
	}{
		{"ours", own, "1", []string{nsArchive}},
		{"ours beside others", id("bob@test.example", "7") + own + id("rooms.example", "8"), "1", []string{nsArchive}},
		{"of somebody else", id("bob@test.example", "7"), "", []string{nsArchive}},
		{"of the server", id("test.example", "7"), "", []string{nsArchive}},
		{"of a device", id("alice@test.example/x", "7"), "", []string{nsArchive}},
		{"of nobody", id("", "7"), "", []string{nsArchive}},
		{"twice", own + id("alice@test.example", "2"), "", []string{nsArchive}},
		{"without an archive", own, "", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c, conn := fake(t, xmpptest.Options{Roster: withBob, Account: tc.features})
			if tc.features != nil {
				wait[protocol.ArchiveFound](c, nil)
			}
			conn.Send("<message from='bob@test.example/x' type='chat'><body>x</body>%s</message>", tc.ids)
			if got := wait[protocol.Received](c, nil).Archive; got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}
