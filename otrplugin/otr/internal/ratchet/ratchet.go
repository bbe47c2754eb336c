// Package ratchet keeps the keys of one private conversation with one
// instance of the peer: both sides' two newest Diffie-Hellman keys, what is
// derived of them, counters, and the MAC keys to be revealed. It seals and
// opens data messages (sections "Data Message", "Key Management" and "Revealing
// MAC keys"). A Ratchet belongs to one session and its goroutine, owns its
// secrets, and is wiped by its owner; only a Work may run elsewhere.
//
//	              keys of ours          keys of the peer
//	previous      used for sending      accepted
//	newest        announced             used for sending
//
// A peer's message that uses our newest key proves that he has it: the
// previous one is forgotten and a new one announced. A message that uses his
// newest brings the next. Keys are derived once for each pair and kept
// until one of the two is forgotten.
//
// Wiped are private Diffie-Hellman keys, shared secrets, and of what is derived
// of them all that the package holds itself. Out of its reach are the round
// keys in the standard library's AES and the last block in its SHA-1: they
// last until the memory is used again.
package ratchet

import (
	"bytes"
	"errors"
	"io"

	"culver/otrplugin/otr/internal/ake"
	"culver/otrplugin/otr/internal/modp"
	"culver/otrplugin/otr/internal/wire"
)

// Errors of a peer's message. None of them changes anything.
var (
	ErrMalformed  = errors.New("malformed data message")
	ErrUnreadable = errors.New("data message does not verify")
)

const (
	previous = 0
	newest   = 1
)

// Ratchet is the keys of a conversation. Make it with New.
type Ratchet struct {
	rand   io.Reader
	own    [2]*modp.KeyPair
	ownID  uint32        // of the newest
	spare  *modp.KeyPair // prepared to be the next one of ours, or nil
	ours   []byte        // our newest public key as an MPI; empty until it is announced
	peer   [2]modp.Element
	peerID uint32      // of the newest
	pairs  [2][2]*pair // by own, peer; nil: not derived yet
	reveal []byte      // MAC keys for the next message
	next   []byte      // in the peer's last message: in the group
	tools  *tools
}

// New takes over the keys of a verified exchange, and carries over the MAC
// keys that an earlier conversation with the same peer left to be revealed.
func New(rand io.Reader, o *ake.Outcome, reveal []byte) (*Ratchet, error) {
	next, err := modp.DrawKeyPair(rand)
	if err != nil {
		return nil, err
	}
	r := &Ratchet{rand: rand, reveal: reveal, tools: newTools()}
	r.own = [2]*modp.KeyPair{o.Own, next}
	r.ownID = ake.OwnKeyID + 1
	r.peer[newest] = o.Peer
	r.peerID = o.PeerID
	r.pairs[previous][newest] = derive(&o.Own.Public, &o.Peer, o.Secret)
	o.Secret.Wipe()
	return r, nil
}

// pair derives the keys of two keys, once.
func (r *Ratchet) pair(own, peer int) *pair {
	p := &r.pairs[own][peer]
	if *p == nil {
		*p = agree(r.own[own], &r.peer[peer])
	}
	return *p
}

// announced is our newest public key as an MPI.
func (r *Ratchet) announced() []byte {
	if len(r.ours) == 0 {
		k := r.own[newest]
		k.Publish()
		r.ours = wire.AppendMPI(r.ours, k.Public.Bytes())
	}
	return r.ours
}

// forget wipes a pair; its receiving MAC key is revealed if it was used.
func (r *Ratchet) forget(p *pair) {
	if p == nil {
		return
	}
	if p.verified {
		r.reveal = append(r.reveal, p.recv.macKey[:]...)
	}
	p.wipe()
}

// rotateOwn forgets our previous key and takes a next one: the one prepared,
// or one drawn now. Its public part is worked out when it is announced.
func (r *Ratchet) rotateOwn() error {
	next := r.spare
	if next == nil {
		var err error
		if next, err = modp.DrawKeyPair(r.rand); err != nil {
			return err
		}
	}
	for _, p := range r.pairs[previous] {
		r.forget(p)
	}
	r.own[previous].Wipe()
	r.own, r.spare = [2]*modp.KeyPair{r.own[newest], next}, nil
	r.ours = r.ours[:0]
	r.pairs = [2][2]*pair{r.pairs[newest], {}}
	r.ownID++
	return nil
}

// rotatePeer forgets the peer's previous key and takes his next one.
func (r *Ratchet) rotatePeer(b []byte) {
	next, _ := modp.Parse(b) // it is in the group, as was looked at
	for own := range r.pairs {
		r.forget(r.pairs[own][previous])
		r.pairs[own] = [2]*pair{r.pairs[own][newest], nil}
	}
	r.peer = [2]modp.Element{r.peer[newest], next}
	r.peerID++
}

// inGroup tells whether a next key is in the group. All messages of a peer have
// the same one until keys rotate.
func (r *Ratchet) inGroup(b []byte) bool {
	if len(b) > 0 && bytes.Equal(b, r.next) {
		return true
	}
	_, ok := modp.Parse(b)
	if ok {
		r.next = append(r.next[:0], b...)
	}
	return ok
}

// Wipe forgets everything and returns the MAC keys that are left to be
// revealed. A nil Ratchet has none. A wiped one opens nothing, seals nothing
// and has nothing to prepare.
func (r *Ratchet) Wipe() (reveal []byte) {
	if r == nil {
		return nil
	}
	for own := range r.pairs {
		for peer, p := range r.pairs[own] {
			r.forget(p)
			r.pairs[own][peer] = nil
		}
		r.own[own].Wipe()
	}
	r.spare.Wipe()
	if r.tools != nil {
		r.tools.wipe()
	}
	reveal = r.reveal
	*r = Ratchet{}
	return reveal
}

// wiped tells whether there are no keys. All that is left then are numbers that
// everybody knows: nothing may be made of them.
func (r *Ratchet) wiped() bool { return r.own[newest] == nil }

// Reveal adds MAC keys to be revealed with the next message.
func (r *Ratchet) Reveal(keys []byte) {
	if r != nil {
		r.reveal = append(r.reveal, keys...)
	}
}
