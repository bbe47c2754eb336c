package otr

import (
	"bytes"
	"testing"
	"time"

	"culver/otrplugin/otr/internal/wire"
)

// Both start at once, in every order of arrival.
func TestP13CrossingStarts(t *testing.T) {
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
func TestP13LostAndDoubled(t *testing.T) {
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
func TestP13ManyStarts(t *testing.T) {
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
func TestP15Expiry(t *testing.T) {
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

// It is forgotten at the next call, too, whatever that is.
func TestP15ExpiryWithoutTick(t *testing.T) {
	for name, call := range map[string]func(bob *end){
		"Receive": func(bob *end) { bob.deliverKey() },
		"Send":    func(bob *end) { bob.take(bob.Send([]byte("hi"))) },
		"Start":   func(bob *end) { bob.take(bob.Start()) },
	} {
		t.Run(name, func(t *testing.T) {
			p := newPair(t, nil)
			p.a.take(p.a.Start())
			p.a.deliverOne() // bob commits
			p.b.deliverOne() // alice's Key is on its way
			p.clock = p.clock.Add(exchangeAge + time.Second)
			call(p.b)
			if p.b.open != nil || len(p.b.instances) > 0 {
				t.Fatal("a stale commit kept, or its answer taken")
			}
		})
	}
}

// deliverKey hands over what the other end has to say first.
func (e *end) deliverKey() { e.to.deliverOne() }

func TestP16Reflected(t *testing.T) {
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

// The last message of an exchange is lost, and before it counts as that the peer asks
// for another: it is begun when it does.
func TestAskedWhileNearlyDone(t *testing.T) {
	for name, lost := range map[string]bool{"lost": true, "late": false} {
		t.Run(name, func(t *testing.T) {
			p := newPair(t, nil).secure()
			p.a.take(p.a.Start())
			p.a.deliverOne() // query
			p.b.deliverOne() // commit
			p.a.deliverOne() // Key
			p.b.deliverOne() // Reveal Signature
			if lost {
				p.a.queue = nil
			}
			p.clock = p.clock.Add(exchangeRetry / 2)
			p.b.take(p.b.Receive([]byte("?OTRv23?")))
			if len(p.b.queue) > 0 {
				t.Fatalf("%q", p.b.queue)
			}
			if at, ok := p.b.Due(); !ok || at.Sub(p.clock) != exchangeRetry/2 {
				t.Fatal(at.Sub(p.clock), ok)
			}
			p.run() // the Signature, if it was late
			p.b.events = nil
			p.clock = p.clock.Add(exchangeRetry / 2)
			p.b.take(p.b.Tick(), nil)
			if _, ok := p.b.Due(); ok {
				t.Error("it is still due")
			}
			if begun := len(p.b.queue) == 1; begun != lost {
				t.Fatalf("begun: %v, %q", begun, p.b.queue)
			}
			p.run()
			if lost {
				p.want(p.b, Refreshed)
			}
			p.a.say("read")
			p.run()
			p.shown(p.b, "read")
		})
	}
}

// A Key out of range changes nothing, also where an older exchange is being
// replaced by a newer one.
func TestP13BadKeyWhileWaiting(t *testing.T) {
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

// One exchange, held up at every state, and what each message does there that
// it should not.
func TestP13States(t *testing.T) {
	eachVersion(t, func(t *testing.T, v Policy) {
		start := func() *pair {
			p := newPair(t, func(a, b *Config) { a.Policy = v })
			p.b.take(p.b.Start())
			p.b.deliverOne() // alice commits
			return p
		}
		// answer is what e makes of a message, which must be no error.
		answer := func(e *end, msg []byte) [][]byte {
			t.Helper()
			r, err := e.Receive(msg)
			if err != nil || r.Show || len(r.Events) > 0 {
				t.Fatal(r, err)
			}
			return r.Wire
		}
		same := func(what string, a, b []byte) {
			t.Helper()
			if !bytes.Equal(a, b) {
				t.Fatal("not the same " + what)
			}
		}
		t.Run("a Commit while we await RevealSig", func(t *testing.T) {
			p := start()
			commit := p.a.queue[0]
			first := answer(p.b, commit)[0]
			same("Key", first, answer(p.b, commit)[0])
			other := start()
			other.a.Session.cfg.Rand = seeded(77) // another commit, the same Key
			other.a.Drop()
			other.a.queue = nil
			other.a.take(other.a.Receive(query(v, "")))
			same("Key", first, answer(p.b, other.a.queue[0])[0])
			// The commit that came last is the one that counts.
			other.a.queue = nil
			other.a.take(other.a.Receive(first))
			p.b.take(p.b.Receive(other.a.queue[0]))
			if p.b.State() != Encrypted {
				t.Fatal("not private")
			}
		})
		t.Run("a Commit while we await a Signature", func(t *testing.T) {
			p := start()
			p.a.deliverOne()
			p.b.deliverOne() // alice reveals; it gets lost
			p.a.queue = nil
			p.b.take(p.b.Receive(query(v, "")))
			p.run()
			if p.a.State() != Encrypted || p.b.State() != Encrypted {
				t.Fatal("not private")
			}
		})
		t.Run("Keys while we await a Signature", func(t *testing.T) {
			p := start()
			p.a.deliverOne()
			key := p.b.queue[0]
			p.b.deliverOne()
			same("RevealSig", p.a.queue[0], answer(p.a, key)[0])
			h, body := unarmoured(t, key)
			body[100] ^= 1 // another one
			if w := answer(p.a, wire.Armour(append(h.Append(nil), body...))); len(w) > 0 {
				t.Fatal("another Key was taken")
			}
			p.run()
			if p.a.State() != Encrypted || p.b.State() != Encrypted {
				t.Fatal("not private")
			}
		})
		t.Run("a Key of the other version", func(t *testing.T) {
			p := start()
			p.a.SetPolicy(Manual)
			p.a.deliverOne()
			_, body := unarmoured(t, p.b.queue[0])
			h := wire.Header{Version: 2, Type: wire.DHKey}
			if v == AllowV2 {
				h = wire.Header{Version: 3, Type: wire.DHKey, From: 0x2002, To: 0x1001}
			}
			if w := answer(p.a, wire.Armour(append(h.Append(nil), body...))); len(w) > 0 {
				t.Fatal("taken")
			}
		})
		t.Run("RevealSig and Signature out of place", func(t *testing.T) {
			old := newPair(t, func(a, b *Config) { a.Policy = v }).secure()
			reveal, signature := old.b.wire[1], old.a.wire[2]
			if h, _ := unarmoured(t, reveal); h.Type != wire.RevealSig {
				t.Fatal("not what was meant")
			}
			if h, _ := unarmoured(t, signature); h.Type != wire.Signature {
				t.Fatal("not what was meant")
			}
			ignored := func(e *end, msg []byte) {
				t.Helper()
				if w := answer(e, msg); len(w) > 0 {
					t.Fatalf("answered %.60q", w[0])
				}
			}
			p := newPair(t, func(a, b *Config) { a.Policy = v })
			ignored(p.a, reveal) // nothing under way
			ignored(p.b, signature)
			p.a.take(p.a.Start())
			p.a.deliverOne()
			ignored(p.b, signature) // bob awaits a Key
			p.run()
			ignored(p.a, reveal) // private
			ignored(p.b, signature)

			p = start()
			ignored(p.a, reveal) // alice awaits a Key
			p.a.deliverOne()
			ignored(p.b, signature) // bob awaits RevealSig
			p.b.deliverOne()
			ignored(p.a, reveal) // alice awaits a Signature
			p.run()
			if p.a.State() != Encrypted || p.b.State() != Encrypted {
				t.Fatal("not private")
			}
		})
		t.Run("what is revealed is not what was committed to", func(t *testing.T) {
			p := start()
			p.a.deliverOne()
			p.b.deliverOne()
			h, body := unarmoured(t, p.a.queue[0])
			body[8] ^= 1 // of the key that is revealed
			if w := answer(p.b, wire.Armour(append(h.Append(nil), body...))); len(w) > 0 {
				t.Fatal("answered")
			}
			p.run()
			if p.a.State() != Encrypted || p.b.State() != Encrypted {
				t.Fatal("not private")
			}
		})
	})
}

// What is wrong in an exchange is said to the user, not to the peer, and
// changes nothing.
func TestP18SilentErrors(t *testing.T) {
	eachVersion(t, func(t *testing.T, v Policy) {
		p := newPair(t, func(a, b *Config) { a.Policy = v })
		p.a.take(p.a.Start())
		p.a.deliverOne()
		for n := 0; len(p.a.queue)+len(p.b.queue) > 0; n++ {
			e := p.a
			if len(e.queue) == 0 {
				e = p.b
			}
			h, body := unarmoured(t, e.queue[0])
			for name, bad := range map[string][]byte{"cut": body[:len(body)-1], "longer": append(bytes.Clone(body), 0), "empty": nil} {
				r, err := e.to.Receive(wire.Armour(append(h.Append(nil), bad...)))
				if err != ErrMalformed || len(r.Wire) > 0 || len(r.Events) != 1 || r.Events[0].Kind != SetupFailed {
					t.Fatalf("message %d, %s: %v, %v", n, name, r, err)
				}
			}
			if h.Type == wire.RevealSig || h.Type == wire.Signature {
				bad := bytes.Clone(body)
				bad[len(bad)-1] ^= 1
				r, err := e.to.Receive(wire.Armour(append(h.Append(nil), bad...)))
				if err != ErrUnreadable || len(r.Wire) > 0 || len(r.Events) != 1 || r.Events[0].Kind != SetupFailed {
					t.Fatalf("message %d, forged: %v, %v", n, r, err)
				}
			}
			e.deliverOne()
		}
		if p.a.State() != Encrypted || p.b.State() != Encrypted {
			t.Fatal("not private")
		}
	})
}
