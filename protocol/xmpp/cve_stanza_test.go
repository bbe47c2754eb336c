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

// The rows of known flaws in programs of this kind that are about what others send.

// TestCVE_2016_9107_NothingBesideWhatIsSealed: in a message that is sealed there is
// nothing but the sealed text and marks without a word: no second body, no XHTML.
func TestCVE_2016_9107_NothingBesideWhatIsSealed(t *testing.T) {
	c, conn := fake(t, xmpptest.Options{Roster: withBob})
	const sealed = "?OTR:AAMDsealed."
	for _, o := range []protocol.Outgoing{
		{ID: "1", To: im.Addr{Bare: "bob@test.example"}},
		{ID: "2", To: im.Addr{Bare: "bob@test.example", Resource: "x"}, Replaces: "1", WantReceipt: true, Typing: true},
	} {
		o.Body, o.Hints = sealed, protocol.Hints{Sealed: true, By: "urn:xmpp:otr:0"}
		must(t, c.Send(o))
		s := conn.Next()
		e := parseXML(t, "<message xmlns='jabber:client'>"+s.Inner+"</message>")
		bodies := 0
		for _, child := range e.children {
			if child.is(nsClient, "body") {
				bodies++
				if child.text != sealed || len(child.children)+len(child.attrs) != 0 {
					t.Errorf("the body is %+v", child)
				}
				continue
			}
			if !slices.Contains([]string{nsHints, nsCarbons, nsEME, nsReceipts, nsStates, nsCorrect, nsIDs}, child.space) || child.text != "" || len(child.children) != 0 {
				t.Errorf("beside what is sealed there is %v with %q", child, child.text)
			}
		}
		if bodies != 1 || strings.Contains(s.Inner, "html") {
			t.Errorf("sent %s", s.Inner)
		}
	}
}

// TestCVE_2016_10376_NobodyCommandsUs: there is no remote control (XEP-0146), for nobody:
// not for our server, not for our own devices; and nothing says that there is.
func TestCVE_2016_10376_NobodyCommandsUs(t *testing.T) {
	c, conn := fake(t, xmpptest.Options{Roster: withBob})
	for _, from := range []string{"test.example", "alice@test.example", "alice@test.example/other", "bob@test.example/x"} {
		for _, node := range []string{"forward", "set-status", "leave-groupchats", "set-options"} {
			conn.Send("<iq type='set' id='c' from='%s'><command xmlns='http://jabber.org/protocol/commands' node='http://jabber.org/protocol/rc#%s' action='execute'/></iq>", from, node)
			answers := fence(t, conn)
			if len(answers) != 1 || answers[0].Attr("type") != "error" || !strings.Contains(answers[0].Inner, "service-unavailable") {
				t.Errorf("%s, %s: answered %+v", from, node, answers)
			}
		}
		conn.Send("<iq type='get' id='d' from='%s'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>", from)
		for _, a := range fence(t, conn) {
			if strings.Contains(a.Inner, "protocol/commands") || strings.Contains(a.Inner, "protocol/rc") {
				t.Errorf("%s is told of %s", from, a.Inner)
			}
		}
	}
	for len(c.events) > 0 {
		if e, ok := (<-c.events).(protocol.Received); ok {
			t.Errorf("%+v", e)
		}
	}
}

// TestCVE_2015_8688_ForgedRosterPushes: nobody but our own account changes the Buddy List
// (also CVE-2016-9928 and CVE-2019-16236).
func TestCVE_2015_8688_ForgedRosterPushes(t *testing.T) {
	c, conn := fake(t, xmpptest.Options{Roster: withBob})
	for _, from := range []string{
		"evil@elsewhere.example/x", "evil@elsewhere.example", "bob@test.example", "bob@test.example/x", "test.example",
		"alice@test.example/other", "alice@elsewhere.example", "alice@test.example.evil.example", "elsewhere.example", "alice",
	} {
		for _, item := range []string{
			"<item jid='evil@elsewhere.example' name='bob' subscription='both'/>", "<item jid='bob@test.example' subscription='remove'/>",
			"<item jid='bob@test.example' name='evil' subscription='none'/>",
		} {
			conn.Send("<iq type='set' id='p' from='%s' to='alice@test.example/x'><query xmlns='jabber:iq:roster'>%s</query></iq>", from, item)
			nothingOf(t, c, conn, from)
		}
	}
	conn.Send("<iq type='set' id='p' from='alice@test.example'><query xmlns='jabber:iq:roster'><item jid='new@test.example' subscription='both'/></query></iq>")
	if e := wait[protocol.BuddyChanged](c, nil); e.Buddy.Bare != "new@test.example" {
		t.Errorf("%+v", e)
	}
}

// TestCVE_2014_3698_CraftedAddresses: an address that is none gives none, and one that is
// gives what was sent and no byte more (Pidgin sent out what lay behind it).
func TestCVE_2014_3698_CraftedAddresses(t *testing.T) {
	c, conn := fake(t, xmpptest.Options{Roster: withBob})
	long := strings.Repeat("x", 1024)
	for _, from := range []string{
		"@", "/", "@/", "a@", "@b", "a@b/", "a@b@c", long + "@b", "a@" + long, "a@b/" + long, "a@[::1", "a@b\u3002c@", "\u200b@b",
		"a@.", "a@..b", "a@b c", "\u202ea@b", "a@b\u202e", "a&lt;@b", "a@xn--", "a@xn--a-ecp.ru\u2260",
	} {
		for _, stanza := range []string{
			"<iq type='get' id='q' from='%s'><ping xmlns='urn:xmpp:ping'/></iq>",
			"<message from='%s'><body>hello</body></message>",
			"<presence from='%s' type='subscribe'/>",
			"<message from='bob@test.example/x'><x xmlns='jabber:x:conference' jid='%s'/></message>",
			"<iq type='set' id='p' from='alice@test.example'><query xmlns='jabber:iq:roster'><item jid='%s' subscription='both'/></query></iq>",
		} {
			conn.Send("%s", fmt.Sprintf(stanza, from))
			for _, s := range fence(t, conn) {
				if s.Attr("id") != "p" || s.Attr("to") != "alice@test.example" || s.Inner != "" {
					t.Errorf("%.40q was answered with %+v", from, s)
				}
			}
		}
		for len(c.events) > 0 {
			for _, found := range addresses(<-c.events) {
				address, err := jid.Parse(found)
				if err != nil || address.String() != found || len(found) > 3*1023+2 || !strings.HasPrefix(from, found) {
					t.Errorf("%.40q became %.40q", from, found)
				}
			}
		}
	}
}

// addresses are those that an event tells of, beside those that the test knows.
func addresses(e protocol.Event) []string {
	switch e := e.(type) {
	case protocol.Received:
		return []string{e.From.String()}
	case protocol.SubscriptionAsked:
		return []string{e.Bare}
	case protocol.RoomInvited:
		return []string{e.Room}
	case protocol.BuddyChanged:
		return []string{e.Buddy.Bare}
	}
	return nil
}

// TestCVE_2010_3711_BrokenBase64: what is no base64 is nothing, wherever somebody sends it.
func TestCVE_2010_3711_BrokenBase64(t *testing.T) {
	c, conn := fake(t, xmpptest.Options{Roster: avatarRoster})
	broken := []string{"", "=", "====", "A", "AA=A", "%%%", "AAAA=", "\u00e9\u00e9\u00e9\u00e9", strings.Repeat("=", 5000), "AAA\u2028A"}
	for _, text := range broken {
		id := hashOf(text)
		conn.Send("%s", toldOf("bob@x", infoTag(id, "20", "image/png", "")))
		wait[protocol.PictureChanged](c, nil)
		must(t, c.FetchPicture("bob@x", id))
		q := conn.Next()
		conn.Send("<iq type='result' from='bob@x' id='%s'><pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='urn:xmpp:avatar:data'><item id='x'><data xmlns='urn:xmpp:avatar:data'>%s</data></item></items></pubsub></iq>", q.Attr("id"), text)
		if e := wait[protocol.PictureFetched](c, nil); e.Data != nil {
			t.Errorf("%.20q became a picture of %d bytes", text, len(e.Data))
		}
		if b, err := decode(text); err == nil && text != "=" && text != "" || len(b) > 0 {
			t.Errorf("in signing in, %.20q became %q", text, b)
		}
		m := mechanisms()[0]
		s, err := newSCRAM(m, offered{}, handshake(t), "alice", []byte("x"))
		must(t, err)
		if _, err := s.prove([]byte("r=" + s.nonce + "more,s=" + text + ",i=4096")); err == nil {
			t.Errorf("a salt of %.20q was taken", text)
		}
		conn.Send("<iq type='set' id='i' from='bob@x/r'><data xmlns='http://jabber.org/protocol/ibb' sid='s' seq='0'>%s</data></iq>", text)
		for _, s := range fence(t, conn) {
			if s.Attr("type") != "error" {
				t.Errorf("%.20q in a stream: answered %+v", text, s)
			}
		}
	}
}

// TestCVE_2026_113867_AnswersHoldOneStanza: what a request holds comes back in our answer
// as what it was, and is never a stanza of its own that would be ours.
func TestCVE_2026_113867_AnswersHoldOneStanza(t *testing.T) {
	_, conn := fake(t, xmpptest.Options{Roster: withBob})
	for _, id := range []string{
		"'/><message to='carol@x' type='chat'><body>send money</body></message><iq id='", "\"/><presence type='unavailable'/>", "</iq><iq>",
		"'><query xmlns='jabber:iq:roster'/>", "&#39;/><presence/>", "a\tb\nc", "]]><!--", "<![CDATA[x]]>", "&amp;lt;",
	} {
		from := "bob@test.example/" + strings.Map(func(r rune) rune {
			if r < ' ' {
				return '_'
			}
			return r
		}, id)
		for _, payload := range []*element{
			newElement(nsPing, "ping"), newElement(nsDiscoInfo, "query").with("node", id), newElement("urn:x", "unknown").with("node", id),
		} {
			q := newElement(nsClient, "iq", payload).with("type", "get").with("id", id).with("from", from)
			conn.Send("%s", q.marshal())
			answers := fence(t, conn)
			if len(answers) != 1 || answers[0].XMLName.Local != "iq" || answers[0].Attr("id") != id || answers[0].Attr("to") != from {
				t.Errorf("%q was answered with %+v", id, answers)
			}
		}
	}
}

// TestCVE_2019_1000007_NothingIsLeftOfWhatIsDropped: a stanza that is dropped in its
// middle leaves nothing behind: the next one is what it says, in its own place.
func TestCVE_2019_1000007_NothingIsLeftOfWhatIsDropped(t *testing.T) {
	c, conn := fake(t, xmpptest.Options{Roster: withBob})
	const inside = "<body xmlns='jabber:client'>forged</body><message xmlns='jabber:client' from='bob@test.example/x'><body>forged</body></message></x>"
	for _, bad := range []string{
		strings.Repeat("<x>", maxDepth+5) + inside + strings.Repeat("</x>", maxDepth+4),
		"<x a='" + strings.Repeat("x", maxStanza) + "'>" + inside,
		"<x" + manyAttrs() + " xmlns='urn:evil'>" + inside,
		"<x xmlns='urn:evil'>" + strings.Repeat("<y/>", maxStanza/4) + inside,
		"<x xmlns='urn:evil' xmlns:stream='urn:evil'>" + strings.Repeat("<stream:y/>", maxStanza/11) + inside,
	} {
		conn.Send("%s", "<message from='evil@elsewhere.example'>"+bad+"</message><message from='bob@test.example/x'><body>real</body></message>")
		if e := wait[protocol.Received](c, nil); e.Body != "real" || e.From.String() != "bob@test.example/x" {
			t.Errorf("%.30q left %+v", bad, e)
		}
		fence(t, conn)
		none[protocol.Received](c)
	}
}

// manyAttrs are more than an element may have.
func manyAttrs() string {
	var b strings.Builder
	for i := range maxAttrs + 1 {
		fmt.Fprintf(&b, " a%d='x'", i)
	}
	return b.String()
}

// TestCVE_2022_28131_XMLWithoutEnd: XML that is nested without end, cut off anywhere or
// made of what the decoder once stumbled over ends in an error, and soon (also
// CVE-2021-27918, CVE-2022-30633 and CVE-2026-56859, which were the decoder's).
func TestCVE_2022_28131_XMLWithoutEnd(t *testing.T) {
	header := "<stream:stream xmlns='jabber:client' xmlns:stream='" + nsStreams + "'>"
	whole := "<message from='a@b' xml:lang='en'><body>x &amp; y</body><![CDATA[z]]><c xmlns='urn:x'><d/></c></message>"
	texts := []string{
		strings.Repeat("<a>", 1<<15) + strings.Repeat("</a>", 1<<15), strings.Repeat("<a>", 1<<16), strings.Repeat("<a xmlns='u'>", 1<<14), strings.Repeat("<a:b xmlns:a='u'>", 1<<13), strings.Repeat("</a>", 100),
		"<!DOCTYPE x [<!ENTITY a 'aaaa'>]>", "<!DOCTYPE" + strings.Repeat("<", 1<<16), "<?xml " + strings.Repeat("x", 1<<16), "<!--" + strings.Repeat("-", 1<<16),
		"<![CDATA[" + strings.Repeat("]", 1<<16), "&" + strings.Repeat("a", 1<<16), "<a " + strings.Repeat("b='c' ", 1<<14), "<" + strings.Repeat("a:", 1<<14),
	}
	for i := range whole {
		texts = append(texts, whole[:i])
	}
	for _, text := range texts {
		s := newStream(nil, strings.NewReader(header+text))
		must(t, s.begin())
		stanzas := 0
		for {
			e, err := s.nextStanza()
			if err != nil {
				break
			}
			if stanzas++; stanzas > 10 || e.name != dropped {
				t.Errorf("%.30q gave %v", text, e)
				break
			}
		}
	}
}
