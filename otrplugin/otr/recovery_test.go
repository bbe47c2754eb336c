package otr

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"culver/otrplugin/otr/internal/discovery"
)

func seeded(n int) *rand.ChaCha8 { return rand.NewChaCha8([32]byte{byte(n), byte(n >> 8), 's'}) }

// restart replaces bob by a bob who knows nothing.
func (p *pair) restart(policy Policy) {
	p.b.Session = New(Config{Key: keys()[1], InstanceTag: 0x2002, Policy: policy, Rand: seeded(99), Now: func() time.Time { return p.clock }})
}

// The peer lost his session: both are told, keys are exchanged anew once, and
// what was lost is sent again, in order.
func TestPeerRestarted(t *testing.T) {
	eachVersion(t, func(t *testing.T, v Policy) {
		p := newPair(t, func(a, b *Config) { a.Policy = v | ErrorStartsAKE }).secure()
		p.a.say("read")
		p.b.say("answer")
		p.run()
		p.restart(Opportunistic)
		p.a.events, p.b.events, p.b.texts = nil, nil, nil
		p.a.say("lost 1")
		p.a.say("lost 2")
		p.run()
		p.want(p.b, NotInPrivate)
		p.want(p.a, PeerError)
		p.want(p.a, Resent)
		p.shown(p.b, "[resent] lost 1", "[resent] lost 2")
		for _, w := range p.a.wire {
			if bytes.Contains(w, []byte("lost")) {
				t.Fatal("in clear")
			}
		}
	})
}

// With nothing automatic, both are told, and the user's start mends it.
func TestPeerRestartedManual(t *testing.T) {
	p := newPair(t, nil).secure()
	p.restart(Manual)
	p.a.say("lost")
	p.run()
	p.want(p.b, NotInPrivate)
	p.want(p.a, PeerError)
	if p.b.State() != Plaintext || p.a.State() != Encrypted {
		t.Fatal("something happened by itself")
	}
	p.clock = p.clock.Add(5 * time.Second)
	p.b.take(p.b.Start())
	p.run()
	p.shown(p.b, "[resent] lost")
}

// Old texts, and texts for another key, are not sent again.
func TestNotResent(t *testing.T) {
	for name, spoil := range map[string]func(p *pair){
		"too late":    func(p *pair) { p.clock = p.clock.Add(recentAge + time.Second) },
		"another key": func(p *pair) { p.b.Session.cfg.Key = keys()[2] },
		"was read":    func(p *pair) {},
	} {
		p := newPair(t, nil).secure()
		if name == "was read" {
			p.a.say("canary")
			p.b.say("got it")
			p.run()
			p.b.texts = nil
			p.restart(Manual)
		} else {
			p.restart(Manual)
			p.a.say("canary")
			p.run()
		}
		p.a.take(p.a.Receive([]byte("?OTR Error: what?")))
		spoil(p)
		p.b.take(p.b.Start())
		p.run()
		if p.a.State() != Encrypted || p.b.State() != Encrypted {
			t.Fatal("not private")
		}
		if p.a.has(Resent) || len(p.b.texts) > 0 {
			t.Errorf("%s: sent again", name)
		}
	}
}

// Two programs that answer errors with queries and queries with errors come
// to rest, as does one that is fed errors for ever.
func TestNoLoops(t *testing.T) {
	eachVersion(t, func(t *testing.T, v Policy) {
		p := newPair(t, func(a, b *Config) { a.Policy, b.Policy = v|ErrorStartsAKE, Always }).secure()
		// From here on every data message is spoilt on its way.
		p.a.say("x")
		p.b.say("y")
		n := 0
		for ; len(p.a.queue)+len(p.b.queue) > 0; n++ {
			if n > 200 {
				t.Fatal("no end")
			}
			for _, e := range []*end{p.a, p.b} {
				if len(e.queue) == 0 {
					continue
				}
				if w := e.queue[0]; bytes.HasPrefix(w, []byte("?OTR:AAMD")) || bytes.HasPrefix(w, []byte("?OTR:AAID")) {
					w[len(w)-40] ^= 1
				}
				e.deliverOne()
			}
		}
		answers := 0
		for range 1000 {
			r, _ := p.a.Receive([]byte("?OTR Error: again"))
			answers += len(r.Wire)
			r, _ = p.a.Receive([]byte("?OTR:AAMD."))
			answers += len(r.Wire)
			r, _ = p.a.Receive(p.b.wire[len(p.b.wire)-1])
			answers += len(r.Wire)
			r, _ = p.a.Receive([]byte("I am away, ask me for ?OTRv23? later."))
			answers += len(r.Wire)
		}
		if answers > 20 {
			t.Fatalf("%d answers", answers)
		}
	})
}

// Two programs of which one answers everything with a query, or with an offer,
// come to rest; and whoever asks is answered again later, and at once if our own
// user asked too.
func TestAutoResponder(t *testing.T) {
	offer := discovery.AddOffer([]byte("I am away."), Manual.versions())
	for _, text := range [][]byte{[]byte("I am away. Ask me for ?OTRv23? when I am back."), []byte("?OTRv2?"), offer} {
		p := newPair(t, func(a, b *Config) { a.Policy = Opportunistic })
		answers := func() (n int) {
			for range 1000 {
				r, err := p.a.Receive(text)
				if err != nil {
					t.Fatal(err)
				}
				n += len(r.Wire)
				p.clock = p.clock.Add(10 * time.Millisecond)
			}
			return n
		}
		if n := answers(); n != answersAMinute {
			t.Fatalf("%d answers to %q", n, text)
		}
		p.clock = p.clock.Add(time.Minute)
		if n := answers(); n != answersAMinute {
			t.Fatalf("%d answers a minute later", n)
		}
		p.a.Start()
		if n := answers(); n != answersAMinute {
			t.Fatalf("%d answers after our user asked", n)
		}
		p.a.Send([]byte("?OTRv23?"))
		p.b.take(p.b.Start())
		p.run()
		p.want(p.a, GoneSecure)
		if p.a.answers != (limiter{}) {
			t.Fatal("what came to something counts")
		}
	}
}

// All that was typed before the conversation was private arrives, in order.
func TestHeld(t *testing.T) {
	eachVersion(t, func(t *testing.T, v Policy) {
		p := newPair(t, func(a, b *Config) { a.Policy = v | RequireEncryption })
		var want []string
		for n := range 5 {
			text := fmt.Sprint("canary ", n)
			want = append(want, text)
			r, err := p.a.take(p.a.Send([]byte(text)))
			if err != nil || !r.Held || r.Sealed {
				t.Fatal(r, err)
			}
			p.clock = p.clock.Add(4 * time.Second)
		}
		if p.a.Held() != 5 || p.a.count(EncryptionRequired) != 5 {
			t.Fatal("not held")
		}
		if len(p.a.queue) != 2 {
			t.Fatalf("%d queries", len(p.a.queue))
		}
		p.run()
		p.shown(p.b, want...)
		p.want(p.a, Delivered)
		if p.a.Held() != 0 {
			t.Fatal("still held")
		}
		for _, w := range p.a.wire {
			if bytes.Contains(w, []byte("canary")) {
				t.Fatal("in clear")
			}
		}
	})
}

// A key exchange that hangs while texts wait is asked for again by the clock.
func TestHeldRetry(t *testing.T) {
	p := newPair(t, func(a, b *Config) { a.Policy = Always })
	p.a.say("canary")
	p.a.deliverOne()
	p.b.deliverOne() // bob's commit; alice's Key gets lost
	p.a.queue = nil
	for range 5 {
		p.clock = p.clock.Add(30 * time.Second)
		p.a.take(p.a.Tick(), nil)
		p.b.take(p.b.Tick(), nil)
	}
	p.run()
	p.shown(p.b, "canary")
	if p.a.Tick(); len(p.a.queue) > 0 {
		t.Fatal("asks on")
	}
}

// Without a long-term key nothing is begun, and nothing lost.
func TestNoKey(t *testing.T) {
	p := newPair(t, func(a, b *Config) { a.Key, a.Policy = nil, Always })
	if _, err := p.a.Start(); err != ErrNoKey {
		t.Fatal(err)
	}
	p.a.say("canary")
	p.run()
	if p.a.State() != Plaintext || p.a.Held() != 1 {
		t.Fatal(p.a.State())
	}
	p.a.SetKey(keys()[0])
	p.clock = p.clock.Add(2 * time.Minute)
	p.a.take(p.a.Start())
	p.run()
	p.shown(p.b, "canary")
}

// Texts that wait go only to a key that may have them.
func TestMayRelease(t *testing.T) {
	p := newPair(t, func(a, b *Config) {
		a.Policy = Always
		a.MayRelease = func(f Fingerprint) bool { return f == keys()[2].Fingerprint() }
	})
	p.a.say("for carol only")
	p.run()
	if p.a.State() != Encrypted || p.a.Held() != 1 || len(p.b.texts) > 0 {
		t.Fatal("released")
	}
	if r, err := p.a.Send([]byte("and this")); err != nil || !r.Held || len(r.Wire) > 0 {
		t.Fatal("overtook what waits", err)
	}
	r, err := p.a.take(p.a.Release())
	if err != nil || !r.Sealed {
		t.Fatal(r, err)
	}
	p.run()
	p.shown(p.b, "for carol only", "and this")
}

// Nothing typed under "require encryption" is ever on the wire in clear, on
// a network that loses, doubles and reorders, with users who start and end.
func TestRandomSchedules(t *testing.T) {
	rounds := 150
	if testing.Short() {
		rounds = 20
	}
	for round := range rounds {
		dice := rand.New(rand.NewPCG(uint64(round), 7))
		p := newPair(t, func(a, b *Config) {
			a.Policy, b.Policy = Always, []Policy{Always, Manual, AllowV2, Opportunistic}[round%4]
			a.Rand, b.Rand = seeded(round), seeded(round+500)
			if round%3 == 0 {
				a.MaxFragment = 300
			}
		})
		ends := []*end{p.a, p.b}
		for range 80 {
			e := ends[dice.IntN(2)]
			switch dice.IntN(12) {
			case 0:
				e.take(e.Start())
			case 1:
				p.a.say("canary")
			case 2:
				if p.b.State() == Encrypted {
					p.b.say("canary")
				}
			case 3:
				if dice.IntN(4) == 0 {
					e.take(e.End())
				}
			case 4:
				p.clock = p.clock.Add(time.Duration(dice.IntN(40)) * time.Second)
				e.Tick()
			case 5:
				if n := len(e.queue); n > 1 {
					i, j := dice.IntN(n), dice.IntN(n)
					e.queue[i], e.queue[j] = e.queue[j], e.queue[i]
				}
			case 6:
				if n := len(e.wire); n > 0 {
					e.queue = append(e.queue, e.wire[dice.IntN(n)])
				}
			default:
				if len(e.queue) > 0 {
					if dice.IntN(15) == 0 {
						e.queue = e.queue[1:]
					} else {
						e.deliverOne()
					}
				}
			}
		}
		for _, e := range ends {
			for _, w := range e.wire {
				if bytes.Contains(w, []byte("canary")) {
					t.Fatalf("round %d: in clear", round)
				}
			}
		}
		// And when the network behaves again, so does the conversation.
		p.a.queue, p.b.queue = nil, nil
		p.clock = p.clock.Add(2 * time.Minute)
		p.a.take(p.a.Start())
		p.run()
		p.a.texts, p.b.texts = nil, nil
		p.a.say("finally")
		p.run()
		if got := strings.Join(p.b.texts, "|"); got != "finally" {
			t.Fatalf("round %d: bob saw %q (%v, %v)", round, got, p.a.State(), p.b.State())
		}
	}
}
