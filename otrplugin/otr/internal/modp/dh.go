package modp

import "io"

// PrivateSize is the length of a private Diffie-Hellman key in bytes.
const PrivateSize = 40

// KeyPair is a Diffie-Hellman key: Public is 2 to the power of the private part.
type KeyPair struct {
	private [PrivateSize]byte
	Public  Element
}

// NewKeyPair draws a key.
func NewKeyPair(rand io.Reader) (*KeyPair, error) {
	k := new(KeyPair)
	if _, err := io.ReadFull(rand, k.private[:]); err != nil {
		k.Wipe()
		return nil, err
	}
	k.Public = ExpG(k.private[:])
	return k, nil
}

// Shared is the secret shared with the owner of a public key.
func (k *KeyPair) Shared(peer Element) Element { return Exp(peer, k.private[:]) }

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
		clear(k.private[:])
	}
}
