package otr

import (
	"bytes"
	"testing"
	"time"

	"culver/otrplugin/otr/internal/wire"
)

// Two clients of the peer answer one query; both get a session, the one that
// is alive is followed, and each can be chosen.
func TestP24Instances(t *testing.T) {
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
func TestP24NewInstance(t *testing.T) {
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

// A commit goes to nobody in particular; whoever answers gets a session of his
// own from it, and only once.
func TestP14OneCommitForAll(t *testing.T) {
	p := newPair(t, nil)
	r, err := p.a.Receive([]byte("?OTRv3?"))
	if err != nil || len(r.Wire) != 1 {
		t.Fatal(r, err)
	}
	commit := r.Wire[0]
	if h, _ := unarmoured(t, commit); h.To != 0 || h.From != 0x1001 {
		t.Fatalf("%+v", h)
	}
	sessions := make(map[[8]byte]bool)
	for n := range uint32(5) {
		b := &end{name: "bob", Session: New(Config{Key: keys()[1], InstanceTag: 0x2000 + n, Policy: Manual, Rand: seeded(int(n)), Now: p.a.cfg.Now}), to: p.a}
		p.a.to, p.b = b, b
		b.take(b.Receive(commit))
		key := b.queue[0]
		p.run()
		id, _ := b.SessionID()
		if b.State() != Encrypted || p.a.TheirTag() != 0x2000+n || sessions[id] {
			t.Fatalf("instance %d: %v", n, b.State())
		}
		sessions[id] = true
		if r, err := p.a.Receive(key); err != nil || len(r.Wire) > 0 {
			t.Fatal("the same Key again began something", err)
		}
		b.say("hi")
		p.run()
		p.shown(p.a, "hi")
	}
	if len(p.a.Instances()) != 5 {
		t.Fatal(p.a.Instances())
	}
}

// stuck is randomness that is always 0.
type stuck struct{}

func (stuck) Read(b []byte) (int, error) { clear(b); return len(b), nil }

// A tag is at least 0x100; one that cannot be is not used.
func TestP20InstanceTag(t *testing.T) {
	for range 100 {
		if NewInstanceTag(nil) < 0x100 {
			t.Fatal("an invalid tag")
		}
	}
	low := bytes.NewReader([]byte{0, 0, 0, 0xff, 0, 0, 0, 0, 0, 0, 1, 0})
	if tag := NewInstanceTag(low); tag != 0x100 {
		t.Fatalf("drew %x", tag)
	}
	if NewInstanceTag(stuck{}) < 0x100 {
		t.Fatal("an invalid tag of randomness that is always 0")
	}
	if NewInstanceTag(bytes.NewReader(nil)) < 0x100 {
		t.Fatal("an invalid tag without randomness")
	}
	if s := New(Config{InstanceTag: 0xff}); s.OurTag() < 0x100 {
		t.Fatalf("speaks as %x", s.OurTag())
	}
	if s := New(Config{InstanceTag: 0x100}); s.OurTag() != 0x100 {
		t.Fatalf("speaks as %x", s.OurTag())
	}
}

// Which tags a message of version 3 may carry, and what becomes of the others.
func TestInstanceTags(t *testing.T) {
	p := newPair(t, nil).secure()
	p.b.say("x")
	data, exchange := p.b.queue[0], p.b.wire[:3] // Commit, RevealSig, x
	p.b.queue = nil
	tagged := func(msg []byte, from, to uint32) []byte {
		h, body := unarmoured(t, msg)
		h.From, h.To = from, to
		return wire.Armour(append(h.Append(nil), body...))
	}
	// events gives alice a message, and tells what happened and what she says.
	events := func(msg []byte, want ...EventKind) [][]byte {
		t.Helper()
		p.a.quiet()
		r, _ := p.a.Receive(msg)
		if r.Show || len(r.Events) != len(want) {
			t.Fatal(r.Events, r.Show)
		}
		for n, k := range want {
			if r.Events[n].Kind != k {
				t.Fatal(r.Events)
			}
		}
		return r.Wire
	}
	t.Run("P21 receiver tag is not ours", func(t *testing.T) {
		for _, to := range []uint32{0x1002, 0x1003, 0xffffffff} {
			for _, msg := range [][]byte{data, exchange[0], exchange[1]} {
				if w := events(tagged(msg, 0x2002, to), OtherInstance); len(w) > 0 {
					t.Fatalf("answered %.40q", w[0])
				}
			}
			if w := events([]byte("?OTR|2002|1002,1,1,x,"), OtherInstance); len(w) > 0 {
				t.Fatal("a piece was answered")
			}
		}
	})
	t.Run("P21 receiver tag 0 in a Commit and in pieces only", func(t *testing.T) {
		events(tagged(data, 0x2002, 0), OtherInstance)
		events(tagged(exchange[1], 0x2002, 0), OtherInstance)
		if w := events(tagged(exchange[0], 0x3003, 0)); len(w) != 1 {
			t.Fatal("a Commit to everybody was not answered")
		}
		events([]byte("?OTR|2002|0,1,2,x,"))
		if p.a.fragments.Len() != 1 {
			t.Fatal("a piece to everybody was not kept")
		}
	})
	t.Run("P22 sender tag below 0x100", func(t *testing.T) {
		for _, from := range []uint32{0, 1, 0xff} {
			for _, msg := range [][]byte{data, exchange[0], exchange[1]} {
				if w := events(tagged(msg, from, 0x1001), Malformed); len(w) != 1 || !bytes.HasPrefix(w[0], []byte("?OTR Error:")) {
					t.Fatalf("%q", w)
				}
			}
		}
		if w := events([]byte("?OTR|ff|1001,1,2,x,"), Malformed); len(w) != 1 {
			t.Fatalf("%q", w)
		}
	})
	t.Run("P23 sender tag never seen", func(t *testing.T) {
		before := len(p.a.instances)
		if w := events(tagged(exchange[1], 0x9009, 0x1001)); len(w) > 0 || len(p.a.instances) != before {
			t.Fatal("a RevealSig out of nowhere began something")
		}
		h := wire.Header{Version: 3, Type: wire.DHKey, From: 0x9009, To: 0x1001}
		p.a.Session.open = nil
		if w := events(wire.Armour(append(h.Append(nil), data...))); len(w) > 0 || len(p.a.instances) != before {
			t.Fatal("a Key that nobody asked for began something")
		}
		// Unlike libotr, we tell both users of a data message that is lost.
		if w := events(tagged(data, 0x9009, 0x1001), NotInPrivate); len(w) != 1 || len(p.a.instances) != before {
			t.Fatalf("%q", w)
		}
	})
	t.Run("P26 receiver tag that cannot be", func(t *testing.T) {
		for _, to := range []uint32{1, 0xff} {
			for _, msg := range [][]byte{data, exchange[0], exchange[1]} {
				if w := events(tagged(msg, 0x2002, to), OtherInstance); len(w) > 0 {
					t.Fatalf("answered %.40q", w[0])
				}
			}
			events([]byte("?OTR|2002|ff,1,2,x,"), OtherInstance)
		}
	})
	p.a.texts = nil
	p.a.take(p.a.Receive(data))
	p.shown(p.a, "x")
}

// Each instance has a key of its own; events and texts name it.
func TestP25FingerprintsOfInstances(t *testing.T) {
	p := newPair(t, nil).secure()
	p.b.Session = New(Config{Key: keys()[2], InstanceTag: 0x3003, Policy: Manual, Rand: seeded(3), Now: p.a.cfg.Now})
	p.a.events = nil
	p.b.take(p.b.Start())
	p.run()
	if e := p.a.events[0]; e.Kind != GoneSecure || e.Tag != 0x3003 || e.Fingerprint != keys()[2].Fingerprint() {
		t.Fatal(e)
	}
	p.b.say("hi")
	r, err := p.a.Receive(p.b.queue[0])
	if err != nil || r.From != keys()[2].Fingerprint() || r.FromTag != 0x3003 {
		t.Fatal(r, err)
	}
	want := map[uint32]Fingerprint{0x2002: keys()[1].Fingerprint(), 0x3003: keys()[2].Fingerprint()}
	for _, i := range p.a.Instances() {
		if want[i.Tag] != i.Fingerprint {
			t.Fatalf("%x has the key %v", i.Tag, i.Fingerprint)
		}
		delete(want, i.Tag)
	}
	if len(want) > 0 {
		t.Fatal("missing", want)
	}
	// Forged messages of an exchange do not make an instance look alive.
	p.clock = p.clock.Add(time.Second)
	p.a.Receive(wire.Armour(append(wire.Header{Version: 3, Type: wire.DHCommit, From: 0x2002}.Append(nil), 1)))
	if old := p.a.instances[0x2002]; !old.heard.Before(p.clock) {
		t.Fatal("a forged message counts")
	}
}

// A client of version 2, which knows no tags, and one of version 3: each has
// its session, and who speaks is answered.
func TestP24BothVersions(t *testing.T) {
	p := newPair(t, nil).secure()
	desk := p.b
	phone := &end{name: "phone", Session: New(Config{Key: keys()[1], Policy: AllowV2, Rand: seeded(3), Now: p.a.cfg.Now}), to: p.a}
	p.b, p.a.to = phone, phone
	phone.take(phone.Start())
	p.run()
	if all := p.a.Instances(); len(all) != 2 || all[0].Tag != 0 || all[0].Version != V2 || all[1].Version != V3 || p.a.Version() != V2 {
		t.Fatal(all)
	}
	for _, e := range []*end{desk, phone, desk} {
		p.b, p.a.to = e, e
		e.say("it's me")
		p.run()
		p.a.say("fine")
		p.run()
		p.shown(p.a, "it's me")
		p.shown(e, "fine")
	}
	if p.a.Version() != V3 || p.a.TheirTag() != 0x2002 {
		t.Fatal("did not follow")
	}
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

// So does a crowd of real ones: the one that Send goes to stays, and of the
// others those that were heard of last.
func TestPrivateCrowd(t *testing.T) {
	p := newPair(t, nil)
	r, err := p.a.Receive([]byte("?OTRv3?"))
	if err != nil {
		t.Fatal(err)
	}
	commit := r.Wire[0]
	for n := range uint32(maxInstances + 3) {
		p.clock = p.clock.Add(time.Second)
		b := &end{name: "bob", Session: New(Config{Key: keys()[1], InstanceTag: 0x2000 + n, Policy: Manual, Rand: seeded(int(n)), Now: p.a.cfg.Now}), to: p.a}
		p.a.to, p.b = b, b
		b.take(b.Receive(commit))
		p.run()
		if p.a.TheirTag() != 0x2000+n {
			t.Fatal("not followed")
		}
		p.a.Select(0x2000)
	}
	all := p.a.Instances()
	if len(all) != maxInstances || all[0].Tag != 0x2000 || all[1].Tag != 0x2004 {
		t.Fatalf("%d instances are left, first %x and %x", len(all), all[0].Tag, all[1].Tag)
	}
}
