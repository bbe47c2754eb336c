package modp

import (
	"io"

	"filippo.io/bigmod"
)

// Scalars are exponents modulo q = (p-1)/2, Size bytes, big-endian.

// RandomScalar draws a scalar.
func RandomScalar(rand io.Reader) ([]byte, error) {
	b := make([]byte, Size)
	if _, err := io.ReadFull(rand, b); err != nil {
		return nil, err
	}
	b[0] &= 0x7f // q has 1535 bits, the first 64 of them 1: the bias is nil
	q := params().q
	n, err := bigmod.NewNat().SetOverflowingBytes(b, q)
	if err != nil {
		return nil, err
	}
	clear(b)
	b = n.Bytes(q)
	clear(n.Bits())
	return b, nil
}

// ValidScalar tells whether a number that a peer sent is in 1..q-1.
func ValidScalar(b []byte) bool {
	if len(b) > Size {
		return false
	}
	n, err := bigmod.NewNat().SetBytes(b, params().q)
	return err == nil && n.IsZero() == 0
}

// SubMul is r - x*c modulo q, for scalars r and x and a hash c of at most
// Size-1 bytes, in constant time.
func SubMul(r, x, c []byte) []byte {
	q := params().q
	load := func(b []byte) *bigmod.Nat {
		n, err := bigmod.NewNat().SetBytes(b, q)
		if err != nil {
			panic(err) // scalars are reduced, and a hash is short
		}
		return n
	}
	d, t := load(r), load(x)
	t.Mul(load(c), q)
	d.Sub(t, q)
	b := d.Bytes(q)
	clear(t.Bits())
	return b
}
