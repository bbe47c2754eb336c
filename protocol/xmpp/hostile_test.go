package xmpp

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"culver/im"
	"culver/protocol"
	"culver/protocol/xmpp/xmpptest"
)

// fence asks for a sign of life as the server, and returns what the client sent
// before it answered.
func fence(t *testing.T, conn *xmpptest.Conn) []xmpptest.Stanza {
	t.Helper()
	conn.Send("<iq type='get' id='fence' from='%s'><ping xmlns='urn:xmpp:ping'/></iq>", xmpptest.Domain)
	var before []xmpptest.Stanza
	for {
		s := conn.Next()
		if s.XMLName.Local == "iq" && s.Attr("id") == "fence" {
			if s.Attr("type") != "result" {
				t.Errorf("ping answered with %+v", s)
			}
			return before
		}
		before = append(before, s)
	}
}

// strangers are stanzas from somebody who is not on the roster. None may be
// answered, end the session, or be taken for something else than it is.
var strangers = []string{
	"<iq type='get' id='1' from='E'><ping xmlns='urn:xmpp:ping'/></iq>",
	"<iq type='get' id='1' from='E'><query xmlns='jabber:iq:version'/></iq>",
	"<iq type='get' id='1' from='E'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
	"<iq type='set' id='1' from='E'><command xmlns='http://jabber.org/protocol/commands' node='x'/></iq>",
	"<iq type='get' id='1' from='E'/>",
	"<iq type='get' from='E'/>",
	"<iq from='E'/>",
	"<iq/>",
	"<iq type='result' id='1' from='E'/>",
	"<iq type='set' id='1' from='E'><query xmlns='jabber:iq:roster'><item jid='evil@x' subscription='both'/></query></iq>",
	"<iq type='set' id='1' from='alice@test.example/other'><query xmlns='jabber:iq:roster'><item jid='evil@x' subscription='both'/></query></iq>",
	"<iq type='set' id='1' from='bob@test.example/x'><query xmlns='jabber:iq:roster'><item jid='evil@x' subscription='both'/></query></iq>",
	"<message from='E' type='error' id='m1'><error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>",
	"<message from='E' type='groupchat'><body>room</body></message>",
	"<message from='E'><received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message from='bob@test.example' xmlns='jabber:client'><body>forged</body></message></forwarded></received></message>",
	"<message from='alice@test.example'><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message to='bob@test.example' xmlns='jabber:client'><body>forged</body></message></forwarded></sent></message>",
	"<message from='E'><result xmlns='urn:xmpp:mam:2'><forwarded xmlns='urn:xmpp:forward:0'><message from='bob@test.example' xmlns='jabber:client'><body>forged</body></message></forwarded></result></message>",
	"<message from='E'><event xmlns='http://jabber.org/protocol/pubsub#event'><items node='urn:xmpp:bookmarks:1'/></event></message>",
	"<message from='@@@/'><body>x</body></message>",
	"<message from='evil@[::1' to='@'><body>x</body></message>",
	"<message from='E'/>",
	"<message from='E' type='chat'><body/></message>",
	"<message from='E'><body xmlns='urn:other'>x</body></message>",
	"<message from='E'><stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></message>",
	"<message from='E'><error xmlns='http://etherx.jabber.org/streams'/><stream:stream/></message>",
	"<presence from='E' type='subscribed'/>",
	"<presence from='E' type='unsubscribed'/>",
	"<presence from='E' type='unsubscribe'/>",
	"<presence from='E' type='probe'/>",
	"<presence from='alice@test.example/other'/>",
	"<presence from='@@'/>",
	"<presence type='nonsense' from='E'/>",
	"<unknown xmlns='urn:x' from='E'/>",
	"<a xmlns='jabber:client'/>",
	" \n ",
}

func TestStrangersLearnAndDoNothing(t *testing.T) {
	c, conn := fake(t, xmpptest.Options{Roster: "<item jid='bob@test.example' subscription='both'/>"})
	must(t, c.Send(protocol.Outgoing{ID: "m1", To: im.Addr{Bare: "bob@test.example"}, Body: "x"}))
	conn.Next()
	wait[protocol.Sent](c, nil)
	for _, s := range strangers {
		conn.Send("%s", strings.ReplaceAll(s, "'E'", "'evil@elsewhere.example/x'"))
		for _, answer := range fence(t, conn) {
			t.Errorf("%s\nwas answered with %+v", s, answer)
		}
		for len(c.events) > 0 {
			t.Errorf("%s\nbecame %+v", s, <-c.events)
		}
	}
}

func TestContactsAreRefusedPolitely(t *testing.T) {
	for subscription, answered := range map[string]bool{"both": true, "from": true, "to": false, "none": false} {
		t.Run(subscription, func(t *testing.T) {
			c, conn := fake(t, xmpptest.Options{Roster: "<item jid='bob@test.example' subscription='" + subscription + "'/>"})
			conn.Send("<iq type='get' id='v' from='bob@test.example/x'><query xmlns='jabber:iq:version'/></iq>")
			answers := fence(t, conn)
			if !answered {
				if len(answers) != 0 {
					t.Errorf("answered %+v", answers)
				}
				return
			}
			if len(answers) != 1 || answers[0].Attr("type") != "error" || answers[0].Attr("id") != "v" ||
				answers[0].Attr("to") != "bob@test.example/x" || !strings.Contains(answers[0].Inner, "service-unavailable") {
				t.Errorf("answered %+v", answers)
			}
			none[protocol.Received](c)
		})
	}
}

// TestCVE_2024_46957_AnswersCountFromWhomWasAsked: the ID of a request proves nothing (also
// CVE-2013-6483).
func TestCVE_2024_46957_AnswersCountFromWhomWasAsked(t *testing.T) {
	o := xmpptest.Options{HoldRoster: true}
	server := xmpptest.Start(t, o)
	c := run(t, dial(t, server, o, endless))
	conn := server.Accept()
	id := conn.Next().Attr("id")
	const list = "<query xmlns='jabber:iq:roster'><item jid='%s' subscription='both'/></query>"
	conn.Send("<iq type='result' id='%s' from='evil@elsewhere.example'>"+list+"</iq>", id, "evil@elsewhere.example")
	conn.Send("<iq type='result' id='x' from='alice@test.example'>"+list+"</iq>", "evil@elsewhere.example")
	conn.Send("<iq type='error' id='%s' from='alice@test.example/other'/>", id)
	if before := fence(t, conn); len(before) != 0 {
		t.Errorf("the client went on with %+v", before)
	}
	conn.Send("<iq type='result' id='%s' from='alice@test.example'>"+list+"</iq>", id, "bob@test.example")
	if b := wait[protocol.Roster](c, nil).Buddies; len(b) != 1 || b[0].Bare != "bob@test.example" {
		t.Errorf("roster %+v", b)
	}
	conn.Send("<iq type='result' id='%s' from='alice@test.example'>"+list+"</iq>", id, "again@test.example")
	fence(t, conn)
	none[protocol.Roster](c)
}

func TestReturnedMessages(t *testing.T) {
	c, conn := fake(t, xmpptest.Options{})
	const gone = "<message type='error' id='%s' from='%s'><error type='cancel'><%s xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>visit evil.example</text></error></message>"
	must(t, c.Send(protocol.Outgoing{ID: "a", To: im.Addr{Bare: "bob@test.example", Resource: "x"}, Body: "x"}))
	wait[protocol.Sent](c, nil)
	conn.Send(gone, "a", "evil@test.example", "gone")
	conn.Send(gone, "b", "bob@test.example", "gone")
	conn.Send(gone, "", "bob@test.example", "gone")
	fence(t, conn)
	none[protocol.Rejected](c)
	for id, condition := range map[string]string{"a": "service-unavailable", "b": "item-not-found", "c": "remote-server-not-found", "d": "forbidden", "e": "not-acceptable", "f": "Evil.example"} {
		must(t, c.Send(protocol.Outgoing{ID: id, To: im.Addr{Bare: "bob@test.example"}, Body: "x"}))
		conn.Send(gone, id, "bob@test.example/x", condition)
		r := wait[protocol.Rejected](c, nil)
		if r.ID != id || !strings.Contains(r.Reason, "bob@test.example") || strings.Contains(strings.ToLower(r.Reason), "evil") || !strings.HasSuffix(r.Reason, ".") {
			t.Errorf("%+v", r)
		}
		conn.Send(gone, id, "bob@test.example/x", condition) // once is enough
		fence(t, conn)
		none[protocol.Rejected](c)
	}
}

// Stamps of what waited for us, some of which cannot be.
func TestCVE_2013_6477_ImpossibleStamps(t *testing.T) {
	c, conn := fake(t, xmpptest.Options{})
	for stamp, want := range map[string]string{
		"2002-09-10T23:08:25Z":        "2002-09-10T23:08:25Z",
		"2002-09-10T23:08:25.5Z":      "2002-09-10T23:08:25.5Z",
		"2002-09-10T23:08:25+02:00":   "2002-09-10T21:08:25Z",
		"9999-12-31T23:59:59Z":        "",
		"0001-01-01T00:00:00Z":        "",
		"99999999999-01-01T00:00:00Z": "",
		"20020910T23:08:25":           "",
		"":                            "",
		"-1":                          "",
	} {
		conn.Send("<message from='bob@test.example' type='chat'><body>x</body><composing xmlns='http://jabber.org/protocol/chatstates'/><delay xmlns='urn:xmpp:delay' stamp='%s'/></message>", stamp)
		got := wait[protocol.Received](c, nil)
		if !got.Late {
			t.Errorf("%q: not late", stamp)
		}
		if written := got.Time.UTC().Format(time.RFC3339Nano); want != "" && written != want || want == "" && time.Since(got.Time).Abs() > time.Minute {
			t.Errorf("%q: written %s, want %q", stamp, written, want)
		}
	}
	fence(t, conn)
	none[protocol.TypingChanged](c)
}

func TestBodies(t *testing.T) {
	c, conn := fake(t, xmpptest.Options{})
	for xml, want := range map[string]string{
		"<body>a</body>": "a",
		"<body xml:lang='de'>b</body><body>c</body>":                        "c",
		"<body xml:lang='de'>d</body><body xml:lang='fr'>e</body>":          "d",
		"<body>f<b xmlns='urn:x'>g</b>h</body>":                             "fh",
		"<body><![CDATA[<i>]]>&lt;</body>":                                  "<i><",
		"<body xmlns='urn:x'>no</body><body>i</body>":                       "i",
		"<html xmlns='http://jabber.org/protocol/xhtml-im'/><body>j</body>": "j",
	} {
		conn.Send("<message from='bob@test.example/r'>%s</message>", xml)
		if got := wait[protocol.Received](c, nil); got.Body != want || got.From != (im.Addr{Bare: "bob@test.example", Resource: "r"}) {
			t.Errorf("%s gave %+v", xml, got)
		}
	}
}

func TestLargeRoster(t *testing.T) {
	var items strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&items, "<item jid='somebody-%d@a-server-with-a-long-name.example' name='Somebody Number %d' subscription='both'><group>Everybody</group></item>", i, i)
	}
	items.WriteString("<item jid='@' subscription='both'/><item/><x/><item jid='somebody-1@a-server-with-a-long-name.example'/>")
	o := xmpptest.Options{Roster: items.String()}
	server := xmpptest.Start(t, o)
	c := run(t, dial(t, server, o, endless))
	if n := len(wait[protocol.Roster](c, nil).Buddies); n != 5000 {
		t.Fatalf("%d buddies", n)
	}
	conn := server.Accept()
	conn.Next()
	conn.Send("<message/>")
	fence(t, conn)
	conn.Send("%s", "<message><body>"+strings.Repeat("x", maxRoster))
	c.failure(protocol.ProtocolBroken)
}

func TestBadArguments(t *testing.T) {
	c, conn := fake(t, xmpptest.Options{})
	for name, err := range map[string]error{
		"no address":    c.Send(protocol.Outgoing{ID: "x", Body: "x"}),
		"bad address":   c.Send(protocol.Outgoing{ID: "x", To: im.Addr{Bare: "a@b@c'/>"}, Body: "x"}),
		"empty":         c.Send(protocol.Outgoing{ID: "x", To: im.Addr{Bare: "bob@x"}, Body: "\x00\xff"}),
		"too long":      c.Send(protocol.Outgoing{ID: "x", To: im.Addr{Bare: "bob@x"}, Body: strings.Repeat("x", maxBody+1)}),
		"bad buddy":     c.SetBuddy(im.Buddy{Bare: "@"}),
		"bad approval":  c.Approve(" "),
		"typing to bad": c.SendTyping(im.Addr{Bare: "@"}, im.TypingPaused),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if said := fence(t, conn); len(said) != 0 {
		t.Errorf("the client said %+v", said)
	}
}
