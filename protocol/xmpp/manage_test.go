package xmpp

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"culver/im"
	"culver/protocol"
	"culver/protocol/xmpp/xmpptest"
)

// again makes a session that goes on with the one before, and runs it.
func again(t *testing.T, before *client, server *xmpptest.Server, o xmpptest.Options) *client {
	t.Helper()
	s := dial(t, server, o, endless)
	s.Continue(before.Session)
	return run(t, s)
}

// counting is a client of a server that counts, and resumes as the test says.
func counting(t *testing.T, o xmpptest.Options) (*client, *xmpptest.Conn, *xmpptest.Server) {
	t.Helper()
	if o.Enabled == "" {
		o.Enabled = xmpptest.Enabled("s1")
	}
	server := xmpptest.Start(t, o)
	c := run(t, dial(t, server, o, endless))
	conn := server.Accept()
	wait[protocol.Roster](c, nil)
	if first := conn.Next(); first.XMLName.Local != "presence" {
		t.Fatalf("began with %+v", first)
	}
	for range 3 { // what it asks at the beginning, it has asked then
		fence(t, conn)
	}
	return c, conn, server
}

// sentTo is how many stanzas the client has got.
func sentTo(t *testing.T, conn *xmpptest.Conn) int {
	t.Helper()
	conn.Send("<r xmlns='urn:xmpp:sm:3'/>")
	a := conn.Next()
	n, err := strconv.Atoi(a.Attr("h"))
	if a.XMLName.Local != "a" || err != nil {
		t.Fatalf("confirmed %+v", a)
	}
	return n
}

// ack confirms so many more than that.
func ack(conn *xmpptest.Conn, had uint32, more int) {
	conn.Send("<a xmlns='urn:xmpp:sm:3' h='%d'/>", int(had)+more)
}

// nextSaid skips what is no message, and returns the ID.
func nextSaid(t *testing.T, conn *xmpptest.Conn) string {
	t.Helper()
	for {
		if s := conn.Next(); s.XMLName.Local == "message" {
			return s.Attr("id")
		}
	}
}

func TestSentIsCounted(t *testing.T) {
	c, conn, _ := counting(t, xmpptest.Options{HoldAcks: true})
	had := conn.Handled.Load()
	say(t, c, "one")
	nextSaid(t, conn)
	if r := conn.Next(); r.XMLName.Local != "r" {
		t.Fatalf("asked by %+v", r)
	}
	say(t, c, "two")
	say(t, c, "three")
	nextSaid(t, conn)
	nextSaid(t, conn)
	if said := fence(t, conn); len(said) != 0 {
		t.Errorf("one question at a time is enough: %+v", said)
	}
	none[protocol.Sent](c)
	ack(conn, had, 1)
	if e := wait[protocol.Sent](c, nil); e.ID != "one" {
		t.Errorf("sent %s", e.ID)
	}
	if r := conn.Next(); r.XMLName.Local != "r" {
		t.Fatalf("asked by %+v", r)
	}
	conn.Send("<message type='error' id='two' from='bob@test.example'/>")
	wait[protocol.Rejected](c, nil)
	conn.Send("<a xmlns='urn:xmpp:sm:3' h='%d'/>", conn.Handled.Load())
	if e := wait[protocol.Sent](c, nil); e.ID != "three" {
		t.Errorf("sent %s", e.ID)
	}
	if said := fence(t, conn); len(said) != 0 {
		t.Errorf("nothing is left to ask for: %+v", said)
	}
	none[protocol.Sent](c)
}

// Counts that cannot be end the session for good: nobody knows any more what arrived.
func TestImpossibleCounts(t *testing.T) {
	for _, h := range []string{"1000", "0", "1", "4294967295", "-1", "4294967296", "", "x", "99999999999999999999999"} {
		t.Run(h, func(t *testing.T) {
			t.Parallel()
			c, conn, _ := counting(t, xmpptest.Options{HoldAcks: true})
			say(t, c, "one")
			nextSaid(t, conn)
			ack(conn, conn.Handled.Load(), -1)
			conn.Send("<a xmlns='urn:xmpp:sm:3' h='%s'/>", h)
			c.failure(protocol.ProtocolBroken)
			if _, held := c.Held(); held {
				t.Error("the session is to go on")
			}
			none[protocol.Sent](c)
		})
	}
}

func TestCountsRunAround(t *testing.T) {
	o := newOutbox()
	o.manage()
	o.confirmed = math.MaxUint32 - 1
	for i := range 4 {
		gone(o, outgoing{stanza: true, id: strconv.Itoa(i)})
	}
	if got, err := o.confirm(math.MaxUint32); err != nil || !slices.Equal(ids(got), []string{"0"}) {
		t.Errorf("%q, %v", ids(got), err)
	}
	if got, err := o.confirm(1); err != nil || !slices.Equal(ids(got), []string{"1", "2"}) {
		t.Errorf("%q, %v", ids(got), err)
	}
	for _, h := range []uint32{0, math.MaxUint32, 3, 1 << 31} {
		if got, err := o.confirm(h); !errors.Is(err, errCount) {
			t.Errorf("%d: %q, %v", h, ids(got), err)
		}
	}
	if got, err := o.confirm(2); err != nil || !slices.Equal(ids(got), []string{"3"}) {
		t.Errorf("%q, %v", ids(got), err)
	}
}

func TestEnabled(t *testing.T) {
	for xml, want := range map[string]managed{
		"<enabled/>":                                                              {hold: defaultHold},
		"<enabled id='a'/>":                                                       {hold: defaultHold},
		"<enabled id='a' resume='false'/>":                                        {hold: defaultHold},
		"<enabled id='a' resume='1'/>":                                            {id: "a", hold: defaultHold},
		"<enabled id='a' resume='true' max='600'/>":                               {id: "a", hold: 10 * time.Minute},
		"<enabled id='a' resume='true' max='0'/>":                                 {id: "a", hold: defaultHold},
		"<enabled id='a' resume='true' max='-5'/>":                                {id: "a", hold: defaultHold},
		"<enabled id='a' resume='true' max='2000000000'/>":                        {id: "a", hold: maxHold},
		"<enabled id='" + strings.Repeat("x", maxSession+1) + "' resume='true'/>": {hold: defaultHold},
		"<enabled resume='true'/>":                                                {hold: defaultHold},
	} {
		if got := enabled(parse(t, []byte(xml))); got != want {
			t.Errorf("%s: %+v", xml, got)
		}
	}
}

// What was on its way in both directions when the connection broke.
func TestResume(t *testing.T) {
	var previd, h string
	var resumed int
	o := xmpptest.Options{HoldAcks: true, Enabled: xmpptest.Enabled("s&lt;1&apos;&amp;"), Resume: func(p, count string) string {
		previd, h = p, count
		return fmt.Sprintf("<resumed xmlns='urn:xmpp:sm:3' previd='s&lt;1&apos;&amp;' h='%d'/>", resumed)
	}}
	c, conn, server := counting(t, o)
	self := conn.JID
	had, got := conn.Handled.Load(), sentTo(t, conn)
	for _, id := range []string{"one", "two", "three"} {
		say(t, c, id)
		nextSaid(t, conn)
	}
	for i := range 3 {
		conn.Send("<message from='bob@test.example/x' id='%d'><body>x</body></message>", i)
		wait[protocol.Received](c, nil)
	}
	conn.Send("<message from='evil@test.example'>%s</message>", poison()["deep"]) // dropped, and counted
	fence(t, conn)
	resumed = int(had) + 1
	conn.Reset()
	c.failure(protocol.Lost)
	if until, held := c.Held(); !held || time.Until(until) > 5*time.Minute || time.Until(until) < 4*time.Minute {
		t.Fatalf("held: %v, until %v", held, until)
	}
	must(t, c.Send(protocol.Outgoing{ID: "four", To: im.Addr{Bare: "bob@test.example"}, Body: "x"}))

	c2 := again(t, c, server, o)
	conn = server.Accept()
	if e := <-c2.events; e != (protocol.Resumed{Self: im.Addr{Bare: "alice@test.example", Resource: self[strings.Index(self, "/")+1:]}}) {
		t.Errorf("began with %T%+v", e, e)
	}
	if e := wait[protocol.Sent](c2, nil); e.ID != "one" {
		t.Errorf("sent %s", e.ID)
	}
	if want := strconv.Itoa(got + 5); previd != "s<1'&" || h != want { // 3 messages, a dropped one, the fence
		t.Errorf("resumed %q from %s, want %s", previd, h, want)
	}
	// The answer to the fence was not confirmed, either.
	var said []string
	for range 5 {
		s := conn.Next()
		said = append(said, s.XMLName.Local+" "+s.Attr("id"))
	}
	if want := []string{"message two", "message three", "iq fence", "message four", "r "}; !slices.Equal(said, want) {
		t.Errorf("said %q, want %q", said, want)
	}
	none[protocol.Online](c2)
	ack(conn, had, 5)
	for _, want := range []string{"two", "three", "four"} {
		if e := wait[protocol.Sent](c2, nil); e.ID != want {
			t.Errorf("sent %s, want %s", e.ID, want)
		}
	}
	must(t, c2.SetPresence(im.Presence{Show: im.Available})) // as it is known
	must(t, c2.SetPresence(im.Presence{Show: im.Away}))
	if s := conn.Next(); s.XMLName.Local != "presence" || !strings.Contains(s.Inner, "away") {
		t.Errorf("then %+v", s)
	}
	c2.cancel()
	if err := c2.end(); err != nil {
		t.Error(err)
	}
	if said := conn.WaitEnd(); !slices.Equal(said, []string{"a", "presence unavailable", "r"}) {
		t.Errorf("at the end it said %q", said)
	}
	if _, held := c2.Held(); held {
		t.Error("held after it signed off")
	}
}

// A server that forgot the session says what it had, and begins a new one.
func TestResumeRefused(t *testing.T) {
	for attr, want := range map[string][]string{"h='%d'": {"one", "two"}, "h='1%d00'": nil, "h='x%d'": nil, "x='%d'": nil} {
		t.Run(attr, func(t *testing.T) {
			t.Parallel()
			var had uint32
			o := xmpptest.Options{HoldAcks: true, Resume: func(string, string) string {
				return "<failed xmlns='urn:xmpp:sm:3' " + fmt.Sprintf(attr, had+2) + "><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>"
			}}
			c, conn, server := counting(t, o)
			had = conn.Handled.Load()
			for _, id := range []string{"one", "two", "three"} {
				say(t, c, id)
				nextSaid(t, conn)
			}
			conn.Close()
			c.failure(protocol.Lost)
			c2 := again(t, c, server, o)
			conn = server.Accept()
			var sent []string
			for {
				e := <-c2.events
				if s, ok := e.(protocol.Sent); ok {
					sent = append(sent, s.ID)
				}
				if _, ok := e.(protocol.Online); ok {
					break
				}
			}
			if !slices.Equal(sent, want) {
				t.Errorf("sent %q, want %q", sent, want)
			}
			wait[protocol.Roster](c2, nil)
			if s := conn.Next(); s.XMLName.Local != "presence" {
				t.Errorf("began with %+v", s)
			}
			if said := fence(t, conn); len(said) != 0 {
				t.Errorf("said %+v", said)
			}
			if err := c.Send(protocol.Outgoing{ID: "late", To: im.Addr{Bare: "bob@test.example"}, Body: "x"}); !errors.Is(err, protocol.ErrOffline) {
				t.Errorf("the session that is over takes messages: %v", err)
			}
		})
	}
}

// A server that lies about what it resumes is not believed, and not asked again.
func TestForgedResumption(t *testing.T) {
	for name, answer := range map[string]string{
		"another session": "<resumed xmlns='urn:xmpp:sm:3' previd='s2' h='3'/>",
		"none":            "<resumed xmlns='urn:xmpp:sm:3' h='3'/>",
		"too many":        "<resumed xmlns='urn:xmpp:sm:3' previd='s1' h='30'/>",
		"too few":         "<resumed xmlns='urn:xmpp:sm:3' previd='s1' h='0'/>",
		"no count":        "<resumed xmlns='urn:xmpp:sm:3' previd='s1'/>",
		"no number":       "<resumed xmlns='urn:xmpp:sm:3' previd='s1' h='three'/>",
		"something else":  "<message from='bob@test.example'><body>x</body></message>",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := xmpptest.Options{Resume: func(string, string) string { return answer }}
			c, conn, server := counting(t, o)
			say(t, c, "one")
			wait[protocol.Sent](c, nil)
			conn.Close()
			c.failure(protocol.Lost)
			c2 := again(t, c, server, o)
			c2.failure(protocol.ProtocolBroken)
			if _, held := c2.Held(); held {
				t.Error("it is asked again")
			}
			none[protocol.Resumed](c2)
			none[protocol.Received](c2)
		})
	}
}

// What comes is confirmed when it is dealt with, and not before.
func TestHandledIsKept(t *testing.T) {
	o := xmpptest.Options{Enabled: "<message from='test.example'><body>early</body></message>" + xmpptest.Enabled("s1")}
	server := xmpptest.Start(t, o)
	s := dial(t, server, o, endless)
	c := &client{Session: s, t: t}
	events := make(chan protocol.Event, 100)
	c.events = events
	go func() { _ = s.Run(t.Context(), func(e protocol.Event) { events <- e }) }()
	conn := server.Accept()
	if e := wait[protocol.Received](c, nil); e.Body != "early" {
		t.Errorf("received %q", e.Body)
	}
	wait[protocol.Roster](c, nil)
	conn.Next()
	for range 3 {
		fence(t, conn)
	}
	conn.Send("<r xmlns='urn:xmpp:sm:3'/>")
	wait[protocol.Checkpoint](c, nil).Passed()
	got, err := strconv.Atoi(conn.Next().Attr("h"))
	must(t, err)
	conn.Send("<message from='bob@test.example'><body>one</body></message><r xmlns='urn:xmpp:sm:3'/>")
	conn.Send("<message from='bob@test.example'><body>two</body></message><r xmlns='urn:xmpp:sm:3'/>")
	one, two := wait[protocol.Checkpoint](c, nil), wait[protocol.Checkpoint](c, nil)
	if said := fence(t, conn); len(said) != 0 {
		t.Errorf("it was not kept yet: %+v", said)
	}
	for i, p := range []protocol.Checkpoint{one, two} {
		p.Passed()
		if a := conn.Next(); a.XMLName.Local != "a" || a.Attr("h") != strconv.Itoa(got+i+1) {
			t.Errorf("confirmed %+v", a)
		}
	}
}

// A server that ends the connection for a stanza gets it a few times, and then no more.
func TestPoisonOfOurs(t *testing.T) {
	handled := 0
	o := xmpptest.Options{HoldAcks: true, Resume: func(previd, _ string) string {
		return fmt.Sprintf("<resumed xmlns='urn:xmpp:sm:3' previd='%s' h='%d'/>", previd, handled)
	}}
	for name, bad := range map[string]string{"reset": "", "error": "<stream:error><policy-violation xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"} {
		t.Run(name, func(t *testing.T) {
			c, conn, server := counting(t, o)
			had := conn.Handled.Load()
			handled = int(had)
			say(t, c, "poison")
			say(t, c, "good")
			deaths := 0
			for {
				id := nextSaid(t, conn)
				if id != "poison" {
					break
				}
				if deaths++; deaths > 10 {
					t.Fatal("it comes for ever")
				}
				conn.Send("%s", bad)
				conn.Reset()
				c.failure(protocol.Lost)
				c = again(t, c, server, o)
				conn = server.Accept()
			}
			if e := wait[protocol.Rejected](c, nil); e.ID != "poison" || e.From.Bare != "bob@test.example" || e.Reason == "" {
				t.Errorf("%+v", e)
			}
			ack(conn, had, 1)
			if e := wait[protocol.Sent](c, nil); e.ID != "good" {
				t.Errorf("sent %q", e.ID)
			}
			if want := map[string]int{"reset": maxBlame / blameLoss, "error": maxBlame / blameError}[name]; deaths != want {
				t.Errorf("it was sent %d times", deaths)
			}
		})
	}
}

// Servers that refuse to count, or to keep sessions.
func TestNoResumption(t *testing.T) {
	for name, answer := range map[string]string{
		"refused":  "<failed xmlns='urn:xmpp:sm:3'><unexpected-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>",
		"not kept": "<enabled xmlns='urn:xmpp:sm:3'/>",
	} {
		t.Run(name, func(t *testing.T) {
			c, conn, _ := counting(t, xmpptest.Options{Enabled: answer})
			say(t, c, "one")
			wait[protocol.Sent](c, nil)
			conn.Reset()
			c.failure(protocol.Lost)
			if _, held := c.Held(); held {
				t.Error("held")
			}
			say := c.Send(protocol.Outgoing{ID: "late", To: im.Addr{Bare: "bob@test.example"}, Body: "x"})
			if !errors.Is(say, protocol.ErrOffline) {
				t.Errorf("Send returned %v", say)
			}
		})
	}
}

// A session whose roster was still under way goes on to get it, however large it is.
func TestResumeBeforeTheRoster(t *testing.T) {
	o := xmpptest.Options{HoldRoster: true, Enabled: xmpptest.Enabled("s1"), Resume: func(previd, _ string) string {
		return "<resumed xmlns='urn:xmpp:sm:3' previd='s1' h='0'/>"
	}}
	server := xmpptest.Start(t, o)
	c := run(t, dial(t, server, o, endless))
	conn := server.Accept()
	id := conn.Next().Attr("id")
	conn.Close()
	c.failure(protocol.Lost)
	c2 := again(t, c, server, o)
	conn = server.Accept()
	wait[protocol.Resumed](c2, nil)
	if s := conn.Next(); s.Attr("id") != id {
		t.Fatalf("began with %+v", s)
	}
	items := strings.Repeat("<item jid='x@y'/>", maxStanza/10) + "<item jid='bob@test.example'/>"
	conn.Send("<iq type='result' id='%s'><query xmlns='jabber:iq:roster'>%s</query></iq>", id, items)
	if list := wait[protocol.Roster](c2, nil); len(list.Buddies) != 2 {
		t.Errorf("%d buddies", len(list.Buddies))
	}
	for conn.Next().XMLName.Local != "presence" {
	}
}

// Nothing takes over what belongs to somebody else.
func TestContinueChecks(t *testing.T) {
	c, conn, server := counting(t, xmpptest.Options{})
	conn.Close()
	c.failure(protocol.Lost)
	a := account(t, map[string]string{"address": "carol@" + xmpptest.Domain, "server": "127.0.0.1", "port": strconv.Itoa(server.Port)})
	other := newSession(Network{Roots: server.Pool}, a, secret("x"), endless)
	other.Continue(c.Session)
	if other.link != nil {
		t.Error("carol has alice's session")
	}
	other.Continue(nil)
	other.Continue(newSession(Network{}, a, secret("x"), endless))
}

// What waits for a session that is held does not outlive it.
func TestAbandoned(t *testing.T) {
	c, conn, _ := counting(t, xmpptest.Options{})
	bob := im.Addr{Bare: "bob@test.example", Resource: "x"}
	expected, err := c.Expect(bob, "secret")
	must(t, err)
	conn.Close()
	c.failure(protocol.Lost)
	if _, held := c.Held(); !held {
		t.Fatal("it is not held")
	}
	waited := make(chan error, 1)
	go func() {
		_, err := expected(t.Context())
		waited <- err
	}()
	c.Abandon()
	if err := <-waited; err != protocol.ErrOffline {
		t.Errorf("waited until %v", err)
	}
	if _, held := c.Held(); held {
		t.Error("it is still held")
	}
	if err := c.Send(protocol.Outgoing{ID: "x", To: bob, Body: "x"}); err != protocol.ErrOffline {
		t.Errorf("sent: %v", err)
	}
	c.Abandon()
}

// A connection in doubt is asked for a sign of life, and given up without one.
func TestProbe(t *testing.T) {
	for name, o := range map[string]xmpptest.Options{
		"counts": {Enabled: xmpptest.Enabled("s1"), HoldAcks: true},
		"pings":  {HoldPings: true},
	} {
		t.Run(name, func(t *testing.T) {
			p := endless
			p.confirm = 100 * time.Millisecond
			server := xmpptest.Start(t, o)
			c := run(t, dial(t, server, o, p))
			conn := server.Accept()
			wait[protocol.Roster](c, nil)
			conn.Next()
			c.Probe()
			if s := conn.Next(); s.XMLName.Local != "r" && !strings.Contains(s.Inner, "urn:xmpp:ping") {
				t.Errorf("asked %+v", s)
			}
			c.failure(protocol.Lost)
		})
	}
	c, conn, _ := counting(t, xmpptest.Options{HoldAcks: true})
	c.Probe()
	conn.Next()
	conn.Send("<a xmlns='urn:xmpp:sm:3' h='%d'/>", conn.Handled.Load())
	fence(t, conn)
	c.Probe()
	if s := conn.Next(); s.XMLName.Local != "r" {
		t.Errorf("then %+v", s)
	}
}

// A server that wants to know is told whether somebody looks, also anew when a session
// goes on.
func TestActivity(t *testing.T) {
	o := xmpptest.Options{Activity: true, Enabled: xmpptest.Enabled("s1"), Resume: func(previd, h string) string {
		return "<resumed xmlns='urn:xmpp:sm:3' previd='s1' h='1'/>"
	}}
	server := xmpptest.Start(t, o)
	s := dial(t, server, o, endless)
	s.SetActive(false)
	c := run(t, s)
	conn := server.Accept()
	wait[protocol.Roster](c, nil)
	next := func(want string) {
		t.Helper()
		for {
			s := conn.Next()
			if s.XMLName.Space == "urn:xmpp:csi:0" {
				if s.XMLName.Local != want {
					t.Errorf("said %s, want %s", s.XMLName.Local, want)
				}
				return
			}
		}
	}
	next("inactive")
	s.SetActive(false)
	s.SetActive(true)
	next("active")
	s.SetActive(false)
	next("inactive")
	conn.Close()
	c.failure(protocol.Lost)
	s2 := dial(t, server, o, endless)
	s2.Continue(s)
	s2.SetActive(false)
	c2 := run(t, s2)
	conn = server.Accept()
	next("inactive")
	c2.SetActive(true)
	next("active")

	plain, conn := fake(t, xmpptest.Options{})
	plain.SetActive(false)
	if said := fence(t, conn); len(said) != 0 {
		t.Errorf("told %+v", said)
	}
}

// What waited for another connection of the session is not late; what waited for the
// session, or somewhere else, is.
func TestLateAfterAResumption(t *testing.T) {
	now := time.Now()
	delay := func(from string, at time.Time) string {
		return fmt.Sprintf("<delay xmlns='urn:xmpp:delay' from='%s' stamp='%s'/>", from, at.UTC().Format(time.RFC3339))
	}
	recent, old := delay(xmpptest.Domain, now), delay(xmpptest.Domain, now.Add(-time.Hour))
	for name, c := range map[string]struct {
		delays string
		fresh  bool // the connection never broke
		late   bool
	}{
		"none":                {"", false, false},
		"by the server":       {recent, false, false},
		"by the account":      {delay("alice@"+xmpptest.Domain, now), false, false},
		"its clock is ahead":  {delay(xmpptest.Domain, now.Add(time.Hour)), false, false},
		"before the session":  {old, false, true},
		"both":                {recent + old, false, true},
		"by a room":           {delay("room@conference.test.example", now), false, true},
		"by nobody":           {"<delay xmlns='urn:xmpp:delay' stamp='2026-01-01T00:00:00Z'/>", false, true},
		"no time":             {"<delay xmlns='urn:xmpp:delay' from='test.example' stamp='x'/>", false, true},
		"the connection held": {recent, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			var events []protocol.Event
			l := offline(t, &events)
			l.began, l.interrupted = now, !c.fresh
			l.take(parse(t, []byte("<message from='bob@test.example/x'><body>x</body>"+c.delays+"</message>")))
			got := events[len(events)-1].(protocol.Received)
			if got.Late != c.late {
				t.Errorf("late: %v", got.Late)
			}
		})
	}
}

// What waits to be said leaves behind our first presence, in order: an answer to it would
// overtake what the server kept for us.
func TestNothingIsSaidBeforeThePresence(t *testing.T) {
	o := xmpptest.Options{HoldRoster: true, Enabled: xmpptest.Enabled("s1"), Resume: func(previd, _ string) string {
		return "<resumed xmlns='urn:xmpp:sm:3' previd='s1' h='0'/>"
	}}
	server := xmpptest.Start(t, o)
	c := run(t, dial(t, server, o, endless))
	conn := server.Accept()
	id := conn.Next().Attr("id")
	wait[protocol.Online](c, nil)
	say(t, c, "one")
	must(t, c.SendTyping(im.Addr{Bare: "bob@test.example"}, im.TypingComposing))
	say(t, c, "two")
	conn.Close()
	c.failure(protocol.Lost)
	c2 := again(t, c, server, o)
	conn = server.Accept()
	wait[protocol.Resumed](c2, nil)
	say(t, c2, "three")
	if s := conn.Next(); s.Attr("id") != id {
		t.Fatalf("began with %+v", s)
	}
	conn.Send("<iq type='result' id='%s'><query xmlns='jabber:iq:roster'/></iq>", id)
	var order []string
	for len(order) < 5 {
		switch s := conn.Next(); s.XMLName.Local {
		case "presence":
			order = append(order, "presence")
		case "message":
			order = append(order, s.Attr("id"))
		}
	}
	if want := []string{"presence", "one", "", "two", "three"}; !slices.Equal(order, want) {
		t.Errorf("said %q, want %q", order, want)
	}
}
