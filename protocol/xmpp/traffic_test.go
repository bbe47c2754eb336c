package xmpp

import (
	"strconv"
	"strings"
	"testing"

	"culver/im"
	"culver/protocol"
	"culver/protocol/xmpp/xmpptest"
)

// What is secret, or said between people, is in nothing that is told.
func TestTrafficTellsNoSecrets(t *testing.T) {
	const c = "canary"
	for _, s := range []string{
		"<message from='a@b' type='chat'><body>canary</body></message>",
		"<message><html xmlns='http://jabber.org/protocol/xhtml-im'><body xmlns='http://www.w3.org/1999/xhtml'><p>x <b>canary</b></p></body></html></message>",
		"<message><subject>canary</subject></message>",
		"<message><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message><body>canary</body></message></forwarded></sent></message>",
		"<message><x xmlns='jabber:x:conference' jid='r@c' password='canary' reason='x'/></message>",
		"<message><x xmlns='http://jabber.org/protocol/muc#user'><invite><reason>canary</reason></invite><password>canary</password></x></message>",
		"<presence><status>canary</status></presence>",
		"<presence><x xmlns='http://jabber.org/protocol/muc'><password>canary</password></x></presence>",
		"<iq><query xmlns='jabber:iq:register'><username>u</username><password>canary</password><key>canary</key></query></iq>",
		"<iq><query xmlns='jabber:iq:register'><x xmlns='jabber:x:data'><field var='password'><value>canary</value></field><field var='x' type='text-private'><value>canary</value></field></x></query></iq>",
		"<iq><slot xmlns='urn:xmpp:http:upload:0'><put url='https://x/canary'><header name='Authorization'>canary</header></put><get url='https://x/canary'/></slot></iq>",
		"<iq><data xmlns='http://jabber.org/protocol/ibb' seq='0'>canary</data></iq>",
		"<iq><vCard xmlns='vcard-temp'><PHOTO><BINVAL>canary</BINVAL></PHOTO></vCard></iq>",
		"<message><x xmlns='jabber:x:oob'><url>https://x/canary</url><desc>canary</desc></x></message>",
		"<message><x xmlns='jabber:x:conference' jid='r@c' reason='canary'/></message>",
		"<iq><request xmlns='urn:xmpp:http:upload:0' filename='canary.txt' size='1'/></iq>",
		"<message type='error'><error><not-allowed xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>canary</text></error></message>",
		"<message><unknown xmlns='urn:x' label='canary'>canary<type>x</type></unknown></message>",
		"<iq><vCard xmlns='vcard-temp'><FN>canary</FN></vCard></iq>",
		"<iq><query xmlns='jabber:iq:roster'><item jid='a@b' name='canary'><group>canary</group></item></query></iq>",
		"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>canary</auth>",
	} {
		if got := masked(parseXML(t, s)); strings.Contains(got, c) || !strings.Contains(got, leftOut) {
			t.Errorf("%s\nis told as\n%s", s, got)
		}
	}
	if long := masked(parseXML(t, "<iq><jid>"+strings.Repeat("é", maxShownText)+"</jid></iq>")); len(long) > 2*maxShownText {
		t.Errorf("told is %s", long)
	}
	const kept = "<iq from='a@b/c' id='1' type='set'><query xmlns='jabber:iq:roster'><item jid='d@e' subscription='both'/></query></iq>"
	if got := masked(parseXML(t, strings.Replace(kept, "<iq", "<iq xmlns='jabber:client'", 1))); strings.Contains(got, leftOut) || !strings.Contains(got, "d@e") {
		t.Errorf("told is %s", got)
	}
	if got := masked(parseXML(t, "<iq>"+strings.Repeat("<a b='c'/>", 5000)+"</iq>")); len(got) > maxShown {
		t.Errorf("told are %d bytes", len(got))
	}
}

func TestTraffic(t *testing.T) {
	c, conn := fake(t, xmpptest.Options{})
	conn.Send("<message from='bob@test.example/x'><body>before</body></message>")
	wait[protocol.Received](c, nil)
	none[protocol.Traffic](c)
	c.Tap(true)
	must(t, c.Send(protocol.Outgoing{ID: "1", To: im.Addr{Bare: "bob@test.example"}, Body: "canary & more"}))
	out := wait(c, func(e protocol.Traffic) bool { return e.Out && strings.Contains(e.Text, "<message") })
	if strings.Contains(out.Text, "canary") || !strings.Contains(out.Text, "bob@test.example") {
		t.Errorf("told is %s", out.Text)
	}
	conn.Send("<message from='bob@test.example/x'><body>canary</body></message>")
	in := wait(c, func(e protocol.Traffic) bool { return !e.Out && strings.Contains(e.Text, "<message") })
	if strings.Contains(in.Text, "canary") || !strings.Contains(in.Text, "bob@test.example/x") {
		t.Errorf("told is %s", in.Text)
	}
	c.Tap(false)
	conn.Send("<message from='bob@test.example/x'><body>after</body></message>")
	wait(c, func(e protocol.Received) bool { return e.Body == "after" })
	conn.Send("<message from='bob@test.example/x'><body>later</body></message>")
	wait(c, func(e protocol.Received) bool { return e.Body == "later" })
	none[protocol.Traffic](c)
}

// However much leaves while nobody can be told, what the user does finds its place, and what
// left last is told.
func TestTrafficTakesNoPlaceFromOthers(t *testing.T) {
	c, conn := fake(t, xmpptest.Options{})
	fence(t, conn)
	c.Tap(true)
	l, err := c.online()
	must(t, err)
	busy := make(chan struct{})
	must(t, l.do(func() { <-busy }))
	const all = maxTodo + 100
	for i := range all {
		must(t, l.send(newElement(nsClient, "presence").with("id", strconv.Itoa(i))))
		conn.Next()
	}
	err = l.do(func() {})
	close(busy)
	if err != nil {
		t.Fatalf("the user's click: %v", err)
	}
	told := 0
	wait(c, func(e protocol.Traffic) bool {
		if !e.Out {
			return false
		}
		told++
		if told == 1 && e.Text != leftOut {
			t.Errorf("began with %+v", e)
		}
		return strings.Contains(e.Text, strconv.Itoa(all-1))
	})
	if told != maxUntold+1 {
		t.Errorf("%d were told", told)
	}
}
