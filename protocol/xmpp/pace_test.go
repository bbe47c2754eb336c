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

func TestAllowance(t *testing.T) {
	now := time.Now()
	a := newAllowance(10, 2)
	for i := range 10 {
		if !a.take(1, now) {
			t.Fatalf("the %dth was refused", i)
		}
	}
	if a.take(1, now) || a.take(1, now.Add(-time.Hour)) || a.take(1, now.Add(-time.Minute)) {
		t.Error("more than there is, or time runs backwards")
	}
	now = now.Add(time.Second)
	if !a.take(2, now) || a.take(1, now) {
		t.Error("not two a second")
	}
	now = now.Add(time.Hour)
	if !a.take(10, now) || a.take(1, now) {
		t.Error("it overflows")
	}
	if p := a.spend(4, now); p != longestPause {
		t.Errorf("a pause of %v", p)
	}
	if p := a.spend(0, now.Add(1500*time.Millisecond)); p != 500*time.Millisecond {
		t.Errorf("a pause of %v", p)
	}
	if p := a.spend(0, now.Add(1999*time.Millisecond)); p != 0 {
		t.Errorf("a pause of %v", p)
	}
}

// Strangers who flood us lose what nobody would read, and hold up nobody else.
func TestAFloodOfStrangers(t *testing.T) {
	for name, stanza := range map[string]string{
		"messages":    "<message from='s%d@evil.example' id='x'><body>buy</body></message>",
		"requests":    "<presence from='s%d@evil.example' type='subscribe'/>",
		"invitations": "<message from='s%d@evil.example'><x xmlns='jabber:x:conference' jid='r@evil.example'/></message>",
	} {
		c, conn := fake(t, xmpptest.Options{Roster: withBob})
		must(t, c.Send(protocol.Outgoing{ID: "hi", To: im.Addr{Bare: "carol@x"}, Body: "hi"}))
		conn.Next()
		wait[protocol.Sent](c, nil)
		var b strings.Builder
		for i := range 3 * strangeBurst {
			fmt.Fprintf(&b, stanza, i)
			if i%100 == 0 {
				b.WriteString("<message from='bob@test.example/x'><body>hello</body></message><message from='carol@x'><body>hello</body></message>")
			}
		}
		began := time.Now()
		conn.Send("%s", b.String())
		fence(t, conn)
		heard, strange := 0, 0
		for len(c.events) > 0 {
			switch e := (<-c.events).(type) {
			case protocol.Received:
				if e.From.Bare == "bob@test.example" || e.From.Bare == "carol@x" {
					heard++
				} else {
					strange++
				}
			case protocol.SubscriptionAsked, protocol.RoomInvited:
				strange++
			}
		}
		most := strangeBurst + int(time.Since(began).Seconds()*strangeRate) + 1
		if heard != 2*3*strangeBurst/100 || strange < strangeBurst || strange > most {
			t.Errorf("%s: %d lines of bob's and carol's, %d of strangers', %d at most", name, heard, strange, most)
		}
	}
}

// While the server does not tell who is on the list, nothing is taken for a stranger's.
func TestNoStrangersWithoutAList(t *testing.T) {
	o := xmpptest.Options{HoldRoster: true}
	server := xmpptest.Start(t, o)
	c := run(t, dial(t, server, o, endless))
	conn := server.Accept()
	conn.Send("<iq type='error' id='%s'><error type='wait'><internal-server-error xmlns='%s'/></error></iq>", conn.Next().Attr("id"), nsStanzas)
	const lines = strangeBurst + 500
	conn.Send("%s", strings.Repeat("<message from='bob@test.example/x'><body>x</body></message>", lines)+"<message from='test.example'><body>end</body></message>")
	n := 0
	for wait[protocol.Received](c, nil).Body != "end" {
		n++
	}
	if n != lines {
		t.Errorf("%d of %d lines came", n, lines)
	}
}

// What floods in from the server itself is read at a rate, and all of it is.
func TestAFloodIsReadSlowly(t *testing.T) {
	c, conn := fake(t, xmpptest.Options{Roster: withBob})
	const more = 500
	began := time.Now() // the allowance may have been at work before
	one := "<message from='test.example'><x xmlns='urn:x'/></message>"
	conn.Send("%s", strings.Repeat(one, readBurst)+strings.Repeat(one, more)+"<message from='bob@test.example'><body>last</body></message>")
	wait[protocol.Received](c, nil)
	if took := time.Since(began); took < more*time.Second/readRate-2*shortestPause {
		t.Errorf("all of it was read in %v", took)
	}
}
