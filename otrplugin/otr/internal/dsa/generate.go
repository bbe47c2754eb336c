package dsa

import (
	"errors"
	"io"
	"math/big"

	"culver/otrplugin/otr/internal/mont"
)

// How often each number is drawn at most: a good source of randomness does not
// need as many for once in 2^50 keys, and a stuck one must not hang us.
const (
	drawsOfQ = 2000 // one of 55 odd numbers is prime
	drawsOfP = 8    // next to all windows hold primes
	drawsOfX = 64   // at least every other one is below q
)

var errStuck = errors.New("the source of randomness is stuck")

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
	k.prepare()
	for range drawsOfX {
		if _, err := io.ReadFull(rand, k.x[:]); err != nil {
			k.Wipe()
			return nil, err
		}
		n, ok := k.scalar(k.x[:])
		clear(n.Bits())
		if ok {
			k.y = new(big.Int).SetBytes(k.expG(k.x[:]))
			return k, nil
		}
	}
	k.Wipe()
	return nil, errStuck
}

// prime160 draws a prime of exactly 160 bits.
func prime160(rand io.Reader) (*big.Int, error) {
	for range drawsOfQ {
		b, err := readFull(rand, qBytes)
		if err != nil {
			return nil, err
		}
		b[0] |= 0x80
		b[qBytes-1] |= 1
		// FIPS 186-4, table C.1: 19 rounds and a Lucas test.
		if q := new(big.Int).SetBytes(b); q.ProbablyPrime(19) {
			return q, nil
		}
	}
	return nil, errStuck
}

// primeOver draws a prime p of exactly 1024 bits with q dividing p-1: from a
// random start, the candidates 1+2qk in a row, of which a sieve leaves a tenth
// and a Fermat test to the base 2 next to none but primes.
func primeOver(rand io.Reader, q *big.Int) (*big.Int, error) {
	small := smallPrimes()
	step := new(big.Int).Lsh(q, 1)
	for range drawsOfP {
		b, err := readFull(rand, pBits/8)
		if err != nil {
			return nil, err
		}
		b[0] |= 0x80
		start := new(big.Int).SetBytes(b)
		start.Sub(start, new(big.Int).Mod(start, step)).Add(start, big.NewInt(1))
		composite := sieve(start, step, small)
		for i := range composite {
			if composite[i] {
				continue
			}
			p := new(big.Int).Mul(step, big.NewInt(int64(i)))
			p.Add(p, start)
			// FIPS 186-4, table C.1: 3 rounds and a Lucas test.
			if p.BitLen() == pBits && fermat(p) && p.ProbablyPrime(3) {
				return p, nil
			}
		}
	}
	return nil, errStuck
}

// fermat tells whether 2^(p-1) is 1 modulo p, an odd number of 1024 bits.
func fermat(p *big.Int) bool {
	m, z := powerOf2(p, new(big.Int).Sub(p, big.NewInt(1)))
	return z == m.One()
}

// powerOf2 is 2^e modulo p, an odd number of 1024 bits, in Montgomery's form.
func powerOf2(p, e *big.Int) (*mont.Modulus16, mont.Elem16) {
	m, err := mont.NewModulus16(p.Bytes())
	must(err)
	z := m.One()
	for i := e.BitLen() - 1; i >= 0; i-- {
		m.Sqr(&z, &z)
		if e.Bit(i) == 1 {
			m.Double(&z, &z)
		}
	}
	return m, z
}

// generator is an element of order q: a power of 2, as 2 to the power of
// (p-1)/q is 1 for one p of 2^160.
func generator(p, q *big.Int) *big.Int {
	e := new(big.Int).Sub(p, big.NewInt(1))
	m, z := powerOf2(p, e.Div(e, q))
	b := m.Leave(&z)
	return new(big.Int).SetBytes(b[:])
}
