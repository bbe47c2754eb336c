package otr

import (
	"bytes"
	"testing"
	"time"

	"culver/otrplugin/otr/internal/wire"
)

// Both start at once, in every order of arrival.
func TestCrossingStarts(t *testing.T) {
	eachVersion(t, func(t *testing.T, v Policy) {
		for order := range 64 {
			p := newPair(t, func(a, b *Config) {
				a.Policy = v
				a.Rand, b.Rand = seeded(order), seeded(order+1000)
			})
			p.a.take(p.a.Start())
			p.b.take(p.b.Start())
			for bit := range 6 {
				e := p.a
				if order>>bit&1 == 1 {
					e = p.b
				}
				if len(e.queue) > 0 {
					e.deliverOne()
				}
			}
			p.run()
			ida, _ := p.a.SessionID()
			idb, _ := p.b.SessionID()
			if p.a.State() != Encrypted || p.b.State() != Encrypted || ida != idb {
				t.Fatalf("order %b: %v, %v", order, p.a.State(), p.b.State())
			}
			p.a.say("hi")
			p.b.say("hi")
			p.run()
			p.shown(p.a, "hi")
			p.shown(p.b, "hi")
			p.noErrors()
		}
	})
}

// Any one message of the exchange may be lost or come twice: another start,
// later, gets through.
func TestLostAndDoubled(t *testing.T) {
	eachVersion(t, func(t *testing.T, v Policy) {
		for victim := range 5 {
			for _, twice := range []bool{false, true} {
				p := newPair(t, func(a, b *Config) { a.Policy = v })
				p.a.take(p.a.Start())
				for n := 0; len(p.a.queue)+len(p.b.queue) > 0; n++ {
					e := p.a
					if len(e.queue) == 0 {
						e = p.b
					}
					switch {
					case n != victim:
						e.deliverOne()
					case twice:
						e.queue = append([][]byte{e.queue[0]}, e.queue...)
						e.deliverOne()
						e.deliverOne()
					default:
						e.queue = e.queue[1:]
					}
				}
				if !twice {
					p.clock = p.clock.Add(exchangeRetry + time.Second)
					p.a.take(p.a.Start())
				}
				p.run()
				if p.a.State() != Encrypted || p.b.State() != Encrypted {
					t.Fatalf("message %d, twice %v: %v, %v", victim, twice, p.a.State(), p.b.State())
				}
				p.a.say("hi")
				p.run()
				p.shown(p.b, "hi")
			}
		}
	})
}

// Impatient users press the button again and again.
func TestManyStarts(t *testing.T) {
	eachVersion(t, func(t *testing.T, v Policy) {
		p := newPair(t, func(a, b *Config) { a.Policy = v })
		for range 5 {
			p.a.take(p.a.Start())
			p.b.take(p.b.Start())
		}
		p.run()
		p.a.say("hi")
		p.b.say("hi")
		p.run()
		p.shown(p.a, "hi")
		p.shown(p.b, "hi")
	})
}

// A key exchange that nobody answers is forgotten, secrets and all.
func TestStaleExchange(t *testing.T) {
	p := newPair(t, nil)
	p.a.take(p.a.Start())
	p.a.deliverOne() // bob commits
	if p.b.open == nil {
		t.Fatal("no commit")
	}
	p.clock = p.clock.Add(exchangeAge + time.Second)
	p.b.Tick()
	if p.b.open != nil {
		t.Fatal("a stale commit kept")
	}
	p.run() // alice's Key comes too late
	if p.b.State() != Plaintext {
		t.Fatal("an exchange out of nothing")
	}
	p.clock = p.clock.Add(exchangeAge + time.Second)
	p.a.Tick()
	p.b.Tick()
	if len(p.a.instances)+len(p.b.instances) > 0 {
		t.Fatal("stale exchanges kept")
	}
	p.secure()
}

func TestReflected(t *testing.T) {
	eachVersion(t, func(t *testing.T, v Policy) {
		p := newPair(t, func(a, b *Config) { a.Policy = v })
		p.a.to = p.a // a mirror
		p.a.take(p.a.Start())
		for n := 0; len(p.a.queue) > 0; n++ {
			if n > 100 {
				t.Fatal("talks to itself for ever")
			}
			p.a.deliverOne()
		}
		p.want(p.a, Reflected)
		if p.a.State() != Plaintext {
			t.Fatal("private with itself")
		}
		p.a.to = p.b
		p.secure()
		p.a.to = p.a
		p.a.say("echo")
		p.a.deliverOne()
		if len(p.a.texts) > 0 || p.a.State() != Encrypted {
			t.Fatal("read its own message")
		}
	})
}

// Two clients of the peer answer one query; both get a session, the one that
// is alive is followed, and each can be chosen.
func TestInstances(t *testing.T) {
	p := newPair(t, nil)
	second := &end{name: "bob's phone", Session: New(Config{
		Key: keys()[1], InstanceTag: 0x3003, Policy: Manual, Rand: seeded(3), Now: func() time.Time { return p.clock },
	}), to: p.a}
	// Everything of alice's goes to both, as on a network without resources.
	run := func() {
		for len(p.a.queue)+len(p.b.queue)+len(second.queue) > 0 {
			if len(p.a.queue) > 0 {
				msg := p.a.queue[0]
				p.a.queue = p.a.queue[1:]
				p.b.take(p.b.Receive(msg))
				second.take(second.Receive(msg))
			}
			for _, e := range []*end{p.b, second} {
				if len(e.queue) > 0 {
					e.deliverOne()
				}
			}
		}
	}
	p.a.take(p.a.Start())
	run()
	if p.b.State() != Encrypted || second.State() != Encrypted || len(p.a.Instances()) != 2 {
		t.Fatal("not private with both", p.a.Instances())
	}
	p.want(p.b, OtherInstance)
	p.clock = p.clock.Add(time.Second)
	p.b.say("from the desk")
	run()
	p.a.say("to the desk")
	run()
	p.shown(p.b, "to the desk")
	second.say("from the phone")
	run()
	p.want(p.a, InstanceSwitched)
	p.a.say("to the phone")
	run()
	p.shown(second, "to the phone")
	p.shown(p.b)
	if !p.a.Select(0x2002) || p.a.Select(0x9999) || p.a.TheirTag() != 0x2002 {
		t.Fatal("Select")
	}
	// The live one ends: the other takes over, nothing goes in clear.
	p.b.take(p.b.End())
	run()
	if p.a.State() != Encrypted || p.a.TheirTag() != 0x3003 || p.a.has(PeerEnded) {
		t.Fatal("did not follow")
	}
	second.take(second.End())
	run()
	p.want(p.a, PeerEnded)
	if p.a.State() != Finished {
		t.Fatal("not finished")
	}
}

// A buddy who comes back with a new instance is followed.
func TestNewInstance(t *testing.T) {
	p := newPair(t, nil).secure()
	p.b.Session = New(Config{Key: keys()[1], InstanceTag: 0x4004, Policy: Manual, Rand: seeded(4), Now: func() time.Time { return p.clock }})
	p.b.take(p.b.Start())
	p.run()
	if p.a.TheirTag() != 0x4004 {
		t.Fatal("not followed")
	}
	p.a.say("are you back?")
	p.run()
	p.shown(p.b, "are you back?")
}

// A crowd of forged instances takes bounded memory and pushes nobody out.
func TestCrowd(t *testing.T) {
	p := newPair(t, nil).secure()
	body := wire.AppendData(wire.AppendData(nil, make([]byte, 196)), bytes.Repeat([]byte{7}, 32))
	for n := range uint32(3 * maxInstances) {
		h := wire.Header{Version: 3, Type: wire.DHCommit, From: 0x10000 + n}
		p.a.Receive(wire.Armour(append(h.Append(nil), body...)))
		if len(p.a.instances) > maxInstances {
			t.Fatalf("%d instances", len(p.a.instances))
		}
	}
	p.a.say("hi")
	p.run()
	p.shown(p.b, "hi")
}

func TestTags(t *testing.T) {
	p := newPair(t, nil).secure()
	p.b.say("x")
	msg, _ := wire.Unarmour(p.b.queue[0][5:])
	p.b.queue = nil
	for name, c := range map[string]struct {
		at, to byte
		want   EventKind
	}{
		"sender below 0x100":  {3, 0, Malformed},
		"receiver not us":     {10, 9, OtherInstance},
		"receiver is nobody":  {9, 0, OtherInstance},
		"sender is not known": {6, 9, NotInPrivate},
	} {
		bad := bytes.Clone(msg)
		if name == "sender below 0x100" {
			copy(bad[3:7], []byte{0, 0, 0, 0xff})
		} else {
			bad[c.at] = c.to
		}
		r, _ := p.a.Receive(wire.Armour(bad))
		if len(r.Events) != 1 || r.Events[0].Kind != c.want || r.Show {
			t.Errorf("%s: %v", name, r.Events)
		}
	}
}

// A Key out of range changes nothing, also where an older exchange is being
// replaced by a newer one.
func TestBadKeyWhileWaiting(t *testing.T) {
	p := newPair(t, nil)
	p.a.take(p.a.Start())
	p.a.deliverOne() // query
	p.b.deliverOne() // commit
	p.a.deliverOne() // Key; bob's RevealSig gets lost
	p.b.queue = nil
	p.clock = p.clock.Add(exchangeRetry + time.Second)
	p.b.take(p.b.Receive([]byte("?OTRv3?"))) // bob commits anew
	h := wire.Header{Version: 3, Type: wire.DHKey, From: 0x1001, To: 0x2002}
	for _, key := range [][]byte{nil, {1}} {
		if _, err := p.b.Receive(wire.Armour(wire.AppendMPI(h.Append(nil), key))); err != ErrMalformed {
			t.Fatal(err)
		}
	}
	h.Type = wire.Signature
	sig := append(wire.AppendData(h.Append(nil), make([]byte, 466)), make([]byte, 20)...)
	if _, err := p.b.Receive(wire.Armour(sig)); err != ErrUnreadable {
		t.Fatal(err)
	}
	p.run()
	if p.a.State() != Encrypted || p.b.State() != Encrypted {
		t.Fatal(p.a.State(), p.b.State())
	}
}

func TestExchanging(t *testing.T) {
	eachVersion(t, func(t *testing.T, v Policy) {
		p := newPair(t, func(a, b *Config) { a.Policy = v })
		want := func(when string, a, b bool) {
			t.Helper()
			if p.a.Exchanging() != a || p.b.Exchanging() != b {
				t.Errorf("%s: %v, %v; want %v, %v", when, p.a.Exchanging(), p.b.Exchanging(), a, b)
			}
		}
		p.a.take(p.a.Start())
		want("asked", false, false)
		p.a.deliverOne()
		want("the query has come", false, true)
		p.b.deliverOne()
		want("the Commit has come", true, true)
		p.a.deliverOne()
		p.b.deliverOne()
		want("revealed", false, true)
		p.run()
		want("private", false, false)

		p.a.take(p.a.Start())
		p.a.deliverOne()
		p.b.deliverOne()
		p.clock = p.clock.Add(exchangeAge)
		want("a minute later", true, true)
		p.clock = p.clock.Add(time.Second)
		want("forgotten", false, false)
	})
}
