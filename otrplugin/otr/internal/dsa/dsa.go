// Package dsa is DSA as OTR uses it: the digest is one big-endian number
// reduced modulo q, never truncated (section "Public keys, signatures, and
// fingerprints"). Signing is constant time in the key and
// the nonce; keys and signatures of peers are public, so verifying is not.
// Keys are values of their owner; methods that don't change them may be
// called from any goroutine.
package dsa

import (
	"crypto/sha1"
	"errors"
	"io"
	"math/big"
	"slices"

	"culver/otrplugin/otr/internal/mont"
	"culver/otrplugin/otr/internal/power"
	"culver/otrplugin/otr/internal/wire"
)

// Sizes of the numbers. OTR clients make keys of 1024 and 160 bits only; of
// peers a little more is taken, and the cap bounds what a peer can make us compute.
const (
	pBits    = 1024
	maxPBits = 3072
	qBits    = 160
	qBytes   = qBits / 8

	// SignatureSize is the length of a signature: r and s, 20 bytes each.
	SignatureSize = 2 * qBytes
)

var errKey = errors.New("not a valid DSA key")

// PublicKey is the public half of a long-term key.
type PublicKey struct{ p, q, g, y *big.Int }

// NewPublicKey makes a key of its big-endian numbers and checks them.
func NewPublicKey(p, q, g, y []byte) (*PublicKey, error) {
	if len(p) > maxPBits/8+1 || len(q) > qBytes+1 || len(g) > maxPBits/8+1 || len(y) > maxPBits/8+1 {
		return nil, errKey
	}
	k := &PublicKey{new(big.Int).SetBytes(p), new(big.Int).SetBytes(q), new(big.Int).SetBytes(g), new(big.Int).SetBytes(y)}
	if !k.plausible() {
		return nil, errKey
	}
	return k, nil
}

// plausible checks what can be checked at little cost: sizes and ranges, and
// that q divides p-1.
func (k *PublicKey) plausible() bool {
	one := big.NewInt(1)
	if k.p.BitLen() < pBits/2 || k.p.BitLen() > maxPBits || k.q.BitLen() != qBits || k.p.Bit(0) == 0 || k.q.Bit(0) == 0 {
		return false
	}
	last := new(big.Int).Sub(k.p, one)
	if new(big.Int).Mod(last, k.q).Sign() != 0 {
		return false
	}
	inRange := func(v *big.Int) bool { return v.Cmp(one) > 0 && v.Cmp(last) < 0 }
	return inRange(k.g) && inRange(k.y)
}

// ReadPublicKey reads a PUBKEY.
func ReadPublicKey(r *wire.Reader) (*PublicKey, error) {
	const limit = maxPBits / 8
	if r.Short() != 0 || !r.OK() { // type 0 is DSA
		return nil, errKey
	}
	p, q, g, y := r.MPI(limit), r.MPI(qBytes), r.MPI(limit), r.MPI(limit)
	if !r.OK() {
		return nil, errKey
	}
	return NewPublicKey(p, q, g, y)
}

// Append appends the key as PUBKEY.
func (k *PublicKey) Append(b []byte) []byte {
	b = wire.AppendShort(b, 0)
	b = slices.Grow(b, 4*4+3*((k.p.BitLen()+7)/8)+qBytes)
	for _, n := range [...]*big.Int{k.p, k.q, k.g, k.y} {
		size := (n.BitLen() + 7) / 8
		b = wire.AppendInt(b, uint32(size))
		b = b[:len(b)+size]
		n.FillBytes(b[len(b)-size:])
	}
	return b
}

// Numbers are p, q, g and y, big-endian.
func (k *PublicKey) Numbers() (p, q, g, y []byte) {
	return k.p.Bytes(), k.q.Bytes(), k.g.Bytes(), k.y.Bytes()
}

// Fingerprint is the SHA-1 of PUBKEY without its type.
func (k *PublicKey) Fingerprint() [20]byte { return sha1.Sum(k.Append(nil)[2:]) }

// Verify tells whether sig is the key's signature of digest.
func (k *PublicKey) Verify(digest, sig []byte) bool {
	if len(sig) != SignatureSize {
		return false
	}
	r, s := new(big.Int).SetBytes(sig[:qBytes]), new(big.Int).SetBytes(sig[qBytes:])
	if r.Sign() == 0 || s.Sign() == 0 || r.Cmp(k.q) >= 0 || s.Cmp(k.q) >= 0 {
		return false
	}
	w := new(big.Int).ModInverse(s, k.q)
	if w == nil {
		return false // q of a peer need not be prime
	}
	u1 := new(big.Int).SetBytes(digest)
	u1.Mod(u1.Mul(u1, w), k.q)
	u2 := new(big.Int).Mul(r, w)
	u2.Mod(u2, k.q)
	v := k.product(u1, u2)
	return v.Mod(v, k.q).Cmp(r) == 0
}

// product is g^u1 * y^u2 modulo p. All of it is public.
func (k *PublicKey) product(u1, u2 *big.Int) *big.Int {
	m, err := mont.NewModulus16(k.p.Bytes())
	if err != nil { // not of the usual length
		v := new(big.Int).Exp(k.g, u1, k.p)
		v.Mul(v, new(big.Int).Exp(k.y, u2, k.p))
		return v.Mod(v, k.p)
	}
	var g, y mont.Elem16
	m.Enter(&g, k.g.Bytes())
	m.Enter(&y, k.y.Bytes())
	f := power.Mod16{Modulus16: m}
	power.Product(f, &g, power.Window(f, &g, u1.Bytes()), power.Window(f, &y, u2.Bytes()))
	b := m.Leave(&g)
	return new(big.Int).SetBytes(b[:])
}

func readFull(rand io.Reader, n int) ([]byte, error) {
	b := make([]byte, n)
	_, err := io.ReadFull(rand, b)
	return b, err
}
