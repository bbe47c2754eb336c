package otr

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"culver/otrplugin/otr/internal/tlv"
)

// macKeys cuts revealed keys apart.
func macKeys(b []byte) (keys [][]byte) {
	for ; len(b) > 0; b = b[20:] {
		keys = append(keys, b[:20])
	}
	return keys
}

// Only receiving MAC keys that verified something are revealed, once, in the
// next data message after their keys were forgotten, and when the user ends it.
// (That they are the right keys is proven in internal/ratchet and against
// libotr in internal/otrpipe.)
func TestP38MACReveal(t *testing.T) {
	eachVersion(t, func(t *testing.T, v Policy) {
		play := func() *pair { return newPair(t, func(a, b *Config) { a.Policy = v }).secure() }
		revealed := func(e *end) (n int) {
			seen := make(map[string]bool)
			for _, w := range e.wire {
				if m, ok := sniff(w); ok {
					for _, k := range macKeys(m.revealed) {
						if n++; seen[string(k)] {
							t.Fatal("revealed twice")
						}
						seen[string(k)] = true
					}
				}
			}
			return n
		}
		turns := func(p *pair, n int) {
			for range n {
				p.a.say("there")
				p.run()
				p.b.say("back")
				p.run()
			}
		}

		p := play()
		for range 9 {
			p.a.say("one way")
			p.run()
		}
		if revealed(p.a)+revealed(p.b) != 0 {
			t.Fatal("revealed without rotation")
		}
		turns(p, 10)
		// Each turn has keys of its own; those of the last ones are still in use.
		if a, b := revealed(p.a), revealed(p.b); a < 8 || a > 10 || b < 8 || b > 10 {
			t.Fatalf("%d and %d keys revealed in 10 turns", a, b)
		}

		// A refresh: the keys from before it are revealed after it.
		p = play()
		p.a.say("x")
		p.run()
		p.b.take(p.b.Start())
		p.run()
		if revealed(p.b) != 0 {
			t.Fatal("revealed too early")
		}
		turns(p, 3)
		if revealed(p.b) < 1 {
			t.Fatal("lost at the refresh")
		}

		// The end by our user, right after a refresh: with its message.
		p = play()
		p.a.say("x")
		p.run()
		p.b.take(p.b.Start())
		p.run()
		p.a.say("y")
		p.b.take(p.b.Heartbeat())
		p.run()
		was := revealed(p.b)
		p.b.take(p.b.End())
		if now := revealed(p.b); now != 2 {
			t.Fatalf("%d keys revealed, %d of them before the end; want 2", now, was)
		}

		// The end by the peer, a crash: nothing can be sent, so they are lost.
		p = play()
		p.a.say("x")
		p.run()
		p.a.take(p.a.End())
		p.run()
		p.b.take(p.b.End())
		if len(p.b.queue) != 0 || revealed(p.b) != 0 {
			t.Fatal("something was sent after the peer's end")
		}
	})
}

// What comes in clear while it should not is shown as that.
func TestP44Unencrypted(t *testing.T) {
	eachVersion(t, func(t *testing.T, v Policy) {
		p := newPair(t, func(a, b *Config) { a.Policy = v })
		clear := func(want bool, state State) {
			t.Helper()
			p.a.quiet()
			p.a.take(p.a.Receive([]byte("in clear")))
			p.shown(p.a, "CLEAR:in clear")
			if p.a.has(ReceivedUnencrypted) != want || p.a.State() != state || len(p.a.queue) != 0 {
				t.Fatalf("%v in %v", p.a.events, p.a.State())
			}
		}
		clear(false, Plaintext)
		p.a.SetPolicy(v | RequireEncryption)
		clear(true, Plaintext)
		p.a.SetPolicy(v)
		p.secure()
		clear(true, Encrypted)
		p.b.take(p.b.End())
		p.run()
		clear(true, Finished)
		p.a.take(p.a.End())
		clear(false, Plaintext)
	})
}

// After the peer's end nothing leaves, and nothing is kept for later.
func TestP45Finished(t *testing.T) {
	eachVersion(t, func(t *testing.T, v Policy) {
		p := newPair(t, func(a, b *Config) { a.Policy = v | RequireEncryption }).secure()
		p.b.take(p.b.End())
		p.run()
		for name, call := range map[string]func() (Result, error){
			"Send":         func() (Result, error) { return p.a.Send([]byte("canary")) },
			"SendTLV":      func() (Result, error) { return p.a.SendTLV([]byte("canary"), 99, nil) },
			"Heartbeat":    p.a.Heartbeat,
			"ExtraKey":     func() (Result, error) { _, r, err := p.a.ExtraKey(1, nil); return r, err },
			"Authenticate": func() (Result, error) { return p.a.Authenticate([]byte("s"), "") },
			"Answer":       func() (Result, error) { return p.a.Answer([]byte("s")) },
			"Abort":        p.a.Abort,
		} {
			if r, err := call(); !errors.Is(err, ErrFinished) || len(r.Wire)+len(r.Events) > 0 || r.Held {
				t.Errorf("%s: %v, %+v", name, err, r)
			}
		}
		p.secure()
		p.shown(p.b)
	})
}

// Data outside a private conversation is no text; the peer is told, but not
// right after an end, when it was under way.
func TestP46NotInPrivate(t *testing.T) {
	eachVersion(t, func(t *testing.T, v Policy) {
		p := newPair(t, func(a, b *Config) { a.Policy = v }).secure()
		stray := func(answers int) {
			t.Helper()
			p.a.quiet()
			p.a.take(p.a.Receive(p.b.payload(0, []byte("canary"))))
			p.want(p.a, NotInPrivate)
			p.shown(p.a)
			if len(p.a.queue) != answers || !errors.Is(p.a.errs[0], ErrUnreadable) {
				t.Fatalf("%q, %v", p.a.queue, p.a.errs)
			}
		}
		p.a.take(p.a.End()) // its message is under way for ever
		stray(0)
		p.clock = p.clock.Add(endedQuiet + time.Second)
		stray(1)
		p.a.Drop()
		p.a.ended = time.Time{}
		stray(1)
		if p.a.State() != Plaintext {
			t.Fatal(p.a.State())
		}
		p.b.quiet()
		p.b.take(p.b.Start())
		p.run()
		p.a.quiet()
		q := newPair(t, func(a, b *Config) { a.Policy = v }).secure()
		p.b.take(p.b.End())
		p.run()
		if p.a.State() != Finished {
			t.Fatal(p.a.State())
		}
		p.b.Session = q.b.Session
		stray(0)
		if p.a.State() != Finished {
			t.Fatal(p.a.State())
		}
	})
}

// End tells every instance, leaves nothing behind, and happens once.
func TestP48End(t *testing.T) {
	eachVersion(t, func(t *testing.T, v Policy) {
		p := newPair(t, func(a, b *Config) { a.Policy = v }).secure()
		p.a.say("x")
		p.run()
		p.a.say("kept for a while")
		p.a.take(p.a.Authenticate([]byte("s"), ""))
		p.a.queue, p.a.events = nil, nil
		i := p.a.live
		keys := i.keys
		r, err := p.a.take(p.a.End())
		if err != nil || len(r.Wire) != 1 || len(r.Events) != 1 || r.Events[0].Kind != Ended || !r.Sealed {
			t.Fatalf("%v, %+v", err, r)
		}
		if m := p.lastData(p.a); m.flags != 1 || len(m.enc) != 5 {
			t.Fatalf("%+v", m)
		}
		if left := keys.Wipe(); len(left) != 0 || i.keys != nil || i.smp.running() || i.ssid != [8]byte{} || len(p.a.instances) != 0 ||
			p.a.recent != nil || p.a.State() != Plaintext || p.a.Version() != 0 {
			t.Fatal("something is left")
		}
		if _, ok := p.a.PeerFingerprint(); ok {
			t.Fatal("a fingerprint is left")
		}
		p.b.events = nil
		p.run()
		if len(p.b.events) != 1 || p.b.events[0].Kind != PeerEnded || p.b.State() != Finished || p.b.live.keys != nil {
			t.Fatal(p.b.events, p.b.State())
		}
		// Nobody is told again, neither by the one nor by the other.
		for _, e := range []*end{p.a, p.b} {
			if r, err := e.End(); err != nil || len(r.Wire) != 0 || e.State() != Plaintext {
				t.Fatal(r, err)
			}
		}
	})
}

// The first record of each kind counts, in the order of the protocol and not
// of the message; the records after one that claims too much do not.
func TestP49Records(t *testing.T) {
	record := func(typ uint16, value string) tlv.Record { return tlv.Record{Type: typ, Value: []byte(value)} }
	q, abort := record(tlv.SMP1Q, "question without an end"), record(tlv.SMPAbort, "")
	for _, c := range []struct {
		name    string
		records []tlv.Record
		more    string
		want    string
	}{
		{name: "none", want: ""},
		{name: "padding", records: []tlv.Record{record(tlv.Padding, "    ")}, want: ""},
		{name: "unknown", records: []tlv.Record{record(9, "a"), record(0xffff, ""), record(9, "b")}, want: "received received received"},
		{name: "two of one kind", records: []tlv.Record{record(8, "\x00\x00\x00\x01a"), record(8, "\x00\x00\x00\x02b")}, want: "key1a"},
		{name: "no use in it", records: []tlv.Record{record(8, "abc")}, want: ""},
		{name: "order", records: []tlv.Record{q, record(8, "\x00\x00\x00\x01"), record(99, "")}, want: "received key1 smp-error"},
		{name: "end first", records: []tlv.Record{record(1, ""), q, record(8, "\x00\x00\x00\x07")}, want: "key7 peer-ended"},
		{name: "end last", records: []tlv.Record{abort, q, record(8, "\x00\x00\x00\x07"), record(1, "value")}, want: "key7 peer-ended"},
		{name: "two ends", records: []tlv.Record{record(1, ""), record(1, "")}, want: "peer-ended"},
		{name: "too long", records: []tlv.Record{record(8, "\x00\x00\x00\x01")}, more: "\x00\x01\x00\x01", want: "key1"},
		{name: "cut", records: []tlv.Record{record(8, "\x00\x00\x00\x01")}, more: "\x00\x01\x00", want: "key1"},
	} {
		p := newPair(t, nil).secure()
		p.b.events = nil
		r, err := p.b.take(p.b.Receive(p.a.payload(0, append(tlv.Append(nil, []byte("text"), c.records...), c.more...))))
		if err != nil || string(r.Text) != "text" || !r.Sealed {
			t.Errorf("%s: %q, %v", c.name, r.Text, err)
		}
		var got []string
		for _, e := range r.Events {
			switch e.Kind {
			case TLVReceived:
				got = append(got, "received")
			case KeyReceived:
				got = append(got, "key"+string(rune('0'+e.Use))+string(e.Data))
			default:
				got = append(got, e.Kind.String())
			}
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: %q, want %q", c.name, s, c.want)
		}
	}
	// SMP messages that come in one are taken in the order of the protocol.
	p := newPair(t, nil).secure()
	p.a.take(p.a.Authenticate([]byte("s"), ""))
	p.a.queue = nil
	p.b.events = nil
	body := smp1(t)
	p.b.take(p.b.Receive(p.a.payload(0, tlv.Append(nil, nil, abort, tlv.Record{Type: tlv.SMP1, Value: body}))))
	if len(p.b.events) != 2 || p.b.events[0].Kind != AskSecret || p.b.events[1].Kind != SMPAborted || p.b.SMPRunning() {
		t.Fatal(p.b.events)
	}
	if bytes.Contains(p.b.wire[len(p.b.wire)-1], []byte("canary")) {
		t.Fatal("in clear")
	}
}
