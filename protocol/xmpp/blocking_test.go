package xmpp

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"culver/im"
	"culver/protocol"
	"culver/protocol/xmpp/xmpptest"
)

const blocklist = "<iq type='result' id='%s'><blocklist xmlns='urn:xmpp:blocking'>%s</blocklist></iq>"

// blocker starts a client of a server that keeps a list of who is blocked.
func blocker(t *testing.T, list string, features ...string) (*client, *xmpptest.Conn) {
	t.Helper()
	o := xmpptest.Options{Features: append(features, nsBlocking), Roster: "<item jid='bob@x' subscription='both'/>"}
	server := xmpptest.Start(t, o)
	c := run(t, dial(t, server, o, endless))
	conn := server.Accept()
	for {
		s := conn.Next()
		if strings.Contains(s.Inner, "blocklist") {
			conn.Send(blocklist, s.Attr("id"), list)
			return c, conn
		}
	}
}

func TestBlocking(t *testing.T) {
	c, conn := blocker(t, "<item jid='eve@x'/><item jid='@@'/><item/><item jid='spam.example'/>")
	if b := wait[protocol.Blocked](c, nil); !slices.Equal(b.Addresses, []string{"eve@x", "spam.example"}) || b.Reports {
		t.Errorf("%+v", b)
	}
	fence(t, conn)

	must(t, c.Block(protocol.Spam, "Mallory@x", "evil.example"))
	q := conn.Next()
	if !strings.Contains(q.Inner, "<item jid='mallory@x'/><item jid='evil.example'/>") {
		t.Errorf("asked %s", q.Inner)
	}
	conn.Send("<iq type='set' id='p' from='alice@test.example'><block xmlns='urn:xmpp:blocking'><item jid='mallory@x'/><item jid='evil.example'/></block></iq><iq type='result' id='%s'/>", q.Attr("id"))
	if sent := fence(t, conn); len(sent) != 1 || sent[0].Attr("type") != "result" || sent[0].Attr("id") != "p" {
		t.Errorf("%+v", sent)
	}
	if b := wait[protocol.Blocked](c, nil); !slices.Equal(b.Addresses, []string{"eve@x", "evil.example", "mallory@x", "spam.example"}) {
		t.Errorf("%+v", b)
	}
	must(t, c.Unblock("eve@x"))
	q = conn.Next()
	conn.Send("<iq type='error' id='%s'/>", q.Attr("id"))
	if f := wait[protocol.BlockFailed](c, nil); !slices.Equal(f.Addresses, []string{"eve@x"}) {
		t.Errorf("%+v", f)
	}
	conn.Send("<iq type='set' id='p' from='alice@test.example'><unblock xmlns='urn:xmpp:blocking'/></iq>")
	if b := wait[protocol.Blocked](c, nil); len(b.Addresses) != 0 {
		t.Errorf("%+v", b)
	}
	fence(t, conn)

	for name, err := range map[string]error{
		"nobody":     c.Unblock(),
		"no address": c.Block(protocol.NoReport, "@"),
		"oneself":    c.Block(protocol.NoReport, "alice@test.example"),
		"the server": c.Block(protocol.NoReport, "bob@x", xmpptest.Domain),
	} {
		if err == nil || !strings.HasSuffix(err.Error(), ".") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if sent := fence(t, conn); len(sent) != 0 {
		t.Errorf("%+v", sent)
	}
}

// A list that is longer than what others may send is taken, also if the connection breaks
// meanwhile; and nothing else is for longer than that.
func TestManyAreBlocked(t *testing.T) {
	var items strings.Builder
	for i := range 9000 {
		fmt.Fprintf(&items, "<item jid='somebody-%d@a-server-with-a-long-name.example'/>", i)
	}
	o := xmpptest.Options{Features: []string{nsBlocking}, Enabled: xmpptest.Enabled("s"), Resume: func(string, string) string {
		return "<resumed xmlns='urn:xmpp:sm:3' previd='s' h='0'/>"
	}}
	for _, breaks := range []bool{false, true} {
		server := xmpptest.Start(t, o)
		c := run(t, dial(t, server, o, endless))
		conn := server.Accept()
		asked := func() xmpptest.Stanza {
			for {
				if s := conn.Next(); strings.Contains(s.Inner, "blocklist") {
					return s
				}
			}
		}
		id := asked().Attr("id")
		if breaks {
			conn.Close()
			c.failure(protocol.Lost)
			c = again(t, c, server, o)
			conn = server.Accept()
			wait[protocol.Resumed](c, nil)
		}
		conn.Send(blocklist, id, items.String())
		if b := wait[protocol.Blocked](c, nil); len(b.Addresses) != 9000 {
			t.Errorf("%d are blocked", len(b.Addresses))
		}
		conn.Send("<message from='bob@x' id='1' type='chat'><body>%s</body></message>", strings.Repeat("<x/>", maxStanza/4))
		fence(t, conn)
		on(t, c, func(l *link) {
			if limit := l.conn.src.limit.Load(); limit != maxStanza {
				t.Errorf("stanzas may have %d bytes", limit)
			}
		})
	}
}

func TestReporting(t *testing.T) {
	for report, want := range map[protocol.Report]string{
		protocol.NoReport: "<item jid='eve@x'/>",
		protocol.Spam:     "<item jid='eve@x'><report xmlns='urn:xmpp:reporting:1' reason='urn:xmpp:reporting:spam'/></item>",
		protocol.Abuse:    "<item jid='eve@x'><report xmlns='urn:xmpp:reporting:1' reason='urn:xmpp:reporting:abuse'/></item>",
	} {
		c, conn := blocker(t, "", nsReporting)
		if b := wait[protocol.Blocked](c, nil); !b.Reports {
			t.Errorf("%+v", b)
		}
		fence(t, conn)
		must(t, c.Block(report, "eve@x"))
		if q := conn.Next(); !strings.Contains(q.Inner, want) {
			t.Errorf("asked %s", q.Inner)
		}
	}
}

// TestOnlyOurAccountBlocks: nobody else changes the list, and strangers hear nothing.
func TestOnlyOurAccountBlocks(t *testing.T) {
	c, conn := blocker(t, "<item jid='eve@x'/>")
	wait[protocol.Blocked](c, nil)
	fence(t, conn)
	for from, answered := range map[string]bool{"eve@x/r": false, "bob@x/r": true, "alice@test.example/other": true, "test.example": true} {
		for _, what := range []string{
			"<block xmlns='urn:xmpp:blocking'><item jid='bob@x'/></block>", "<unblock xmlns='urn:xmpp:blocking'><item jid='eve@x'/></unblock>",
			"<unblock xmlns='urn:xmpp:blocking'/>", "<query xmlns='jabber:iq:privacy'><list name='x'/></query>",
		} {
			conn.Send("<iq type='set' id='p' from='%s'>%s</iq>", from, what)
			sent := fence(t, conn)
			if !answered && len(sent) != 0 || answered && (len(sent) != 1 || sent[0].Attr("type") != "error") {
				t.Errorf("%s was answered %+v", from, sent)
			}
		}
	}
	none[protocol.Blocked](c)
	conn.Send("<iq type='set' id='p' from='alice@test.example'><query xmlns='jabber:iq:privacy'><list name='x'/></query></iq>")
	if sent := fence(t, conn); len(sent) != 1 || sent[0].Attr("type") != "result" {
		t.Errorf("the server was answered %+v", sent)
	}
}

func TestWritingToWhomIsBlocked(t *testing.T) {
	c, conn := blocker(t, "<item jid='eve@x'/><item jid='spam.example'/>")
	wait[protocol.Blocked](c, nil)
	for to, blocked := range map[string]bool{"eve@x": true, "anybody@spam.example": true, "bob@x": false} {
		must(t, c.Send(protocol.Outgoing{ID: to, To: im.Addr{Bare: to}, Body: "x"}))
		conn.Send("<message type='error' id='%s' from='%s'><error type='cancel'><not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>", to, to)
		if r := wait[protocol.Rejected](c, nil); strings.Contains(r.Reason, "You have blocked "+to) != blocked {
			t.Errorf("%+v", r)
		}
	}
}

func TestServersWithoutBlocking(t *testing.T) {
	c, conn := fake(t, xmpptest.Options{})
	if sent := fence(t, conn); len(sent) != 0 {
		t.Errorf("asked %+v", sent)
	}
	none[protocol.Blocked](c)
}
