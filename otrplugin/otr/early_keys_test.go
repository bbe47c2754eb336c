package otr

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1"
	"slices"
	"testing"
	"time"

	"culver/otrplugin/otr/internal/tlv"
)

// Messages of the next keys overtake those of the ones before: what waits is read
// with its keys, in its order, and no MAC key is revealed before.
func TestOvertakenAcrossRotation(t *testing.T) {
	eachVersion(t, func(t *testing.T, v Policy) {
		p := patient(t, v)
		for range 3 {
			p.a.say("x")
			p.b.say("y")
			p.run()
		}
		p.a.texts, p.b.texts = nil, nil
		p.a.say("old 1")
		p.a.say("old 2")
		p.a.say("old 3")
		old := p.a.taken()
		p.b.gets(old[0], old[2])
		p.b.say("answer")
		p.run() // rotates what alice writes with
		p.a.say("new 1")
		p.a.say("new 2")
		next := p.a.taken()
		p.b.gets(next[0])
		p.waiting(p.b, 2)
		p.b.say("reveals nothing yet of what is needed")
		p.run()
		p.a.say("new 3")
		p.b.gets(p.a.taken()...)
		p.b.gets(next[1])
		p.waiting(p.b, 4)
		p.shown(p.b, "old 1")
		for _, w := range p.b.wire {
			answer, ok := sniff(w)
			for key := range slices.Chunk(answer.revealed, 20) {
				for _, msg := range [][]byte{old[1], old[2], next[0]} {
					m, _ := sniff(msg)
					if mac := hmac.New(sha1.New, key); ok {
						mac.Write(m.msg[:m.at.mac])
						if bytes.Equal(mac.Sum(nil), m.mac) {
							t.Fatal("the MAC key of a message that was not read yet was revealed")
						}
					}
				}
			}
		}
		p.b.gets(old[1])
		p.shown(p.b, "old 2", "old 3", "new 1", "new 2", "new 3")
		p.noErrors()
		p.waiting(p.b, 0)
		p.b.say("and on")
		p.a.say("and on")
		p.run()
		p.noErrors()
	})
}

// The same if what is waited for is lost.
func TestOvertakenAcrossRotationLost(t *testing.T) {
	p := patient(t, AllowV3)
	p.a.say("lost")
	p.a.say("old")
	old := p.a.taken()
	p.b.gets(old[1])
	p.b.say("answer")
	p.run()
	p.a.say("new")
	p.b.gets(p.a.taken()...)
	p.shown(p.b)
	p.pass(earlyWait)
	p.shown(p.b, "old", "new")
	p.noErrors()
}

// A refresh comes between: what waits under the keys from before is still read, and
// before anything that comes under the new ones.
func TestOvertakenAcrossRefresh(t *testing.T) {
	eachVersion(t, func(t *testing.T, v Policy) {
		for _, comes := range []bool{true, false} {
			for _, starts := range []string{"alice", "bob"} {
				p := patient(t, v)
				p.a.say("1")
				p.a.say("2")
				p.a.say("3")
				q := p.a.taken()
				p.b.gets(q[2])
				p.b.gets(q[0])
				p.shown(p.b, "1")
				if starts == "alice" {
					p.a.take(p.a.Start())
				} else {
					p.b.take(p.b.Start())
				}
				p.run()
				p.want(p.b, Refreshed)
				p.a.say("4")
				p.run()
				p.shown(p.b)
				if comes {
					p.b.gets(q[1])
					p.shown(p.b, "2", "3", "4")
				} else {
					p.pass(earlyWait)
					p.shown(p.b, "3", "4")
				}
				p.noErrors()
				p.b.say("on")
				p.a.say("on")
				p.run()
				p.shown(p.a, "on")
				p.shown(p.b, "on")
				p.noErrors()
			}
		}
	})
}

// Two refreshes, or another key: what waits is read before its keys go.
func TestOvertakenKeysGo(t *testing.T) {
	p := patient(t, AllowV3)
	p.a.say("1")
	p.a.say("2")
	q := p.a.taken()
	p.b.gets(q[1])
	for range 2 {
		p.clock = p.clock.Add(earlyWait / 4)
		p.a.take(p.a.Start())
		p.run()
	}
	p.shown(p.b, "2")
	p.waiting(p.b, 0)

	p = patient(t, AllowV3)
	p.a.say("1")
	p.a.take(p.a.SendTLV([]byte("2"), tlv.Disconnected, nil))
	p.b.gets(p.a.taken()[1])
	p.a.Session = New(Config{Key: keys()[2], InstanceTag: 0x1001, Policy: Manual, Now: func() time.Time { return p.clock }})
	p.a.take(p.a.Start())
	p.run()
	p.shown(p.b, "2")
	if f, _ := p.b.PeerFingerprint(); p.b.State() != Encrypted || p.b.has(PeerEnded) || f != keys()[2].Fingerprint() {
		t.Fatal("the end of the conversation before was taken for that of the new one")
	}
}

// The peer's end has overtaken his last words.
func TestOvertakenByTheEnd(t *testing.T) {
	eachVersion(t, func(t *testing.T, v Policy) {
		for _, comes := range []bool{true, false} {
			p := patient(t, v)
			p.a.say("last words")
			p.a.take(p.a.End())
			q := p.a.taken()
			p.b.gets(q[1])
			if p.b.State() != Encrypted || p.b.has(PeerEnded) {
				t.Fatal("ended before the last words")
			}
			if comes {
				r, err := p.b.take(p.b.Receive(q[0]))
				if string(r.Text) != "last words" || len(r.Events) > 0 || len(r.Then) != 1 || r.Then[0].Events[0].Kind != PeerEnded || err != nil {
					t.Fatalf("%+v, %v", r, err)
				}
			} else {
				p.pass(earlyWait)
			}
			p.want(p.b, PeerEnded)
			p.waiting(p.b, 0)
			if p.b.State() != Finished {
				t.Fatal(p.b.State())
			}
		}
	})
}

// Our user's end reads what waits; a crash, and closing, do not.
func TestOvertakenByOurEnd(t *testing.T) {
	for name, c := range map[string]struct {
		end   func(p *pair)
		shown []string
	}{
		"End":         {func(p *pair) { p.b.take(p.b.End()) }, []string{"2"}},
		"EndInstance": {func(p *pair) { p.b.take(p.b.EndInstance(0x1001)) }, []string{"2"}},
		"Drop":        {func(p *pair) { p.b.Drop() }, nil},
		"Close":       {func(p *pair) { p.b.Close() }, nil},
	} {
		p := patient(t, AllowV3)
		p.a.say("1")
		p.a.say("2")
		p.b.gets(p.a.taken()[1])
		c.end(p)
		p.shown(p.b, c.shown...)
		if _, due := p.b.Due(); due || len(p.b.early) > 0 || p.b.State() != Plaintext {
			t.Errorf("%s: something still waits", name)
		}
	}
}
