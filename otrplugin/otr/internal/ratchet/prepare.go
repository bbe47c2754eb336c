package ratchet

import (
	"bytes"
	"io"

	"culver/otrplugin/otr/internal/modp"
)

// Work is what a Ratchet is going to need next, made beforehand: our newest
// public key and our next key, the secret for what we send next, and the one for
// the expected answer. It holds copies of the private keys that this takes, so it
// may run on any goroutine while the Ratchet goes on; it belongs to one goroutine at a time.
// Who does not give it back wipes it.
type Work struct {
	ratchet       *Ratchet // whose it is; never used but for comparing
	ownID, peerID uint32

	random []byte           // for our next key, or nil
	fresh  *modp.KeyPair    // our newest key, if it was not published yet, or nil
	own    [2]*modp.KeyPair // of which the pair with peer is wanted, or nil
	peer   modp.Element

	public modp.Element // of fresh
	spare  *modp.KeyPair
	pairs  [2]*pair // by own
}

// Prepare returns the work that can be done beforehand, nil for none. The
// random bytes it takes are drawn now.
func (r *Ratchet) Prepare() *Work {
	if r.wiped() {
		return nil
	}
	w := &Work{ratchet: r, ownID: r.ownID, peerID: r.peerID, peer: r.peer[newest]}
	if r.spare == nil {
		w.random = make([]byte, modp.PrivateSize)
		if _, err := io.ReadFull(r.rand, w.random); err != nil {
			w.random = nil
		}
	}
	sending := r.pairs[previous][newest]
	if sending == nil {
		w.own[previous] = r.own[previous].Clone()
	}
	// No answer with our newest key is to be expected before the peer has it.
	if sending != nil && sending.send.ctr > 0 && r.pairs[newest][newest] == nil {
		w.own[newest] = r.own[newest].Clone()
	}
	if k := r.own[newest]; !k.Public.Valid() {
		w.fresh = k.Clone()
	}
	if w.random == nil && w.fresh == nil && w.own == [2]*modp.KeyPair{} {
		return nil
	}
	return w
}

// Run does the work, in constant time as ever. Once it is done, or wiped,
// nothing is left to do, nor is with a nil Work.
func (w *Work) Run() {
	if w == nil {
		return
	}
	defer w.forgetInput()
	if w.random != nil {
		spare, err := modp.NewKeyPair(bytes.NewReader(w.random))
		if err != nil {
			panic(err) // there are enough bytes
		}
		w.spare = spare
	}
	if w.fresh != nil {
		w.fresh.Publish()
		w.public = w.fresh.Public
	}
	for own, k := range w.own {
		if k == nil {
			continue
		}
		p := agree(k, &w.peer)
		if own == previous {
			p.send.ready(newTools())
		} else {
			p.recv.ready(newTools())
		}
		w.pairs[own] = p
	}
}

// Adopt takes what w has made, if it is this Ratchet's and no key was rotated
// since, and reports whether. What was made in the meantime stays: its counter
// may have been used.
func (r *Ratchet) Adopt(w *Work) bool {
	if r == nil || w == nil || w.ratchet != r || w.ownID != r.ownID || w.peerID != r.peerID {
		return false
	}
	if r.spare == nil {
		r.spare, w.spare = w.spare, nil
	}
	if w.public.Valid() {
		r.own[newest].Public = w.public
	}
	for own := range w.pairs {
		if p := &r.pairs[own][newest]; *p == nil {
			*p, w.pairs[own] = w.pairs[own], nil
		}
	}
	return true
}

// Wipe forgets everything that was not adopted. A nil Work has nothing.
func (w *Work) Wipe() {
	if w == nil {
		return
	}
	w.forgetInput()
	w.spare.Wipe()
	for _, p := range w.pairs {
		p.wipe()
	}
	*w = Work{}
}

func (w *Work) forgetInput() {
	clear(w.random)
	w.fresh.Wipe()
	for _, k := range w.own {
		k.Wipe()
	}
	w.random, w.fresh, w.own = nil, nil, [2]*modp.KeyPair{}
}
