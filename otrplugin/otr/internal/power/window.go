package power

// window is the number of bits that a sliding window holds at most.
const window = 4

// A Window is the factor of a public base and a public exponent: sliding
// windows over the exponent's bits, each an odd number.
type Window[E any] struct {
	odd    [1 << (window - 1)]E // the odd powers of the base
	digits []byte               // by bit: the window that ends there, or 0
}

// NewWindow makes the factor of a base and an exponent, big-endian.
func NewWindow[E any](f Field[E], base *E, exponent []byte) *Window[E] {
	for len(exponent) > 0 && exponent[0] == 0 {
		exponent = exponent[1:]
	}
	w := &Window[E]{digits: make([]byte, 8*len(exponent))}
	for top := len(w.digits) - 1; top >= 0; top-- {
		if bit(exponent, top) == 0 {
			continue
		}
		end := max(top-window+1, 0)
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
	return w
}

func (w *Window[E]) steps() int { return len(w.digits) }

func (w *Window[E]) step(a *accumulator[E], k int) {
	if d := w.digits[k]; d != 0 {
		a.mul(&w.odd[d/2])
	}
}
