package dsa

import (
	"math/big"
	"testing"
)

func TestSmallPrimes(t *testing.T) {
	small := smallPrimes()
	if len(small) != 3511 || small[0] != 3 || small[3510] != 32749 { // the 3512 primes below 2^15 but 2
		t.Fatalf("%d primes up to %d", len(small), small[len(small)-1])
	}
	for _, l := range small[:200] {
		for _, a := range []uint64{1, 2, l / 2, l - 1} {
			if a %= l; a != 0 && inverse(a, l)*a%l != 1 {
				t.Fatalf("1/%d modulo %d", a, l)
			}
		}
	}
}

func TestSieve(t *testing.T) {
	small := smallPrimes()[:60]
	start, step := over(t, rfcKey(t).q, 1024, false), new(big.Int).Lsh(rfcKey(t).q, 1)
	composite := sieve(start, step, small)
	n, rest := new(big.Int).Set(start), new(big.Int)
	for i := range composite {
		var want bool
		for _, l := range small {
			want = want || rest.Mod(n, new(big.Int).SetUint64(l)).Sign() == 0
		}
		if want != composite[i] {
			t.Fatalf("candidate %d: %v", i, composite[i])
		}
		n.Add(n, step)
	}
}

func TestFermat(t *testing.T) {
	p := rfcKey(t).PublicKey.p
	if !fermat(p) || fermat(new(big.Int).Add(p, big.NewInt(2))) {
		t.Error("a prime is none, or the next number is one")
	}
	for _, e := range []*big.Int{big.NewInt(0), big.NewInt(1), big.NewInt(2), big.NewInt(1023), big.NewInt(1025), p} {
		m, z := powerOf2(p, e)
		got := m.Leave(&z)
		if want := new(big.Int).Exp(big.NewInt(2), e, p); new(big.Int).SetBytes(got[:]).Cmp(want) != 0 {
			t.Errorf("2^%v is %x", e, got)
		}
	}
}
