package xmpp

import (
	"strings"
	"testing"

	"culver/im"
	"culver/protocol"
	"culver/protocol/xmpp/xmpptest"
)

func TestAttentionIsAsked(t *testing.T) {
	c, conn := fake(t, xmpptest.Options{Roster: "<item jid='bob@test.example' subscription='both'/>"})
	const attention = "<attention xmlns='urn:xmpp:attention:0'/>"
	conn.Send("<message from='bob@test.example/x' type='headline'>%s</message>", attention)
	if got := wait[protocol.AttentionAsked](c, nil); got.From != (im.Addr{Bare: "bob@test.example", Resource: "x"}) {
		t.Errorf("%+v", got)
	}
	conn.Send("<message from='bob@test.example/x' type='chat'><body>hey</body>%s</message>", attention)
	wait[protocol.AttentionAsked](c, nil)
	if m := wait[protocol.Received](c, nil); m.Body != "hey" {
		t.Errorf("%+v", m)
	}
	for _, hostile := range []string{
		"<message from='bob@test.example/x' type='groupchat'>" + attention + "</message>",
		"<message from='bob@test.example/x' type='error'>" + attention + "</message>",
		"<message from='bob@test.example/x' type='headline'>" + attention + "<delay xmlns='urn:xmpp:delay' stamp='2020-01-01T00:00:00Z'/></message>",
		"<message from='bob@test.example/x' type='headline'><x xmlns='urn:x'>" + attention + "</x></message>",
	} {
		conn.Send("%s", hostile)
		fence(t, conn)
		none[protocol.AttentionAsked](c)
	}
}

// Only a device that takes it is asked, and nobody who may not know that we are here.
func TestAskingForAttention(t *testing.T) {
	c, conn := fake(t, xmpptest.Options{Roster: "<item jid='bob@x' subscription='both'/><item jid='eve@x' subscription='to'/>"})
	ask := func(bare, resource string) {
		t.Helper()
		if err := c.SendAttention(im.Addr{Bare: bare, Resource: resource}); err != nil {
			t.Fatal(err)
		}
	}
	told := func(bare string, asked bool) {
		t.Helper()
		if got := wait[protocol.AttentionAnswered](c, nil); got.Bare != bare || got.Asked != asked {
			t.Errorf("%+v", got)
		}
	}
	ask("bob@x", "")
	told("bob@x", false) // he has no device
	for _, from := range []string{"bob@x/a", "bob@x/b", "eve@x/a"} {
		conn.Send("<presence from='%s'><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='urn:n' ver='%s'/></presence>", from, strings.Repeat("v", 8)+from[4:])
	}
	fence(t, conn)
	ask("eve@x", "a")
	told("eve@x", false)
	if sent := fence(t, conn); len(sent) != 0 {
		t.Fatalf("somebody was asked who may not know that we are here: %+v", sent)
	}
	ask("bob@x", "")
	for range 2 {
		q := conn.Next()
		feature := "urn:a"
		if q.Attr("to") == "bob@x/b" {
			feature = nsAttention
		}
		conn.Send("<iq type='result' from='%s' id='%s'><query xmlns='http://jabber.org/protocol/disco#info'><identity category='client' type='pc'/><feature var='%s'/></query></iq>", q.Attr("to"), q.Attr("id"), feature)
	}
	told("bob@x", true)
	sent := fence(t, conn)
	if len(sent) != 1 || sent[0].Attr("to") != "bob@x/b" || sent[0].Attr("type") != "headline" ||
		!strings.Contains(sent[0].Inner, nsAttention) || !strings.Contains(sent[0].Inner, "no-store") || strings.Contains(sent[0].Inner, "body") {
		t.Errorf("%+v", sent)
	}
	ask("bob@x", "a")
	told("bob@x", false)
	if sent := fence(t, conn); len(sent) != 0 {
		t.Errorf("%+v", sent)
	}
}
