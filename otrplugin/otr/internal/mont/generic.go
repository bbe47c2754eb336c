package mont

import "math/bits"

// mul sets z = x*y/R modulo m, word by word.
//
//go:norace
func mul(z, x, y, m []uint64, inv uint64) {
	var space [48]uint64
	n := len(z)
	t := space[:2*n]
	var carry uint64
	for i := range n {
		row := t[i : i+n]
		c1 := addMulRow(row, x, y[i])
		c2 := addMulRow(row, m, row[0]*inv)
		t[i+n], carry = bits.Add64(c1, c2, carry)
	}
	reduce(z, t[n:], m, carry)
	clear(t)
}

// addMulRow adds x*y to z and returns the carry.
//
//go:norace
func addMulRow(z, x []uint64, y uint64) (carry uint64) {
	x = x[:len(z)]
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

// reduce sets z to the number with the words t and the carry above them, less
// m if it isn't below m.
//
//go:norace
func reduce(z, t, m []uint64, carry uint64) {
	var d Elem24
	var borrow uint64
	for i := range z {
		d[i], borrow = bits.Sub64(t[i], m[i], borrow)
	}
	keep := -(borrow &^ carry) // all ones: it was below m
	for i := range z {
		z[i] = d[i] ^ keep&(d[i]^t[i])
	}
	clear(d[:])
}

// double sets z = 2x modulo m for an x below m.
//
//go:norace
func double(z, x, m []uint64) {
	var d Elem24
	var carry uint64
	for i, w := range x {
		d[i], carry = bits.Add64(w, w, carry)
	}
	reduce(z, d[:len(z)], m, carry)
	clear(d[:])
}
