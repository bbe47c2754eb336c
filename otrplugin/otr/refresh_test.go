package otr

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"culver/otrplugin/otr/internal/discovery"
)

// A line typed at any point of a refresh is private and arrives.
func TestTypingDuringRefresh(t *testing.T) {
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
func TestNothingForgedEndsASession(t *testing.T) {
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
func TestFormerKeys(t *testing.T) {
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
func TestAnotherKey(t *testing.T) {
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
