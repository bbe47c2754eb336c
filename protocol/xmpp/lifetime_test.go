package xmpp

import (
	"context"
	"errors"
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

func TestEndOfSession(t *testing.T) {
	const streams = "xmlns='urn:ietf:params:xml:ns:xmpp-streams'"
	for name, c := range map[string]struct {
		do   func(*xmpptest.Conn)
		want protocol.Cause
	}{
		"FIN":                        {(*xmpptest.Conn).Close, protocol.Lost},
		"RST":                        {(*xmpptest.Conn).Reset, protocol.Lost},
		"closed stream":              {func(c *xmpptest.Conn) { c.Send("</stream:stream>") }, protocol.Lost},
		"half a stanza":              {func(c *xmpptest.Conn) { c.Send("<message><body>hal"); c.Close() }, protocol.Lost},
		"conflict":                   {func(c *xmpptest.Conn) { c.Send("<stream:error><conflict " + streams + "/></stream:error>") }, protocol.Replaced},
		"shutdown":                   {func(c *xmpptest.Conn) { c.Send("<stream:error><system-shutdown " + streams + "/></stream:error>") }, protocol.Lost},
		"made-up error":              {func(c *xmpptest.Conn) { c.Send("<stream:error><Buy-now-at-evil " + streams + "/></stream:error>") }, protocol.Lost},
		"garbage":                    {func(c *xmpptest.Conn) { c.Send("<message><<<&&&") }, protocol.ProtocolBroken},
		"text":                       {func(c *xmpptest.Conn) { c.Send("hello<a/>") }, protocol.ProtocolBroken},
		"control letters":            {func(c *xmpptest.Conn) { c.Send("<message><body>\x01</body></message>") }, protocol.ProtocolBroken},
		"entity":                     {func(c *xmpptest.Conn) { c.Send("<message><body>&bomb;</body></message>") }, protocol.ProtocolBroken},
		"comment":                    {func(c *xmpptest.Conn) { c.Send("<!-- x -->") }, protocol.ProtocolBroken},
		"hidden comment":             {func(c *xmpptest.Conn) { c.Send("<message><!-- x --></message>") }, protocol.ProtocolBroken},
		"instruction":                {func(c *xmpptest.Conn) { c.Send("<message><?php x ?></message>") }, protocol.ProtocolBroken},
		"giant stanza":               {func(c *xmpptest.Conn) { c.Send("%s", "<message><body>"+strings.Repeat("x", maxRoster)) }, protocol.ProtocolBroken},
		"giant name":                 {func(c *xmpptest.Conn) { c.Send("%s", "<"+strings.Repeat("x", maxRoster)) }, protocol.ProtocolBroken},
		"depth without end":          {func(c *xmpptest.Conn) { c.Send("%s", strings.Repeat("<a>", maxRoster/3+1)) }, protocol.ProtocolBroken},
		"comment in what is dropped": {func(c *xmpptest.Conn) { c.Send("%s", strings.Repeat("<a>", maxDepth+1)+"<!-- x -->") }, protocol.ProtocolBroken},
		"end in what is dropped":     {func(c *xmpptest.Conn) { c.Send("%s", strings.Repeat("<a>", maxDepth+1)); c.Close() }, protocol.Lost},
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

func TestSilence(t *testing.T) {
	p := endless
	p.idle, p.grace = 50*time.Millisecond, 10*time.Second
	o := xmpptest.Options{HoldPings: true}
	server := xmpptest.Start(t, o)
	c := run(t, dial(t, server, o, p))
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
	run(t, dial(t, server, o, p)).failure(protocol.Lost)
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
	for i := range 100 { // the server answered, after it was asked to end
		if e := wait[protocol.Sent](c, nil); e.ID != strconv.Itoa(i) {
			t.Errorf("%s was sent, want %d", e.ID, i)
		}
	}
	wait[protocol.Received](c, nil)
	if err := c.Send(protocol.Outgoing{ID: "x", To: im.Addr{Bare: "bob@test.example"}, Body: "x"}); !errors.Is(err, protocol.ErrOffline) {
		t.Errorf("Send returned %v", err)
	}
	if err := c.Run(context.Background(), nil); err == nil {
		t.Error("a session ran twice")
	}
}

// TestServerThatDoesNotRead checks that a caller never waits for the network, and
// that signing off ends although nothing can be said.
func TestServerThatDoesNotRead(t *testing.T) {
	p := endless
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

func TestOfflineSession(t *testing.T) {
	s := newSession(Network{}, account(t, map[string]string{"address": "alice@test.example"}), secret("x"), endless)
	bob := im.Addr{Bare: "bob@test.example"}
	for name, err := range map[string]error{
		"Send":        s.Send(protocol.Outgoing{ID: "x", To: bob, Body: "x"}),
		"SendTyping":  s.SendTyping(bob, im.TypingComposing),
		"SetBuddy":    s.SetBuddy(im.Buddy{Bare: bob.Bare}),
		"RemoveBuddy": s.RemoveBuddy(bob.Bare),
		"Subscribe":   s.Subscribe(bob.Bare, ""),
		"Unsubscribe": s.Unsubscribe(bob.Bare),
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
	if l := s.Limits(); l.MaxMessage != maxBody {
		t.Errorf("limits %+v", l)
	}
}

func TestPresenceFromTheStart(t *testing.T) {
	o := xmpptest.Options{}
	server := xmpptest.Start(t, o)
	s := dial(t, server, o, endless)
	must(t, s.SetPresence(im.Presence{Show: im.ExtendedAway, Status: "<away>", Priority: 1000}))
	c := run(t, s)
	conn := server.Accept()
	if first := conn.Next(); !strings.HasPrefix(first.Inner, "<show>xa</show><status>&lt;away&gt;</status><priority>127</priority><c xmlns='http://jabber.org/protocol/caps'") {
		t.Errorf("announced %s", first.Inner)
	}
	must(t, c.SetPresence(im.Presence{Show: im.Offline}))
	if next := conn.Next(); next.Attr("type") != "unavailable" {
		t.Errorf("then %+v", next)
	}
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

// A server that left everything unanswered is still told goodbye.
func TestGoodbyeWithoutAPlaceForAQuestion(t *testing.T) {
	var events []protocol.Event
	l := offline(t, &events)
	for l.requests.add("", func(*element) {}) != "" {
	}
	l.signOff()
	var said string
	for _, item := range l.out.take() {
		said += string(item.bytes)
	}
	if want := "<presence type='unavailable'/></stream:stream>"; said != want {
		t.Errorf("said %s, want %s", said, want)
	}
}

// That another connection could not be made is not the fault of what was sent on the one before.
func TestFailedAttemptsBlameNobody(t *testing.T) {
	var events []protocol.Event
	l := offline(t, &events)
	l.managed = managed{id: "s1", hold: time.Minute}
	f := &protocol.Failure{Cause: protocol.Lost}
	for _, err := range []error{io.ErrUnexpectedEOF, &streamError{"policy-violation"}, &streamError{"system-shutdown"}} {
		if !l.lost(f, err) || l.blame != blameLoss {
			t.Errorf("%v: blame %d", err, l.blame)
		}
	}
	l.until = time.Time{} // resumed
	if !l.lost(f, &streamError{"policy-violation"}) || l.blame != blameError {
		t.Errorf("blame %d", l.blame)
	}
}

// Of who is taken off the list nothing is kept, and they begin anew.
func TestNothingIsKeptOfWhoIsTakenOffTheList(t *testing.T) {
	const device, picture = "bob@test.example/x", "0123456789012345678901234567890123456789"
	var events []protocol.Event
	l := offline(t, &events)
	take := func(s string) { l.take(parse(t, []byte(s))) }
	here := "<presence from='" + device + "'><c xmlns='" + nsCaps + "' hash='sha-1' node='n' ver='v'/><x xmlns='" + nsVCardUpdate + "'><photo>" + picture + "</photo></x></presence>"
	list := func(subscription string) string {
		return "<iq type='set' id='1'><query xmlns='" + nsRoster + "'><item jid='bob@test.example' subscription='" + subscription + "'/></query></iq>"
	}
	told := func() (n int) {
		for _, e := range events {
			if p, ok := e.(protocol.PictureChanged); ok && p.ID == picture {
				n++
			}
		}
		return n
	}
	take(here)
	if len(l.others.said) != 1 || told() != 1 {
		t.Fatalf("%d devices, %d pictures", len(l.others.said), told())
	}
	take(list("remove"))
	take("<presence type='unavailable' from='" + device + "'/>")
	if len(l.others.said) != 0 || len(l.portraits) != 0 {
		t.Errorf("%d devices and %d pictures are left", len(l.others.said), len(l.portraits))
	}
	take(list("both"))
	take(here)
	if told() != 2 {
		t.Errorf("the picture was told %d times", told())
	}
}
