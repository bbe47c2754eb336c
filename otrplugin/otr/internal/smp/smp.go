// Package smp is the Socialist Millionaires' Protocol: two parties learn
// whether they entered the same secret, and nothing else (section "Socialist
// Millionaires' Protocol (SMP)", and "Receiving a type 2 TLV (SMP message 1)"
// to "Receiving a type 5 TLV (SMP message 4)").
//
//	Initiator                Responder
//	  Start   -- message 1 -->  Receive (checks; asks the user)
//	          <- message 2 ---  Answer
//	  Two     -- message 3 -->  Three: the responder knows
//	  Four    <- message 4 ---  : the initiator knows
//
// A value belongs to one session and its goroutine, owns its secrets and is
// wiped by its owner.
//
// Secret are the exponents and what is compared. Of the group's elements all
// but one are public, that is, they are sent, or made of such as are sent; the
// generators g2 and g3, which only the two parties know, are never computed,
// and the last power that shows the outcome is wiped. What the peer can
// compute as well, the check of his proofs, takes a time that depends on it,
// except for what our exponents have to do with it.
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

// Initiator is the side that began. What it doesn't need any more it forgets,
// after an error everything.
type Initiator struct {
	x      [sha256.Size]byte
	a2, a3 []byte       // a2 and x are for Two
	g3b    modp.Element // this and what follows is for Four
	pab    modp.Element // Pa/Pb
	qab    *modp.Base   // Qa/Qb
}

// Start makes message 1.
func Start(rand io.Reader, secret [sha256.Size]byte) (*Initiator, []byte, error) {
	i := &Initiator{x: secret}
	clear(secret[:])
	var m message1
	var err error
	if i.a2, m.g2, m.p2, err = newHalf(rand, proveG2a); err == nil {
		i.a3, m.g3, m.p3, err = newHalf(rand, proveG3a)
	}
	if err != nil {
		i.Wipe()
		return nil, nil, err
	}
	return i, write(&m), nil
}

// newHalf draws our half of a generator and proves that we know its exponent.
func newHalf(rand io.Reader, version byte) (x []byte, gx modp.Element, p log, err error) {
	if x, err = modp.RandomScalar(rand); err != nil {
		return nil, gx, p, err
	}
	if p, err = proveLog(rand, version, x); err != nil {
		clear(x)
		return nil, gx, p, err
	}
	return x, modp.ExpG(x), p, nil
}

// Two takes message 2 and makes message 3.
func (i *Initiator) Two(rand io.Reader, body []byte) (reply []byte, err error) {
	defer func() {
		if err != nil {
			i.Wipe()
		}
	}()
	var in message2
	if i.a2 == nil || !read(&in, body) {
		return nil, ErrMalformed
	}
	if !in.p2.verify(proveG2b, in.g2) || !in.p3.verify(proveG3b, in.g3) {
		return nil, ErrCheated
	}
	g2, g3 := &generator{modp.Prepare(in.g2), i.a2}, &generator{modp.Prepare(in.g3), i.a3}
	if !in.cp.verify(provePb, g2, g3, in.p, in.q) {
		return nil, ErrCheated
	}
	r4, err := modp.RandomScalar(rand)
	if err != nil {
		return nil, err
	}
	defer clear(r4)
	var m message3
	m.p, m.q = blind(g2, g3, r4, i.x[:])
	if m.p.Equal(&in.p) || m.q.Equal(&in.q) {
		return nil, ErrCheated
	}
	if m.cp, err = proveCoords(rand, provePa, g2, g3, r4, i.x[:]); err != nil {
		return nil, err
	}
	pab, qab := modp.Div(m.p, in.p, m.q, in.q)
	i.g3b, i.pab, i.qab = in.g3, pab, modp.Prepare(qab)
	m.r = power(i.qab, i.a3)
	if m.cr, err = proveEqual(rand, proveRa, i.qab, i.a3); err != nil {
		return nil, err
	}
	g2.wipe() // and a2 with it
	i.a2 = nil
	clear(i.x[:])
	return write(&m), nil
}

// Four takes message 4 and tells whether the secrets are the same. It ends
// the exchange.
func (i *Initiator) Four(body []byte) (bool, error) {
	defer i.Wipe()
	var in message4
	if i.qab == nil || !read(&in, body) {
		return false, ErrMalformed
	}
	if !in.cr.verify(proveRb, i.g3b, i.qab, in.r) {
		return false, ErrCheated
	}
	return isPower(&i.pab, &in.r, i.a3), nil
}

// power is a power of what is made of the peer's numbers too: whether they are
// powers of g1 is for him to say, so the exponent is made even.
func power(base *modp.Base, x []byte) modp.Element {
	x = modp.Even(x)
	defer clear(x)
	return modp.Product(base.Power(x))
}

// isPower tells whether p, which is Pa/Pb, is Rab, which is the peer's R to the
// power of x, our a3 or b3. They are equal if what was compared is, and then
// both sides can work out Rab; else it tells what our random numbers were.
func isPower(p, r *modp.Element, x []byte) bool {
	x = modp.Even(x)
	defer clear(x)
	rab := modp.Exp(r, x)
	defer rab.Wipe()
	return rab.Equal(p)
}

// Wipe forgets the secrets, and what was prepared. A nil Initiator has none.
func (i *Initiator) Wipe() {
	if i == nil {
		return
	}
	clear(i.a2)
	clear(i.a3)
	*i = Initiator{}
}

// Responder is the side that was asked.
type Responder struct {
	g2a, g3a modp.Element
	g2, g3   generator    // set by Answer, and what follows too
	p, q     modp.Element // ours
}

// Receive takes message 1.
func Receive(body []byte) (*Responder, error) {
	var in message1
	if !read(&in, body) {
		return nil, ErrMalformed
	}
	if !in.p2.verify(proveG2a, in.g2) || !in.p3.verify(proveG3a, in.g3) {
		return nil, ErrCheated
	}
	return &Responder{g2a: in.g2, g3a: in.g3}, nil
}

// Answer makes message 2. After an error it may be tried again.
func (r *Responder) Answer(rand io.Reader, secret [sha256.Size]byte) (reply []byte, err error) {
	defer clear(secret[:])
	if !r.g2a.Valid() || r.g2.base != nil {
		return nil, ErrMalformed
	}
	defer func() {
		if err != nil {
			r.g2.wipe()
			r.g3.wipe()
		}
	}()
	var m message2
	if r.g2.half, m.g2, m.p2, err = newHalf(rand, proveG2b); err != nil {
		return nil, err
	}
	if r.g3.half, m.g3, m.p3, err = newHalf(rand, proveG3b); err != nil {
		return nil, err
	}
	r.g2.base, r.g3.base = modp.Prepare(r.g2a), modp.Prepare(r.g3a)
	r4, err := modp.RandomScalar(rand)
	if err != nil {
		return nil, err
	}
	defer clear(r4)
	m.p, m.q = blind(&r.g2, &r.g3, r4, secret[:])
	if m.cp, err = proveCoords(rand, provePb, &r.g2, &r.g3, r4, secret[:]); err != nil {
		return nil, err
	}
	r.p, r.q = m.p, m.q
	return write(&m), nil
}

// Three takes message 3, makes message 4, and tells whether the secrets are
// the same. It ends the exchange.
func (r *Responder) Three(rand io.Reader, body []byte) (reply []byte, same bool, err error) {
	defer r.Wipe()
	var in message3
	if r.g2.base == nil || !read(&in, body) {
		return nil, false, ErrMalformed
	}
	if in.p.Equal(&r.p) || in.q.Equal(&r.q) || !in.cp.verify(provePa, &r.g2, &r.g3, in.p, in.q) {
		return nil, false, ErrCheated
	}
	pab, q := modp.Div(in.p, r.p, in.q, r.q)
	qab := modp.Prepare(q)
	if !in.cr.verify(proveRa, r.g3a, qab, in.r) {
		return nil, false, ErrCheated
	}
	var m message4
	b3 := r.g3.half
	m.r = power(qab, b3)
	if m.cr, err = proveEqual(rand, proveRb, qab, b3); err != nil {
		return nil, false, err
	}
	return write(&m), isPower(&pab, &in.r, b3), nil
}

// Wipe forgets the secrets, and what was prepared. A nil Responder has none.
func (r *Responder) Wipe() {
	if r == nil {
		return
	}
	r.g2.wipe()
	r.g3.wipe()
	*r = Responder{}
}
