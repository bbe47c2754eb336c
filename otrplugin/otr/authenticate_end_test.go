package otr

import (
	"errors"
	"strings"
	"testing"
	"time"

	"culver/otrplugin/otr/internal/tlv"
)

// SMP is for private conversations, and ends with their keys.
func TestP57OnlyEncrypted(t *testing.T) {
	eachVersion(t, func(t *testing.T, v Policy) {
		p := newPair(t, func(a, b *Config) { a.Policy = v })
		for _, err := range []error{
			second(p.a.Authenticate([]byte("s"), "")), second(p.a.Answer([]byte("s"))), second(p.a.Abort()),
		} {
			if !errors.Is(err, ErrNotEncrypted) {
				t.Fatal(err)
			}
		}
		if p.a.SMPRunning() {
			t.Fatal("running")
		}
		for name, leave := range map[string]func(p *pair){
			"our end":    func(p *pair) { p.a.take(p.a.End()) },
			"their end":  func(p *pair) { p.b.take(p.b.End()) },
			"our start":  func(p *pair) { p.a.take(p.a.Start()) },
			"their key":  func(p *pair) { p.b.Session.cfg.Key = keys()[2]; p.b.take(p.b.Start()) },
			"our crash":  func(p *pair) { p.a.Drop() },
			"our finish": func(p *pair) { p.a.Close() },
		} {
			for n := 1; n <= 3; n++ {
				p := newPair(t, func(a, b *Config) { a.Policy = v }).secure()
				p.steps(n)
				p.a.queue, p.b.queue = nil, nil
				m := &p.a.live.smp
				initiator := m.initiator
				leave(p)
				p.run()
				if m.running() || m.initiator != nil || m.entered != nil {
					t.Fatalf("%s after %d messages: SMP goes on", name, n)
				}
				if initiator == nil {
					t.Fatal("nothing was running")
				}
				if told := p.a.has(SMPAborted); told == strings.HasPrefix(name, "our ") && name != "our start" {
					t.Errorf("%s after %d messages: told %v", name, n, told)
				}
			}
		}
	})
}

// A peer who does not go on does not hold SMP for ever; but nobody is hurried
// who is asked.
func TestSMPExpires(t *testing.T) {
	for n := 1; n <= 3; n++ {
		p := newPair(t, nil).secure()
		p.steps(n)
		p.a.queue, p.b.queue = nil, nil
		waits, other, limit := p.a, p.b, smpPersonWait
		if n > 1 {
			limit = smpProgramWait
		}
		if n == 3 {
			p.b.events = nil
		}
		p.clock = p.clock.Add(limit)
		for _, e := range []*end{p.a, p.b} {
			e.take(e.Tick(), nil)
			if e.has(SMPExpired) {
				t.Fatalf("after %d messages: too early", n)
			}
		}
		p.clock = p.clock.Add(time.Second)
		other.take(other.Tick(), nil)
		if n == 1 && (other.has(SMPExpired) || !other.SMPRunning()) {
			t.Fatal("hurried")
		}
		waits.take(waits.Tick(), nil)
		p.want(waits, SMPExpired)
		p.run()
		if other.SMPRunning() || waits.count(SMPExpired) != 1 {
			t.Fatalf("after %d messages: the other one waits", n)
		}
		p.idle()
		p.again()
	}
	// The responder waits for message 3.
	p := newPair(t, nil).secure()
	p.steps(1)
	p.b.take(p.b.Answer([]byte("s")))
	p.b.queue = nil
	p.clock = p.clock.Add(smpProgramWait + time.Second)
	p.b.take(p.b.Tick(), nil)
	p.want(p.b, SMPExpired)
	p.run()
	p.want(p.a, SMPAborted)
	p.idle()
}

// SMP stays with the instance that it was begun with, while the peer writes
// from another one; and there is one at a time.
func TestSMPStaysWithItsInstance(t *testing.T) {
	p := newPair(t, nil).secure()
	phone := &end{name: "bob's phone", Session: New(Config{
		Key: keys()[1], InstanceTag: 0x3003, Policy: Manual, Rand: seeded(3), Now: func() time.Time { return p.clock },
	}), to: p.a}
	// Alice's messages go to the one that they are for.
	run := func() {
		for len(p.a.queue)+len(p.b.queue)+len(phone.queue) > 0 {
			for _, e := range []*end{p.b, phone} {
				if len(e.queue) > 0 {
					e.deliverOne()
				}
			}
			if len(p.a.queue) > 0 {
				msg := p.a.queue[0]
				p.a.queue = p.a.queue[1:]
				for _, e := range []*end{p.b, phone} {
					if r, err := e.Receive(msg); len(r.Events) == 0 || r.Events[0].Kind != OtherInstance {
						e.take(r, err)
					}
				}
			}
		}
	}
	phone.take(phone.Start())
	run()
	if phone.State() != Encrypted || len(p.a.Instances()) != 2 || p.a.TheirTag() != 0x3003 {
		t.Fatal(p.a.Instances())
	}
	p.a.events, p.b.events = nil, nil

	// Alice asks the phone, bob writes at his desk, and answers on the phone.
	p.a.take(p.a.Authenticate([]byte("s"), ""))
	run()
	p.b.say("at my desk")
	run()
	if p.a.TheirTag() != 0x2002 || !p.a.SMPRunning() {
		t.Fatal("SMP is lost")
	}
	phone.take(phone.Answer([]byte("s")))
	run()
	p.want(p.a, SMPSuccess)
	p.want(phone, SMPSuccess)

	// The phone asks, bob writes at his desk, and alice answers the phone.
	phone.take(phone.Authenticate([]byte("t"), "Who?"))
	run()
	p.b.say("at my desk")
	run()
	p.a.events, phone.events = nil, nil
	p.a.take(p.a.Answer([]byte("t")))
	run()
	p.want(p.a, SMPSuccess)
	p.want(phone, SMPSuccess)

	// Alice asks the desk: what runs with the phone is over. Abort is for what runs.
	phone.take(phone.Authenticate([]byte("t"), ""))
	run()
	p.b.say("at my desk")
	run()
	phone.events = nil
	p.a.take(p.a.Authenticate([]byte("u"), ""))
	run()
	p.want(phone, SMPAborted)
	p.want(p.b, AskSecret)
	phone.say("on the phone")
	run()
	p.a.take(p.a.Abort())
	run()
	p.want(p.b, SMPAborted)

	// The phone asks while alice waits for the desk: the desk's goes on, as it
	// does when it has come further.
	p.b.say("at my desk")
	run()
	p.a.take(p.a.Authenticate([]byte("u"), ""))
	run()
	for _, step := range []smpStep{expects2, expects4} {
		p.a.events, p.b.events, phone.events = nil, nil, nil
		if got := p.a.authenticating().smp.step; got != step {
			t.Fatal(got)
		}
		phone.take(phone.Authenticate([]byte("v"), ""))
		phone.deliverOne()
		if len(p.a.events) > 0 || p.a.authenticating().tag != 0x2002 {
			t.Fatal(p.a.events)
		}
		run()
		p.want(phone, SMPAborted)
		if step == expects2 {
			p.b.take(p.b.Answer([]byte("u")))
			p.b.deliverOne()
		}
	}
	p.want(p.a, SMPSuccess)
	p.want(p.b, SMPSuccess)
	if p.a.SMPRunning() || p.b.SMPRunning() || phone.SMPRunning() {
		t.Fatal("SMP goes on")
	}

	// The end of the one that alice does not write to is not the end.
	p.a.Select(0x3003)
	p.a.events = nil
	p.b.take(p.b.End())
	run()
	if len(p.a.events) != 0 || p.a.State() != Encrypted || p.a.TheirTag() != 0x3003 {
		t.Fatal(p.a.events, p.a.State())
	}
}

// Both sides may have the same long-term key: SMP that both begin comes to an
// end all the same.
func TestBothBeginWithOneKey(t *testing.T) {
	for _, starts := range []bool{false, true} {
		p := newPair(t, func(a, b *Config) { b.Key = a.Key })
		if starts {
			p.b.take(p.b.Start())
			p.run()
		} else {
			p.secure()
		}
		p.a.take(p.a.Authenticate([]byte("s"), ""))
		p.b.take(p.b.Authenticate([]byte("s"), ""))
		p.run()
		p.want(p.a, SMPSuccess)
		p.want(p.b, SMPSuccess)
		p.idle()
	}
}

// A peer who begins SMP over and over asks our user a few times a minute, and
// what is more costs no arithmetic; he can ask again later.
func TestSMPFlood(t *testing.T) {
	p := newPair(t, nil).secure()
	flood := func() {
		t.Helper()
		p.a.events = nil
		for range 3 * asksAMinute {
			p.b.take(p.b.SendTLV(nil, tlv.SMP1, smp1(t)))
			p.b.deliverOne()
		}
		if n := p.a.count(AskSecret); n != asksAMinute {
			t.Fatalf("asked %d times", n)
		}
		if n := p.a.count(SMPAborted); n != 1 || len(p.a.events) != asksAMinute+1 || p.a.SMPRunning() {
			t.Fatal(p.a.events)
		}
		if len(p.a.queue) != 2*asksAMinute {
			t.Fatalf("%d aborts", len(p.a.queue))
		}
		p.run()
	}
	flood()
	p.clock = p.clock.Add(time.Minute)
	flood()
	p.clock = p.clock.Add(time.Minute)
	p.again()
	p.noErrors()
}
