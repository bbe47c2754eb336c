package modp

import (
	"crypto/subtle"
	"io"
)

// PrivateSize is the length of a private Diffie-Hellman key in bytes.
const PrivateSize = 40

// KeyPair is a Diffie-Hellman key: Public is 2 to the power of the private
// part. Its zero value, and what was wiped, are none.
type KeyPair struct {
	private [PrivateSize]byte
	Public  Element
}

// NewKeyPair draws a key.
func NewKeyPair(rand io.Reader) (*KeyPair, error) {
	k, err := DrawKeyPair(rand)
	if err == nil {
		k.Publish()
	}
	return k, err
}

// DrawKeyPair draws a key, and leaves it to Publish to work out the public part.
func DrawKeyPair(rand io.Reader) (*KeyPair, error) {
	k := new(KeyPair)
	if _, err := io.ReadFull(rand, k.private[:]); err != nil {
		k.Wipe()
		return nil, err
	}
	return k, nil
}

// Publish works out the public part, unless it is there.
func (k *KeyPair) Publish() {
	if !k.Public.Valid() {
		k.Public = ExpG(k.private[:])
	}
}

// Shared is the secret shared with the owner of a public key. Wipe it. A key
// that was wiped panics: it would share 1 with everybody.
//
// A peer who sends what is no power of 2 learns by what is derived whether the
// private part is odd (see [Even]). One bit of 320 random ones, of a key that
// is used for nothing else, is of no use to him.
func (k *KeyPair) Shared(peer *Element) *Element {
	var none [PrivateSize]byte
	if subtle.ConstantTimeCompare(k.private[:], none[:]) == 1 {
		panic("modp: the private key was wiped")
	}
	return Exp(peer, k.private[:])
}

// Clone is a copy that may be wiped on its own.
func (k *KeyPair) Clone() *KeyPair {
	if k == nil {
		return nil
	}
	c := *k
	return &c
}

// Wipe forgets the private part. A nil KeyPair has none.
func (k *KeyPair) Wipe() {
	if k != nil {
		k.private = [PrivateSize]byte{}
	}
}
