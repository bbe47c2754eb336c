package xmpp

import (
	"strings"
	"testing"

	"culver/im"
	"culver/protocol"
	"culver/protocol/xmpp/xmpptest"
)

// nextMessage is the next message that the client sends.
func nextMessage(conn *xmpptest.Conn) xmpptest.Stanza {
	s := conn.Next()
	for s.XMLName.Local != "message" {
		s = conn.Next()
	}
	return s
}

// What a message says of its life, as it stands in the stanza.
func TestWhatFollowsAMessage(t *testing.T) {
	c, conn := fake(t, xmpptest.Options{})
	const (
		origin  = `<origin-id xmlns="urn:xmpp:sid:0" id="a&lt;"/>`
		request = `<request xmlns="urn:xmpp:receipts"/>`
		active  = `<active xmlns="http://jabber.org/protocol/chatstates"/>`
	)
	for _, tc := range []struct {
		name string
		out  protocol.Outgoing
		want string
	}{
		{"plain", protocol.Outgoing{ID: `a<`}, origin},
		{"a plugin's", protocol.Outgoing{WantReceipt: true}, ""}, // nobody waits to hear of it
		{"all of it", protocol.Outgoing{ID: `a<`, Replaces: "b'&", WantReceipt: true, Typing: true},
			origin + `<replace xmlns="urn:xmpp:message-correct:0" id="b&apos;&amp;"/>` + request + active},
	} {
		tc.out.To, tc.out.Body = im.Addr{Bare: "bob@test.example"}, "x"
		must(t, c.Send(tc.out))
		s := nextMessage(conn)
		normal := strings.NewReplacer("'", `"`, "&#34;", "&quot;", "&#39;", "&apos;")
		if got, want := normal.Replace(s.Inner), "<body>x</body>"+tc.want; got != want {
			t.Errorf("%s:\n%s, want\n%s", tc.name, got, want)
		}
		if id := s.Attr("id"); tc.out.ID != "" && id != tc.out.ID || id == "" {
			t.Errorf("%s: the ID is %q", tc.name, id)
		}
	}
	must(t, c.SendReceipt(im.Addr{Bare: "bob@test.example", Resource: "x"}, "th<is"))
	s := nextMessage(conn)
	if s.Attr("to") != "bob@test.example/x" || s.Attr("type") != "chat" || s.Attr("id") == "" ||
		!strings.Contains(s.Inner, "urn:xmpp:receipts") || !strings.Contains(s.Inner, "th&lt;is") || strings.Contains(s.Inner, "request") {
		t.Errorf("the receipt is %+v", s)
	}
	for _, id := range []string{"", strings.Repeat("x", maxStanzaID+1)} {
		if c.SendReceipt(im.Addr{Bare: "bob@test.example"}, id) == nil {
			t.Errorf("%d bytes can be confirmed", len(id))
		}
	}
	if len(fence(t, conn)) != 0 {
		t.Error("more was sent")
	}
}

func TestReceiptsComeIn(t *testing.T) {
	c, conn := fake(t, xmpptest.Options{Roster: "<item jid='bob@test.example' subscription='both'/>"})
	const receipt = "<received xmlns='urn:xmpp:receipts' id='line 1'/>"
	conn.Send("<message from='bob@test.example/x' id='r'>%s</message>", receipt)
	if got := wait[protocol.Delivered](c, nil); got.ID != "line 1" || got.From != (im.Addr{Bare: "bob@test.example", Resource: "x"}) {
		t.Errorf("got %+v", got)
	}
	conn.Send("<message from='bob@test.example/x' type='chat'><body>ha</body>%s</message>", receipt)
	wait[protocol.Delivered](c, nil)
	if m := wait[protocol.Received](c, nil); m.Body != "ha" {
		t.Errorf("got %+v", m)
	}
	copied := func(kind, from string) string {
		return "<message from='" + from + "'><" + kind + " xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' " +
			"from='bob@test.example/x' to='alice@test.example/other' type='chat'>" + receipt + "</message></forwarded></" + kind + "></message>"
	}
	conn.Send("%s", copied("received", "alice@test.example")) // for what another device of ours sent
	wait(c, func(e protocol.Delivered) bool { return e.From.Bare == "bob@test.example" && e.ID == "line 1" })
	for _, hostile := range []string{
		copied("received", "bob@test.example/x"), copied("sent", "alice@test.example"), copied("received", "test.example"),
		"<message from='bob@test.example/x' type='groupchat'>" + receipt + "</message>",
		"<message from='bob@test.example/x' type='error'>" + receipt + "</message>",
		"<message from='bob@test.example/x'><received xmlns='urn:xmpp:receipts'/></message>",
		"<message from='bob@test.example/x'><received xmlns='urn:xmpp:receipts' id=''/></message>",
		"<message from='bob@test.example/x'><received xmlns='urn:xmpp:receipts' id='" + strings.Repeat("x", maxStanzaID+1) + "'/></message>",
		"<message from='bob@test.example/x'><x xmlns='jabber:x'>" + receipt + "</x></message>",
		"<message from='bob@test.example/x'><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='bob@test.example/x'>" + receipt + "</message></forwarded></sent></message>",
	} {
		conn.Send("%s", hostile)
		fence(t, conn)
		none[protocol.Delivered](c)
	}
}

func TestWhatAMessageSaysOfOthers(t *testing.T) {
	c, conn := fake(t, xmpptest.Options{})
	long := strings.Repeat("x", maxStanzaID+1)
	for _, tc := range []struct {
		attrs, inner string
		want         protocol.Received
	}{
		{"id='1'", "", protocol.Received{ID: "1"}},
		{"", "", protocol.Received{}},
		{"id='1'", "<request xmlns='urn:xmpp:receipts'/>", protocol.Received{ID: "1", WantReceipt: true}},
		{"", "<request xmlns='urn:xmpp:receipts'/>", protocol.Received{}},
		{"id='2'", "<replace xmlns='urn:xmpp:message-correct:0' id='1'/>", protocol.Received{ID: "2", Replaces: "1"}},
		{"id='1'", "<replace xmlns='urn:xmpp:message-correct:0' id='1'/>", protocol.Received{ID: "1", Replaces: "1"}},
		{"id='2'", "<replace xmlns='urn:xmpp:message-correct:0'/>", protocol.Received{ID: "2"}},
		{"id='2'", "<replace xmlns='urn:xmpp:message-correct:0' id='" + long + "'/>", protocol.Received{ID: "2"}},
		{"id='2'", "<origin-id xmlns='urn:xmpp:sid:0' id='3'/>", protocol.Received{ID: "2"}},
		{"", "<origin-id xmlns='urn:xmpp:sid:0' id='3'/>", protocol.Received{ID: "3"}},
		{"id='" + long + "'", "", protocol.Received{}},
	} {
		conn.Send("<message from='bob@test.example/x' type='chat' %s>%s<body>b</body></message>", tc.attrs, tc.inner)
		got := wait[protocol.Received](c, nil)
		if got.ID != tc.want.ID || got.Replaces != tc.want.Replaces || got.WantReceipt != tc.want.WantReceipt {
			t.Errorf("%s %.99s: %.99s", tc.attrs, tc.inner, got.ID+" "+got.Replaces)
		}
	}
	if said := fence(t, conn); len(said) != 0 {
		t.Errorf("the network answered by itself: %+v", said)
	}
}

// A room may give a message another ID: its sender's is said once more.
func TestOriginInARoom(t *testing.T) {
	e := newElement(nsClient, "message", newElement(nsIDs, "origin-id").with("id", "mine")).with("id", "the room's").with("type", "groupchat")
	if id := originOf(e); id != "mine" {
		t.Errorf("got %q", id)
	}
}
