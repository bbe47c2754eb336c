package ratchet

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha1"
	"crypto/sha256"

	"culver/otrplugin/otr/internal/modp"
	"culver/otrplugin/otr/internal/wire"
)

const (
	keySize = 16
	macSize = sha1.Size
)

// pair is what a key of ours and one of the peer's make together.
type pair struct {
	send, recv direction
	extra      [32]byte
	verified   bool // recv's MAC key verified something: it must be revealed
}

// direction is the keys of one direction. Most pairs are used in one only.
type direction struct {
	key    [keySize]byte
	macKey [macSize]byte
	ctr    uint64 // the last one used
	keyed  *keyed // nil until it is used
}

// keyed is what is worked out of the keys of a direction when it is used first.
type keyed struct {
	block        cipher.Block
	inner, outer state
	used         bool   // mac was called
	begun        *begun // by the last message, or nil
}

// begun is a message of which the first blocks were hashed already: all
// messages begin alike until keys rotate.
type begun struct {
	bytes [3 * sha1.BlockSize]byte
	inner state
}

// agree derives the keys of two keys, and works out our public key if it was not
// yet: own belongs to the caller alone meanwhile.
func agree(own *modp.KeyPair, peer *modp.Element) *pair {
	own.Publish()
	secret := own.Shared(peer)
	defer secret.Wipe()
	return derive(&own.Public, peer, secret)
}

// derive is the protocol's "Computing AES keys, MAC keys, and the secure
// session id", the data message's part.
func derive(own, peer, secret *modp.Element) *pair {
	send, recv := byte(2), byte(1)
	if own.Greater(peer) {
		send, recv = recv, send
	}
	b := secret.Bytes()
	buf := wire.AppendMPI(make([]byte, 1, 1+4+modp.Size), b)
	clear(b)
	defer clear(buf)
	h := func(d *direction, b byte) {
		buf[0] = b
		sum := sha1.Sum(buf)
		copy(d.key[:], sum[:])
		d.macKey = sha1.Sum(d.key[:])
		clear(sum[:])
	}
	p := new(pair)
	h(&p.send, send)
	h(&p.recv, recv)
	buf[0] = 0xff
	p.extra = sha256.Sum256(buf)
	return p
}

// wipe forgets the keys. A nil pair has none.
func (p *pair) wipe() {
	if p != nil {
		p.send.wipe()
		p.recv.wipe()
		*p = pair{}
	}
}

// ready works out what using the direction needs, once.
func (d *direction) ready(t *tools) *keyed {
	if d.keyed == nil {
		block, err := aes.NewCipher(d.key[:])
		if err != nil {
			panic(err) // the key has 16 bytes
		}
		d.keyed = &keyed{block: block}
		t.expand(d.keyed, &d.macKey)
	}
	return d.keyed
}

func (d *direction) wipe() {
	if k := d.keyed; k != nil {
		if k.begun != nil {
			*k.begun = begun{}
		}
		*k = keyed{}
	}
	*d = direction{}
}
