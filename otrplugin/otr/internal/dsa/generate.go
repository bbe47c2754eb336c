package dsa

import (
	"io"
	"math/big"

	"filippo.io/bigmod"
)

// Generate makes a key. p, q and g are public, so finding them may take as
// long as it takes; x and y are computed in constant time.
func Generate(rand io.Reader) (*PrivateKey, error) {
	q, err := prime160(rand)
	if err != nil {
		return nil, err
	}
	p, err := primeOver(rand, q)
	if err != nil {
		return nil, err
	}
	k := &PrivateKey{PublicKey: PublicKey{p: p, q: q, g: generator(p, q)}}
	if err := k.prepare(); err != nil {
		return nil, err
	}
	for {
		x, err := readFull(rand, qBytes)
		if err != nil {
			return nil, err
		}
		n, err := bigmod.NewNat().SetBytes(x, k.q)
		if err != nil || n.IsZero() == 1 {
			continue
		}
		copy(k.x[:], x)
		clear(x)
		clear(n.Bits())
		k.y = new(big.Int).SetBytes(k.expG(k.x[:]).Bytes(k.p))
		return k, nil
	}
}

// prime160 draws a prime of exactly 160 bits.
func prime160(rand io.Reader) (*big.Int, error) {
	for {
		b, err := readFull(rand, qBytes)
		if err != nil {
			return nil, err
		}
		b[0] |= 0x80
		b[qBytes-1] |= 1
		if q := new(big.Int).SetBytes(b); q.ProbablyPrime(20) {
			return q, nil
		}
	}
}

// window is how many candidates for p one random start gives.
const window = 4096

// primeOver draws a prime p of exactly 1024 bits with q dividing p-1: from a
// random start, the candidates 1+2qk in a row, of which a sieve leaves a few
// and a Fermat test to the base 2 fewer.
func primeOver(rand io.Reader, q *big.Int) (*big.Int, error) {
	small := smallPrimes()
	step := new(big.Int).Lsh(q, 1)
	one, two := big.NewInt(1), big.NewInt(2)
	for {
		b, err := readFull(rand, pBits/8)
		if err != nil {
			return nil, err
		}
		b[0] |= 0x80
		start := new(big.Int).SetBytes(b)
		start.Sub(start, new(big.Int).Mod(start, step)).Add(start, one)
		composite := sieve(start, step, small)
		for i := range composite {
			if composite[i] {
				continue
			}
			p := new(big.Int).Mul(step, big.NewInt(int64(i)))
			p.Add(p, start)
			if p.BitLen() != pBits {
				continue
			}
			last := new(big.Int).Sub(p, one)
			if new(big.Int).Exp(two, last, p).Cmp(one) == 0 && p.ProbablyPrime(4) {
				return p, nil
			}
		}
	}
}

// sieve tells which of start+i*step have a factor among the small primes.
func sieve(start, step *big.Int, small []uint32) (composite [window]bool) {
	var m, t big.Int
	for _, l := range small {
		m.SetUint64(uint64(l))
		a := t.Mod(start, &m).Uint64()
		d := t.Mod(step, &m).Uint64()
		if d == 0 {
			continue // step is 2q: never, for an l other than 2
		}
		// start + i*step = 0 (mod l) for i = -a/d, and every l-th from there.
		t.SetUint64(d)
		inv := t.ModInverse(&t, &m).Uint64()
		for i := (uint64(l) - a) * inv % uint64(l); i < window; i += uint64(l) {
			composite[i] = true
		}
	}
	return composite
}

// smallPrimes are the odd primes below 2^15.
func smallPrimes() (primes []uint32) {
	var composite [1 << 15]bool
	for i := 3; i < len(composite); i += 2 {
		if composite[i] {
			continue
		}
		primes = append(primes, uint32(i))
		for j := i * i; j < len(composite); j += 2 * i {
			composite[j] = true
		}
	}
	return primes
}

// generator finds an element of order q.
func generator(p, q *big.Int) *big.Int {
	one := big.NewInt(1)
	e := new(big.Int).Sub(p, one)
	e.Div(e, q)
	for h := int64(2); ; h++ {
		if g := new(big.Int).Exp(big.NewInt(h), e, p); g.Cmp(one) != 0 {
			return g
		}
	}
}
