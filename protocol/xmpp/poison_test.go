package xmpp

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"mellium.im/xmpp/jid"

	"culver/im"
	"culver/internal/testkit"
	"culver/protocol"
	"culver/protocol/xmpp/xmpptest"
)

// poison are children of a message that servers pass on, and that are more than
// is built here.
func poison() map[string]string {
	var attrs strings.Builder
	for i := range maxAttrs + 6 {
		fmt.Fprintf(&attrs, " a%d='&lt;/>\"'", i)
	}
	deep := func(n int, inner string) string {
		return strings.Repeat("<a xmlns='urn:x'>", n) + inner + strings.Repeat("</a>", n)
	}
	large := strings.Repeat("x", maxStanza)
	return map[string]string{
		"deep":              deep(maxDepth+6, ""),
		"deep, with bodies": deep(maxDepth+6, "</a>text<body>forged</body><b c='>' d=\"/>\"/>&lt;message><a>"),
		"ends too deep":     deep(maxDepth-1, "<b/>"),
		"attributes":        "<a xmlns='urn:x'" + attrs.String() + "><body>x</body></a>",
		"attributes alone":  "<a xmlns='urn:x'" + attrs.String() + "/>",
		"large":             "<a xmlns='urn:x'>" + large + "</a>",
		"large value":       "<a xmlns='urn:x' b='/>" + large + "/>'/>",
		"large name":        "<a xmlns='urn:x'><a" + large + "/></a>",
		"large data":        "<a xmlns='urn:x'><![CDATA[</a>]]" + large + "</message>]]]></a>",
		"many":              strings.Repeat("<a xmlns='urn:x'/>", maxStanza/18+1),
	}
}

// TestPoison: what is too much is dropped, whole, and all else lives on, also while an
// answer is awaited that may be larger.
func TestPoison(t *testing.T) {
	t.Run("as ever", func(t *testing.T) { testPoison(t, func(*link) {}) })
	t.Run("while a large answer is awaited", func(t *testing.T) { testPoison(t, func(l *link) { l.conn.allowRoster() }) })
}

func testPoison(t *testing.T, before func(*link)) {
	c, conn := fake(t, xmpptest.Options{})
	on(t, c, before)
	good := func(name string) {
		t.Helper()
		conn.Send("<message from='bob@test.example/r'><body>good</body></message>")
		if got := wait[protocol.Received](c, nil); got.Body != "good" {
			t.Errorf("%s: received %q", name, shorten(got.Body))
		}
	}
	for name, inner := range poison() {
		conn.Send("<message from='evil@test.example' type='chat'><body>bad</body>%s</message>", inner)
		good(name)
	}
	var attrs strings.Builder
	for i := range maxAttrs + 1 {
		fmt.Fprintf(&attrs, " a%d=''", i)
	}
	conn.Send("<message%s/><message%s></message>", attrs.String(), attrs.String())
	good("attributes of the stanza")
	conn.Send("<message>%s</message>", strings.Repeat("x", maxRoster))
	c.failure(protocol.ProtocolBroken)
}

// TestServerPoison: real servers pass poison on, and what waits behind it is lost to
// whoever hangs up.
func TestServerPoison(t *testing.T) {
	testkit.OnServers(t, testkit.ServerOptions{StanzaLimit: 4 << 20}, func(t *testing.T, s *testkit.Server) {
		a, b := s.Fresh(t, "alice"), s.Fresh(t, "bob")
		raw := newConnector(Network{Roots: s.Pool}, at(t, s, a.Name), secret(a.Password), endless)
		var err error
		raw.address, err = parseJID(a.Bare)
		must(t, err)
		evil, err := raw.connect(t.Context())
		must(t, err)
		defer evil.raw.Close()
		poisoned := func(name string) {
			t.Helper()
			for _, body := range []string{"<body>bad</body>" + poison()[name], "<body>good " + name + "</body>"} {
				must(t, evil.write([]byte("<message to='"+b.Bare+"' type='chat'>"+body+"</message>")))
			}
		}
		names := []string{"deep", "ends too deep", "attributes", "large", "many"}
		for _, name := range names {
			poisoned(name)
		}
		must(t, evil.write([]byte("<iq type='get' id='done'><ping xmlns='urn:xmpp:ping'/></iq>")))
		if _, err := evil.next(); err != nil { // the answer: all before it is stored
			t.Fatal(err)
		}
		bob := enter(t, s, b)
		for _, name := range names {
			if got := wait[protocol.Received](bob, nil); got.Body != "good "+name || !got.Late {
				t.Errorf("received %q, late: %v", shorten(got.Body), got.Late)
			}
		}
		for _, name := range names {
			poisoned(name)
			if got := wait[protocol.Received](bob, nil); got.Body != "good "+name || got.From.Bare != a.Bare {
				t.Errorf("received %q", shorten(got.Body))
			}
		}
		must(t, bob.Send(protocol.Outgoing{ID: "x", To: im.Addr{Bare: b.Bare}, Body: "still here"}))
		if got := wait[protocol.Received](bob, nil); got.Body != "still here" {
			t.Errorf("received %q", shorten(got.Body))
		}
	})
}

// A line for a room that ends connections is told to be none that arrived, as any other.
func TestPoisonForARoom(t *testing.T) {
	var events []protocol.Event
	l := offline(t, &events)
	l.out.manage()
	must(t, l.sendToRoom(protocol.Outgoing{ID: "p", To: im.Addr{Bare: kitchen}, Body: "x", Room: true}, jid.MustParse(kitchen)))
	l.out.take()
	var none uint32
	conn := newConnection(l.conn.stream, l.conn.raw)
	conn.resumed = &none
	for range maxBlame {
		l.blame = blameLoss
		must(t, l.resume(conn, l.emit))
		l.out.take()
	}
	var got []string
	for _, e := range events {
		switch e := e.(type) {
		case protocol.Rejected:
			got = append(got, "rejected "+e.ID)
		case protocol.Sent:
			got = append(got, "sent "+e.ID)
		}
	}
	if !slices.Equal(got, []string{"rejected p"}) {
		t.Errorf("told %q", got)
	}
}
