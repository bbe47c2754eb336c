package otr

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"culver/otrplugin/otr/internal/wire"
)

// pieces cuts a message in n, with numbers printed as format says: of from and
// to (v3), k, n and the piece.
func pieces(msg []byte, n int, format string, tags ...any) (out [][]byte) {
	for k := range n {
		piece := msg[len(msg)*k/n : len(msg)*(k+1)/n]
		out = append(out, fmt.Appendf(nil, format, append(append([]any(nil), tags...), k+1, n, piece)...))
	}
	return out
}

// Numbers are written in full width and read in any.
func TestP27Numbers(t *testing.T) {
	strict := map[Policy]*regexp.Regexp{
		AllowV2: regexp.MustCompile(`^\?OTR,\d{5},\d{5},[^,]+,$`),
		AllowV3: regexp.MustCompile(`^\?OTR\|00001001\|0000[02]00[02],\d{5},\d{5},[^,]+,$`),
	}
	eachVersion(t, func(t *testing.T, v Policy) {
		p := newPair(t, func(a, b *Config) { a.Policy, a.MaxFragment = v, 100 }).secure()
		p.a.say("hi")
		p.run()
		p.shown(p.b, "hi")
		for _, w := range p.a.wire[1:] { // after the query
			if !strict[v].Match(w) || len(w) > 100 {
				t.Fatalf("%q", w)
			}
		}
		p.a.SetMaxFragment(0)
		formats := []string{"?OTR,%d,%d,%s,", "?OTR,%08d,%012d,%s,", "<p>?OTR,%d,%d,%s,</p>"}
		tags := []any{}
		if v == AllowV3 {
			formats = []string{"?OTR|%x|%x,%d,%d,%s,", "?OTR|%012x|%010X,%08d,%d,%s,", "\n?OTR|%X|%x,%d,%03d,%s,rest"}
			tags = []any{0x1001, 0x2002}
		}
		for _, format := range formats {
			p.a.queue = nil
			p.a.say("in " + format)
			for _, w := range pieces(p.a.queue[0], 7, format, tags...) {
				p.b.take(p.b.Receive(w))
			}
			p.shown(p.b, "in "+format)
		}
	})
}

// One message is put together at a time for each instance, in order.
func TestP28Order(t *testing.T) {
	eachVersion(t, func(t *testing.T, v Policy) {
		p := newPair(t, func(a, b *Config) { a.Policy = v | AllowV2 | AllowV3 })
		p.a.SetPolicy(v)
		p.secure()
		cut := func(text string, n int) [][]byte {
			p.a.queue = nil
			p.a.say(text)
			if v == AllowV2 {
				return pieces(p.a.queue[0], n, "?OTR,%d,%d,%s,")
			}
			return pieces(p.a.queue[0], n, "?OTR|%x|%x,%d,%d,%s,", 0x1001, 0x2002)
		}
		give := func(msgs ...[]byte) {
			for _, m := range msgs {
				p.b.take(p.b.Receive(m))
			}
		}
		x, y := cut("x", 3), cut("y", 3)
		give(x[0], x[1], y[0], x[2], y[1], y[2]) // a first piece starts anew, one out of order spoils
		p.shown(p.b)
		give(y...)
		p.shown(p.b, "y")
		x = cut("x", 3)
		z := cut("z", 4)
		give(x[0], z[1], x[1], x[2]) // of how many pieces must be the same
		p.shown(p.b)
		give(x[0], x[0], x[1])
		for _, illegal := range []string{"?OTR,0,0,x,", "?OTR,2,1,x,", "?OTR,1,65536,x,", "?OTR|1001|2002,0,3,x,", "?OTR|1001|2002,3,3,,", "?OTR,1,1,,"} {
			if r, err := p.b.Receive([]byte(illegal)); err != nil || r.Show || len(r.Events)+len(r.Wire) > 0 {
				t.Fatalf("%q: %v, %v", illegal, r, err)
			}
		}
		give(x[2])
		p.shown(p.b, "x")
		// The other version has a store of its own.
		other := "?OTR,%d,2,x,"
		if v == AllowV2 {
			other = "?OTR|3003|2002,%d,2,x,"
		}
		x = cut("x", 3)
		give(x[0], fmt.Appendf(nil, other, 1), x[1], fmt.Appendf(nil, other, 3), x[2])
		p.shown(p.b, "x")
		// Any whole message of the same sender clears.
		x = cut("x", 3)
		p.a.queue = nil
		p.a.say("whole")
		give(x[0], x[1], p.a.queue[0], x[2])
		p.shown(p.b, "whole")
	})
	// In version 2 all that comes is of the same sender.
	for _, clear := range []string{"plain", "?OTRv2?", "?OTR Error: x"} {
		p := newPair(t, func(a, b *Config) { a.Policy, a.MaxFragment = AllowV2, 200 }).secure()
		p.a.say("canary")
		for n, w := range p.a.queue {
			if n == 1 {
				p.b.Receive([]byte(clear))
			}
			p.b.take(p.b.Receive(w))
		}
		p.shown(p.b)
	}
	// Instances do not disturb each other.
	p := newPair(t, nil).secure()
	phone := &end{name: "phone", Session: New(Config{Key: keys()[1], InstanceTag: 0x3003, Policy: Manual, Rand: seeded(3), Now: p.a.cfg.Now}), to: p.a}
	desk := p.b
	p.b, p.a.to = phone, phone
	p.secure()
	desk.SetMaxFragment(100)
	phone.SetMaxFragment(100)
	desk.say("from the desk")
	phone.say("from the phone")
	for len(desk.queue)+len(phone.queue) > 0 {
		for _, e := range []*end{desk, phone} {
			if len(e.queue) > 0 {
				e.deliverOne()
			}
		}
	}
	p.shown(p.a, "from the desk", "from the phone")
}

// A message may come in 65535 pieces, and go in no more.
func TestP27MostPieces(t *testing.T) {
	p := newPair(t, nil).secure()
	text := strings.Repeat("x", 480_000)
	p.a.say(text)
	for _, w := range pieces(p.a.queue[0], 65535, "?OTR|%x|%x,%d,%d,%s,", 0x1001, 0x2002) {
		p.b.take(p.b.Receive(w))
	}
	p.shown(p.b, text)
}

// What is cut: every binary message, also those that libotr leaves whole
// (heartbeats, the end, the extra key), so that none is too long for the
// network; but no query, no error and nothing in clear, which people without
// OTR could not read. The host gets all pieces, in order.
func TestP31WhatIsCut(t *testing.T) {
	eachVersion(t, func(t *testing.T, v Policy) {
		p := newPair(t, func(a, b *Config) { a.Policy, a.MaxFragment, b.MaxFragment = v, 150, 150 })
		clear := strings.Repeat("in clear ", 50)
		p.a.say(clear)
		if len(p.a.queue) != 1 || string(p.a.queue[0]) != clear {
			t.Fatal("a text in clear was cut")
		}
		p.a.queue = nil
		p.a.take(p.a.Start())
		if len(p.a.queue) != 1 {
			t.Fatal("a query was cut")
		}
		p.secure()
		for name, send := range map[string]func() (Result, error){
			"text":      func() (Result, error) { return p.a.Send([]byte("hi")) },
			"heartbeat": p.a.Heartbeat,
			"SMP":       func() (Result, error) { return p.a.Authenticate([]byte("x"), "") },
			"extra key": func() (Result, error) { _, r, err := p.a.ExtraKey(1, nil); return r, err },
		} {
			r, err := p.a.take(send())
			if err != nil || len(r.Wire) < 2 {
				t.Fatalf("%s: %d messages, %v", name, len(r.Wire), err)
			}
			p.run()
		}
		if r, err := p.a.take(p.a.End()); err != nil || len(r.Wire) < 2 {
			t.Fatal("the end is not cut", err)
		}
		p.run()
		p.want(p.b, PeerEnded)
		for _, w := range append(p.a.wire, p.b.wire...) {
			if bytes.Contains(w, []byte("?OTR:")) && len(w) > 150 || bytes.HasPrefix(w, []byte("?OTR|")) && len(w) > 150 {
				t.Fatalf("%d bytes", len(w))
			}
		}
		if r, _ := p.a.Receive([]byte("?OTR|1|1001,1,2,x,")); len(r.Wire) != 1 || !bytes.HasPrefix(r.Wire[0], []byte("?OTR Error:")) {
			t.Fatalf("%q", r.Wire)
		}
	})
}

// The sizes of messages on the wire are libotr's.
func TestP32Sizes(t *testing.T) {
	for v, want := range map[Policy]map[wire.Type]int{
		AllowV3: {wire.DHCommit: 338, wire.DHKey: 282, wire.RevealSig: 702, wire.Signature: 674, wire.Data: 350},
		AllowV2: {wire.DHCommit: 326, wire.DHKey: 274, wire.RevealSig: 690, wire.Signature: 666, wire.Data: 338},
	} {
		p := newPair(t, func(a, b *Config) { a.Policy = v }).secure()
		p.b.say("x")
		for _, w := range append(p.a.wire[1:], p.b.wire...) {
			h, _ := unarmoured(t, w)
			// A number may be a byte or so shorter, which makes four characters of base64.
			if d := want[h.Type] - len(w); d < 0 || d > 4 {
				t.Errorf("type %#x has %d bytes, want %d", h.Type, len(w), want[h.Type])
			}
		}
	}
}
