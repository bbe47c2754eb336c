package otr

import (
	"bytes"
	"testing"
	"time"
)

// What the soak (internal/otrsoak) found, each as a test of its own.

// Who yielded when commits crossed begins a new exchange when he is asked to,
// and not the one that he gave up.
func TestStartAfterCrossing(t *testing.T) {
	eachVersion(t, func(t *testing.T, v Policy) {
		p := newPair(t, func(a, b *Config) { a.Policy = v })
		p.a.take(p.a.Start())
		p.b.take(p.b.Start())
		p.run()
		if p.a.State() != Encrypted || p.b.State() != Encrypted {
			t.Fatal("not private")
		}
		for _, e := range []*end{p.a, p.b} {
			p.clock = p.clock.Add(15 * time.Second)
			p.a.events, p.b.events = nil, nil
			e.take(e.Start())
			p.run()
			p.want(p.a, Refreshed)
			p.want(p.b, Refreshed)
		}
	})
}

// The same if the exchange came to nothing, while the open commit was repeated.
func TestStartAfterLostCrossing(t *testing.T) {
	for n := range 2 {
		p := newPair(t, nil).secure()
		p.clock = p.clock.Add(15 * time.Second)
		e := []*end{p.a, p.b}[n]
		p.a.take(p.a.Receive([]byte("?OTRv3?")))
		p.b.take(p.b.Receive([]byte("?OTRv3?")))
		e.to.deliverOne() // its commit comes to e, who has one out, too
		p.a.queue, p.b.queue = nil, nil
		for range 3 {
			p.clock = p.clock.Add(40 * time.Second)
			e.take(e.Receive([]byte("?OTRv3?")))
			e.queue = nil
			e.take(e.Tick(), nil)
		}
		p.a.events, p.b.events = nil, nil
		e.to.take(e.to.Start())
		p.run()
		p.want(p.a, Refreshed)
		p.want(p.b, Refreshed)
	}
}

// A refresh in the background, with another key than the one that the user
// sees, is no refresh to him.
func TestRefreshInBackground(t *testing.T) {
	p := newPair(t, nil).secure()
	carol := &end{name: "carol", Session: New(Config{
		Key: keys()[2], InstanceTag: 0x3003, Policy: Manual, Rand: seeded(5), Now: func() time.Time { return p.clock },
	}), to: p.a}
	talk := func() {
		for len(p.a.queue)+len(carol.queue) > 0 {
			if len(carol.queue) > 0 {
				carol.deliverOne()
				continue
			}
			msg := p.a.queue[0]
			p.a.queue = p.a.queue[1:]
			carol.take(carol.Receive(msg))
		}
	}
	for _, c := range []struct {
		before func()
		want   []EventKind
	}{
		{func() {}, []EventKind{GoneSecure}}, // carol is new
		{func() { p.b.say("it's me"); p.run() }, []EventKind{GoneSecure}},
		{func() { p.b.take(p.b.End()); p.b.queue = nil }, []EventKind{Refreshed}},
		{func() { p.secure(); p.b.take(p.b.End()); p.run() }, []EventKind{Refreshed}},
		{func() { p.secure(); p.a.Select(0x2002); p.b.take(p.b.End()); p.run(); p.a.Select(0x2002) }, []EventKind{GoneSecure}},
	} {
		c.before()
		p.clock = p.clock.Add(15 * time.Second)
		p.a.events = nil
		carol.take(carol.Start())
		talk()
		for _, k := range c.want {
			p.want(p.a, k)
		}
		if f, _ := p.a.PeerFingerprint(); f != keys()[2].Fingerprint() || p.a.State() != Encrypted {
			t.Fatal("not private with carol")
		}
	}
}

// The other way round: the same key, another instance.
func TestRefreshOfOtherInstance(t *testing.T) {
	p := newPair(t, nil).secure()
	first := p.b.Session
	p.b.Session = New(Config{Key: keys()[1], InstanceTag: 0x4004, Policy: Manual, Rand: seeded(4), Now: func() time.Time { return p.clock }})
	p.secure()
	p.b.Session = first
	p.a.events = nil
	p.clock = p.clock.Add(15 * time.Second)
	p.b.take(p.b.Start())
	p.run()
	p.want(p.a, InstanceSwitched)
	p.want(p.a, Refreshed)
	if p.a.TheirTag() != 0x2002 {
		t.Fatal("not followed")
	}
}

// Who won when commits crossed, and got no answer, begins anew when he is asked
// to; and goes on with the newest of his commits.
func TestNewestCommit(t *testing.T) {
	for n := range 2 {
		p := newPair(t, nil)
		e := []*end{p.a, p.b}[n]
		p.a.take(p.a.Receive([]byte("?OTRv3?")))
		p.b.take(p.b.Receive([]byte("?OTRv3?")))
		first := e.queue[0]
		e.to.deliverOne()
		p.a.queue, p.b.queue = nil, nil
		p.clock = p.clock.Add(15 * time.Second)
		e.take(e.Receive([]byte("?OTRv3?")))
		if len(e.queue) != 1 || bytes.Equal(e.queue[0], first) {
			t.Fatal("the same commit again")
		}
		e.to.Drop()
		p.run()
		if p.a.State() != Encrypted || p.b.State() != Encrypted {
			t.Fatalf("%d: not private: %v, %v", n, p.a.State(), p.b.State())
		}
	}
}

// From a finished conversation to another instance with which it is private:
// the user is told.
func TestFollowOutOfFinished(t *testing.T) {
	p := newPair(t, nil).secure()
	first := p.b.Session
	p.b.Session = New(Config{Key: keys()[1], InstanceTag: 0x4004, Policy: Manual, Rand: seeded(4), Now: func() time.Time { return p.clock }})
	p.secure()
	p.b.take(p.b.End())
	p.run()
	if p.a.State() != Encrypted || !p.a.Select(0x4004) || p.a.State() != Finished {
		t.Fatal("not on the finished instance")
	}
	p.b.Session = first
	p.a.events = nil
	p.b.say("still here")
	p.run()
	p.shown(p.a, "still here")
	p.want(p.a, InstanceSwitched)
	if p.a.State() != Encrypted {
		t.Fatal("not followed")
	}
}
