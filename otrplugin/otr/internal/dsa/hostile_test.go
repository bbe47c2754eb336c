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
	q := rfcKey(t).PublicKey.q
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
		q := new(big.Int).Mul(new(big.Int).Rsh(rfcKey(t).PublicKey.q, 2), big.NewInt(3)) // not prime
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
	even := bytes.Clone(q)
	even[19] ^= 1
	long := append(make([]byte, 2), p...)
	for name, n := range map[string][4][]byte{
		"even q": {p, even, g, y}, "another q": {p, over(t, big.NewInt(7), 160, true).Bytes(), g, y}, "g = 0": {p, q, nil, y},
		"3073 bits": {over(t, k.PublicKey.q, 3073, false).Bytes(), q, g, y}, "511 bits": {over(t, k.PublicKey.q, 511, false).Bytes(), q, []byte{2}, []byte{4}},
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
		"none": nil, "0": {0, 0}, "1": {1}, "q": q, "x+q": new(big.Int).Add(new(big.Int).SetBytes(x), k.PublicKey.q).Bytes(), "long": bytes.Repeat([]byte{1}, 21),
	} {
		if _, err := NewPrivateKey(p, q, g, y, x); !errors.Is(err, errKey) {
			t.Errorf("x = %s accepted", name)
		}
	}
	if _, err := NewPrivateKey(p, q, []byte{1}, y, x); !errors.Is(err, errKey) {
		t.Error("g = 1 accepted")
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
	if _, err := primeOver(&p, k.PublicKey.q); !errors.Is(err, errBroken) {
		t.Error(err)
	}
	for fail, what := range []string{"q", "p", "x"} {
		if k, err := Generate(&phases{fail: fail}); !errors.Is(err, errBroken) || k != nil {
			t.Errorf("a key without randomness for %s: %v", what, err)
		}
	}
}

// phases is randomness that fails with the first read for q, p or x.
type phases struct{ fail, at int }

func (r *phases) Read(b []byte) (int, error) {
	switch {
	case len(b) == pBits/8:
		r.at = 1
	case r.at == 1:
		r.at = 2 // x
	}
	if r.at >= r.fail {
		return 0, errBroken
	}
	return rand.Read(b)
}

// A key that is broken is not tried for ever.
func TestBrokenKey(t *testing.T) {
	k := rfcKey(t)
	k.q, _ = bigmod.NewModulus([]byte{3})
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
