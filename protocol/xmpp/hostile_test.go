package xmpp

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"culver/im"
	"culver/protocol"
	"culver/protocol/xmpp/xmpptest"
)

// hurried is patience for servers that never answer.
func hurried() patience {
	p := quick
	p.connect, p.dial, p.roster = 300*time.Millisecond, 300*time.Millisecond, 300*time.Millisecond
	return p
}

func TestServersThatDoNotLetUsIn(t *testing.T) {
	for name, c := range map[string]struct {
		o    xmpptest.Options
		p    patience
		want protocol.Cause
	}{
		"silent":                   {xmpptest.Options{Silent: true}, hurried(), protocol.Unreachable},
		"silent in direct TLS":     {xmpptest.Options{Silent: true, Direct: true}, hurried(), protocol.Unreachable},
		"not XMPP":                 {xmpptest.Options{Greeting: "SSH-2.0-OpenSSH_9.2\r\n<"}, quick, protocol.ProtocolBroken},
		"HTML":                     {xmpptest.Options{Greeting: "<html><body>"}, quick, protocol.ProtocolBroken},
		"endless header":           {xmpptest.Options{Greeting: "<a b='" + strings.Repeat("x", maxStanza)}, quick, protocol.ProtocolBroken},
		"document type":            {xmpptest.Options{Greeting: "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]>"}, quick, protocol.ProtocolBroken},
		"not TLS":                  {xmpptest.Options{Greeting: "<stream:stream>", Direct: true}, quick, protocol.ProtocolBroken},
		"no encryption":            {xmpptest.Options{NoStartTLS: true}, quick, protocol.NoEncryption},
		"injected before TLS":      {xmpptest.Options{Injected: "<stream:features/>"}, quick, protocol.NoEncryption},
		"old TLS":                  {xmpptest.Options{MaxTLS: tls.VersionTLS11}, quick, protocol.ProtocolBroken},
		"certificate of another":   {xmpptest.Options{CertFor: "evil.example"}, quick, protocol.Untrusted},
		"the same, direct":         {xmpptest.Options{CertFor: "evil.example", Direct: true}, quick, protocol.Untrusted},
		"no common mechanism":      {xmpptest.Options{Mechanisms: []string{"DIGEST-MD5", "X-TOKEN"}}, quick, protocol.ProtocolBroken},
		"only binding, unusable":   {xmpptest.Options{Mechanisms: []string{"SCRAM-SHA-256-PLUS"}}, quick, protocol.ProtocolBroken},
		"resource refused":         {xmpptest.Options{BindError: true}, quick, protocol.ProtocolBroken},
		"signed in as another":     {xmpptest.Options{BoundAs: "mallory@test.example/x"}, quick, protocol.ProtocolBroken},
		"signed in without device": {xmpptest.Options{BoundAs: "alice@test.example"}, quick, protocol.ProtocolBroken},
		"no roster":                {xmpptest.Options{HoldRoster: true}, hurried(), protocol.Lost},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := xmpptest.Start(t, c.o)
			f := run(t, dial(t, server, c.o, c.p)).failure(c.want)
			if (f.Certificate != nil) != (c.want == protocol.Untrusted) {
				t.Errorf("certificate %+v", f.Certificate)
			}
		})
	}
}

func TestWrongPassword(t *testing.T) {
	server := xmpptest.Start(t, xmpptest.Options{})
	s := dial(t, server, xmpptest.Options{}, quick)
	s.password = secret("guess")
	run(t, s).failure(protocol.WrongPassword)
}

// TestHostileSCRAM has a server that wants the client to compute for ever, or to
// give away a weak hash of the password, or to believe it without proof.
func TestHostileSCRAM(t *testing.T) {
	const ns = "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'"
	challenge := func(format string) func(string) string {
		return func(auth string) string {
			first, err := base64.StdEncoding.DecodeString(auth)
			if err != nil {
				t.Errorf("auth %q: %v", auth, err)
			}
			_, nonce, _ := strings.Cut(string(first), ",r=")
			if raw, err := base64.RawStdEncoding.DecodeString(nonce); err != nil || len(raw) < 16 {
				t.Errorf("client nonce %q is short", nonce)
			}
			message := strings.ReplaceAll(format, "NONCE", nonce)
			return "<challenge " + ns + ">" + base64.StdEncoding.EncodeToString([]byte(message)) + "</challenge>"
		}
	}
	for name, answer := range map[string]func(string) string{
		"no iterations":         challenge("r=NONCEx,s=c2FsdA==,i=1"),
		"just too few":          challenge("r=NONCEx,s=c2FsdA==,i=4095"),
		"too many":              challenge("r=NONCEx,s=c2FsdA==,i=500001"),
		"far too many":          challenge("r=NONCEx,s=c2FsdA==,i=99999999999999999999"),
		"negative":              challenge("r=NONCEx,s=c2FsdA==,i=-4096"),
		"hidden second":         challenge("r=NONCEx,s=c2FsdA==,i=4096,i=20000000"),
		"short last field":      challenge("r=NONCEx,s=c2FsdA==,i=4096,x"),
		"empty last field":      challenge("r=NONCEx,s=c2FsdA==,i=4096,"),
		"no salt":               challenge("r=NONCEx,s=,i=4096"),
		"bad salt":              challenge("r=NONCEx,s=***,i=4096"),
		"reserved field":        challenge("m=x,r=NONCEx,s=c2FsdA==,i=4096"),
		"our nonce only":        challenge("r=NONCE,s=c2FsdA==,i=4096"),
		"another nonce":         challenge("r=xyz,s=c2FsdA==,i=4096"),
		"nothing":               challenge(""),
		"success without proof": func(string) string { return "<success " + ns + "/>" },
		"success with a challenge": func(auth string) string {
			return strings.ReplaceAll(challenge("r=NONCEx,s=c2FsdA==,i=4096")(auth), "challenge", "success")
		},
		"false proof": func(auth string) string {
			return challenge("r=NONCEx,s=c2FsdA==,i=4096")(auth) + "<success " + ns + ">dj1BQUFB</success>"
		},
		"not base64":   func(string) string { return "<challenge " + ns + ">!</challenge>" },
		"not SASL":     func(string) string { return "<challenge xmlns='x'/>" },
		"stream error": func(string) string { return "<stream:error/>" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := xmpptest.Options{Mechanisms: []string{"SCRAM-SHA-256", "PLAIN"}, Challenge: answer}
			c := run(t, dial(t, xmpptest.Start(t, o), o, quick))
			want := protocol.ProtocolBroken
			if name == "stream error" {
				want = protocol.Lost
			}
			c.failure(want)
		})
	}
}

func TestEndOfSession(t *testing.T) {
	const streams = "xmlns='urn:ietf:params:xml:ns:xmpp-streams'"
	for name, c := range map[string]struct {
		do   func(*xmpptest.Conn)
		want protocol.Cause
	}{
		"FIN":             {(*xmpptest.Conn).Close, protocol.Lost},
		"RST":             {(*xmpptest.Conn).Reset, protocol.Lost},
		"closed stream":   {func(c *xmpptest.Conn) { c.Send("</stream:stream>") }, protocol.Lost},
		"half a stanza":   {func(c *xmpptest.Conn) { c.Send("<message><body>hal"); c.Close() }, protocol.Lost},
		"conflict":        {func(c *xmpptest.Conn) { c.Send("<stream:error><conflict " + streams + "/></stream:error>") }, protocol.Replaced},
		"shutdown":        {func(c *xmpptest.Conn) { c.Send("<stream:error><system-shutdown " + streams + "/></stream:error>") }, protocol.Lost},
		"made-up error":   {func(c *xmpptest.Conn) { c.Send("<stream:error><Buy-now-at-evil " + streams + "/></stream:error>") }, protocol.Lost},
		"garbage":         {func(c *xmpptest.Conn) { c.Send("<message><<<&&&") }, protocol.ProtocolBroken},
		"text":            {func(c *xmpptest.Conn) { c.Send("hello<a/>") }, protocol.ProtocolBroken},
		"control letters": {func(c *xmpptest.Conn) { c.Send("<message><body>\x01</body></message>") }, protocol.ProtocolBroken},
		"entity":          {func(c *xmpptest.Conn) { c.Send("<message><body>&bomb;</body></message>") }, protocol.ProtocolBroken},
		"comment":         {func(c *xmpptest.Conn) { c.Send("<!-- x -->") }, protocol.ProtocolBroken},
		"hidden comment":  {func(c *xmpptest.Conn) { c.Send("<message><!-- x --></message>") }, protocol.ProtocolBroken},
		"instruction":     {func(c *xmpptest.Conn) { c.Send("<message><?php x ?></message>") }, protocol.ProtocolBroken},
		"giant stanza":    {func(c *xmpptest.Conn) { c.Send("%s", "<message><body>"+strings.Repeat("x", maxStanza)) }, protocol.ProtocolBroken},
		"giant name":      {func(c *xmpptest.Conn) { c.Send("%s", "<"+strings.Repeat("x", maxStanza)) }, protocol.ProtocolBroken},
		"deep stanza":     {func(c *xmpptest.Conn) { c.Send("%s", strings.Repeat("<a>", maxDepth+1)) }, protocol.ProtocolBroken},
		"attributes": {func(c *xmpptest.Conn) {
			var b strings.Builder
			for i := range maxAttrs + 1 {
				fmt.Fprintf(&b, " a%d=''", i)
			}
			c.Send("<message%s/>", b.String())
		}, protocol.ProtocolBroken},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, conn := fake(t, xmpptest.Options{})
			c.do(conn)
			f := client.failure(c.want)
			if strings.Contains(f.Text, "evil") {
				t.Errorf("the server's own words are shown: %s", f.Text)
			}
		})
	}
}

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

func TestAnswersCountFromWhomWasAsked(t *testing.T) {
	o := xmpptest.Options{HoldRoster: true}
	server := xmpptest.Start(t, o)
	c := run(t, dial(t, server, o, quick))
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

func TestMessagesKeptForUs(t *testing.T) {
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
	c := run(t, dial(t, server, o, quick))
	if n := len(wait[protocol.Roster](c, nil).Buddies); n != 5000 {
		t.Fatalf("%d buddies", n)
	}
	conn := server.Accept()
	conn.Next()
	conn.Send("<message/>")
	fence(t, conn)
	conn.Send("%s", "<message><body>"+strings.Repeat("x", maxStanza))
	c.failure(protocol.ProtocolBroken)
}

func TestSilence(t *testing.T) {
	p := quick
	p.idle, p.grace = 50*time.Millisecond, 10*time.Second
	server := xmpptest.Start(t, xmpptest.Options{})
	c := run(t, dial(t, server, xmpptest.Options{}, p))
	conn := server.Accept()
	conn.Next()
	for range 3 { // asked again and again, and alive as long as there is an answer
		ask := conn.Next()
		if !strings.Contains(ask.Inner, "urn:xmpp:ping") || ask.Attr("to") != "" {
			t.Fatalf("asked %+v", ask)
		}
		conn.Send("<iq type='result' id='%s'/>", ask.Attr("id"))
	}
	c.cancel()
	if err := c.end(); err != nil {
		t.Errorf("sign-off: %v", err)
	}

	p.idle, p.grace = 20*time.Millisecond, 50*time.Millisecond
	run(t, dial(t, server, xmpptest.Options{}, p)).failure(protocol.Lost)
}

func TestSignOff(t *testing.T) {
	c, conn := fake(t, xmpptest.Options{HoldEnd: true})
	for i := range 100 {
		must(t, c.Send(protocol.Outgoing{ID: strconv.Itoa(i), To: im.Addr{Bare: "bob@test.example"}, Body: "x"}))
	}
	c.cancel()
	said := conn.WaitEnd()
	if len(said) != 101 || said[100] != "presence unavailable" {
		t.Errorf("the client said %q", said)
	}
	conn.Send("<message from='bob@test.example'><body>just in time</body></message></stream:stream>")
	if err := c.end(); err != nil {
		t.Errorf("Run returned %v", err)
	}
	wait[protocol.Received](c, nil)
	if err := c.Send(protocol.Outgoing{ID: "x", To: im.Addr{Bare: "bob@test.example"}, Body: "x"}); !errors.Is(err, protocol.ErrOffline) {
		t.Errorf("Send returned %v", err)
	}
	if err := c.Run(context.Background(), nil); err == nil {
		t.Error("a session ran twice")
	}
}

func TestCancelWhileConnecting(t *testing.T) {
	for _, direct := range []bool{true, false} {
		o := xmpptest.Options{Silent: true, Direct: direct}
		s := dial(t, xmpptest.Start(t, o), o, quick)
		reached := make(chan struct{})
		s.network.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			defer close(reached)
			return new(net.Dialer).DialContext(ctx, network, address)
		}
		c := run(t, s)
		<-reached
		c.cancel()
		start := time.Now()
		if err := c.end(); err != nil || time.Since(start) > 3*time.Second {
			t.Errorf("Run returned %v after %v", err, time.Since(start))
		}
	}
}

// TestServerThatDoesNotRead checks that a caller never waits for the network, and
// that signing off ends although nothing can be said.
func TestServerThatDoesNotRead(t *testing.T) {
	p := quick
	p.signOff = 100 * time.Millisecond
	o := xmpptest.Options{Direct: true}
	server := xmpptest.Start(t, o)
	s := dial(t, server, o, p)
	var jam *jammed
	s.network.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, address)
		jam = &jammed{Conn: conn, stuck: make(chan struct{}), closed: make(chan struct{})}
		return jam, err
	}
	c := run(t, s)
	wait[protocol.Roster](c, nil)
	server.Accept().Next()
	close(jam.stuck)
	var err error
	body := strings.Repeat("x", maxBody)
	for range maxQueuedBytes/maxBody + maxBatch + 2 {
		if err = c.Send(protocol.Outgoing{ID: "x", To: im.Addr{Bare: "bob@test.example"}, Body: body}); err != nil {
			break
		}
	}
	if !errors.Is(err, errQueueFull) {
		t.Errorf("Send returned %v", err)
	}
	c.cancel()
	if err := c.end(); err != nil {
		t.Errorf("Run returned %v", err)
	}
	none[protocol.Sent](c)
}

// jammed is a connection on which, once stuck, writes wait until it is closed.
type jammed struct {
	net.Conn
	stuck, closed chan struct{}
	once          sync.Once
}

func (j *jammed) Write(p []byte) (int, error) {
	select {
	case <-j.stuck:
		<-j.closed
		return 0, io.ErrClosedPipe
	default:
		return j.Conn.Write(p)
	}
}

func (j *jammed) Close() error {
	j.once.Do(func() { close(j.closed) })
	return j.Conn.Close()
}

func TestOfflineSession(t *testing.T) {
	s := newSession(Network{}, account(t, map[string]string{"address": "alice@test.example"}), secret("x"), quick)
	bob := im.Addr{Bare: "bob@test.example"}
	for name, err := range map[string]error{
		"Send":        s.Send(protocol.Outgoing{ID: "x", To: bob, Body: "x"}),
		"SendTyping":  s.SendTyping(bob, im.TypingComposing),
		"SetBuddy":    s.SetBuddy(im.Buddy{Bare: bob.Bare}),
		"RemoveBuddy": s.RemoveBuddy(bob.Bare),
		"Subscribe":   s.Subscribe(bob.Bare, ""),
		"Approve":     s.Approve(bob.Bare),
		"Deny":        s.Deny(bob.Bare),
	} {
		if !errors.Is(err, protocol.ErrOffline) {
			t.Errorf("%s returned %v", name, err)
		}
	}
	if err := s.SetPresence(im.Presence{Show: im.Away, Priority: 1000}); err != nil {
		t.Errorf("SetPresence returned %v", err)
	}
	if l := s.Limits(); l.MaxMessage != maxBody || !l.Resources {
		t.Errorf("limits %+v", l)
	}
}

func TestPresenceFromTheStart(t *testing.T) {
	o := xmpptest.Options{}
	server := xmpptest.Start(t, o)
	s := dial(t, server, o, quick)
	must(t, s.SetPresence(im.Presence{Show: im.ExtendedAway, Status: "<away>", Priority: 1000}))
	c := run(t, s)
	conn := server.Accept()
	if first := conn.Next(); first.Inner != "<show>xa</show><status>&lt;away&gt;</status><priority>127</priority>" {
		t.Errorf("announced %s", first.Inner)
	}
	must(t, c.SetPresence(im.Presence{Show: im.Offline}))
	if next := conn.Next(); next.Attr("type") != "unavailable" {
		t.Errorf("then %+v", next)
	}
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
