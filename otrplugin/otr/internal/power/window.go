package power

// windowBits is the number of bits that a sliding window holds at most.
const windowBits = 4

// window is a public base and a public exponent: sliding windows over the
// exponent's bits, each an odd number.
type window[E any] struct {
	odd    [1 << (windowBits - 1)]E // the odd powers of the base
	digits []byte                   // by bit: the window that ends there, or 0
}

// Window is the factor of a base and an exponent, big-endian, of any length.
// Its time depends on both: they are public.
func Window[E any](f Field[E], base *E, exponent []byte) Factor[E] {
	for len(exponent) > 0 && exponent[0] == 0 {
		exponent = exponent[1:]
	}
	w := &window[E]{digits: make([]byte, 8*len(exponent))}
	for top := len(w.digits) - 1; top >= 0; top-- {
		if bit(exponent, top) == 0 {
			continue
		}
		end := max(top-windowBits+1, 0)
		for bit(exponent, end) == 0 {
			end++
		}
		for n := top; n >= end; n-- {
			w.digits[end] = w.digits[end]<<1 | byte(bit(exponent, n))
		}
		top = end
	}
	var square E
	f.Sqr(&square, base)
	w.odd[0] = *base
	for i := 1; i < len(w.odd); i++ {
		f.Mul(&w.odd[i], &w.odd[i-1], &square)
	}
	return Factor[E]{window: w}
}
