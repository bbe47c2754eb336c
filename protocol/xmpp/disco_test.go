package xmpp

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"mellium.im/xmpp/jid"

	"culver/im"
	"culver/protocol"
	"culver/protocol/xmpp/xmpptest"
)

// parsed reads an element from XML in the namespace of stanzas.
func parsed(t *testing.T, s string) *element {
	t.Helper()
	e := parseXML(t, "<x xmlns='jabber:client'>"+s+"</x>")
	if len(e.children) != 1 {
		t.Fatalf("%s is no element alone", s)
	}
	return e.children[0]
}

func infoOf(t *testing.T, children string) *info {
	t.Helper()
	return readInfo(parsed(t, "<iq type='result'><query xmlns='http://jabber.org/protocol/disco#info'>"+children+"</query></iq>"))
}

func TestReadInfo(t *testing.T) {
	i := infoOf(t, "<identity category='client' type='pc' name='x'/><feature var='a'/><feature var='b'/><feature xmlns='urn:x' var='c'/><x xmlns='jabber:x:data'/>")
	if !i.is("client", "pc") || i.is("client", "phone") || !i.has("a") || !i.has("b") || i.has("c") || i.has("") || len(i.forms) != 1 || i.doubtful {
		t.Errorf("%+v", i)
	}
	var nobody *info
	if nobody.has("a") || nobody.is("client", "pc") {
		t.Error("somebody who is not known has a feature")
	}
	for _, bad := range []string{
		"<iq type='error'><query xmlns='http://jabber.org/protocol/disco#info'><feature var='a'/></query></iq>",
		"<iq type='result'/>", "<iq/>",
		"<iq type='result'><query xmlns='urn:x'/></iq>",
	} {
		if i := readInfo(parsed(t, bad)); i != nil {
			t.Errorf("%s gave %+v", bad, i)
		}
	}
	if readInfo(nil) != nil {
		t.Error("no answer is one")
	}
}

func TestAnswersOfManyFeaturesAreCut(t *testing.T) {
	var b strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&b, "<feature var='f%d'/><identity category='c%d' type='t'/><x xmlns='jabber:x:data'/>", i, i)
	}
	fmt.Fprintf(&b, "<feature var='%s'/>", strings.Repeat("x", maxFeature+1))
	i := infoOf(t, b.String())
	if len(i.features) != maxFeatures || len(i.identities) != maxIdentities || len(i.forms) != maxForms || !i.doubtful {
		t.Errorf("%d features, %d identities, %d forms", len(i.features), len(i.identities), len(i.forms))
	}
	b.Reset()
	for i := range 3000 {
		fmt.Fprintf(&b, "<item jid='s%d.test.example'/><item jid='@@'/><item/>", i)
	}
	answer := parsed(t, "<iq type='result'><query xmlns='http://jabber.org/protocol/disco#items'>"+b.String()+"</query></iq>")
	if items := readItems(answer, 5); len(items) != 5 || items[4].address != "s4.test.example" {
		t.Errorf("%+v", items)
	}
	if readItems(nil, 5) != nil || readItems(parsed(t, "<iq type='error'/>"), 5) != nil {
		t.Error("no answer has items")
	}
}

// The example of XEP-0115, section 5.2.
func TestVer(t *testing.T) {
	i := infoOf(t, "<identity category='client' type='pc' name='Exodus 0.9.1'/><feature var='http://jabber.org/protocol/muc'/>"+
		"<feature var='http://jabber.org/protocol/disco#items'/><feature var='http://jabber.org/protocol/disco#info'/><feature var='http://jabber.org/protocol/caps'/>")
	const want = "QgayPKawpkPSDYmwT/WM94uAlu0="
	if got := i.ver(); got != want {
		t.Errorf("%s", got)
	}
	if !i.proves(capability{"sha-1", "http://code.google.com/p/exodus", want}) {
		t.Error("it does not prove its own hash")
	}
}

// TestPoisonedCaps are answers that are made up to have the hash of a program that
// can do more, or that are doubtful in themselves (XEP-0115, sections 5.4 and 8.1).
func TestPoisonedCaps(t *testing.T) {
	honest := infoOf(t, "<identity category='client' type='pc' name='x'/><feature var='http://jabber.org/protocol/muc'/><feature var='urn:a'/><feature var='urn:b'/>")
	c := capability{"sha-1", "n", honest.ver()}
	if !honest.proves(c) {
		t.Fatal("the honest one is not believed")
	}
	for name, made := range map[string]string{
		"a feature inside a name":    "<identity category='client' type='pc' name='x&lt;http://jabber.org/protocol/muc'/><feature var='urn:a'/><feature var='urn:b'/>",
		"one inside a language":      "<identity category='client' type='pc' xml:lang='/x&lt;http:' name='jabber.org/protocol/muc'/><feature var='urn:a'/><feature var='urn:b'/>",
		"two features as one":        "<identity category='client' type='pc' name='x'/><feature var='http://jabber.org/protocol/muc'/><feature var='urn:a&lt;urn:b'/>",
		"a feature as an identity":   "<identity category='client' type='pc' name='x'/><identity category='http:' type='' xml:lang='jabber.org' name='protocol/muc'/><feature var='urn:a'/><feature var='urn:b'/>",
		"an identity as a feature":   "<feature var='client/pc//x'/><feature var='http://jabber.org/protocol/muc'/><feature var='urn:a'/><feature var='urn:b'/>",
		"features as a form":         "<identity category='client' type='pc' name='x'/><feature var='http://jabber.org/protocol/muc'/><x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' type='hidden'><value>urn:a</value></field><field var='urn:b'/></x>",
		"a form beside all features": "<identity category='client' type='pc' name='x'/><feature var='http://jabber.org/protocol/muc'/><feature var='urn:a'/><feature var='urn:b'/><x xmlns='jabber:x:data'/>",
		"a feature twice":            "<identity category='client' type='pc' name='x'/><feature var='http://jabber.org/protocol/muc'/><feature var='urn:a'/><feature var='urn:b'/><feature var='urn:b'/>",
		"an identity twice":          "<identity category='client' type='pc' name='x'/><identity category='client' type='pc' name='x'/><feature var='http://jabber.org/protocol/muc'/><feature var='urn:a'/><feature var='urn:b'/>",
		"less":                       "<identity category='client' type='pc' name='x'/><feature var='urn:a'/>",
		"more":                       "<identity category='client' type='pc' name='x'/><feature var='http://jabber.org/protocol/muc'/><feature var='urn:a'/><feature var='urn:b'/><feature var='urn:c'/>",
		"nothing":                    "",
	} {
		if i := infoOf(t, made); i.proves(c) {
			t.Errorf("%s: believed for all", name)
		}
	}
	if honest.proves(capability{"md5", "n", c.ver}) {
		t.Error("another kind of hash is believed")
	}
}

func TestWhatIsRememberedOfOthersIsBounded(t *testing.T) {
	k := newCapabilities()
	for i := range 2 * maxCapsOfOne {
		k.saw(jid.MustParse(fmt.Sprintf("bob@x/%d", i)), capability{"sha-1", "n", "v"})
	}
	if len(k.said) != maxCapsOfOne {
		t.Errorf("%d devices of one person", len(k.said))
	}
	for i := range 2 * maxCapsOfOne {
		k.forget(jid.MustParse(fmt.Sprintf("bob@x/%d", i)))
	}
	for i := range 2 * maxCapsDevices {
		k.saw(jid.MustParse(fmt.Sprintf("p%d@x/r", i)), capability{"sha-1", "n", "v"})
	}
	if len(k.said) != maxCapsDevices || len(k.of) != maxCapsDevices {
		t.Errorf("%d devices of %d people", len(k.said), len(k.of))
	}
	for i := range 2 * maxCaps {
		in := infoOf(t, fmt.Sprintf("<identity category='client' type='pc'/><feature var='urn:%d'/>", i))
		full := fmt.Sprintf("p%d@x/r", i)
		k.saw(jid.MustParse(full), capability{"sha-1", "n", in.ver()})
		k.told(full, in)
		if !k.known(full).has(fmt.Sprintf("urn:%d", i)) {
			t.Fatal("an answer is not known")
		}
	}
	if len(k.proven) != maxCaps || len(k.order) != maxCaps || len(k.own) != 0 {
		t.Errorf("%d answers are shared, %d not", len(k.proven), len(k.own))
	}
	for i := range 2 * maxCapsDevices {
		k.forget(jid.MustParse(fmt.Sprintf("p%d@x/r", i)))
	}
	if len(k.said)+len(k.of)+len(k.own) != 0 {
		t.Error("something is left of people who are gone")
	}
}

const askedWhatWeAre = "<iq type='get' id='d' from='%s'><query xmlns='http://jabber.org/protocol/disco#info' node='%s'/></iq>"

// TestWhoLearnsWhatWeAre: those who are told our presence, our server and our other
// devices; nobody else hears anything.
func TestWhoLearnsWhatWeAre(t *testing.T) {
	_, conn := fake(t, xmpptest.Options{Roster: "<item jid='both@x' subscription='both'/><item jid='from@x' subscription='from'/>" +
		"<item jid='to@x' subscription='to'/><item jid='none@x' subscription='none'/>"})
	for from, told := range map[string]bool{
		"both@x/r": true, "both@x": true, "from@x/r": true, "alice@test.example/other": true, "alice@test.example": true, "test.example": true,
		"to@x/r": false, "none@x/r": false, "stranger@x/r": false, "x": false, "conference.test.example": false, "room@conference.test.example/both": false, "test.example/echo": false,
	} {
		for _, question := range []string{askedWhatWeAre, strings.ReplaceAll(askedWhatWeAre, "#info", "#items")} {
			conn.Send(question, from, "")
			answers := fence(t, conn)
			if !told && len(answers) > 0 || told && (len(answers) != 1 || answers[0].Attr("type") != "result" || answers[0].Attr("to") != from) {
				t.Errorf("%s was answered %+v", from, answers)
			}
		}
		conn.Send(askedWhatWeAre, from, "urn:other#node")
		if answers := fence(t, conn); !told && len(answers) > 0 || told && (len(answers) != 1 || answers[0].Attr("type") != "error") {
			t.Errorf("%s was answered %+v about something else", from, answers)
		}
	}
}

// TestOwnCaps: the hash in our presence is that of the answer, and neither tells which
// program this is, of what version, on what system.
func TestOwnCaps(t *testing.T) {
	o := xmpptest.Options{Roster: "<item jid='bob@x' subscription='both'/>"}
	server := xmpptest.Start(t, o)
	c := run(t, dial(t, server, o, endless))
	conn := server.Accept()
	presence := conn.Next()
	e := parsed(t, "<presence>"+presence.Inner+"</presence>")
	said, ok := readCapability(e)
	if presence.XMLName.Local != "presence" || !ok || said.hash != "sha-1" {
		t.Fatalf("%+v", presence)
	}
	conn.Send(askedWhatWeAre, "bob@x/r", said.node+"#"+said.ver)
	answers := fence(t, conn)
	if len(answers) != 1 {
		t.Fatalf("%+v", answers)
	}
	i := infoOf(t, parsedInner(t, answers[0].Inner))
	if !i.proves(said) || !i.is("client", "pc") || !i.has(nsDiscoInfo) || !i.has(nsCaps) || len(i.forms) != 0 {
		t.Errorf("%+v does not prove %+v", i, said)
	}
	for _, telling := range []string{"Culver", "culver", "Linux", "linux", "go1", "name="} {
		if strings.Contains(answers[0].Inner+presence.Inner, telling) {
			t.Errorf("%q is told: %s %s", telling, presence.Inner, answers[0].Inner)
		}
	}
	must(t, c.SetPresence(im.Presence{Show: im.Away}))
	if again, ok := readCapability(parsed(t, "<presence>"+conn.Next().Inner+"</presence>")); !ok || again != said {
		t.Errorf("later presence says %+v", again)
	}
	must(t, c.SetPresence(im.Presence{Show: im.Offline}))
	if inner := conn.Next().Inner; strings.Contains(inner, "caps") {
		t.Errorf("who is away says %s", inner)
	}
}

// parsedInner returns what stands in the only child of what is in a stanza.
func parsedInner(t *testing.T, inner string) string {
	t.Helper()
	_, rest, ok := strings.Cut(inner, ">")
	end := strings.LastIndex(rest, "<")
	if !ok || end < 0 {
		t.Fatalf("%q has nothing in it", inner)
	}
	return rest[:end]
}

// on does something on Run's goroutine, and waits for it.
func on(t *testing.T, c *client, f func(l *link)) {
	t.Helper()
	l, err := c.online()
	must(t, err)
	done := make(chan struct{})
	must(t, l.do(func() { f(l); close(done) }))
	<-done
}

func TestLearning(t *testing.T) {
	c, conn := fake(t, xmpptest.Options{Roster: "<item jid='bob@x' subscription='both'/><item jid='eve@x' subscription='both'/><item jid='to@x' subscription='to'/>"})
	const children = "<identity category='client' type='phone'/><feature var='urn:a'/><feature var='urn:b'/>"
	ver := infoOf(t, children).ver()
	hello := func(from, node, ver string) {
		conn.Send("<presence from='%s'><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='%s' ver='%s'/></presence>", from, node, ver)
	}
	for _, from := range []string{"bob@x/a", "bob@x/b", "eve@x/a", "to@x/a", "stranger@x/a"} {
		hello(from, "urn:n", ver)
	}
	if sent := fence(t, conn); len(sent) != 0 {
		t.Fatalf("asked without need: %+v", sent)
	}
	told := make(chan *info, 8)
	learn := func(full string) {
		on(t, c, func(l *link) { l.learn(jid.MustParse(full), func(i *info) { told <- i }) })
	}
	for _, quiet := range []string{"to@x/a", "stranger@x/a", "bob@x/gone"} {
		learn(quiet)
		if i := <-told; i != nil {
			t.Errorf("%s can do %+v", quiet, i)
		}
	}
	if sent := fence(t, conn); len(sent) != 0 {
		t.Fatalf("somebody was asked who may not know that we are here: %+v", sent)
	}

	// Eve claims the hash of Bob's program, and answers something else.
	learn("eve@x/a")
	learn("eve@x/a")
	q := conn.Next()
	if q.Attr("to") != "eve@x/a" || !strings.Contains(q.Inner, "urn:n#"+ver) {
		t.Fatalf("asked %+v", q)
	}
	const answer = "<iq type='result' from='%s' id='%s'><query xmlns='http://jabber.org/protocol/disco#info'>%s</query></iq>"
	conn.Send(answer, "bob@x/a", q.Attr("id"), children) // not who was asked
	if sent := fence(t, conn); len(sent) != 0 || len(told) != 0 {
		t.Fatalf("%+v", sent)
	}
	conn.Send(answer, "eve@x/a", q.Attr("id"), "<identity category='client' type='phone'/><feature var='urn:a'/>")
	for range 2 {
		if i := <-told; !i.has("urn:a") || i.has("urn:b") {
			t.Errorf("%+v", i)
		}
	}
	on(t, c, func(l *link) {
		if _, known := l.supports(jid.MustParse("bob@x/a"), "urn:b"); known {
			t.Error("Eve's answer counts for Bob")
		}
		if yes, known := l.supports(jid.MustParse("eve@x/a"), "urn:b"); yes || !known {
			t.Error("Eve's answer does not count for her")
		}
	})

	learn("bob@x/a")
	q = conn.Next()
	conn.Send(answer, "bob@x/a", q.Attr("id"), children)
	<-told
	on(t, c, func(l *link) {
		for _, device := range []string{"bob@x/a", "bob@x/b"} {
			if yes, known := l.supports(jid.MustParse(device), "urn:b"); !yes || !known {
				t.Errorf("%s: %v %v", device, yes, known)
			}
		}
	})
	learn("bob@x/b")
	if i := <-told; !i.has("urn:b") {
		t.Error("what is known is not told")
	}
	conn.Send("<presence from='bob@x/a' type='unavailable'/>")
	hello("bob@x/b", "urn:n", "else")
	if sent := fence(t, conn); len(sent) != 0 {
		t.Errorf("%+v", sent)
	}
	on(t, c, func(l *link) {
		for _, device := range []string{"bob@x/a", "bob@x/b"} {
			if _, known := l.supports(jid.MustParse(device), "urn:b"); known {
				t.Errorf("%s is known", device)
			}
		}
	})
}

func TestADeviceThatDoesNotSayWhatItIs(t *testing.T) {
	p := endless
	p.answer = 1
	o := xmpptest.Options{Roster: "<item jid='bob@x' subscription='both'/>"}
	server := xmpptest.Start(t, o)
	c := run(t, dial(t, server, o, p))
	conn := server.Accept()
	conn.Next()
	conn.Send("<presence from='bob@x/a'/>")
	fence(t, conn)
	told := make(chan *info, 1)
	on(t, c, func(l *link) { l.learn(jid.MustParse("bob@x/a"), func(i *info) { told <- i }) })
	if i := <-told; i != nil {
		t.Errorf("%+v", i)
	}
	q := conn.Next()
	conn.Send("<iq type='result' from='bob@x/a' id='%s'><query xmlns='http://jabber.org/protocol/disco#info'><feature var='late'/></query></iq>", q.Attr("id"))
	fence(t, conn)
	on(t, c, func(l *link) {
		if _, known := l.supports(jid.MustParse("bob@x/a"), "late"); known || len(l.others.asked) != 0 {
			t.Error("an answer that came too late counts")
		}
	})
}

func TestServices(t *testing.T) {
	c, conn := fake(t, xmpptest.Options{
		Features: []string{"urn:server"}, Account: []string{"urn:account"},
		Services: map[string][]string{"rooms.test.example": {"urn:rooms"}, "files.test.example": {"urn:files"}},
	})
	known := make(chan *services, 2)
	for range 2 {
		on(t, c, func(l *link) { l.whenKnown(func(s *services) { known <- s }) })
		s := <-known
		if !s.server.has("urn:server") || !s.account.has("urn:account") || len(s.others) != 2 {
			t.Fatalf("%+v", s)
		}
		domain := jid.MustParse(xmpptest.Domain)
		if found, ok := s.with(domain, "urn:files"); !ok || found.address.String() != "files.test.example" {
			t.Errorf("%+v", found)
		}
		if found, ok := s.with(domain, "urn:server"); !ok || !found.address.Equal(domain) {
			t.Errorf("%+v", found)
		}
		if _, ok := s.with(domain, "urn:none"); ok {
			t.Error("found what nobody offers")
		}
	}
	if sent := fence(t, conn); len(sent) != 0 {
		t.Errorf("asked again: %+v", sent)
	}
}

// A service that does not answer holds up nothing that the server does by itself.
func TestASilentServiceHoldsUpNothing(t *testing.T) {
	o := xmpptest.Options{HoldDisco: true}
	server := xmpptest.Start(t, o)
	c := run(t, dial(t, server, o, endless))
	conn := server.Accept()
	for asked := 0; asked < 4; {
		q := conn.Next()
		kind, inner := "", ""
		switch to := q.Attr("to"); {
		case strings.Contains(q.Inner, nsDiscoItems):
			kind, inner = nsDiscoItems, "<item jid='slow.example'/>"
		case to == "slow.example":
			asked++
			continue
		case to == "alice@"+xmpptest.Domain:
			kind, inner = nsDiscoInfo, "<feature var='"+nsArchive+"'/>"
		case to == xmpptest.Domain:
			kind = nsDiscoInfo
		default:
			continue // its presence
		}
		asked++
		conn.Send("<iq type='result' id='%s' from='%s'><query xmlns='%s'>%s</query></iq>", q.Attr("id"), q.Attr("to"), kind, inner)
	}
	wait[protocol.ArchiveFound](c, nil)
}

// TestServersThatTellNothing: errors, silence and nonsense count as no services.
func TestServersThatTellNothing(t *testing.T) {
	for name, answer := range map[string]string{
		"refuses":       "<iq type='error' id='%s' from='%s'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
		"says nothing":  "<iq type='result' id='%s' from='%s'/>",
		"names people":  "<iq type='result' id='%s' from='%s'><query xmlns='http://jabber.org/protocol/disco#items'><item jid='eve@x'/><item jid='@@'/><item jid='test.example'/><item jid='x.example' node='n'/></query></iq>",
		"keeps silence": "",
	} {
		t.Run(name, func(t *testing.T) {
			p := endless
			if answer == "" {
				p.answer = 1
			}
			o := xmpptest.Options{HoldDisco: true}
			server := xmpptest.Start(t, o)
			c := run(t, dial(t, server, o, p))
			conn := server.Accept()
			var asked []string
			for range 3 {
				q := conn.Next()
				asked = append(asked, q.Attr("to"))
				if answer != "" {
					conn.Send(answer, q.Attr("id"), q.Attr("to"))
				}
			}
			slices.Sort(asked)
			if !slices.Equal(asked, []string{"alice@test.example", "test.example", "test.example"}) {
				t.Errorf("asked %q", asked)
			}
			if first := conn.Next(); first.XMLName.Local != "presence" {
				t.Errorf("%+v", first)
			}
			known := make(chan *services, 1)
			on(t, c, func(l *link) { l.whenKnown(func(s *services) { known <- s }) })
			s := <-known
			if _, ok := s.with(jid.MustParse(xmpptest.Domain), "urn:x"); ok || len(s.others) != 0 {
				t.Errorf("%+v", s)
			}
			if sent := fence(t, conn); len(sent) != 0 {
				t.Errorf("asked %+v", sent)
			}
		})
	}
}
