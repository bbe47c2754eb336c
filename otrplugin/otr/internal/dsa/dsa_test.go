package dsa

import (
	stddsa "crypto/dsa" //lint:ignore SA1019 the reference for what OTR is defined on
	"crypto/rand"
	"crypto/sha256"
	"math/big"
	"testing"
)

func testKey(t testing.TB) *PrivateKey {
	t.Helper()
	k, err := Generate(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// std is the key for the standard library, which does not truncate the digest either.
func std(k *PublicKey) *stddsa.PublicKey {
	return &stddsa.PublicKey{Parameters: stddsa.Parameters{P: k.p, Q: k.q, G: k.g}, Y: k.y}
}

func TestSignAgainstStandardLibrary(t *testing.T) {
	k := testKey(t)
	if k.p.BitLen() != 1024 || k.q.BitLen() != 160 || !k.p.ProbablyPrime(20) {
		t.Fatal("not a 1024/160 key")
	}
	for i := range 20 {
		digest := sha256.Sum256([]byte{byte(i)})
		sig, err := k.Sign(rand.Reader, digest[:])
		if err != nil {
			t.Fatal(err)
		}
		if !stddsa.Verify(std(&k.PublicKey), digest[:], new(big.Int).SetBytes(sig[:20]), new(big.Int).SetBytes(sig[20:])) {
			t.Fatal("crypto/dsa rejects our signature")
		}
		if !k.Verify(digest[:], sig) {
			t.Fatal("our own signature rejected")
		}
		r, s, err := stddsa.Sign(rand.Reader, &stddsa.PrivateKey{PublicKey: *std(&k.PublicKey), X: new(big.Int).SetBytes(k.X())}, digest[:])
		if err != nil {
			t.Fatal(err)
		}
		theirs := append(r.FillBytes(make([]byte, 20)), s.FillBytes(make([]byte, 20))...)
		if !k.Verify(digest[:], theirs) {
			t.Fatal("signature of crypto/dsa rejected")
		}
		for j := range sig {
			sig[j] ^= 1
			if k.Verify(digest[:], sig) {
				t.Fatalf("forged signature accepted (byte %d)", j)
			}
			sig[j] ^= 1
		}
		digest[31] ^= 1 // the last bit counts: nothing is truncated
		if k.Verify(digest[:], sig) {
			t.Fatal("signature of another digest accepted")
		}
	}
}

func TestVerifyRange(t *testing.T) {
	k := rfcKey(t)
	digest := sha256.Sum256(nil)
	for _, sig := range [][]byte{nil, make([]byte, 39), make([]byte, 40), make([]byte, 41)} {
		if k.Verify(digest[:], sig) {
			t.Fatalf("%d zero bytes accepted", len(sig))
		}
	}
	for n, name := range []string{"r", "s"} {
		forged := false
		for range 5000 { // until it has 160 bits
			sig, err := k.Sign(rand.Reader, digest[:])
			if err != nil {
				t.Fatal(err)
			}
			half := sig[n*qBytes:][:qBytes]
			v := new(big.Int).SetBytes(half)
			if v.Add(v, k.q); v.BitLen() > qBits {
				continue
			}
			v.FillBytes(half)
			if k.Verify(digest[:], sig) {
				t.Fatalf("%s + q accepted for %s", name, name)
			}
			forged = true
			break
		}
		if !forged {
			t.Fatalf("%s + q never has 160 bits", name)
		}
	}
}

// A peer may choose a g of which q is a divisor: then r = 0 would verify.
func TestVerifyZero(t *testing.T) {
	k := rfcKey(t)
	p, q, _, y := k.Numbers()
	bad, err := NewPublicKey(p, q, q, y)
	if err != nil {
		t.Fatal(err)
	}
	one := append(make([]byte, qBytes-1), 1)
	if bad.Verify(one, append(make([]byte, qBytes), one...)) {
		t.Error("a signature with r = 0")
	}
}

func TestMarshal(t *testing.T) {
	k := testKey(t)
	b := k.Append(nil)
	l, err := ReadPrivateKey(b)
	if err != nil {
		t.Fatal(err)
	}
	if l.Fingerprint() != k.Fingerprint() || l.x != k.x {
		t.Fatal("another key came back")
	}
	b[len(b)-1] ^= 1
	if _, err := ReadPrivateKey(b); err == nil {
		t.Fatal("x that does not belong to y accepted")
	}
	for n := range b {
		if _, err := ReadPrivateKey(b[:n]); err == nil {
			t.Fatalf("cut at %d accepted", n)
		}
	}
	k.Wipe()
	if _, err := k.Sign(rand.Reader, make([]byte, 32)); err == nil || !k.wiped() {
		t.Fatal("a wiped key signs")
	}
}

func TestPublicKeyBounds(t *testing.T) {
	k := testKey(t)
	p, q, g, y := k.Numbers()
	zero, one, huge := []byte{0}, []byte{1}, make([]byte, 1000)
	huge[0] = 1
	even := append([]byte(nil), p...)
	even[len(even)-1] &^= 1
	last := new(big.Int).Sub(k.p, big.NewInt(1)).Bytes()
	for name, n := range map[string][4][]byte{
		"zero p": {zero, q, g, y}, "huge p": {huge, q, g, y}, "even p": {even, q, g, y}, "small p": {q, q, g, y},
		"zero q": {p, zero, g, y}, "one q": {p, one, g, y}, "q = p": {p, p, g, y}, "q of 152 bits": {p, q[1:], g, y},
		"g = 1": {p, q, one, y}, "g = p": {p, q, p, y}, "g = p-1": {p, q, last, y}, "huge g": {p, q, huge, y},
		"y = 0": {p, q, g, zero}, "y = 1": {p, q, g, one}, "y = p-1": {p, q, g, last},
	} {
		if _, err := NewPublicKey(n[0], n[1], n[2], n[3]); err == nil {
			t.Errorf("%s accepted", name)
		}
	}
}

func BenchmarkSign(b *testing.B) {
	k := testKey(b)
	d := sha256.Sum256(nil)
	for b.Loop() {
		k.Sign(rand.Reader, d[:])
	}
}

func BenchmarkVerify(b *testing.B) {
	k := testKey(b)
	d := sha256.Sum256(nil)
	sig, _ := k.Sign(rand.Reader, d[:])
	for b.Loop() {
		k.Verify(d[:], sig)
	}
}

func BenchmarkGenerate(b *testing.B) {
	for b.Loop() {
		Generate(rand.Reader)
	}
}
