package mont

import "math/bits"

// The portable arithmetic works through its numbers four words at a time: x*y
// is the sum of y times each strip of four words of x, shifted. A strip times
// a word of y has two chains of carries, which the compiler turns into two
// runs of add-with-carry, and what is shifted out of it stays in registers.
//
// The race detector is told not to look at the words here: it would take ten
// times as long as the multiplication. Nothing is missed, for these functions
// keep nothing and start nothing: who shares a number between goroutines
// writes it, wipes it or copies it himself, and is seen at that.

type strip = [4]uint64

// mulGeneric sets z = x*y/R modulo m. All have the same length, a multiple of
// four words.
//
//go:norace
func mulGeneric(z, x, y, m []uint64, inv uint64) {
	var space [48]uint64
	n := len(z)
	t := space[:2*n]
	for i := 0; i < n; i += 4 {
		mulStrip(t[i:i+n], y, (*strip)(x[i:]), (*strip)(t[i+n:]))
	}
	montgomery(z, t, m, inv)
	clear(space[:])
}

// sqrGeneric sets z = x*x/R modulo m.
//
//go:norace
func sqrGeneric(z, x, m []uint64, inv uint64) {
	var space [48]uint64
	n := len(z)
	t := space[:2*n]
	// The products of different strips: each occurs twice in the square.
	for i := 0; i < n-4; i += 4 {
		mulStrip(t[2*i+4:i+n], x[i+4:], (*strip)(x[i:]), (*strip)(t[i+n:]))
	}
	var top, carry uint64
	for i := 0; i < n; i += 4 {
		top, carry = finishSquare((*[8]uint64)(t[2*i:]), (*strip)(x[i:]), top, carry)
	}
	montgomery(z, t, m, inv)
	clear(space[:])
}

// montgomery sets z = t/R modulo m for a t below R*R and twice as long as z;
// z is below R, and below m if t is below m*R. It destroys t.
//
//go:norace
func montgomery(z, t, m []uint64, inv uint64) {
	n := len(z)
	var carry uint64
	for i := 0; i < n; i += 4 {
		var q, a strip
		quotient(&q, &a, (*strip)(t[i:]), (*strip)(m), inv)
		mulStrip(t[i+4:i+n], m[4:n], &q, &a)
		u := (*strip)(t[i+n:])
		u[0], carry = bits.Add64(u[0], a[0], carry)
		u[1], carry = bits.Add64(u[1], a[1], carry)
		u[2], carry = bits.Add64(u[2], a[2], carry)
		u[3], carry = bits.Add64(u[3], a[3], carry)
	}
	reduce(z, t[n:], m, carry)
}

// mulStrip adds a and x*y to t, the length of which is y's, and sets a to what
// is above t.
//
//go:norace
func mulStrip(t, y []uint64, x, a *strip) {
	t = t[:len(y)]
	a0, a1, a2, a3 := a[0], a[1], a[2], a[3]
	for i, w := range y {
		h0, l0 := bits.Mul64(x[0], w)
		h1, l1 := bits.Mul64(x[1], w)
		h2, l2 := bits.Mul64(x[2], w)
		h3, l3 := bits.Mul64(x[3], w)
		var c uint64
		l0, c = bits.Add64(l0, a0, 0)
		a1, c = bits.Add64(l1, a1, c)
		a2, c = bits.Add64(l2, a2, c)
		a3, c = bits.Add64(l3, a3, c)
		h3, _ = bits.Add64(h3, 0, c)
		t[i], c = bits.Add64(l0, t[i], 0)
		a0, c = bits.Add64(h0, a1, c)
		a1, c = bits.Add64(h1, a2, c)
		a2, c = bits.Add64(h2, a3, c)
		a3, _ = bits.Add64(h3, 0, c)
	}
	a[0], a[1], a[2], a[3] = a0, a1, a2, a3
}

// finishSquare doubles t, with the bit top shifted in from below, and adds
// x*x and carry. It returns the bit that it shifted out and its carry.
//
//go:norace
func finishSquare(t *[8]uint64, x *strip, top, carry uint64) (uint64, uint64) {
	h1, s1 := bits.Mul64(x[0], x[1])
	h2, s2 := bits.Mul64(x[0], x[2])
	h3, s3 := bits.Mul64(x[0], x[3])
	s2, c := bits.Add64(s2, h1, 0)
	s3, c = bits.Add64(s3, h2, c)
	s4, _ := bits.Add64(h3, 0, c)
	h1, l1 := bits.Mul64(x[1], x[2])
	h2, l2 := bits.Mul64(x[1], x[3])
	h3, s5 := bits.Mul64(x[2], x[3])
	l2, c = bits.Add64(l2, h1, 0)
	s5, c = bits.Add64(s5, h2, c)
	s6, _ := bits.Add64(h3, 0, c)
	s3, c = bits.Add64(s3, l1, 0)
	s4, c = bits.Add64(s4, l2, c)
	s5, c = bits.Add64(s5, 0, c)
	s6, _ = bits.Add64(s6, 0, c)
	// s1 to s6 occur twice in x*x, and these once:
	h0, l0 := bits.Mul64(x[0], x[0])
	h1, l1 = bits.Mul64(x[1], x[1])
	h2, l2 = bits.Mul64(x[2], x[2])
	h3, l3 := bits.Mul64(x[3], x[3])
	s7 := s6 >> 63
	h0, c = bits.Add64(h0, s1<<1, 0)
	l1, c = bits.Add64(l1, s2<<1|s1>>63, c)
	h1, c = bits.Add64(h1, s3<<1|s2>>63, c)
	l2, c = bits.Add64(l2, s4<<1|s3>>63, c)
	h2, c = bits.Add64(h2, s5<<1|s4>>63, c)
	l3, c = bits.Add64(l3, s6<<1|s5>>63, c)
	h3, _ = bits.Add64(h3, s7, c)

	w := t[0]
	t[0], c = bits.Add64(l0, w<<1|top, carry)
	top, w = w>>63, t[1]
	t[1], c = bits.Add64(h0, w<<1|top, c)
	top, w = w>>63, t[2]
	t[2], c = bits.Add64(l1, w<<1|top, c)
	top, w = w>>63, t[3]
	t[3], c = bits.Add64(h1, w<<1|top, c)
	top, w = w>>63, t[4]
	t[4], c = bits.Add64(l2, w<<1|top, c)
	top, w = w>>63, t[5]
	t[5], c = bits.Add64(h2, w<<1|top, c)
	top, w = w>>63, t[6]
	t[6], c = bits.Add64(l3, w<<1|top, c)
	top, w = w>>63, t[7]
	t[7], c = bits.Add64(h3, w<<1|top, c)
	return w >> 63, c
}

// quotient sets q so that q*m cancels t, four words of each, and a to the words
// above t in t + q*m.
//
//go:norace
func quotient(q, a, t, m *strip, inv uint64) {
	t0, t1, t2, t3 := t[0], t[1], t[2], t[3]
	for i := range q {
		w := t0 * inv
		h0, l0 := bits.Mul64(m[0], w)
		h1, l1 := bits.Mul64(m[1], w)
		h2, l2 := bits.Mul64(m[2], w)
		h3, l3 := bits.Mul64(m[3], w)
		_, c := bits.Add64(l0, t0, 0) // the sum is 0, which is the point
		t1, c = bits.Add64(l1, t1, c)
		t2, c = bits.Add64(l2, t2, c)
		t3, c = bits.Add64(l3, t3, c)
		h3, _ = bits.Add64(h3, 0, c)
		t0, c = bits.Add64(h0, t1, 0)
		t1, c = bits.Add64(h1, t2, c)
		t2, c = bits.Add64(h2, t3, c)
		t3, _ = bits.Add64(h3, 0, c)
		q[i] = w
	}
	a[0], a[1], a[2], a[3] = t0, t1, t2, t3
}

// reduce sets z to the number with the words t and a carry above them, less m
// if it isn't below m. z must not be t.
//
//go:norace
func reduce(z, t, m []uint64, carry uint64) {
	var borrow uint64
	for i := 0; i < len(z); i += 4 {
		z, t, m := (*strip)(z[i:]), (*strip)(t[i:]), (*strip)(m[i:])
		z[0], borrow = bits.Sub64(t[0], m[0], borrow)
		z[1], borrow = bits.Sub64(t[1], m[1], borrow)
		z[2], borrow = bits.Sub64(t[2], m[2], borrow)
		z[3], borrow = bits.Sub64(t[3], m[3], borrow)
	}
	keep := -(borrow &^ carry) // all ones: it was below m
	for i := 0; i < len(z); i += 4 {
		z, t := (*strip)(z[i:]), (*strip)(t[i:])
		z[0] ^= keep & (z[0] ^ t[0])
		z[1] ^= keep & (z[1] ^ t[1])
		z[2] ^= keep & (z[2] ^ t[2])
		z[3] ^= keep & (z[3] ^ t[3])
	}
}

// double sets z = 2x modulo m for an x below m.
//
//go:norace
func double(z, x, m []uint64) {
	var t Elem24
	var carry uint64
	for i, w := range x {
		t[i], carry = bits.Add64(w, w, carry)
	}
	reduce(z, t[:len(z)], m, carry)
	clear(t[:])
}
