// Package ratchet keeps the keys of one private conversation with one
// instance of the peer: both sides' two newest Diffie-Hellman keys, what is
// derived of them, counters, and the MAC keys to be revealed. It seals and
// opens data messages. A Ratchet belongs to one session and its goroutine,
// owns its secrets, and is wiped by its owner.
//
//	              keys of ours          keys of the peer
//	previous      used for sending      accepted
//	newest        announced             used for sending
//
// A peer's message that uses our newest key proves that he has it: the
// previous one is forgotten and a new one announced. A message that uses his
// newest brings the next. Keys are derived once for each pair and kept
// until one of the two is forgotten.
package ratchet

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"errors"
	"hash"
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

	macSize = sha1.Size
)

// Ratchet is the keys of a conversation. Make it with New.
type Ratchet struct {
	rand   io.Reader
	own    [2]*modp.KeyPair
	ownID  uint32 // of the newest
	peer   [2]modp.Element
	peerID uint32      // of the newest
	pairs  [2][2]*pair // by own, peer; nil: not derived yet
	reveal []byte      // MAC keys for the next message
	next   announced   // by the peer's last message
}

// announced is a key that was read once already. All messages of a peer carry
// the same one until keys rotate.
type announced struct {
	bytes   []byte
	element modp.Element
}

// pair is what two keys make together.
type pair struct {
	send, recv direction
	extra      [32]byte
	verified   bool // recv's MAC key verified something: it must be revealed
}

// direction is the keys of one direction.
type direction struct {
	macKey [macSize]byte
	mac    hash.Hash    // keyed with macKey
	block  cipher.Block // keyed for encryption
	ctr    uint64       // the last one used
}

// New takes over the keys of a verified exchange, and carries over the MAC
// keys that an earlier conversation with the same peer left to be revealed.
func New(rand io.Reader, o *ake.Outcome, reveal []byte) (*Ratchet, error) {
	next, err := modp.NewKeyPair(rand)
	if err != nil {
		return nil, err
	}
	r := &Ratchet{rand: rand, reveal: reveal}
	r.own = [2]*modp.KeyPair{o.Own, next}
	r.ownID = ake.OwnKeyID + 1
	r.peer[newest] = o.Peer
	r.peerID = o.PeerID
	r.pairs[previous][newest] = derive(o.Own.Public, o.Peer, o.Secret)
	o.Secret.Wipe()
	return r, nil
}

// pair derives the keys of two keys, once.
func (r *Ratchet) pair(own, peer int) *pair {
	p := &r.pairs[own][peer]
	if *p == nil {
		secret := r.own[own].Shared(r.peer[peer])
		*p = derive(r.own[own].Public, r.peer[peer], secret)
		secret.Wipe()
	}
	return *p
}

func derive(own, peer, secret modp.Element) *pair {
	send, recv := byte(2), byte(1)
	if own.Greater(peer) {
		send, recv = recv, send
	}
	b := secret.Bytes()
	buf := wire.AppendMPI(make([]byte, 1, 1+4+modp.Size), b)
	clear(b)
	defer clear(buf)
	h := func(b byte) (d direction) {
		buf[0] = b
		sum := sha1.Sum(buf)
		defer clear(sum[:])
		block, err := aes.NewCipher(sum[:16])
		if err != nil {
			panic(err) // the key has 16 bytes
		}
		d.block, d.macKey = block, sha1.Sum(sum[:16])
		d.mac = hmac.New(sha1.New, d.macKey[:])
		return d
	}
	p := &pair{send: h(send), recv: h(recv)}
	buf[0] = 0xff
	p.extra = sha256.Sum256(buf)
	return p
}

// forget wipes a pair; its receiving MAC key is revealed if it was used.
func (r *Ratchet) forget(p *pair) {
	if p == nil {
		return
	}
	if p.verified {
		r.reveal = append(r.reveal, p.recv.macKey[:]...)
	}
	*p = pair{}
}

// rotateOwn forgets our previous key and draws a next one.
func (r *Ratchet) rotateOwn() error {
	next, err := modp.NewKeyPair(r.rand)
	if err != nil {
		return err
	}
	for _, p := range r.pairs[previous] {
		r.forget(p)
	}
	r.own[previous].Wipe()
	r.own = [2]*modp.KeyPair{r.own[newest], next}
	r.pairs = [2][2]*pair{r.pairs[newest], {}}
	r.ownID++
	return nil
}

// rotatePeer forgets the peer's previous key and takes his next one.
func (r *Ratchet) rotatePeer(next modp.Element) {
	for own := range r.pairs {
		r.forget(r.pairs[own][previous])
		r.pairs[own] = [2]*pair{r.pairs[own][newest], nil}
	}
	r.peer = [2]modp.Element{r.peer[newest], next}
	r.peerID++
}

// Wipe forgets everything and returns the MAC keys that are left to be
// revealed. A nil Ratchet has none.
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
	reveal, r.reveal = r.reveal, nil
	return reveal
}

// Reveal adds MAC keys to be revealed with the next message.
func (r *Ratchet) Reveal(keys []byte) {
	if r != nil {
		r.reveal = append(r.reveal, keys...)
	}
}
