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

// scalar is a number below q as bigmod has it. Who made it of a secret clears it.
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

// MulExponents is the exponent x*y, for scalars or hashes x and y, as [Even]
// has it: a power of 2 to the power of it is what the power of 2 to the power
// of x is to the power of y. The time doesn't depend on them.
func MulExponents(x, y []byte) []byte {
	q := params().q
	n, m := scalar(x), scalar(y)
	defer clear(n.Bits())
	defer clear(m.Bits())
	b := n.Mul(m, q).Bytes(q)
	makeEven(b)
	return b
}

// Even is the exponent that is a scalar modulo q, and even. For the powers of
// 2, the order of which is q, it is the same exponent. All other elements are
// the negative of such a power, and a peer may send one: an odd exponent would
// keep the sign, so that what comes out tells the exponent's last bit to
// everybody who can tell the powers of 2 from the others (by the Legendre
// symbol). An even one makes the same of both.
func Even(x []byte) []byte {
	b := make([]byte, Size)
	copy(b[Size-len(x):], x)
	makeEven(b)
	return b
}

// makeEven adds q, which is odd, to an odd scalar of Size bytes, in constant time.
func makeEven(b []byte) {
	q := &params().qBytes
	odd := -(b[Size-1] & 1)
	var carry uint
	for i := Size - 1; i >= 0; i-- {
		carry += uint(b[i]) + uint(q[i]&odd)
		b[i], carry = byte(carry), carry>>8
	}
}
