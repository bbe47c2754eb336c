package modp

import (
	"bytes"
	"crypto/rand"
	"math/big"
	"testing"
)

var bigP, _ = new(big.Int).SetString(prime, 16)

func random(t testing.TB, n int) []byte {
	b := make([]byte, n)
	if _, err := rand.Read(b); err != nil {
		t.Fatal(err)
	}
	return b
}

func element(t testing.TB, n *big.Int) Element {
	e, ok := Parse(n.Bytes())
	if !ok {
		t.Fatalf("%x does not parse", n)
	}
	return e
}

func TestAgainstBig(t *testing.T) {
	q := new(big.Int).Rsh(bigP, 1)
	exponents := [][]byte{{}, {0}, {1}, {2}, make([]byte, Size), bytes.Repeat([]byte{0xff}, Size), bytes.Repeat([]byte{0xff}, PrivateSize),
		q.Bytes(), new(big.Int).Sub(bigP, big.NewInt(1)).Bytes()}
	for range 10 {
		exponents = append(exponents, random(t, PrivateSize), random(t, Size), random(t, 32))
	}
	base := new(big.Int).Mod(new(big.Int).SetBytes(random(t, Size)), bigP)
	b := element(t, base)
	for _, e := range exponents {
		n := new(big.Int).SetBytes(e)
		want := new(big.Int).Exp(base, n, bigP)
		if got := Exp(b, e).Bytes(); !bytes.Equal(got, want.Bytes()) {
			t.Fatalf("Exp(%x) = %x", e, got)
		}
		wantG := new(big.Int).Exp(big.NewInt(2), n, bigP)
		if got := ExpG(e).Bytes(); !bytes.Equal(got, wantG.Bytes()) {
			t.Fatalf("ExpG(%x) = %x", e, got)
		}
		if want.Sign() == 0 || wantG.Cmp(big.NewInt(1)) <= 0 {
			continue
		}
		if !Prepare(b).Exp(e).Equal(Exp(b, e)) {
			t.Fatalf("Base.Exp(%x)", e)
		}
		x := Exp(b, e)
		prod := new(big.Int).Mod(new(big.Int).Mul(want, base), bigP)
		if !bytes.Equal(Mul(x, b).Bytes(), prod.Bytes()) || !Div(Mul(x, b), b).Equal(x) {
			t.Fatal("Mul or Div")
		}
		if x.Greater(b) != (want.Cmp(base) > 0) {
			t.Fatal("Greater")
		}
	}
}

func TestParse(t *testing.T) {
	add := func(n int64) []byte { return new(big.Int).Add(bigP, big.NewInt(n)).Bytes() }
	for name, b := range map[string][]byte{
		"nothing": nil, "0": {0}, "1": {1}, "p-1": add(-1), "p": add(0), "p+1": add(1), "p+2": add(2),
		"a byte too long": append([]byte{1}, add(-5)...), "2^1536-1": bytes.Repeat([]byte{0xff}, Size),
	} {
		if _, ok := Parse(b); ok {
			t.Errorf("%s accepted", name)
		}
	}
	for name, b := range map[string][]byte{"2": {2}, "p-2": add(-2)} {
		if e, ok := Parse(b); !ok || !bytes.Equal(e.Bytes(), b) {
			t.Errorf("%s refused", name)
		}
	}
}

func TestScalars(t *testing.T) {
	q := new(big.Int).Rsh(bigP, 1)
	for range 50 {
		r, err := RandomScalar(rand.Reader)
		if err != nil || len(r) != Size || new(big.Int).SetBytes(r).Cmp(q) >= 0 {
			t.Fatalf("scalar %x, %v", r, err)
		}
		x, _ := RandomScalar(rand.Reader)
		c := random(t, 32)
		want := new(big.Int).Mul(new(big.Int).SetBytes(x), new(big.Int).SetBytes(c))
		want.Sub(new(big.Int).SetBytes(r), want).Mod(want, q)
		if got := SubMul(r, x, c); new(big.Int).SetBytes(got).Cmp(want) != 0 {
			t.Fatal("SubMul")
		}
		if y := random(t, 32); new(big.Int).SetBytes(SubMul(r, y, c)).Sign() == 0 {
			t.Fatal("SubMul of a short scalar")
		}
	}
	for name, b := range map[string][]byte{"0": {0}, "nothing": nil, "q": q.Bytes(), "long": make([]byte, Size+1)} {
		if ValidScalar(b) {
			t.Errorf("%s accepted", name)
		}
	}
	if !ValidScalar([]byte{1}) || !ValidScalar(new(big.Int).Sub(q, big.NewInt(1)).Bytes()) {
		t.Error("a valid scalar refused")
	}
}

func TestKeyPair(t *testing.T) {
	a, err := NewKeyPair(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	b, err := NewKeyPair(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := a.Clone()
	s := a.Shared(b.Public)
	if !s.Equal(b.Shared(a.Public)) {
		t.Fatal("secrets differ")
	}
	a.Wipe()
	if a.private != [PrivateSize]byte{} || !c.Shared(b.Public).Equal(s) {
		t.Fatal("Wipe or Clone")
	}
	d := s.Clone()
	s.Wipe()
	if s.Valid() || !d.Equal(b.Shared(c.Public)) {
		t.Fatal("Wipe or Clone of an element")
	}
}

func TestMontgomery(t *testing.T) {
	f := theField()
	rInv := new(big.Int).ModInverse(new(big.Int).Lsh(big.NewInt(1), Size*8), bigP)
	last := new(big.Int).Sub(bigP, big.NewInt(1))
	numbers := []*big.Int{big.NewInt(0), big.NewInt(1), big.NewInt(2), last, new(big.Int).Sub(last, big.NewInt(1)), new(big.Int).Rsh(bigP, 1)}
	for range 20 {
		numbers = append(numbers, new(big.Int).Mod(new(big.Int).SetBytes(random(t, Size)), bigP))
	}
	for _, x := range numbers {
		for _, y := range numbers {
			var lx, ly, z limbs
			lx.setBytes(x.FillBytes(make([]byte, Size)))
			ly.setBytes(y.FillBytes(make([]byte, Size)))
			f.mul(&z, &lx, &ly)
			want := new(big.Int).Mul(x, y)
			want.Mul(want, rInv).Mod(want, bigP)
			if new(big.Int).SetBytes(z.bytes()).Cmp(want) != 0 {
				t.Fatalf("%x * %x", x, y)
			}
			f.mul(&lx, &lx, &ly) // in place
			if lx != z {
				t.Fatal("not the same in place")
			}
			lz := randomLimbs(t)
			lw := lz
			if addMulRow(&lz, &ly, z[3]) != addMulRowGeneric(&lw, &ly, z[3]) || lz != lw {
				t.Fatal("addMulRow")
			}
		}
	}
}

func randomLimbs(t testing.TB) (l limbs) {
	l.setBytes(random(t, Size))
	return l
}

func BenchmarkMul(b *testing.B) {
	f, x := theField(), randomLimbs(b)
	for b.Loop() {
		f.mul(&x, &x, &x)
	}
}

func BenchmarkPrepare(b *testing.B) {
	k, _ := NewKeyPair(rand.Reader)
	for b.Loop() {
		Prepare(k.Public)
	}
}

func BenchmarkBaseExp(b *testing.B) {
	k, _ := NewKeyPair(rand.Reader)
	base, e := Prepare(k.Public), random(b, Size)
	for b.Loop() {
		base.Exp(e)
	}
}

func BenchmarkExp320(b *testing.B) {
	k, _ := NewKeyPair(rand.Reader)
	for b.Loop() {
		k.Shared(k.Public)
	}
}

func BenchmarkExpG320(b *testing.B) {
	for b.Loop() {
		NewKeyPair(rand.Reader)
	}
}

func BenchmarkExp1536(b *testing.B) {
	k, _ := NewKeyPair(rand.Reader)
	e := random(b, Size)
	for b.Loop() {
		Exp(k.Public, e)
	}
}

func BenchmarkExpG1536(b *testing.B) {
	e := random(b, Size)
	for b.Loop() {
		ExpG(e)
	}
}
