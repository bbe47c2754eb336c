package otr

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"culver/otrplugin/otr/internal/smp"
	"culver/otrplugin/otr/internal/tlv"
)

// smp1 is a first message of SMP.
func smp1(t *testing.T) []byte {
	t.Helper()
	_, body, err := smp.Start(seeded(5), [32]byte{1})
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// steps takes SMP from alice to the point where n of its messages have arrived;
// the next one, if it is not bob's user's, is under way.
func (p *pair) steps(n int) {
	p.t.Helper()
	p.a.events, p.b.events = nil, nil
	if n == 0 {
		return
	}
	p.a.take(p.a.Authenticate([]byte("s"), "Who?"))
	p.a.deliverOne()
	if n == 1 {
		return
	}
	p.b.take(p.b.Answer([]byte("s")))
	for from := p.b; n > 1; n-- {
		from.deliverOne()
		from = from.to
	}
}

// idle checks that nothing of SMP is left.
func (p *pair) idle() {
	p.t.Helper()
	for _, e := range []*end{p.a, p.b} {
		if m := e.live.smp; m.running() || m.initiator != nil || m.responder != nil || m.entered != nil {
			p.t.Fatalf("%s: SMP goes on", e.name)
		}
	}
}

// again checks that SMP works, from both sides.
func (p *pair) again() {
	p.t.Helper()
	for _, e := range []*end{p.a, p.b} {
		p.a.events, p.b.events = nil, nil
		e.take(e.Authenticate([]byte("again"), ""))
		p.run()
		e.to.take(e.to.Answer([]byte("again")))
		p.run()
		p.want(p.a, SMPSuccess)
		p.want(p.b, SMPSuccess)
	}
	p.idle()
}

// percents are the SMP events of e, with their percents.
func (e *end) percents() string {
	var s []string
	for _, ev := range e.events {
		s = append(s, fmt.Sprint(ev.Kind, " ", ev.Percent))
	}
	return strings.Join(s, ", ")
}

// What is typed is compared as it is, byte for byte, both keys and the session
// go into it, and it may be long.
func TestP50Secret(t *testing.T) {
	long := strings.Repeat("0123456789", 200)
	p := newPair(t, nil).secure()
	for _, c := range []struct {
		x, y string
		want EventKind
	}{
		{"secret", "secret", SMPSuccess}, {"secret", "Secret", SMPFailure}, {"secret", " secret", SMPFailure}, {"secret", "secret\n", SMPFailure},
		{"\u00e9", "e\u0301", SMPFailure}, {"世界 🙂", "世界 🙂", SMPSuccess}, {"<b>", "&lt;b&gt;", SMPFailure},
		{long, long, SMPSuccess}, {long, long[1:], SMPFailure}, {"\xff\x00x", "\xff\x00x", SMPSuccess}, {"\xff\x00x", "\xff\x00y", SMPFailure},
	} {
		p.a.events, p.b.events = nil, nil
		p.a.take(p.a.Authenticate([]byte(c.x), "¿Qué? <b>&amp;</b> 世界 🙂"))
		p.run()
		if e := p.b.events[0]; e.Kind != AskAnswer || e.Text != "¿Qué? <b>&amp;</b> 世界 🙂" {
			t.Fatal(e)
		}
		p.b.take(p.b.Answer([]byte(c.y)))
		p.run()
		p.want(p.a, c.want)
		p.want(p.b, c.want)
	}
	p.noErrors()
	if _, err := p.a.Authenticate(nil, "Who?"); !errors.Is(err, ErrEmptySecret) {
		t.Fatal(err)
	}
	if _, err := p.a.Authenticate([]byte("s"), strings.Repeat("x", maxQuestion+1)); !errors.Is(err, ErrTooLong) {
		t.Fatal(err)
	}
	p.a.take(p.a.Authenticate([]byte("s"), "x"))
	p.run()
	if _, err := p.b.Answer(nil); !errors.Is(err, ErrEmptySecret) || !p.b.SMPRunning() {
		t.Fatal(err)
	}
}

// A message of SMP that is out of its turn, or no message of SMP at all, stops
// it on both sides, whatever the step; and the next one works.
func TestP52OutOfOrder(t *testing.T) {
	good := smp1(t)
	for n := range 4 {
		for typ := uint16(tlv.SMP1); typ <= tlv.SMP1Q; typ++ {
			for _, fromA := range []bool{true, false} {
				p := newPair(t, nil).secure()
				p.steps(n)
				p.a.queue, p.b.queue = nil, nil
				e := p.b
				if fromA {
					e = p.a
				}
				was := e.to.live.smp.step
				value := []byte("nonsense")
				if typ == tlv.SMP1 {
					value = good
				}
				p.a.events, p.b.events = nil, nil
				e.take(e.SendTLV(nil, typ, value))
				p.run()
				name := fmt.Sprintf("after %d messages, %d from %s: %v", n, typ, e.name, e.to.events)
				switch {
				case typ == tlv.SMPAbort:
					if e.to.has(SMPAborted) != (was != smpIdle) || e.to.SMPRunning() {
						t.Error(name)
					}
				case typ == tlv.SMP1 && (was == smpIdle || was == asked):
					if !e.to.has(AskSecret) {
						t.Error(name)
					}
				case typ == tlv.SMP1 && was == expects2: // they cross
					if e.to.has(SMPError) {
						t.Error(name)
					}
				case was == smpIdle && typ != tlv.SMP1Q: // our user has stopped it: he need not hear of it
					if len(e.to.events) != 0 || e.to.SMPRunning() {
						t.Error(name)
					}
				default:
					if !e.to.has(SMPError) || e.to.SMPRunning() || e.SMPRunning() {
						t.Error(name)
					}
				}
				if p.a.State() != Encrypted || p.b.State() != Encrypted {
					t.Fatal("no longer private")
				}
				p.a.take(p.a.Abort())
				p.b.take(p.b.Abort())
				p.run()
				if n < 2 && typ == tlv.SMP3 {
					p.again()
				}
				p.idle()
				p.noErrors()
			}
		}
	}
}

// Who is told what, and how far it is.
func TestP53Progress(t *testing.T) {
	for _, c := range []struct{ question, answer, a, b string }{
		{"", "s", "progress 60, success 100", "ask-secret 25, success 100"},
		{"", "t", "progress 60, failure 100", "ask-secret 25, failure 100"},
		{"Who?", "s", "progress 60, success 100", "ask-answer 25, success 100"},
		{"Who?", "", "abort 0", "ask-answer 25"},
	} {
		p := newPair(t, nil).secure()
		p.a.events, p.b.events = nil, nil
		p.a.take(p.a.Authenticate([]byte("s"), c.question))
		p.run()
		if c.answer == "" {
			p.b.take(p.b.Abort())
		} else {
			p.b.take(p.b.Answer([]byte(c.answer)))
		}
		p.run()
		if a, b := p.a.percents(), p.b.percents(); a != c.a || b != c.b {
			t.Errorf("%+v: %q, %q", c, a, b)
		}
		for _, e := range []*end{p.a, p.b} {
			for _, ev := range e.events {
				if ev.Fingerprint != e.to.cfg.Key.Fingerprint() {
					t.Error("another fingerprint")
				}
			}
		}
	}
}

// Both begin at once: one of them goes on, whoever it is, and it succeeds.
func TestP54BothBegin(t *testing.T) {
	for _, c := range []struct {
		qa, qb string
		asks   EventKind // of the one who gives way; 0: nobody has to be asked
	}{{"", "", 0}, {"Who?", "", AskAnswer}, {"", "Who?", AskSecret}, {"Who?", "And who?", AskAnswer}} {
		for swap := range 2 {
			p := newPair(t, func(a, b *Config) { a.Key, b.Key = keys()[swap], keys()[1-swap] }).secure()
			fa, fb := p.a.cfg.Key.Fingerprint(), p.b.cfg.Key.Fingerprint()
			high, low := p.a, p.b
			qh, ql := c.qa, c.qb
			if bytes.Compare(fa[:], fb[:]) < 0 {
				high, low = low, high
			}
			high.take(high.Authenticate([]byte("s"), qh))
			low.take(low.Authenticate([]byte("s"), ql))
			p.run()
			if c.asks != 0 {
				p.want(low, c.asks)
				low.take(low.Answer([]byte("s")))
				p.run()
			}
			p.want(p.a, SMPSuccess)
			p.want(p.b, SMPSuccess)
			for _, e := range []*end{p.a, p.b} {
				if e.has(SMPAborted) || e.has(SMPError) || e.has(SMPCheated) {
					t.Fatal(e.events)
				}
			}
			p.idle()
			p.noErrors()
			p.again()
		}
	}
}

// Either side may stop at any time, with anything in the record. Who stopped
// hears nothing of it; who did not, once; and the next time works.
func TestP55Abort(t *testing.T) {
	for n := 1; n <= 3; n++ {
		for _, fromA := range []bool{true, false} {
			for _, junk := range []string{"", "why not"} {
				p := newPair(t, nil).secure()
				p.steps(n)
				p.a.events, p.b.events = nil, nil
				e := p.b
				if fromA {
					e = p.a
				}
				late, want := e.to.queue, "" // late is what crosses the abort
				e.queue, e.to.queue = nil, nil
				if e.to.SMPRunning() {
					want = "abort 0"
				}
				if junk == "" {
					e.take(e.Abort())
				} else {
					e.take(e.SendTLV(nil, tlv.SMPAbort, []byte(junk)))
					e.live.smp.wipe()
				}
				p.run()
				e.to.queue = append(e.to.queue, late...)
				p.run()
				if len(e.events) != 0 || e.to.percents() != want {
					t.Errorf("after %d messages, by %s: %v and %v", n, e.name, e.events, e.to.events)
				}
				p.idle()
				p.noErrors()
				p.again()
			}
		}
	}
}

// The peer's user thinks long, ours cancels, and the answer comes too late.
func TestU64LateAnswer(t *testing.T) {
	p := newPair(t, nil).secure()
	p.steps(1)
	p.b.take(p.b.Answer([]byte("s")))
	p.a.take(p.a.Abort()) // crosses the answer
	p.a.events, p.b.events = nil, nil
	p.run()
	if len(p.a.events) != 0 || p.b.percents() != "abort 0" {
		t.Fatal(p.a.events, p.b.events)
	}
	if _, err := p.b.Answer([]byte("s")); !errors.Is(err, ErrNotAsked) {
		t.Fatal(err)
	}
	p.idle()
	p.again()
}

// Some programs stop when the secrets differ, in place of message 4.
func TestMismatchToldByAbort(t *testing.T) {
	p := newPair(t, nil).secure()
	p.steps(3)
	p.b.queue = nil // message 4
	p.b.take(p.b.Abort())
	p.run()
	p.want(p.a, SMPAborted)
	if p.a.has(SMPSuccess) || p.a.has(SMPFailure) {
		t.Fatal(p.a.events)
	}
	p.idle()
}

// A proof that is none stops SMP on both sides, and is called what it is.
func TestP51Cheating(t *testing.T) {
	forge := func(body []byte) []byte {
		body[len(body)-1] ^= 1 // in the last number of the last proof
		return body
	}
	for typ := uint16(tlv.SMP1); typ <= tlv.SMP4; typ++ {
		p := newPair(t, nil).secure()
		cheats, body := p.b, smp1(t)
		if typ > tlv.SMP1 {
			p.steps(1)
			var err error
			if body, err = p.b.live.smp.responder.Answer(seeded(1), [32]byte{1}); err != nil {
				t.Fatal(err)
			}
			if typ > tlv.SMP2 {
				cheats, p.b.live.smp.step = p.a, expects3
				if body, err = p.a.live.smp.initiator.Two(seeded(2), body); err != nil {
					t.Fatal(err)
				}
			}
			if typ > tlv.SMP3 {
				cheats, p.a.live.smp.step = p.b, expects4
				if body, _, err = p.b.live.smp.responder.Three(seeded(3), body); err != nil {
					t.Fatal(err)
				}
			}
		}
		p.a.events, p.b.events = nil, nil
		cheats.take(cheats.SendTLV(nil, typ, forge(body)))
		p.run()
		p.want(cheats.to, SMPCheated)
		if cheats.to.percents() != "cheated 0" || cheats.to.SMPRunning() {
			t.Errorf("record %d: %v", typ, cheats.to.events)
		}
	}
}
