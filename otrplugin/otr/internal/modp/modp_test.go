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

func three(t testing.TB) *Element { e := element(t, big.NewInt(3)); return &e }

// exponents are edges and a few others, up to Size bytes.
func exponents(t testing.TB) [][]byte {
	q := new(big.Int).Rsh(bigP, 1)
	ones := func(n int) []byte { return bytes.Repeat([]byte{0xff}, n) }
	all := [][]byte{
		nil, {0}, {1}, {2}, {3}, {0x0f}, {0x10}, {0x1f}, {0x80}, {0xff}, make([]byte, Size), make([]byte, PrivateSize),
		ones(1), ones(8), ones(32), ones(PrivateSize), ones(PrivateSize + 1), ones(Size),
		q.Bytes(), new(big.Int).Sub(q, big.NewInt(1)).Bytes(), new(big.Int).Sub(bigP, big.NewInt(1)).Bytes(), bigP.Bytes(),
	}
	for _, k := range []uint{5, 63, 64, 127, 128, 255, 256, 319, 1279, 1535} {
		power := new(big.Int).Lsh(big.NewInt(1), k)
		all = append(all, power.Bytes(), new(big.Int).Sub(power, big.NewInt(1)).Bytes())
	}
	for range 5 {
		all = append(all, random(t, PrivateSize), random(t, Size), random(t, 32))
	}
	return all
}

func TestPowersAgainstBig(t *testing.T) {
	bases := []*big.Int{
		big.NewInt(2), new(big.Int).Sub(bigP, big.NewInt(2)), new(big.Int).Rsh(bigP, 1), // p-2 is no power of 2
		new(big.Int).Mod(new(big.Int).SetBytes(random(t, Size)), bigP),
	}
	for n, base := range bases {
		b := element(t, base)
		prepared := Prepare(b)
		for _, e := range exponents(t) {
			want := new(big.Int).Exp(base, new(big.Int).SetBytes(e), bigP).Bytes()
			got := map[string]Element{
				"Exp":              *Exp(&b, e),
				"Base.Power":       Product(prepared.Power(e)),
				"Base.PublicPower": Product(prepared.PublicPower(e)),
				"PublicPower":      Product(PublicPower(b, e)),
			}
			if n == 0 {
				got["ExpG"], got["G"], got["PublicG"] = ExpG(e), Product(G(e)), Product(PublicG(e))
			}
			for name, g := range got {
				if !bytes.Equal(g.Bytes(), want) {
					t.Fatalf("base %d, %s(%x) = %x", n, name, e, g.Bytes())
				}
			}
		}
	}
	if nothing := Product(); !nothing.Equal(&Element{words: [24]uint64{1}}) {
		t.Error("the product of nothing is not 1")
	}
	defer func() {
		if recover() == nil {
			t.Error("an exponent too long for its comb")
		}
	}()
	G(make([]byte, Size+1))
}

func TestProductAgainstBig(t *testing.T) {
	all := exponents(t)
	for range 40 {
		x, y := element(t, new(big.Int).SetBytes(random(t, Size-1))), element(t, new(big.Int).SetBytes(random(t, Size-1)))
		pick := func() []byte { return all[int(random(t, 1)[0])%len(all)] }
		a, b, c, d := pick(), pick(), pick(), pick()
		want := big.NewInt(1)
		for _, f := range []struct {
			base Element
			e    []byte
		}{{element(t, big.NewInt(2)), a}, {x, b}, {y, c}, {x, d}} {
			base, e := new(big.Int).SetBytes(f.base.Bytes()), new(big.Int).SetBytes(f.e)
			want.Mul(want, base.Exp(base, e, bigP)).Mod(want, bigP)
		}
		if got := Product(G(a), Prepare(x).Power(b), PublicPower(y, c), Prepare(x).PublicPower(d)); !bytes.Equal(got.Bytes(), want.Bytes()) {
			t.Fatalf("2^%x x^%x y^%x x^%x", a, b, c, d)
		}
	}
}

func TestDiv(t *testing.T) {
	last := new(big.Int).Sub(bigP, big.NewInt(1))
	all := []Element{{words: [24]uint64{1}}, element(t, big.NewInt(2)), element(t, new(big.Int).Sub(last, big.NewInt(1))), *Exp(three(t), random(t, Size))}
	minusOne := Element{}
	minusOne.set(last.Bytes())
	all = append(all, minusOne)
	n := func(e Element) *big.Int { return new(big.Int).SetBytes(e.Bytes()) }
	over := func(a, b Element) []byte {
		z := new(big.Int).ModInverse(n(b), bigP)
		return z.Mul(z, n(a)).Mod(z, bigP).Bytes()
	}
	for _, a := range all {
		for _, b := range all {
			for _, c := range all {
				d := all[c.words[0]%uint64(len(all))]
				ab, cd := Div(a, b, c, d)
				if !bytes.Equal(ab.Bytes(), over(a, b)) || !bytes.Equal(cd.Bytes(), over(c, d)) {
					t.Fatalf("%x/%x, %x/%x", a, b, c, d)
				}
			}
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("divided by nothing")
		}
	}()
	Div(all[1], all[1], all[1], Element{})
}

func TestOrder(t *testing.T) {
	one := Element{words: [24]uint64{1}}
	for range 20 {
		x, y := Exp(three(t), random(t, Size)), Exp(three(t), random(t, Size))
		if (new(big.Int).SetBytes(x.Fixed()).Cmp(new(big.Int).SetBytes(y.Fixed())) > 0) != x.Greater(y) {
			t.Fatal("Greater")
		}
		if x.Greater(x) || !x.Equal(x) || x.Equal(y) || !x.Greater(&one) || one.Greater(x) {
			t.Fatal("Greater or Equal")
		}
	}
	for word := range one.words {
		x := one
		x.words[word] ^= 1 << 63
		if x.Equal(&one) || !x.Greater(&one) {
			t.Fatalf("word %d does not count", word)
		}
	}
}

// pi is the digits of pi before and bits binary ones behind the point, by
// Machin's formula.
func pi(bits uint) *big.Int {
	const spare = 64
	arctan := func(x int64) *big.Int { // of 1/x
		term := new(big.Int).Lsh(big.NewInt(1), bits+spare)
		term.Div(term, big.NewInt(x))
		sum := new(big.Int)
		for n := int64(1); term.Sign() != 0; n += 2 {
			part := new(big.Int).Div(term, big.NewInt(n))
			if n%4 == 3 {
				part.Neg(part)
			}
			sum.Add(sum, part)
			term.Div(term, big.NewInt(x*x))
		}
		return sum
	}
	p := new(big.Int).Mul(big.NewInt(16), arctan(5))
	p.Sub(p, new(big.Int).Mul(big.NewInt(4), arctan(239)))
	return p.Rsh(p, spare)
}

// The facts of RFC 3526, section 2: the prime is made of pi. It is a safe
// prime, and 2 has the order q.
func TestGroup(t *testing.T) {
	one := big.NewInt(1)
	p := new(big.Int).Lsh(one, 1536)
	p.Sub(p, new(big.Int).Lsh(one, 1472)).Sub(p, one)
	middle := pi(1406)
	middle.Add(middle, big.NewInt(741804)).Lsh(middle, 64)
	p.Add(p, middle)
	if p.Cmp(bigP) != 0 {
		t.Fatalf("another prime: %x", p)
	}
	q := new(big.Int).Rsh(p, 1)
	if !p.ProbablyPrime(1) || !q.ProbablyPrime(1) || !bytes.Equal(params().qBytes[:], q.FillBytes(make([]byte, Size))) {
		t.Error("not a safe prime")
	}
	if e := ExpG(q.Bytes()); !e.Equal(&Element{words: [24]uint64{1}}) {
		t.Error("2 has another order")
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
	order := new(big.Int).Set(q)
	for _, x := range exponents(t) {
		if len(x) == 0 || len(x) == Size && !ValidScalar(x) {
			continue
		}
		for _, y := range [][]byte{{0}, {1}, {2}, {3}, random(t, 32), random(t, PrivateSize), q.Sub(q, big.NewInt(1)).Bytes(), q.Sub(q, big.NewInt(1)).Bytes()} {
			// Even, and right modulo q.
			e := new(big.Int).SetBytes(MulExponents(x, y))
			want := new(big.Int).Mul(new(big.Int).SetBytes(x), new(big.Int).SetBytes(y))
			if e.Bit(0) != 0 || e.Cmp(bigP) >= 0 || want.Sub(want, e).Mod(want, order).Sign() != 0 {
				t.Fatalf("%x * %x = %x", x, y, e)
			}
			b := Even(y)
			e.SetBytes(b)
			if want.Sub(new(big.Int).SetBytes(y), e); e.Bit(0) != 0 || len(b) != Size || e.Cmp(bigP) >= 0 || want.Mod(want, order).Sign() != 0 {
				t.Fatalf("%x is %x", y, e)
			}
			if two, minusTwo := element(t, big.NewInt(2)), element(t, new(big.Int).Sub(bigP, big.NewInt(2))); len(x) < 3 {
				want := Exp(Exp(&two, x), y)
				if e := MulExponents(x, y); !Exp(&two, e).Equal(want) || !Exp(&minusTwo, e).Equal(want) {
					t.Fatalf("2, or -2, to the power of %x * %x", x, y)
				}
			}
		}
		q = new(big.Int).Rsh(bigP, 1)
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
	c.Public = Element{}
	c.Publish()
	if !c.Public.Equal(&a.Public) {
		t.Fatal("published otherwise")
	}
	s := a.Shared(&b.Public)
	if !s.Equal(b.Shared(&a.Public)) {
		t.Fatal("secrets differ")
	}
	a.Wipe()
	if a.private != [PrivateSize]byte{} || !c.Shared(&b.Public).Equal(s) {
		t.Fatal("Wipe or Clone")
	}
	d := *s
	s.Wipe()
	if s.Valid() || !d.Equal(b.Shared(&c.Public)) {
		t.Fatal("a copy was wiped, too")
	}
	(*Element)(nil).Wipe()
	defer func() {
		if recover() == nil {
			t.Error("a wiped key shares a secret with everybody")
		}
	}()
	a.Shared(&b.Public)
}

// Without randomness there is no key and no scalar.
func TestRandomnessFails(t *testing.T) {
	for _, n := range []int{0, PrivateSize - 1} {
		if k, err := NewKeyPair(bytes.NewReader(make([]byte, n))); err == nil || k != nil {
			t.Errorf("a key of %d bytes: %v", n, err)
		}
		if r, err := RandomScalar(bytes.NewReader(make([]byte, n))); err == nil || r != nil {
			t.Errorf("a scalar of %d bytes: %v", n, err)
		}
	}
	var none *KeyPair
	none.Wipe()
	if none.Clone() != nil {
		t.Error("a copy of nothing")
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
		Product(base.Power(e))
	}
}

func BenchmarkExp320(b *testing.B) {
	k, _ := NewKeyPair(rand.Reader)
	for b.Loop() {
		k.Shared(&k.Public)
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
		Exp(&k.Public, e)
	}
}

func BenchmarkExpG1536(b *testing.B) {
	e := random(b, Size)
	for b.Loop() {
		ExpG(e)
	}
}
