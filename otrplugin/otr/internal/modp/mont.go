package modp

import (
	"encoding/binary"
	"encoding/hex"
	"math/big"
	"math/bits"
	"sync"
)

// width is the number of words of an element.
const width = Size / 8

// limbs is a number below p, least significant word first; in what follows
// times 2^1536 modulo p (Montgomery form).
type limbs [width]uint64

// field holds p, and 1 and 2^1536 in Montgomery form.
type field struct{ p, one, r limbs }

var theField = sync.OnceValue(func() *field {
	b, err := hex.DecodeString(prime)
	if err != nil {
		panic(err)
	}
	p := new(big.Int).SetBytes(b)
	power := func(n uint) (l limbs) {
		x := new(big.Int).Lsh(big.NewInt(1), n)
		l.setBytes(x.Mod(x, p).FillBytes(make([]byte, Size)))
		return l
	}
	f := &field{one: power(Size * 8), r: power(2 * Size * 8)}
	f.p.setBytes(b)
	return f
})

// setBytes sets l to Size bytes, big-endian.
func (l *limbs) setBytes(b []byte) {
	for i := range l {
		l[i] = binary.BigEndian.Uint64(b[Size-8-8*i:])
	}
}

// bytes is l, big-endian.
func (l *limbs) bytes() []byte {
	b := make([]byte, Size)
	for i, w := range l {
		binary.BigEndian.PutUint64(b[Size-8-8*i:], w)
	}
	return b
}

// mul sets z = x*y/2^1536 modulo p, word by word: p is -1 modulo 2^64, so what
// clears a word of the sum is p times that very word. z may be x or y.
//
//go:norace
func (f *field) mul(z, x, y *limbs) {
	var t [2 * width]uint64
	var carry uint64
	for i := range width {
		row := (*limbs)(t[i : i+width])
		c1 := addMulRow(row, x, y[i])
		c2 := addMulRow(row, &f.p, row[0])
		t[i+width], carry = bits.Add64(c1, c2, carry)
	}
	// The sum is below 2p: subtract p if it isn't below p.
	sum := (*limbs)(t[width:])
	var d limbs
	var borrow uint64
	for i := range d {
		d[i], borrow = bits.Sub64(sum[i], f.p[i], borrow)
	}
	keep := -(borrow &^ carry) // all ones: the sum was below p
	for i := range z {
		z[i] = d[i] ^ keep&(d[i]^sum[i])
	}
}

// addMulRowGeneric adds x*y to z and returns the carry.
//
//go:norace
func addMulRowGeneric(z, x *limbs, y uint64) (carry uint64) {
	for i := range z {
		hi, lo := bits.Mul64(x[i], y)
		var c uint64
		lo, c = bits.Add64(lo, z[i], 0)
		hi, _ = bits.Add64(hi, 0, c)
		lo, c = bits.Add64(lo, carry, 0)
		hi, _ = bits.Add64(hi, 0, c)
		z[i], carry = lo, hi
	}
	return carry
}

// enter is the number of Size bytes in Montgomery form.
func (f *field) enter(b []byte) (l limbs) {
	l.setBytes(b)
	f.mul(&l, &l, &f.r)
	return l
}

// leave is the number out of Montgomery form.
func (f *field) leave(l *limbs) []byte {
	var z limbs
	f.mul(&z, l, &limbs{1})
	return z.bytes()
}
