package dsa

import (
	"encoding/binary"
	"math"
	"math/big"
	"math/bits"
)

// window is how many candidates for p one random start gives. On average one
// of 355 is prime.
const window = 4096

// words are a number of at most 1024 bits, most significant word first.
type words []uint64

func newWords(n *big.Int) (w words) {
	b := n.FillBytes(make([]byte, pBits/8))
	for ; len(b) > 0; b = b[8:] {
		if v := binary.BigEndian.Uint64(b); v != 0 || len(w) > 0 {
			w = append(w, v)
		}
	}
	return w
}

// mod is the number modulo m.
func (w words) mod(m uint64) (r uint64) {
	for _, v := range w {
		_, r = bits.Div64(r, v, m)
	}
	return r
}

// sieve tells which of start+i*step have a factor among the small primes.
func sieve(start, step *big.Int, small []uint64) (composite [window]bool) {
	a, d := newWords(start), newWords(step)
	for len(small) > 0 {
		// Long divisions are by products of several primes.
		product, n := uint64(1), 0
		for n < len(small) && product <= math.MaxUint64/small[n] {
			product *= small[n]
			n++
		}
		am, dm := a.mod(product), d.mod(product)
		for _, l := range small[:n] {
			// start + i*step = 0 (mod l) for i = -start/step, and every l-th from there.
			i := (l - am%l) * inverse(dm%l, l) % l
			for ; i < window; i += l {
				composite[i] = true
			}
		}
		small = small[n:]
	}
	return composite
}

// inverse is 1/a modulo a prime l, for an a that isn't 0 modulo l, by Euclid.
func inverse(a, l uint64) uint64 {
	r0, r1 := int32(l), int32(a)
	t0, t1 := int32(0), int32(1)
	for r1 != 1 {
		q := r0 / r1
		r0, r1 = r1, r0-q*r1
		t0, t1 = t1, t0-q*t1
	}
	if t1 < 0 {
		t1 += int32(l)
	}
	return uint64(t1)
}

// smallPrimes are the odd primes below 2^15. With twice as many the sieve
// would take as long as the tests that it saves.
func smallPrimes() (primes []uint64) {
	var composite [1 << 15]bool
	for i := 3; i < len(composite); i += 2 {
		if composite[i] {
			continue
		}
		primes = append(primes, uint64(i))
		for j := i * i; j < len(composite); j += 2 * i {
			composite[j] = true
		}
	}
	return primes
}
