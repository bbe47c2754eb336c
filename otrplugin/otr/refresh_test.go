package otr

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"culver/otrplugin/otr/internal/discovery"
)

// A line typed at any point of a refresh is private and arrives.
func TestP17TypingDuringRefresh(t *testing.T) {
	eachVersion(t, func(t *testing.T, v Policy) {
		for steps := range 7 {
			for _, who := range []string{"alice", "bob"} {
				p := newPair(t, func(a, b *Config) { a.Policy = v }).secure()
				p.a.say("before")
				p.b.say("before")
				p.run()
				p.a.texts, p.b.texts = nil, nil
				from := p.a
				if who == "bob" {
					from = p.b
				}
				p.a.take(p.a.Start())
				for range steps {
					if len(p.a.queue) > 0 {
						p.a.deliverOne()
					} else if len(p.b.queue) > 0 {
						p.b.deliverOne()
					}
				}
				r, err := from.take(from.Send([]byte("canary")))
				if err != nil || !r.Sealed {
					t.Fatalf("%s after %d steps: %v", who, steps, err)
				}
				p.run()
				p.shown(from.to, "canary")
				p.noErrors()
				p.want(p.a, Refreshed)
				p.want(p.b, Refreshed)
				from.to.say("after")
				p.run()
				p.shown(from, "after")
				for _, w := range append(p.a.wire, p.b.wire...) {
					if bytes.Contains(w, []byte("canary")) {
						t.Fatal("in clear")
					}
				}
			}
		}
	})
}

// Whatever arrives that isn't authenticated, replayed or forged: the session
// stays private, with the same peer, and works.
func TestP17NothingForgedEndsASession(t *testing.T) {
	eachVersion(t, func(t *testing.T, v Policy) {
		p := newPair(t, func(a, b *Config) { a.Policy, b.Policy = v|ErrorStartsAKE, Opportunistic }).secure()
		for n := range 3 {
			p.a.say(fmt.Sprint("a", n))
			p.b.say(fmt.Sprint("b", n))
			p.a.take(p.a.Start())
			p.run()
		}
		before, _ := p.a.SessionID()
		replay := append([][]byte(nil), p.a.wire...)
		replay = append(replay, p.b.wire...)
		for _, forged := range []string{
			"?OTRv23?", "?OTR?", "?OTRv?", "?OTR Error: go away", "plain", "x" + discovery.TagBase + discovery.TagV2 + discovery.TagV3, "?OTR:===.", "?OTR,1,2,x,",
		} {
			replay = append(replay, []byte(forged))
		}
		for round := range 2 {
			for n, msg := range replay {
				r, _ := p.a.Receive(msg)
				if p.a.State() != Encrypted || r.Show && r.Sealed {
					t.Fatalf("round %d, message %d (%.40q): %v", round, n, msg, p.a.State())
				}
				p.clock = p.clock.Add(7 * time.Second)
				p.a.Tick()
			}
		}
		after, _ := p.a.SessionID()
		if before != after {
			t.Fatal("another session")
		}
		p.a.texts, p.b.texts = nil, nil
		p.a.say("still here")
		p.b.say("so am I")
		p.run()
		p.shown(p.b, "still here")
		p.shown(p.a, "so am I")
	})
}

// What the peer sent under the old keys before he had the new ones is read;
// for a while.
func TestP17FormerKeys(t *testing.T) {
	p := newPair(t, nil).secure()
	p.b.say("old 1")
	p.b.say("old 2")
	old := p.b.queue
	p.b.queue = nil
	p.a.take(p.a.Start())
	p.run()
	p.want(p.a, Refreshed)
	p.a.take(p.a.Receive(old[0]))
	p.shown(p.a, "old 1")
	p.clock = p.clock.Add(formerAge + time.Second)
	p.a.Tick()
	if _, err := p.a.Receive(old[1]); err != ErrUnreadable {
		t.Fatal("read with keys that should be gone", err)
	}
}

// A refresh by somebody else is not a refresh.
func TestP17AnotherKey(t *testing.T) {
	eachVersion(t, func(t *testing.T, v Policy) {
		p := newPair(t, func(a, b *Config) { a.Policy = v }).secure()
		mallory := New(Config{Key: keys()[2], InstanceTag: 0x2002, Policy: Manual, Now: func() time.Time { return p.clock }})
		p.b.Session = mallory
		p.a.events = nil
		p.a.take(p.a.Start())
		p.run()
		p.want(p.a, GoneSecure)
		if f, _ := p.a.PeerFingerprint(); f != keys()[2].Fingerprint() || p.a.has(Refreshed) {
			t.Fatal("taken for the same peer")
		}
	})
}

// Refreshes by either side or both, in every order of arrival, with something
// forged or replayed thrown in before each step: both ends stay private, and
// whatever is typed, at every step, leaves encrypted.
func TestP17HostileRefresh(t *testing.T) {
	eachVersion(t, func(t *testing.T, v Policy) {
		// Every kind of message, of an older session of the same two and of strangers.
		old := newPair(t, func(a, b *Config) {
			a.Policy, b.Policy = Manual, v
			a.Rand, b.Rand = seeded(1), seeded(2)
		}).secure()
		old.a.say("old")
		old.b.say("old")
		old.b.take(old.b.Authenticate([]byte("x"), ""))
		old.a.take(old.a.End())
		toA := append([][]byte{}, old.b.wire...)
		toB := append([][]byte{}, old.a.wire...)
		for _, forged := range []string{
			"?OTRv23?", "?OTR?v2?", "?OTRv3?", "?OTR?", "?OTR Error: go away", "plain", "x" + discovery.TagBase + discovery.TagV2 + discovery.TagV3,
			"?OTR:===.", "?OTR,1,2,x,", "?OTR|2002|1001,1,1,?OTRv?,", "?OTR:AAEKAAAA.",
		} {
			toA, toB = append(toA, []byte(forged)), append(toB, []byte(forged))
		}
		for order := range 24 {
			p := newPair(t, func(a, b *Config) {
				a.Policy, b.Policy = v|ErrorStartsAKE|WhitespaceStartsAKE, v|WhitespaceStartsAKE
				a.Rand, b.Rand = seeded(order+10), seeded(order+1010)
			}).secure()
			if order%3 != 0 {
				p.a.take(p.a.Start())
			}
			if order%3 != 1 {
				p.b.take(p.b.Start())
			}
			type typed struct {
				by   *end
				text string
			}
			var all []typed
			for step := range 12 {
				for _, e := range []*end{p.a, p.b} {
					forged := toA
					if e == p.b {
						forged = toB
					}
					r, _ := e.take(e.Receive(forged[(order*5+step)%len(forged)]))
					if r.Show && r.Sealed {
						t.Fatalf("order %d, step %d: a forged message was believed", order, step)
					}
					text := fmt.Sprintf("canary %d %d", order, step)
					r, err := e.take(e.Send([]byte(text)))
					if err != nil || !r.Sealed || e.State() != Encrypted {
						t.Fatalf("order %d, step %d: %s: %v, %v", order, step, e.name, err, e.State())
					}
					all = append(all, typed{e, text})
				}
				e := p.a
				if order>>(step%4)&1 == 1 {
					e = p.b
				}
				for range 3 {
					if len(e.queue) > 0 {
						e.deliverOne()
					}
				}
			}
			p.run()
			for _, w := range append(p.a.wire, p.b.wire...) {
				if bytes.Contains(w, []byte("canary")) {
					t.Fatalf("order %d: in clear", order)
				}
			}
			// What was shown was typed, in order, once; a forged error may bring some of it again.
			for _, e := range []*end{p.a, p.b} {
				rest := all
				for _, text := range e.texts {
					if strings.HasPrefix(text, "CLEAR:") || strings.HasPrefix(text, "[resent] canary") {
						continue
					}
					for len(rest) > 0 && (rest[0].by == e || rest[0].text != text) {
						rest = rest[1:]
					}
					if len(rest) == 0 {
						t.Fatalf("order %d: %s saw %q", order, e.name, e.texts)
					}
					rest = rest[1:]
				}
			}
			p.clock = p.clock.Add(2 * exchangeAge)
			p.a.take(p.a.Start())
			p.run()
			p.a.texts, p.b.texts = nil, nil
			p.a.say("after")
			p.b.say("after")
			p.run()
			p.shown(p.a, "after")
			p.shown(p.b, "after")
		}
	})
}

// What came under the keys from before a refresh is read, but an end or an
// authentication among it was of the conversation before.
func TestP17FormerRecords(t *testing.T) {
	eachVersion(t, func(t *testing.T, v Policy) {
		held := func() (*pair, [][]byte) {
			p := newPair(t, func(a, b *Config) { a.Policy = v }).secure()
			p.b.take(p.b.SendTLV([]byte("late"), 1234, nil))
			p.b.take(p.b.Authenticate([]byte("x"), ""))
			end := p.b.payload(0, []byte("\x00\x00\x01\x00\x00"))
			msgs := append(p.b.queue, end)
			p.b.queue, p.a.events = nil, nil
			return p, msgs
		}
		p, late := held()
		p.b.take(p.b.Start()) // alice commits, and so has the last message
		p.run()
		for _, m := range late {
			p.a.take(p.a.Receive(m))
		}
		p.shown(p.a, "late")
		p.want(p.a, TLVReceived)
		if p.a.State() != Encrypted || p.a.has(PeerEnded) || p.a.has(AskSecret) {
			t.Fatal("an old end or authentication counts", p.a.events)
		}
		p.a.say("still private")
		p.run()
		p.shown(p.b, "still private")

		// Where bob may not have the new keys yet, his end is an end.
		p, late = held()
		p.a.take(p.a.Start()) // bob commits
		for p.a.count(Refreshed) == 0 {
			if len(p.a.queue) > 0 {
				p.a.deliverOne()
			} else {
				p.b.deliverOne()
			}
		}
		p.a.take(p.a.Receive(late[len(late)-1]))
		p.want(p.a, PeerEnded)
	})
}

// All that happens follows from what arrives, the clock and the randomness.
func TestDeterministic(t *testing.T) {
	play := func() []string {
		p := newPair(t, func(a, b *Config) { a.Policy, b.Policy = Opportunistic, Always })
		p.a.say("hi")
		p.b.say("held")
		p.run()
		p.a.take(p.a.Authenticate([]byte("secret"), "question"))
		p.run()
		p.b.take(p.b.Answer([]byte("secret")))
		p.run()
		p.a.take(p.a.Start())
		p.run()
		p.a.take(p.a.End())
		p.run()
		var all []string
		for _, w := range append(p.a.wire, p.b.wire...) {
			all = append(all, string(w))
		}
		return all
	}
	a, b := play(), play()
	if len(a) < 10 || strings.Join(a, "\n") != strings.Join(b, "\n") {
		t.Fatal("another conversation out of the same randomness")
	}
}
