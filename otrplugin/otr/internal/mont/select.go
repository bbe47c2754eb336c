package mont

import "crypto/subtle"

// Select16 sets z to the entry of a table that index names, reading all of the
// table and nothing else; to 0 if there is no such entry.
func Select16(z *Elem16, table []Elem16, index uint64) {
	clear(z[:])
	for i := range table {
		addMasked(z[:], table[i][:], equal(uint64(i), index))
	}
}

// Select24 sets z to the entry of a table that index names, reading all of the
// table and nothing else; to 0 if there is no such entry.
func Select24(z *Elem24, table []Elem24, index uint64) {
	clear(z[:])
	for i := range table {
		addMasked(z[:], table[i][:], equal(uint64(i), index))
	}
}

// equal is all ones if a is b, else 0.
func equal(a, b uint64) uint64 {
	d := a ^ b
	return -uint64(subtle.ConstantTimeEq(int32(d), 0) & subtle.ConstantTimeEq(int32(d>>32), 0))
}

// addMasked sets z to z|x&mask.
//
//go:norace
func addMasked(z, x []uint64, mask uint64) {
	x = x[:len(z)]
	for i := range z {
		z[i] |= x[i] & mask
	}
}
