package main

import (
	"bytes"
	"errors"
	"fmt"

	"culver/otrplugin/otr"
)

// tally is what was done, to be compared with the other implementation.
type tally struct {
	messages  int // encoded messages; of one in fragments, the first
	fragments int
	wire      int // bytes of messages and fragments
	plaintext int // bytes that arrived as they were sent
	rotations int // messages with other D-H key ids than the last of that end
	smp       int // sides that saw SMP succeed
	secured   int // sides that saw a key exchange succeed
}

// end is one side.
type end struct {
	*otr.Session
	cfg    otr.Config
	to     *end
	keyIDs [11]byte // as they stood in its last data message
	asked  bool     // the peer began SMP
}

// pair is a conversation, both sides of it.
type pair struct {
	a, b *end
	turn *end // whose turn it is in ping-pong
	kept []*otr.Session
	done tally
	err  error // the first thing that went wrong
}

func newPair(keys [2]*otr.PrivateKey) *pair {
	side := func(k *otr.PrivateKey) *end {
		e := &end{cfg: otr.Config{Key: k, InstanceTag: otr.NewInstanceTag(nil), Policy: otr.AllowV3}}
		e.Session = otr.New(e.cfg)
		return e
	}
	p := &pair{a: side(keys[0]), b: side(keys[1])}
	p.a.to, p.b.to, p.turn = p.b, p.a, p.a
	return p
}

func (p *pair) fail(format string, args ...any) {
	if p.err == nil {
		p.err = fmt.Errorf(format, args...)
	}
}

func (p *pair) clock(read func() (int64, error)) int64 {
	t, err := read()
	if err != nil {
		p.fail("read the clock: %w", err)
	}
	return t
}

// count tallies what an end puts on the wire. A data message of version 3
// begins, encoded, with "?OTR:AAMD"; its bytes 12 to 19, the ids of the D-H
// keys, are characters 16 to 26 after "?OTR:".
func (p *pair) count(from *end, w []byte) {
	switch {
	case len(w) <= 32:
	case string(w[:5]) == "?OTR:":
		p.done.messages++
		p.done.wire += len(w)
		if ids := [11]byte(w[21:32]); string(w[5:9]) == "AAMD" && ids != from.keyIDs {
			if from.keyIDs[0] != 0 {
				p.done.rotations++
			}
			from.keyIDs = ids
		}
	case string(w[:5]) == "?OTR|":
		p.done.fragments++
		p.done.wire += len(w)
		if string(w[23:29]) == "00001," {
			p.done.messages++
		}
	}
}

// carry brings what an end made to the other one, and what that answers back,
// until both are silent. A text has to arrive as it was sent.
func (p *pair) carry(from *end, sent []byte, r otr.Result, err error) {
	if err != nil {
		p.fail("%w", err)
		return
	}
	for _, e := range r.Events {
		p.saw(from, e)
	}
	if r.Show {
		if !r.Sealed || !bytes.Equal(r.Text, sent) {
			p.fail("another text arrived than was sent")
		}
		p.done.plaintext += len(r.Text)
	}
	for _, w := range r.Wire {
		p.count(from, w)
		r, err := from.to.Receive(w)
		p.carry(from.to, sent, r, err)
	}
}

func (p *pair) saw(e *end, event otr.Event) {
	switch event.Kind {
	case otr.GoneSecure:
		p.done.secured++
	case otr.AskSecret:
		e.asked = true
	case otr.SMPProgress:
	case otr.SMPSuccess:
		p.done.smp++
	default:
		p.fail("unexpected event: %v", event.Kind)
	}
}

func (p *pair) say(from *end, text []byte) {
	r, err := from.Send(text)
	p.carry(from, text, r, err)
}

func (p *pair) exchangeKeys() {
	r, err := p.a.Start()
	p.carry(p.a, nil, r, err)
	if p.a.State() != otr.Encrypted || p.b.State() != otr.Encrypted {
		p.fail("not encrypted after the key exchange")
	}
}

// authenticate runs SMP with the same secret on both sides.
func (p *pair) authenticate(secret []byte) {
	r, err := p.a.Authenticate(secret, "")
	p.carry(p.a, nil, r, err)
	if !p.b.asked {
		p.fail("%w", errors.New("nobody was asked for the secret"))
	}
	p.b.asked = false
	r, err = p.b.Answer(secret)
	p.carry(p.b, nil, r, err)
}

// renew gives both ends new sessions.
func (p *pair) renew() {
	for _, e := range []*end{p.a, p.b} {
		e.Session = otr.New(e.cfg)
		e.keyIDs = [11]byte{}
	}
}
