// Package smp is the Socialist Millionaires' Protocol: two parties learn
// whether they entered the same secret, and nothing else.
//
//	Initiator                Responder
//	  Start   -- message 1 -->  Receive (checks; asks the user)
//	          <- message 2 ---  Answer
//	  Two     -- message 3 -->  Three: the responder knows
//	  Four    <- message 4 ---  : the initiator knows
//
// A value belongs to one session and its goroutine, owns its secrets and is
// wiped by its owner.
package smp

import (
	"crypto/sha256"
	"errors"
	"io"

	"culver/otrplugin/otr/internal/modp"
)

// Errors of a peer's message. After each the exchange is over.
var (
	ErrMalformed = errors.New("malformed SMP message")
	ErrCheated   = errors.New("an SMP proof is wrong")
)

// Secret is what is compared: the hash of both keys' fingerprints (the
// initiator's first), the session id, and what the user entered.
func Secret(initiator, responder [20]byte, ssid [8]byte, entered []byte) [sha256.Size]byte {
	h := sha256.New()
	h.Write([]byte{1})
	h.Write(initiator[:])
	h.Write(responder[:])
	h.Write(ssid[:])
	h.Write(entered)
	var s [sha256.Size]byte
	h.Sum(s[:0])
	return s
}

// Initiator is the side that began.
type Initiator struct {
	x      [sha256.Size]byte
	a2, a3 []byte
	g3b    modp.Element // set by Two, and what follows too
	pab    modp.Element // Pa/Pb
	qab    modp.Base    // Qa/Qb
}

// Start makes message 1.
func Start(rand io.Reader, secret [sha256.Size]byte) (*Initiator, []byte, error) {
	i := &Initiator{x: secret}
	var m message1
	var err error
	if i.a2, m.g2, m.p2, err = newHalf(rand, proveG2a); err != nil {
		return nil, nil, err
	}
	if i.a3, m.g3, m.p3, err = newHalf(rand, proveG3a); err != nil {
		return nil, nil, err
	}
	return i, write(&m), nil
}

// newHalf draws our half of a generator and proves that we know its exponent.
func newHalf(rand io.Reader, version byte) (x []byte, gx modp.Element, p log, err error) {
	if x, err = modp.RandomScalar(rand); err != nil {
		return nil, gx, p, err
	}
	p, err = proveLog(rand, version, x)
	return x, modp.ExpG(x), p, err
}

// Two takes message 2 and makes message 3.
func (i *Initiator) Two(rand io.Reader, body []byte) ([]byte, error) {
	var in message2
	if !read(&in, body) {
		return nil, ErrMalformed
	}
	if !in.p2.verify(proveG2b, in.g2) || !in.p3.verify(proveG3b, in.g3) {
		return nil, ErrCheated
	}
	g2, g3 := modp.Prepare(modp.Exp(in.g2, i.a2)), modp.Prepare(modp.Exp(in.g3, i.a3))
	if !in.cp.verify(provePb, g2, g3, in.p, in.q) {
		return nil, ErrCheated
	}
	r4, err := modp.RandomScalar(rand)
	if err != nil {
		return nil, err
	}
	defer clear(r4)
	var m message3
	m.p, m.q = g3.Exp(r4), modp.Mul(modp.ExpG(r4), g2.Exp(i.x[:]))
	if m.p.Equal(in.p) || m.q.Equal(in.q) {
		return nil, ErrCheated
	}
	if m.cp, err = proveCoords(rand, provePa, g2, g3, r4, i.x[:]); err != nil {
		return nil, err
	}
	i.g3b, i.pab, i.qab = in.g3, modp.Div(m.p, in.p), modp.Prepare(modp.Div(m.q, in.q))
	m.r = i.qab.Exp(i.a3)
	if m.cr, err = proveEqual(rand, proveRa, i.qab, i.a3); err != nil {
		return nil, err
	}
	return write(&m), nil
}

// Four takes message 4 and tells whether the secrets are the same.
func (i *Initiator) Four(body []byte) (bool, error) {
	var in message4
	if !read(&in, body) {
		return false, ErrMalformed
	}
	if !in.cr.verify(proveRb, i.g3b, i.qab, in.r) {
		return false, ErrCheated
	}
	return modp.Exp(in.r, i.a3).Equal(i.pab), nil
}

// Wipe forgets the secrets. A nil Initiator has none.
func (i *Initiator) Wipe() {
	if i == nil {
		return
	}
	clear(i.x[:])
	clear(i.a2)
	clear(i.a3)
}

// Responder is the side that was asked.
type Responder struct {
	in     message1
	b3     []byte
	g2, g3 modp.Base // set by Answer, and what follows too
	p, q   modp.Element
}

// Receive takes message 1.
func Receive(body []byte) (*Responder, error) {
	r := new(Responder)
	if !read(&r.in, body) {
		return nil, ErrMalformed
	}
	if !r.in.p2.verify(proveG2a, r.in.g2) || !r.in.p3.verify(proveG3a, r.in.g3) {
		return nil, ErrCheated
	}
	return r, nil
}

// Answer makes message 2.
func (r *Responder) Answer(rand io.Reader, secret [sha256.Size]byte) ([]byte, error) {
	var m message2
	var b2 []byte
	var err error
	if b2, m.g2, m.p2, err = newHalf(rand, proveG2b); err != nil {
		return nil, err
	}
	defer clear(b2)
	if r.b3, m.g3, m.p3, err = newHalf(rand, proveG3b); err != nil {
		return nil, err
	}
	r.g2, r.g3 = modp.Prepare(modp.Exp(r.in.g2, b2)), modp.Prepare(modp.Exp(r.in.g3, r.b3))
	r4, err := modp.RandomScalar(rand)
	if err != nil {
		return nil, err
	}
	defer clear(r4)
	m.p, m.q = r.g3.Exp(r4), modp.Mul(modp.ExpG(r4), r.g2.Exp(secret[:]))
	if m.cp, err = proveCoords(rand, provePb, r.g2, r.g3, r4, secret[:]); err != nil {
		return nil, err
	}
	r.p, r.q = m.p, m.q
	return write(&m), nil
}

// Three takes message 3, makes message 4, and tells whether the secrets are
// the same.
func (r *Responder) Three(rand io.Reader, body []byte) ([]byte, bool, error) {
	var in message3
	if !read(&in, body) {
		return nil, false, ErrMalformed
	}
	if in.p.Equal(r.p) || in.q.Equal(r.q) || !in.cp.verify(provePa, r.g2, r.g3, in.p, in.q) {
		return nil, false, ErrCheated
	}
	qab := modp.Prepare(modp.Div(in.q, r.q))
	if !in.cr.verify(proveRa, r.in.g3, qab, in.r) {
		return nil, false, ErrCheated
	}
	var m message4
	var err error
	m.r = qab.Exp(r.b3)
	if m.cr, err = proveEqual(rand, proveRb, qab, r.b3); err != nil {
		return nil, false, err
	}
	same := modp.Exp(in.r, r.b3).Equal(modp.Div(in.p, r.p))
	return write(&m), same, nil
}

// Wipe forgets the secrets. A nil Responder has none.
func (r *Responder) Wipe() {
	if r != nil {
		clear(r.b3)
	}
}
