package dsa

import (
	"bytes"
	"crypto/rand"
	"errors"
	"math/big"
	"sync"
	"testing"

	"culver/otrplugin/otr/internal/wire"

	"filippo.io/bigmod"
)

// over is a number of so many bits, prime if asked for, of which q divides the
// predecessor.
func over(t testing.TB, q *big.Int, bits uint, prime bool) *big.Int {
	t.Helper()
	low := new(big.Int).Lsh(big.NewInt(1), bits-1)
	for range 100000 {
		k, err := rand.Int(rand.Reader, low)
		if err != nil {
			t.Fatal(err)
		}
		k.Add(k, low)
		k.Sub(k, new(big.Int).Mod(k, new(big.Int).Lsh(q, 1))).Add(k, big.NewInt(1))
		if k.BitLen() == int(bits) && (!prime || k.ProbablyPrime(1)) {
			return k
		}
	}
	t.Fatal("no number found")
	return nil
}

// A key of another length works, though no other client makes one.
func TestOtherLengths(t *testing.T) {
	q := rfcKey(t).q
	for _, bits := range []uint{512, 1023, 1025} {
		p := over(t, q, bits, true)
		e := new(big.Int).Sub(p, big.NewInt(1))
		g := new(big.Int).Exp(big.NewInt(2), e.Div(e, q), p)
		x := big.NewInt(0x123456789)
		y := new(big.Int).Exp(g, x, p)
		k, err := NewPrivateKey(p.Bytes(), q.Bytes(), g.Bytes(), y.Bytes(), x.Bytes())
		if err != nil {
			t.Fatalf("%d bits: %v", bits, err)
		}
		digest := []byte("a digest of thirty-two bytes....")
		sig, err := k.Sign(rand.Reader, digest)
		if err != nil || !k.Verify(digest, sig) {
			t.Fatalf("%d bits: %v", bits, err)
		}
		sig[39] ^= 1
		if k.Verify(digest, sig) {
			t.Errorf("%d bits: forged", bits)
		}
	}
}

// Numbers of a peer that look like a key but are none do no harm.
func TestHostileNumbers(t *testing.T) {
	digest, sig := make([]byte, 32), bytes.Repeat([]byte{3}, SignatureSize)
	for _, bits := range []uint{1024, 1000, 3072} {
		q := new(big.Int).Mul(new(big.Int).Rsh(rfcKey(t).q, 2), big.NewInt(3)) // not prime
		q.SetBit(q, 159, 1).SetBit(q, 0, 1)
		q.Sub(q, new(big.Int).Mod(q, big.NewInt(3)))
		if q.Bit(0) == 0 {
			q.Sub(q, big.NewInt(3))
		}
		p := over(t, q, bits, false)
		k, err := NewPublicKey(p.Bytes(), q.Bytes(), []byte{2}, []byte{3})
		if err != nil {
			t.Fatal(err)
		}
		if k.Verify(digest, sig) {
			t.Error("verified by chance")
		}
		third := append(sig[:20:20], append(make([]byte, 19), 3)...) // divides q
		if k.Verify(digest, third) {
			t.Error("verified with an s that has no inverse")
		}
		if _, err := NewPrivateKey(p.Bytes(), q.Bytes(), []byte{2}, []byte{4}, []byte{2}); !errors.Is(err, errKey) {
			t.Error("a private key whose q is not prime")
		}
	}
	k := rfcKey(t)
	p, q, g, y := k.Numbers()
	even := new(big.Int).Xor(k.q, big.NewInt(1))
	long159, long161 := new(big.Int).Rsh(k.q, 1), new(big.Int).Lsh(k.q, 1)
	long159.SetBit(long159, 0, 1)
	long161.SetBit(long161, 0, 1)
	evenP := new(big.Int).Mul(k.q, new(big.Int).SetBit(new(big.Int).Lsh(big.NewInt(1), 864), 0, 1)) // odd
	evenP.Add(evenP, big.NewInt(1))
	long := append(make([]byte, 2), p...)
	for name, n := range map[string][4][]byte{
		"even q": {over(t, even, 1024, false).Bytes(), even.Bytes(), []byte{2}, []byte{4}}, "even p": {evenP.Bytes(), q, []byte{2}, []byte{4}},
		"q of 159 bits": {over(t, long159, 1024, false).Bytes(), long159.Bytes(), []byte{2}, []byte{4}},
		"q of 161 bits": {over(t, long161, 1024, false).Bytes(), long161.Bytes(), []byte{2}, []byte{4}}, "another q": {p, over(t, big.NewInt(7), 160, true).Bytes(), g, y}, "g = 0": {p, q, nil, y},
		"3073 bits": {over(t, k.q, 3073, false).Bytes(), q, g, y}, "511 bits": {over(t, k.q, 511, false).Bytes(), q, []byte{2}, []byte{4}},
		"nothing": {}, "huge q": {p, make([]byte, 1<<20), g, y}, "y = p": {p, q, g, p}, "huge y": {p, q, g, make([]byte, 1<<20)},
	} {
		if _, err := NewPublicKey(n[0], n[1], n[2], n[3]); !errors.Is(err, errKey) {
			t.Errorf("%s accepted", name)
		}
	}
	if _, err := NewPublicKey(long, q, g, y); err != nil {
		t.Error("zeros in front of p") // files of other programs may have them
	}
	b := k.PublicKey.Append(nil)
	for name, b := range map[string][]byte{
		"another type": append([]byte{0, 1}, b[2:]...), "a huge length": append([]byte{0, 0}, 0xff, 0xff, 0xff, 0xff), "nothing": nil,
		"a number of four thousand bits": wire.AppendMPI([]byte{0, 0}, bytes.Repeat([]byte{0xff}, 500)),
	} {
		if _, err := ReadPublicKey(wire.NewReader(b)); !errors.Is(err, errKey) {
			t.Errorf("%s accepted", name)
		}
	}
}

func TestHostilePrivateNumbers(t *testing.T) {
	k := rfcKey(t)
	p, q, g, y := k.Numbers()
	x := k.X()
	if _, err := NewPrivateKey(p, q, g, y, append(make([]byte, 3), x...)); err != nil {
		t.Error("zeros in front of x")
	}
	for name, x := range map[string][]byte{
		"none": nil, "0": {0, 0}, "1": {1}, "q": q, "x+q": new(big.Int).Add(new(big.Int).SetBytes(x), k.q).Bytes(), "long": bytes.Repeat([]byte{1}, 21),
	} {
		if _, err := NewPrivateKey(p, q, g, y, x); !errors.Is(err, errKey) {
			t.Errorf("x = %s accepted", name)
		}
	}
	if _, err := NewPrivateKey(p, q, []byte{1}, y, x); !errors.Is(err, errKey) {
		t.Error("g = 1 accepted")
	}
}

// What is wrong about an own key by itself, everything else being right.
func TestHostileOwnKey(t *testing.T) {
	k := rfcKey(t)
	one, x := big.NewInt(1), big.NewInt(0x123456789)
	generator := func(p, order *big.Int) *big.Int { // an element of the order, of p prime
		e := new(big.Int).Sub(p, one)
		return new(big.Int).Exp(big.NewInt(2), e.Div(e, order), p)
	}
	check := func(name string, p, q, g *big.Int, valid bool) {
		t.Helper()
		y := new(big.Int).Exp(g, x, p)
		if _, err := NewPublicKey(p.Bytes(), q.Bytes(), g.Bytes(), y.Bytes()); err != nil {
			t.Fatalf("%s: not even a public key", name)
		}
		if _, err := NewPrivateKey(p.Bytes(), q.Bytes(), g.Bytes(), y.Bytes(), x.Bytes()); (err == nil) != valid {
			t.Errorf("%s: %v", name, err)
		}
	}
	check("nothing", k.p, k.q, k.g, true)
	check("g of order 2q", k.p, k.q, new(big.Int).Sub(k.p, k.g), false)
	check("g of another order", k.p, k.q, big.NewInt(3), false)

	composite := new(big.Int)
	for composite.BitLen() != qBits {
		composite.Mul(over(t, big.NewInt(3), 80, true), over(t, big.NewInt(5), 80, true))
	}
	p := over(t, composite, 1024, true)
	check("q composite", p, composite, generator(p, composite), false)

	// p is the product of two primes, and g has the order q modulo both.
	for _, bits := range []uint{1024, 1000} {
		a, b := over(t, k.q, bits/2, true), over(t, k.q, bits/2, true)
		p := new(big.Int).Mul(a, b)
		g := new(big.Int).Sub(generator(b, k.q), generator(a, k.q))
		g.Mul(g, new(big.Int).ModInverse(a, b)).Mul(g, a).Add(g, generator(a, k.q)).Mod(g, p)
		if new(big.Int).Exp(g, k.q, p).Cmp(one) != 0 {
			t.Fatal("g has another order")
		}
		check("p composite", p, k.q, g, false)
	}
}

// broken is a source of randomness that fails after so many bytes.
type broken int

var errBroken = errors.New("no more randomness")

func (b *broken) Read(p []byte) (int, error) {
	if len(p) > int(*b) {
		return 0, errBroken
	}
	*b -= broken(len(p))
	return rand.Read(p)
}

func TestRandomnessFails(t *testing.T) {
	k := rfcKey(t)
	for _, n := range []broken{0, 31} {
		if sig, err := k.Sign(&n, make([]byte, 32)); !errors.Is(err, errBroken) || sig != nil {
			t.Error(err)
		}
	}
	q, p := broken(0), broken(0)
	if _, err := Generate(&q); !errors.Is(err, errBroken) {
		t.Error(err)
	}
	if _, err := primeOver(&p, k.q); !errors.Is(err, errBroken) {
		t.Error(err)
	}
	for fail, what := range []string{"q", "p", "x"} {
		if k, err := Generate(&phases{fail: fail}); !errors.Is(err, errBroken) || k != nil {
			t.Errorf("a key without randomness for %s: %v", what, err)
		}
	}
}

// Randomness that is stuck makes no key, and nobody wait for ever.
func TestRandomnessStuck(t *testing.T) {
	for fail, what := range []string{"q", "p", "x"} {
		if k, err := Generate(&phases{fail: fail, stuck: true}); !errors.Is(err, errStuck) || k != nil {
			t.Errorf("a key of stuck randomness for %s: %v", what, err)
		}
	}
}

// phases is randomness that fails with the first read for q, p or x, or from
// then on is all ones.
type phases struct {
	fail, at int
	stuck    bool
}

func (r *phases) Read(b []byte) (int, error) {
	switch {
	case len(b) == pBits/8:
		r.at = 1
	case r.at == 1:
		r.at = 2 // x
	}
	switch {
	case r.at < r.fail:
	case r.stuck:
		return copy(b, bytes.Repeat([]byte{0xff}, len(b))), nil
	default:
		return 0, errBroken
	}
	return rand.Read(b)
}

// A key that is broken is not tried for ever.
func TestBrokenKey(t *testing.T) {
	k := rfcKey(t)
	k.modQ, _ = bigmod.NewModulus([]byte{3})
	if _, err := k.Sign(rand.Reader, make([]byte, 32)); !errors.Is(err, errKey) {
		t.Error(err)
	}
	k = rfcKey(t)
	k.x = [qBytes]byte(bytes.Repeat([]byte{0xff}, qBytes))
	if k.signWith(append(make([]byte, 19), 9), bytes.Repeat([]byte{7}, 32), make([]byte, 32)) != nil {
		t.Error("signed with an x that is too large")
	}
}

func TestSeveralGoroutines(t *testing.T) {
	k := rfcKey(t)
	var wg sync.WaitGroup
	for n := range byte(4) {
		wg.Go(func() {
			digest := bytes.Repeat([]byte{n}, 32)
			if sig, err := k.Sign(rand.Reader, digest); err != nil || !k.Verify(digest, sig) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}
