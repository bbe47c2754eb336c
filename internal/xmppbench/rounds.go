package main

import (
	"fmt"
	"time"

	"culver/internal/benchkit"
	"culver/internal/testkit"
)

// The sides, as the table calls them.
const (
	profanityName = "Profanity"
	windowName    = "Culver"
	coreName      = "core"
	bareName      = "bare"
)

// What is measured: times in seconds, rates a second, memory in bytes.
const (
	connecting   = "connecting" // from the start until the connection
	firstListed  = "first listed"
	firstOnline  = "first online"
	againListed  = "again listed"
	againOnline  = "again online"
	received     = "received"
	busyReceived = "busy received" // with thousands of buddies
	backlog      = "backlog"
	sent         = "sent"
	receiveCPU   = "receive CPU"
	sendCPU      = "send CPU"
	memory       = "memory"
)

// quiet is how long a program is left alone before its memory is measured.
const quiet = 10 * time.Second

// busyMessages is how many messages are written to an account with thousands of buddies:
// there are clients that slow down with each buddy.
func busyMessages(n size) int { return min(n.messages, 30) }

// round measures one side: with thousands of buddies, for the first time and once more,
// and then, with few, how it reads and writes.
func (b *bench) round(s side, t *town, n size, r *results) {
	s.forget(t.known)
	began, connected := b.begin(s, t)
	if s.name() != bareName {
		r.add(s.name(), connecting, connected.Sub(began).Seconds())
	}
	r.add(s.name(), firstListed, s.listed().Sub(connected).Seconds())
	r.add(s.name(), firstOnline, s.online().Sub(connected).Seconds())
	if s.pid() != 0 {
		<-time.After(quiet)
		size, err := benchkit.PSS(s.pid())
		b.Must(err)
		r.add(s.name(), memory, size)
		r.shares[s.name()], err = benchkit.Shares(s.pid())
		b.Must(err)
	}
	if s.name() != bareName { // which would have so few before they are counted
		b.greet(s, t)
		r.add(s.name(), busyReceived, b.reads(s, t, busyMessages(n), "busy"))
	}
	s.stop()

	if s.name() != bareName {
		began, _ = b.begin(s, t)
		r.add(s.name(), againListed, s.listed().Sub(began).Seconds())
		r.add(s.name(), againOnline, s.online().Sub(began).Seconds())
		s.stop()
	}

	s.forget(t.quiet)
	b.begin(s, t)
	s.listed()
	s.online()
	b.greet(s, t)
	used := b.cpu(s)
	r.add(s.name(), received, b.reads(s, t, n.messages, "live"))
	if s.pid() != 0 {
		r.add(s.name(), receiveCPU, (b.cpu(s)-used)/float64(n.messages))
		r.add(s.name(), backlog, b.catchesUp(s, t, n.messages))
	}
	b.writes(s, t, n.messages, r)
	s.stop()
}

// begin starts a side when the server is idle, and tells when it was connected.
func (b *bench) begin(s side, t *town) (began, connected time.Time) {
	b.settle(t)
	began = s.start()
	if s.name() == bareName {
		return began, began
	}
	return began, t.connected(b)
}

// greet has the friend write a first line, and the side turn to the conversation.
func (b *bench) greet(s side, t *town) {
	b.settle(t)
	hello := t.fresh("hello")
	b.Must(t.friend.Flood(s.address(), 1, hello))
	s.ready(benchkit.Line(hello, 0))
}

// reads is how many lines a second a side takes as they come.
func (b *bench) reads(s side, t *town, n int, id string) float64 {
	b.settle(t)
	id = t.fresh(id)
	end := t.ends(s, n, id)
	began := time.Now()
	b.Must(t.friend.Flood(s.address(), n, id))
	at, err := benchkit.Await(end)
	b.Must(err)
	return float64(n) / at.Sub(began).Seconds()
}

// catchesUp is how many lines a second a side takes that is stopped until all are there,
// so that the server's speed does not count.
func (b *bench) catchesUp(s side, t *town, n int) float64 {
	b.settle(t)
	id := t.fresh("piled")
	end := t.ends(s, n, id)
	b.Must(hold(s.pid()))
	b.Must(t.friend.Flood(s.address(), n, id))
	b.Must(t.friend.Pong())
	b.settle(t)
	began := time.Now()
	b.Must(release(s.pid()))
	at, err := benchkit.Await(end)
	b.Must(err)
	return float64(n) / at.Sub(began).Seconds()
}

// ends tells when a side has all that the friend wrote: by the receipt for the last line,
// which a client gives when it has come to that, or, of the bare one, when that came.
func (t *town) ends(s side, n int, id string) <-chan time.Time {
	if c, ok := s.(*bareSide); ok {
		return c.client.Look("</body>", n)
	}
	return t.friend.Look("id='"+id+"'", 1)
}

// writes measures how many lines a second a side sends, if it can be made to.
func (b *bench) writes(s side, t *town, n int, r *results) {
	b.settle(t)
	end := t.friend.Look("</body>", n)
	used := b.cpu(s)
	began, can := s.send(n)
	if !can {
		return
	}
	at, err := benchkit.Await(end)
	b.Must(err)
	r.add(s.name(), sent, float64(n)/at.Sub(began).Seconds())
	if s.pid() != 0 {
		r.add(s.name(), sendCPU, (b.cpu(s)-used)/float64(n))
	}
}

// cpu is how many seconds of the processors a side has used.
func (b *bench) cpu(s side) float64 {
	if s.pid() == 0 {
		return 0
	}
	used, err := benchkit.CPU(s.pid())
	b.Must(err)
	return used.Seconds()
}

// fresh is an ID of lines that were never said.
func (t *town) fresh(id string) string {
	t.said++
	return fmt.Sprint(id, t.said)
}

// connected waits until the side under test connects, and returns when it did.
func (t *town) connected(b *bench) time.Time {
	t.way.Wait(b, "a connection", func(*testkit.Cutter) bool { accepted, _ := t.way.Connections(); return accepted > t.came })
	t.came, _ = t.way.Connections()
	return time.Now()
}

// settle waits until the server is idle: what somebody left behind who has gone is not
// counted for the next one.
func (b *bench) settle(t *town) {
	last := -1.0
	b.untilEvery(300*time.Millisecond, "an idle server", func() bool {
		used, err := benchkit.CPU(t.server.PID())
		b.Must(err)
		idle := used.Seconds()-last < 0.02
		last = used.Seconds()
		return idle
	})
}
