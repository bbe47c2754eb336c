package xmpp

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"culver/im"
	"culver/protocol"
	"culver/protocol/xmpp/xmpptest"
)

// holdingPings is a client of a server that leaves pings to the test.
func holdingPings(t *testing.T, p patience) (*client, *xmpptest.Conn) {
	t.Helper()
	o := xmpptest.Options{HoldPings: true, HoldEnd: true}
	server := xmpptest.Start(t, o)
	c := run(t, dial(t, server, o, p))
	conn := server.Accept()
	t.Cleanup(conn.Close) // it does not say goodbye by itself
	wait[protocol.Roster](c, nil)
	conn.Next()
	return c, conn
}

func say(t *testing.T, c *client, id string) {
	t.Helper()
	must(t, c.Send(protocol.Outgoing{ID: id, To: im.Addr{Bare: "bob@test.example"}, Body: "x"}))
}

// nextPing skips messages up to a ping, and returns its ID.
func nextPing(t *testing.T, conn *xmpptest.Conn) string {
	t.Helper()
	for {
		if s := conn.Next(); s.XMLName.Local == "iq" {
			if !strings.Contains(s.Inner, "urn:xmpp:ping") || s.Attr("to") != "" || s.Attr("type") != "get" {
				t.Fatalf("asked %+v", s)
			}
			return s.Attr("id")
		}
	}
}

func TestSentIsConfirmed(t *testing.T) {
	c, conn := holdingPings(t, endless)
	say(t, c, "one")
	ping := nextPing(t, conn)
	say(t, c, "two")
	say(t, c, "three")
	for range 2 {
		if s := conn.Next(); s.XMLName.Local != "message" {
			t.Errorf("one ping at a time is enough: %+v", s)
		}
	}
	conn.Send("<iq type='result' id='%s' from='evil@test.example'/>", ping)
	conn.Send("<iq type='result' id='%sx'/>", ping)
	if said := fence(t, conn); len(said) != 0 {
		t.Errorf("said %+v", said)
	}
	none[protocol.Sent](c)
	conn.Send("<iq type='error' id='%s' from='%s'><error type='cancel'/></iq>", ping, xmpptest.Domain)
	if e := wait[protocol.Sent](c, nil); e.ID != "one" {
		t.Errorf("sent %s", e.ID)
	}
	ping = nextPing(t, conn)
	fence(t, conn)
	none[protocol.Sent](c)
	conn.Send("<message type='error' id='two' from='bob@test.example'/>")
	wait[protocol.Rejected](c, nil)
	conn.Send("<iq type='result' id='%s'/>", ping)
	if e := wait[protocol.Sent](c, nil); e.ID != "three" {
		t.Errorf("sent %s", e.ID)
	}
	if said := fence(t, conn); len(said) != 0 {
		t.Errorf("nothing is left to ask for: %+v", said)
	}
	none[protocol.Sent](c)
}

func TestBurstIsConfirmed(t *testing.T) {
	c, conn := holdingPings(t, endless)
	const many = 1000
	for i := range many {
		say(t, c, strconv.Itoa(i))
	}
	pings := 0
	for seen := 0; seen < many; {
		s := conn.Next()
		if s.XMLName.Local == "message" {
			seen++
			continue
		}
		pings++
		conn.Send("<iq type='result' id='%s'/>", s.Attr("id"))
	}
	conn.Send("<iq type='result' id='%s'/>", nextPing(t, conn))
	for i := range many {
		if e := wait[protocol.Sent](c, nil); e.ID != strconv.Itoa(i) {
			t.Fatalf("sent %s, want %d", e.ID, i)
		}
	}
	if pings > many/10 {
		t.Errorf("%d pings for %d messages", pings, many)
	}
}

// TestDeadLink: the bytes went into a buffer, and nobody ever reads them.
func TestDeadLink(t *testing.T) {
	p := endless
	p.confirm = 100 * time.Millisecond
	c, _ := holdingPings(t, p)
	say(t, c, "lost")
	c.failure(protocol.Lost)
	none[protocol.Sent](c)
}

func TestSignOffWaitsForConfirmation(t *testing.T) {
	t.Run("given", func(t *testing.T) {
		c, conn := holdingPings(t, endless)
		say(t, c, "one")
		nextPing(t, conn)
		say(t, c, "two")
		c.cancel()
		last := nextPing(t, conn) // covers both
		conn.WaitEnd()
		conn.Send("<iq type='result' id='%s'/></stream:stream>", last)
		if err := c.end(); err != nil {
			t.Errorf("Run returned %v", err)
		}
		for _, want := range []string{"one", "two"} {
			if e := wait[protocol.Sent](c, nil); e.ID != want {
				t.Errorf("sent %s, want %s", e.ID, want)
			}
		}
	})
	t.Run("not given", func(t *testing.T) {
		p := endless
		p.signOff = 50 * time.Millisecond
		c, conn := holdingPings(t, p)
		say(t, c, "one")
		nextPing(t, conn)
		c.cancel()
		if err := c.end(); err != nil {
			t.Errorf("Run returned %v", err)
		}
		none[protocol.Sent](c)
	})
}

// gone writes nothing, but notes it as written.
func gone(o *outbox, items ...outgoing) {
	_ = o.put(items...)
	for len(o.take()) > 0 {
	}
}

func ids(items []outgoing) (all []string) {
	for _, item := range items {
		all = append(all, item.id)
	}
	return all
}

func TestOutboxRemembersMessages(t *testing.T) {
	o := newOutbox()
	first, second := new(mark), new(mark)
	gone(o, outgoing{chat: true, id: "a", bytes: []byte("12")}, outgoing{mark: first}, outgoing{bytes: []byte("123")},
		outgoing{chat: true, id: "b", bytes: []byte("1234")}, outgoing{chat: true}, outgoing{mark: second})
	if n, chat := o.open(); n != 3 || !chat || o.bytes() != 6 {
		t.Errorf("%d bytes of %d wait", o.bytes(), n)
	}
	if got := ids(o.reached(second)); !slices.Equal(got, []string{"a", "b", ""}) {
		t.Errorf("confirmed %q", got)
	}
	if got := ids(o.reached(first)); len(got) != 0 || o.bytes() != 0 {
		t.Errorf("confirmed %q again", got)
	}
}

func TestOutboxIsBounded(t *testing.T) {
	for name, confirms := range map[string]bool{"waiting": false, "written": true} {
		o := newOutbox()
		for range maxQueued {
			if err := o.put(outgoing{chat: true}); err != nil {
				t.Fatalf("%s: refused too early: %v", name, err)
			}
			if confirms {
				o.take()
			}
		}
		if err := o.put(outgoing{}); !errors.Is(err, errQueueFull) {
			t.Errorf("%s: no bound: %v", name, err)
		}
		if err := o.put(outgoing{last: true}); err != nil {
			t.Errorf("%s: the end does not go out: %v", name, err)
		}
	}
	o := newOutbox()
	if err := o.put(outgoing{bytes: make([]byte, maxQueuedBytes+1)}); !errors.Is(err, errQueueFull) {
		t.Errorf("no bound: %v", err)
	}
}

// TestAnswersHavePlacesOfTheirOwn: a server that asks for each of thousands of buddies gets
// its answers, and the user's lines leave behind them.
func TestAnswersHavePlacesOfTheirOwn(t *testing.T) {
	for name, managed := range map[string]bool{"counted": true, "not counted": false} {
		o := newOutbox()
		if managed {
			o.manage()
		}
		for range maxAnswers {
			if err := o.put(outgoing{stanza: true, answer: true, bytes: []byte("answer")}); err != nil {
				t.Fatalf("%s: refused too early: %v", name, err)
			}
		}
		if err := o.put(outgoing{stanza: true, answer: true}); !errors.Is(err, errQueueFull) {
			t.Errorf("%s: no bound: %v", name, err)
		}
		for range maxQueued {
			if err := o.put(outgoing{stanza: true, chat: true}); err != nil {
				t.Fatalf("%s: a line found no place: %v", name, err)
			}
		}
		if err := o.put(outgoing{stanza: true}); !errors.Is(err, errQueueFull) {
			t.Errorf("%s: no bound: %v", name, err)
		}
		for len(o.waiting) > 0 {
			o.take()
		}
		o.rewind(blameLoss)
		for len(o.waiting) > 0 {
			o.take()
		}
		o.drop(len(o.gone))
		if o.size != 0 || o.answers != 0 || o.answered != 0 {
			t.Errorf("%s: of nothing %d bytes are left, and %d answers of %d bytes", name, o.size, o.answers, o.answered)
		}
	}
	o := newOutbox()
	if err := o.put(outgoing{answer: true, bytes: make([]byte, maxAnswerBytes+1)}); !errors.Is(err, errQueueFull) {
		t.Errorf("no bound: %v", err)
	}
}

// TestAServerAsksForThousandsOfBuddies: it does so after the log-in, before it reads the
// first answer. The connection lives, and what the user says finds its place.
func TestAServerAsksForThousandsOfBuddies(t *testing.T) {
	var events []protocol.Event
	l := offline(t, &events)
	l.out.manage()
	const buddies = 2 * maxQueued
	for i := range buddies {
		bare := fmt.Sprintf("buddy%d@test.example", i)
		l.roster[bare] = im.Buddy{Bare: bare, Subscription: im.SubscriptionBoth}
		l.take(parsed(t, fmt.Sprintf("<iq type='get' id='%d' from='%s'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>", i, bare)))
	}
	select {
	case <-l.conn.done:
		t.Fatalf("the connection ended: %v", l.conn.reason)
	default:
	}
	if err := l.send(newElement(nsClient, "message").with("to", "bob@test.example")); err != nil {
		t.Errorf("a message found no place: %v", err)
	}
	if n := len(l.out.waiting) + len(l.out.held); n != buddies+1 {
		t.Errorf("%d stanzas wait, want %d", n, buddies+1)
	}
}

// TestOverdue: what still comes in shows that the link lives.
func TestOverdue(t *testing.T) {
	var events []protocol.Event
	l := offline(t, &events)
	if err := l.checkLink(); !errors.Is(err, errSilent) {
		t.Errorf("a silent link: %v", err)
	}
	l.take(newElement(nsClient, "presence"))
	if err := l.checkLink(); err != nil {
		t.Errorf("a busy link: %v", err)
	}
}
