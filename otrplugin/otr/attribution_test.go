package otr

import (
	"bytes"
	"testing"
	"time"

	"culver/otrplugin/otr/internal/wire"
)

// another is one more client of the peer's, or of somebody who says so; its
// conversation with alice becomes private. p.b is it from here on.
func (p *pair) another(key *PrivateKey, tag uint32) *end {
	p.t.Helper()
	e := &end{name: "another", Session: New(Config{Key: key, InstanceTag: tag, Policy: Manual, Rand: seeded(int(tag)), Now: p.a.cfg.Now}), to: p.a}
	p.b, p.a.to = e, e
	e.take(e.Start())
	p.run()
	if e.State() != Encrypted {
		p.t.Fatal("not private")
	}
	return e
}

// What was under way from one person is not read as another's who has taken
// his place, tag and all.
func TestP17LateTextOfAnotherKey(t *testing.T) {
	p := newPair(t, nil).secure()
	r, err := p.b.Send([]byte("bob wrote this"))
	if err != nil {
		t.Fatal(err)
	}
	p.another(keys()[2], 0x2002)
	if late, err := p.a.Receive(r.Wire[0]); late.Show || err != ErrUnreadable {
		t.Fatalf("%q, from mallory: %v, %v", late.Text, late.From == keys()[2].Fingerprint(), err)
	}
}

// Somebody on the wire can take the place of a session by one with a key of his
// own, and end that. The host is told of the other key, and nothing leaves in
// clear.
func TestTakenOverAndEnded(t *testing.T) {
	p := newPair(t, nil).secure()
	p.a.events = nil
	mallory := p.another(keys()[2], 0x2002)
	if e := p.a.events; len(e) != 1 || e[0].Kind != GoneSecure || e[0].Fingerprint != keys()[2].Fingerprint() {
		t.Fatal(e)
	}
	mallory.take(mallory.End())
	p.run()
	if r, err := p.a.Send([]byte("canary")); err != ErrFinished || len(r.Wire) > 0 {
		t.Fatal(r, err)
	}
}

// That one client of the peer's is alive says nothing of another that texts
// went to.
func TestRecentSurvivesAnotherInstance(t *testing.T) {
	p := newPair(t, nil).secure()
	desk := p.b
	p.another(keys()[1], 0x3003)
	p.a.say("to the phone")
	desk.take(desk.Heartbeat())
	desk.deliverOne()
	if len(p.a.recent) != 1 || p.a.TheirTag() != 0x3003 {
		t.Fatal("forgotten")
	}
	p.b.deliverOneFrom(p.a)
	p.b.take(p.b.Heartbeat())
	p.run()
	if len(p.a.recent) != 0 {
		t.Fatal("kept though it was read")
	}
}

// deliverOneFrom takes the oldest message on the wire from another end.
func (e *end) deliverOneFrom(from *end) {
	msg := from.queue[0]
	from.queue = from.queue[1:]
	e.take(e.Receive(msg))
}

// Forged instances do not push out a private one, be it the live one or not;
// and when the live one ends, the conversation goes on with the one that was
// heard of last.
func TestPrivateInstancesStay(t *testing.T) {
	p := newPair(t, nil).secure()
	later := func() { p.clock = p.clock.Add(time.Second) }
	later()
	p.another(keys()[1], 0x3003)
	later()
	p.another(keys()[1], 0x4004)
	later()
	live := p.another(keys()[1], 0x5005)
	body := wire.AppendData(wire.AppendData(nil, make([]byte, 196)), bytes.Repeat([]byte{7}, 32))
	for n := range uint32(2 * maxInstances) {
		later()
		h := wire.Header{Version: 3, Type: wire.DHCommit, From: 0x10000 + n}
		p.a.Receive(wire.Armour(append(h.Append(nil), body...)))
	}
	if n := len(p.a.Instances()); n != 4 {
		t.Fatalf("%d private instances are left", n)
	}
	live.take(live.End())
	p.run()
	if p.a.State() != Encrypted || p.a.TheirTag() != 0x4004 {
		t.Fatalf("went on with %x", p.a.TheirTag())
	}
}

// One open commit is answered to a bounded number of times.
func TestOpenCommitIsUsedUp(t *testing.T) {
	p := newPair(t, nil)
	p.a.Receive([]byte("?OTRv3?"))
	i := &instance{version: V3}
	if p.a.open.answers = maxAnswers - 1; p.a.openFor(i) == nil {
		t.Fatal("used up too early")
	}
	if p.a.open.answers++; p.a.openFor(i) != nil {
		t.Fatal("not used up")
	}
}
