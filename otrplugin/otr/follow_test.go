package otr

import (
	"errors"
	"testing"
	"time"
)

// stays is alice, whose user wants to stay with the instance that MayFollow is
// told of first, and bob at a desk and at a phone.
func stays(t *testing.T, may func(from, to Instance, fresh bool) bool) (p *pair, phone *end, run func()) {
	p = newPair(t, func(a, _ *Config) { a.MayFollow = may }).secure()
	phone = &end{name: "bob's phone", Session: New(Config{
		Key: keys()[2], InstanceTag: 0x3003, Policy: Manual, Rand: seeded(3), Now: func() time.Time { return p.clock },
	}), to: p.a}
	run = func() {
		for len(p.a.queue)+len(p.b.queue)+len(phone.queue) > 0 {
			for len(p.a.queue) > 0 {
				msg := p.a.queue[0]
				p.a.queue = p.a.queue[1:]
				to := phone
				if h, _ := unarmoured(t, msg); h.To == 0x2002 {
					to = p.b
				}
				to.take(to.Receive(msg))
			}
			for _, e := range []*end{p.b, phone} {
				if len(e.queue) > 0 {
					e.deliverOne()
				}
			}
		}
	}
	return p, phone, run
}

// Nothing that another instance does takes Send away from the one that the user
// wants, as long as that is private.
func TestAnInstanceIsNotFollowedAgainstMayFollow(t *testing.T) {
	var asked []bool
	p, phone, run := stays(t, func(from, to Instance, fresh bool) bool {
		if from.Tag != 0x2002 || to.Tag != 0x3003 || from.State != Encrypted || to.State != Encrypted || to.Heard.IsZero() {
			t.Errorf("from %+v to %+v", from, to)
		}
		asked = append(asked, fresh)
		return false
	})
	phone.take(phone.Start())
	run()
	if p.a.TheirTag() != 0x2002 || len(p.a.Instances()) != 2 || len(asked) != 1 || !asked[0] {
		t.Fatal("a fresh exchange took Send away", asked)
	}
	if e := p.a.events[len(p.a.events)-1]; e.Kind != GoneSecure || e.Tag != 0x3003 {
		t.Fatalf("told was %+v", e)
	}
	phone.say("from the phone")
	run()
	p.shown(p.a, "from the phone")
	phone.take(phone.Start()) // a refresh
	run()
	phone.take(phone.Authenticate([]byte("x"), "q?"))
	run()
	if e := p.a.events[len(p.a.events)-1]; e.Kind != AskAnswer || e.Tag != 0x3003 {
		t.Fatalf("told was %+v", e)
	}
	p.a.take(p.a.Answer([]byte("x")))
	run()
	p.want(phone, SMPSuccess)
	if p.a.has(InstanceSwitched) || p.a.TheirTag() != 0x2002 {
		t.Fatal("switched")
	}
	p.a.say("to the desk")
	run()
	p.shown(p.b, "to the desk")

	// The end of the one that is wanted is followed without a question.
	n := len(asked)
	p.b.take(p.b.End())
	run()
	if p.a.TheirTag() != 0x3003 || p.a.State() != Encrypted || len(asked) != n {
		t.Fatal("the living one was not followed")
	}
	p.want(p.a, InstanceSwitched)
}

func TestMayFollowAllowsIt(t *testing.T) {
	p, phone, run := stays(t, func(Instance, Instance, bool) bool { return true })
	phone.take(phone.Start())
	run()
	if p.a.TheirTag() != 0x3003 {
		t.Fatal("not followed")
	}
	p.clock = p.clock.Add(time.Second)
	p.b.say("here")
	run()
	p.want(p.a, InstanceSwitched)
	for _, i := range p.a.Instances() {
		if (i.Tag == 0x2002) != i.Heard.Equal(p.clock) {
			t.Errorf("%+v", i)
		}
	}
}

// What is held does not go to an instance that may not be followed.
func TestHeldTextsStayWithTheInstanceThatIsWanted(t *testing.T) {
	p, phone, run := stays(t, func(Instance, Instance, bool) bool { return false })
	p.a.cfg.MayRelease = func(Fingerprint) bool { return false }
	p.a.held = append(p.a.held, []byte("for the desk"))
	phone.take(phone.Start())
	run()
	p.shown(phone)
	p.a.take(p.a.Release())
	run()
	p.shown(phone)
	p.shown(p.b, "for the desk")
}

func TestEndInstance(t *testing.T) {
	p, phone, run := stays(t, nil)
	if _, err := p.a.EndInstance(0x9999); !errors.Is(err, ErrNotEncrypted) {
		t.Fatal(err)
	}
	phone.take(phone.Start())
	run()
	p.clock = p.clock.Add(time.Second)
	p.b.say("from the desk")
	run()

	// Another than the one in use.
	p.a.events = nil
	p.a.take(p.a.EndInstance(0x3003))
	run()
	p.want(phone, PeerEnded)
	if p.b.State() != Encrypted || p.a.TheirTag() != 0x2002 || len(p.a.Instances()) != 1 || len(p.a.events) != 0 {
		t.Fatal(p.a.events, p.a.Instances())
	}

	// The one in use: the other takes over, and what comes late begins nothing.
	phone.take(phone.End())
	phone.take(phone.Start())
	run()
	late, err := phone.Send([]byte("late"))
	if err != nil {
		t.Fatal(err)
	}
	if p.a.TheirTag() != 0x3003 {
		t.Fatal("not followed")
	}
	p.a.take(p.a.EndInstance(0x3003))
	run()
	if p.a.TheirTag() != 0x2002 || p.a.State() != Encrypted || p.a.has(Ended) {
		t.Fatal("the other did not take over")
	}
	p.want(p.a, InstanceSwitched)
	if r, err := p.a.Receive(late.Wire[0]); !errors.Is(err, ErrUnreadable) || len(r.Wire) > 0 {
		t.Fatalf("a late message was answered: %q, %v", r.Wire, err)
	}
	p.a.say("still private")
	run()
	p.shown(p.b, "still private")

	// The last one: as End.
	p.a.take(p.a.EndInstance(0x2002))
	run()
	p.want(p.a, Ended)
	p.want(p.b, PeerEnded)
	if p.a.State() != Plaintext || len(p.a.Instances()) != 0 {
		t.Fatal(p.a.State())
	}
}

// A finished one can be ended, too, and nothing is told to anybody.
func TestEndAFinishedInstance(t *testing.T) {
	p, phone, run := stays(t, nil)
	phone.take(phone.Start())
	run()
	p.b.take(p.b.End())
	run()
	if len(p.a.Instances()) != 2 || p.a.State() != Encrypted {
		t.Fatal(p.a.Instances())
	}
	if r, err := p.a.EndInstance(0x2002); err != nil || len(r.Wire) > 0 || len(p.a.Instances()) != 1 {
		t.Fatal(r.Wire, err)
	}
	phone.take(phone.End())
	run()
	if r, err := p.a.EndInstance(0x3003); err != nil || len(r.Wire) > 0 || p.a.State() != Plaintext {
		t.Fatal(r.Wire, err)
	}
}

func TestEndInstanceOfAClosedSession(t *testing.T) {
	p := newPair(t, nil).secure()
	p.a.Close()
	if _, err := p.a.EndInstance(0x2002); !errors.Is(err, ErrClosed) {
		t.Fatal(err)
	}
}
