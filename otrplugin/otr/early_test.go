package otr

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"culver/otrplugin/otr/internal/wire"
)

const earlyWait = 2 * time.Second

// patient is a private pair both of which wait for what was overtaken.
func patient(t testing.TB, v Policy) *pair {
	t.Helper()
	return newPair(t, func(a, b *Config) {
		a.Policy = v
		a.EarlyWait, b.EarlyWait = earlyWait, earlyWait
	}).secure()
}

// takes is what e sent and nobody has got yet.
func (e *end) taken() [][]byte {
	q := e.queue
	e.queue = nil
	return q
}

// gets hands messages to e.
func (e *end) gets(msgs ...[]byte) {
	for _, m := range msgs {
		e.take(e.Receive(m))
	}
}

// pass lets time go by, and calls Tick if it is due.
func (p *pair) pass(d time.Duration) {
	p.clock = p.clock.Add(d)
	for _, e := range []*end{p.a, p.b} {
		if at, ok := e.Due(); ok && !at.After(p.clock) {
			e.take(e.Tick(), nil)
		}
	}
}

func (p *pair) waiting(e *end, n int) {
	p.t.Helper()
	if len(e.early) != n {
		p.t.Fatalf("%s: %d messages wait, want %d", e.name, len(e.early), n)
	}
	if at, ok := e.Due(); ok != (n > 0) || ok && (at.Before(p.clock) || at.Sub(p.clock) > earlyWait) {
		p.t.Fatalf("%s: due %v, %v", e.name, at, ok)
	}
}

// Whatever the order in which messages of one pair of keys arrive, from the very
// first one on: all are read, in the order in which they were sent, and none waits
// longer than the others need.
func TestOvertaken(t *testing.T) {
	eachVersion(t, func(t *testing.T, v Policy) {
		for order := range 120 {
			for _, before := range []int{0, 2} {
				p := patient(t, v)
				var want []string
				for n := range before {
					p.a.say(fmt.Sprint("before ", n))
					want = append(want, fmt.Sprint("before ", n))
				}
				p.run()
				for n := range 5 {
					p.a.say(fmt.Sprint(n))
					want = append(want, fmt.Sprint(n))
				}
				rest := p.a.taken()
				for k, left := order, 5; left > 0; left-- {
					n := k % left
					k /= left
					p.b.gets(rest[n])
					rest = slices.Delete(rest, n, n+1)
				}
				p.shown(p.b, want...)
				p.noErrors()
				p.waiting(p.b, 0)
				if len(p.b.queue) > 0 {
					t.Fatal("something was answered")
				}
			}
		}
	})
}

func TestOvertakenNumbers(t *testing.T) {
	p := patient(t, AllowV3)
	for _, text := range []string{"1", "2", "3"} {
		p.a.say(text)
	}
	q := p.a.taken()
	three, err := p.b.Receive(q[2])
	if err != nil || three.Early == 0 || three.Show || len(three.Wire)+len(three.Events)+len(three.Then) > 0 {
		t.Fatalf("%+v, %v", three, err)
	}
	two, _ := p.b.Receive(q[1])
	if two.Early == 0 || two.Early == three.Early {
		t.Fatalf("%+v", two)
	}
	one, err := p.b.Receive(q[0])
	if err != nil || one.Early != 0 || string(one.Text) != "1" || len(one.Then) != 2 {
		t.Fatalf("%+v, %v", one, err)
	}
	for n, want := range []Result{two, three} {
		r := one.Then[n]
		if r.Early != want.Early || string(r.Text) != []string{"2", "3"}[n] || !r.Show || !r.Sealed || r.FromTag != 0x1001 {
			t.Fatalf("%d: %+v", n, r)
		}
	}
}

// What never comes holds nothing up for longer than it has to.
func TestOvertakenLost(t *testing.T) {
	eachVersion(t, func(t *testing.T, v Policy) {
		p := patient(t, v)
		for n := range 6 {
			p.a.say(fmt.Sprint(n))
		}
		q := p.a.taken()
		p.b.gets(q[1])
		p.pass(time.Second)
		p.b.gets(q[2], q[5]) // 3 and 4 are on their way
		p.shown(p.b)
		p.waiting(p.b, 3)
		p.pass(time.Second)
		p.shown(p.b, "1", "2")
		p.waiting(p.b, 1)
		p.b.gets(q[4])
		p.b.gets(q[3])
		p.shown(p.b, "3", "4", "5")
		p.noErrors()
		p.b.gets(q[0]) // too late: counters rise
		p.want(p.b, Unreadable)
		p.shown(p.b)
		p.b.say("still here")
		p.run()
		p.shown(p.a, "still here")
	})
}

// A copy of a message that waits is as one of a message that was read, and so is
// one of a message that waited.
func TestOvertakenReplayed(t *testing.T) {
	p := patient(t, AllowV3)
	for _, text := range []string{"1", "2", "3"} {
		p.a.say(text)
	}
	q := p.a.taken()
	p.b.gets(q[1])
	for n := range 3 {
		if _, err := p.b.Receive(q[1]); !errors.Is(err, ErrUnreadable) {
			t.Fatal(n, err)
		}
	}
	p.waiting(p.b, 1)
	p.b.gets(q[0])
	p.shown(p.b, "1", "2")
	for _, m := range q[:2] {
		if _, err := p.b.Receive(m); !errors.Is(err, ErrUnreadable) {
			t.Fatal(err)
		}
	}
	p.b.gets(q[2])
	p.shown(p.b, "3")
}

// Only what verifies waits.
func TestOvertakenForged(t *testing.T) {
	p := patient(t, AllowV3)
	p.a.say("1")
	p.a.say("2")
	m := p.lastData(p.a)
	q := p.a.taken()
	for name, msg := range map[string][]byte{
		"counter": put(m.msg, m.at.ctr+7, 9), "text": put(m.msg, m.at.enc+4, m.enc[0]^1), "MAC": put(m.msg, m.at.mac, m.mac[0]^1),
		"keys": put(m.msg, m.at.to+3, 77),
	} {
		if _, err := p.b.Receive(wire.Armour(msg)); !errors.Is(err, ErrUnreadable) {
			t.Errorf("%s: %v", name, err)
		}
		p.b.quiet()
		p.waiting(p.b, 0)
	}
	p.b.gets(q[0], q[1])
	p.shown(p.b, "1", "2")
}

// More than the bounds does not wait, and is not lost.
func TestOvertakenFlood(t *testing.T) {
	for name, text := range map[string]string{"many": "x", "big": strings.Repeat("x", 60_000), "too big": strings.Repeat("x", 300_000)} {
		p := patient(t, AllowV3)
		const n = 2 * maxEarly
		var want []string
		for k := range n {
			p.a.say(fmt.Sprint(k, text))
			want = append(want, fmt.Sprint(k, text))
		}
		for _, m := range p.a.taken()[1:] {
			p.b.gets(m)
			size := 0
			for _, e := range p.b.early {
				size += len(e.msg)
			}
			if len(p.b.early) > maxEarly || size > maxEarlyBytes {
				t.Fatalf("%s: %d messages wait, %d bytes", name, len(p.b.early), size)
			}
		}
		p.pass(earlyWait)
		p.shown(p.b, want[1:]...)
		p.noErrors()
	}
}

// SMP in the wrong order succeeds all the same.
func TestOvertakenSMP(t *testing.T) {
	p := patient(t, AllowV3)
	p.a.say("before")
	p.a.take(p.a.Authenticate([]byte("x"), ""))
	q := p.a.taken()
	p.b.gets(q[1])
	if p.b.has(AskSecret) {
		t.Fatal("asked too early")
	}
	p.b.gets(q[0])
	p.want(p.b, AskSecret)
	p.b.take(p.b.Answer([]byte("x")))
	p.run()
	p.want(p.a, SMPSuccess)
	p.want(p.b, SMPSuccess)
}

// Pieces of messages, the messages in the wrong order.
func TestOvertakenFragments(t *testing.T) {
	p := newPair(t, func(a, b *Config) { a.MaxFragment, b.EarlyWait = 100, earlyWait }).secure()
	p.a.say("one " + strings.Repeat("x", 500))
	one := p.a.taken()
	p.a.say("two " + strings.Repeat("x", 500))
	two := p.a.taken()
	p.b.gets(two...)
	p.waiting(p.b, 1)
	p.b.gets(one...)
	if len(p.b.texts) != 2 || !strings.HasPrefix(p.b.texts[0], "one") || !strings.HasPrefix(p.b.texts[1], "two") {
		t.Fatal(p.b.texts)
	}
	p.noErrors()
}

// One instance does not wait for another.
func TestOvertakenInstances(t *testing.T) {
	p := patient(t, AllowV3)
	carol := &end{name: "carol", Session: New(Config{
		Key: keys()[0], InstanceTag: 0x3003, Policy: Manual, Rand: seeded(5), Now: func() time.Time { return p.clock },
	}), to: p.b}
	carol.take(carol.Start())
	for len(p.b.queue)+len(carol.queue) > 0 {
		if len(carol.queue) > 0 {
			carol.deliverOne()
			continue
		}
		msg := p.b.queue[0]
		p.b.queue = p.b.queue[1:]
		carol.take(carol.Receive(msg))
	}
	p.a.say("a1")
	p.a.say("a2")
	carol.say("c1")
	carol.say("c2")
	carol.say("c3")
	a, c := p.a.taken(), carol.taken()
	p.b.gets(a[1], c[0], c[2])
	p.shown(p.b, "c1")
	p.waiting(p.b, 2)
	p.b.gets(c[1])
	p.shown(p.b, "c2", "c3")
	p.b.gets(a[0])
	p.shown(p.b, "a1", "a2")
	p.noErrors()
}

// A message that has waited for nothing does not turn what is typed away from the
// instance that wrote meanwhile.
func TestOvertakenIsNotFollowed(t *testing.T) {
	p := patient(t, AllowV3)
	phone := p.a.Session
	p.a.say("lost")
	p.a.say("from the phone")
	waits := p.a.taken()[1]
	p.a.Session = New(Config{Key: keys()[0], InstanceTag: 0x3003, Policy: Manual, Rand: seeded(5), Now: func() time.Time { return p.clock }})
	p.a.take(p.a.Start())
	p.run()
	p.b.gets(waits)
	p.clock = p.clock.Add(time.Second)
	p.a.say("from the desk")
	p.run()
	p.b.events = nil
	p.pass(time.Second)
	p.shown(p.b, "from the desk", "from the phone")
	if p.b.TheirTag() != 0x3003 || p.b.has(InstanceSwitched) {
		t.Fatalf("what is typed goes to %x", p.b.TheirTag())
	}
	p.a.Session = phone
	p.a.say("the phone again")
	p.run()
	if p.b.TheirTag() != 0x1001 {
		t.Fatal("not followed")
	}
}

// A peer that counts otherwise is waited for a few times only, until one of its
// messages is the first one of its keys again.
func TestOvertakenByNobody(t *testing.T) {
	p := patient(t, AllowV3)
	lose := func() (waited bool) {
		p.a.say("lost")
		p.a.say("comes")
		p.b.gets(p.a.taken()[1])
		waited = len(p.b.early) > 0
		p.pass(earlyWait)
		p.shown(p.b, "comes")
		return waited
	}
	for n := range maxVain + 2 {
		if lose() != (n < maxVain) {
			t.Fatal("waits", n)
		}
	}
	p.b.say("turns")
	p.run()
	p.a.say("first")
	p.run()
	p.b.texts = nil
	if !lose() {
		t.Fatal("does not wait any more")
	}
	p.noErrors()
}

// Without EarlyWait, nothing waits.
func TestOvertakenNotWaited(t *testing.T) {
	p := newPair(t, nil).secure()
	p.a.say("1")
	p.a.say("2")
	q := p.a.taken()
	p.b.gets(q[1], q[0])
	p.shown(p.b, "2")
	p.waiting(p.b, 0)
	p.want(p.b, Unreadable)
}

// A wire that mixes things up within moments, as when a connection is resumed:
// everything typed on either side is shown, once, in order, as long as the mixing
// does not go beyond the keys that are kept.
func TestOvertakenMixed(t *testing.T) {
	rounds := 60
	if testing.Short() {
		rounds = 10
	}
	for round := range rounds {
		dice := rand.New(rand.NewPCG(uint64(round), 5))
		p := patient(t, []Policy{AllowV2, AllowV3}[round%2])
		want := map[*end][]string{}
		for turn := range 12 {
			e := []*end{p.a, p.b}[dice.IntN(2)]
			for n := range dice.IntN(6) {
				text := fmt.Sprint(turn, ".", n)
				e.say(text)
				want[e.to] = append(want[e.to], text)
			}
			q := e.taken()
			dice.Shuffle(len(q), func(x, y int) { q[x], q[y] = q[y], q[x] })
			e.to.gets(q...)
			if dice.IntN(4) == 0 {
				p.a.take(p.a.Start())
				p.run()
			}
		}
		p.run()
		for _, e := range []*end{p.a, p.b} {
			p.shown(e, want[e]...)
			p.waiting(e, 0)
		}
		p.noErrors()
	}
}

// No byte of what waits is shared with the session's buffer or the caller's.
func TestOvertakenKeepsACopy(t *testing.T) {
	p := patient(t, AllowV3)
	for _, text := range []string{"one", "two", "three"} {
		p.a.say(text)
	}
	q := p.a.taken()
	for _, n := range []int{2, 1, 0} {
		m := bytes.Clone(q[n])
		p.b.gets(m)
		clear(m)
	}
	p.shown(p.b, "one", "two", "three")
}
