package modp

import (
	"io"

	"filippo.io/bigmod"
)

// Scalars are exponents modulo q = (p-1)/2, Size bytes, big-endian.

// RandomScalar draws a scalar.
func RandomScalar(rand io.Reader) ([]byte, error) {
	b := make([]byte, Size)
	defer clear(b)
	if _, err := io.ReadFull(rand, b); err != nil {
		return nil, err
	}
	b[0] &= 0x7f // q has 1535 bits, the first 64 of them 1: the bias is nil
	q := params().q
	n, err := bigmod.NewNat().SetOverflowingBytes(b, q)
	must(err) // it has no more bits than q
	defer clear(n.Bits())
	return n.Bytes(q), nil
}

// ValidScalar tells whether a number that a peer sent is in 1..q-1.
func ValidScalar(b []byte) bool {
	if len(b) > Size {
		return false
	}
	n, err := bigmod.NewNat().SetBytes(b, params().q)
	return err == nil && n.IsZero() == 0
}

// scalar is a number below q as bigmod has it.
func scalar(b []byte) *bigmod.Nat {
	n, err := bigmod.NewNat().SetBytes(b, params().q)
	must(err) // scalars are reduced, and hashes are short
	return n
}

// SubMul is r - x*c modulo q, for scalars r and x and a hash c of at most
// Size-1 bytes, in constant time.
func SubMul(r, x, c []byte) []byte {
	q := params().q
	d, t := scalar(r), scalar(x)
	defer clear(d.Bits())
	defer clear(t.Bits())
	return d.Sub(t.Mul(scalar(c), q), q).Bytes(q)
}

// MulExponents is the exponent x*y: an element to the power of it is what the
// element to the power of x is to the power of y. It is so for each element,
// also for those that are no power of 2, and so modulo p-1 = 2q. x and y are
// scalars or hashes; the time doesn't depend on them.
func MulExponents(x, y []byte) []byte {
	g := params()
	n := scalar(x)
	defer clear(n.Bits())
	b := n.Mul(scalar(y), g.q).Bytes(g.q)
	// That is right modulo q. If it isn't modulo 2, adding q makes it so.
	last := func(b []byte) byte { return b[len(b)-1] }
	wrong := -((last(b) ^ last(x)&last(y)) & 1)
	var carry uint
	for i := len(b) - 1; i >= 0; i-- {
		carry += uint(b[i]) + uint(g.qBytes[i]&wrong)
		b[i], carry = byte(carry), carry>>8
	}
	return b
}
