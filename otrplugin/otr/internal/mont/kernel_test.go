package mont

import (
	"math/big"
	"slices"
	"testing"
)

// kernel is one implementation of the arithmetic for one length.
type kernel struct {
	name string
	mul  func(z, x, y, m []uint64, inv uint64)
	sqr  func(z, x, m []uint64, inv uint64)
}

// kernels are the implementations for n words: the portable one, on every
// machine, and what the machine uses.
func kernels(n int) []kernel {
	chosen := kernel{"chosen",
		func(z, x, y, m []uint64, inv uint64) {
			mul16((*Elem16)(z), (*Elem16)(x), (*Elem16)(y), (*Elem16)(m), inv)
		},
		func(z, x, m []uint64, inv uint64) { sqr16((*Elem16)(z), (*Elem16)(x), (*Elem16)(m), inv) },
	}
	if n == 24 {
		chosen.mul = func(z, x, y, m []uint64, inv uint64) {
			mul24((*Elem24)(z), (*Elem24)(x), (*Elem24)(y), (*Elem24)(m), inv)
		}
		chosen.sqr = func(z, x, m []uint64, inv uint64) { sqr24((*Elem24)(z), (*Elem24)(x), (*Elem24)(m), inv) }
	}
	return []kernel{{"portable", mulGeneric, sqrGeneric}, chosen}
}

// reference does with math/big what the kernels do.
type reference struct {
	m, inv, mask *big.Int // inv is -1/m modulo R, mask is R-1
	bits         uint
	t, q         big.Int
}

func newReference(m []uint64) *reference {
	r := &reference{m: number(m), bits: uint(64 * len(m))}
	radix := new(big.Int).Lsh(big.NewInt(1), r.bits)
	r.inv = new(big.Int).ModInverse(r.m, radix)
	r.inv.Sub(radix, r.inv)
	r.mask = radix.Sub(radix, big.NewInt(1))
	return r
}

// mul is (x*y + q*m)/R, q being what makes this a whole number below R, less m
// if it isn't below m.
func (r *reference) mul(x, y *big.Int) *big.Int {
	t, q := &r.t, &r.q
	t.Mul(x, y)
	q.And(t, r.mask)
	q.Mul(q, r.inv)
	q.And(q, r.mask)
	z := new(big.Int).Mul(q, r.m)
	z.Rsh(z.Add(z, t), r.bits)
	if z.Cmp(r.m) >= 0 {
		z.Sub(z, r.m)
	}
	return z
}

// check compares a kernel's results with those of math/big, in every way in which
// operands and results can be the same number.
func (k kernel) check(t testing.TB, r *reference, x, y, m []uint64, inv uint64, product, square []uint64) {
	t.Helper()
	fail := func(what string, got, want []uint64) {
		t.Helper()
		if !slices.Equal(got, want) {
			t.Fatalf("%s: %s: modulo %x, x = %x, y = %x: %x instead of %x", k.name, what, number(m), number(x), number(y), number(got), number(want))
		}
	}
	var spaceX, spaceY, spaceZ Elem24
	n := len(m)
	z, u, v := spaceZ[:n], spaceX[:n], spaceY[:n]
	k.mul(z, x, y, m, inv)
	fail("x*y", z, product)
	copy(u, x)
	k.mul(u, u, y, m, inv)
	fail("x*y in place of x", u, product)
	copy(v, y)
	k.mul(v, x, v, m, inv)
	fail("x*y in place of y", v, product)
	k.mul(z, x, x, m, inv)
	fail("x*x as a product", z, square)
	copy(u, x)
	k.mul(u, u, u, m, inv)
	fail("x*x as a product in place", u, square)
	k.sqr(z, x, m, inv)
	fail("square", z, square)
	copy(u, x)
	k.sqr(u, u, m, inv)
	fail("square in place", u, square)
}

// TestKernels compares every kernel with math/big on 100,000 pairs of numbers,
// below the modulus and above, random and of the kinds that break carries.
func TestKernels(t *testing.T) {
	perModulus := 250
	if testing.Short() {
		perModulus = 10
	}
	for _, n := range []int{16, 24} {
		s := newSource("kernels")
		moduli := extremes(n)
		if n == 16 {
			moduli = append(moduli, unhex(t, dsaPrime), unhex(t, group2Prime))
		}
		for len(moduli) < 300 {
			moduli = append(moduli, s.modulus(n))
		}
		if n == 24 {
			for range 100 { // what all of OTR's secrets go through
				moduli = append(moduli, unhex(t, groupPrime))
			}
		}
		for len(moduli) < 400 {
			moduli = append(moduli, s.modulus(n))
		}
		for _, b := range moduli {
			testModulus(t, s, n, b, perModulus)
		}
	}
}

func testModulus(t *testing.T, s source, n int, modulus []byte, cases int) {
	m, one, rr := make([]uint64, n), make([]uint64, n), make([]uint64, n)
	inv, err := constants(modulus, m, one, rr)
	if err != nil {
		t.Fatal(err)
	}
	r := newReference(m)
	p := r.m
	bound := new(big.Int).Add(r.mask, big.NewInt(1))
	if inv*m[0] != 1<<64-1 || number(one).Cmp(new(big.Int).Mod(bound, p)) != 0 {
		t.Fatalf("constants of %x", p)
	}
	if want := new(big.Int).Mul(bound, bound); number(rr).Cmp(want.Mod(want, p)) != 0 {
		t.Fatalf("constants of %x", p)
	}
	edges := []*big.Int{new(big.Int), big.NewInt(1), new(big.Int).Sub(p, big.NewInt(2)), new(big.Int).Sub(p, big.NewInt(1)), p,
		new(big.Int).Rsh(p, 1), new(big.Int).Sub(bound, p), r.mask, number(one), number(rr)}
	if next := new(big.Int).Add(p, big.NewInt(2)); next.Cmp(bound) < 0 {
		edges = append(edges, next)
	}
	draw := func(z []uint64) {
		if s.IntN(3) == 0 {
			setBytes(z, edges[s.IntN(len(edges))].FillBytes(make([]byte, 8*n)))
			return
		}
		s.words(z)
	}
	all := kernels(n)
	x, y := make([]uint64, n), make([]uint64, n)
	product, square := make([]uint64, n), make([]uint64, n)
	buf := make([]byte, 8*n)
	for i := range cases {
		draw(x)
		draw(y)
		if i < len(edges)*len(edges) && cases >= len(edges)*len(edges) {
			setBytes(x, edges[i%len(edges)].FillBytes(buf))
			setBytes(y, edges[i/len(edges)].FillBytes(buf))
		}
		bx, by := number(x), number(y)
		want := r.mul(bx, by)
		if (bx.Cmp(p) < 0 || by.Cmp(p) < 0) && want.Cmp(p) >= 0 || want.Cmp(bound) >= 0 {
			t.Fatalf("the promised bound is wrong: modulo %x, x = %x, y = %x", p, bx, by)
		}
		setBytes(product, want.FillBytes(buf))
		setBytes(square, r.mul(bx, bx).FillBytes(buf))
		for _, k := range all {
			k.check(t, r, x, y, m, inv, product, square)
		}
	}
}

func TestSelect(t *testing.T) {
	s := newSource("select")
	for _, n := range []int{0, 1, 2, 3, 16, 32, 64} {
		table16, table24 := make([]Elem16, n), make([]Elem24, n)
		for i := range n {
			s.words(table16[i][:])
			s.words(table24[i][:])
		}
		indexes := []uint64{uint64(n), 1 << 8, 1 << 16, 1 << 32, 1 << 63, 1<<32 + 1, 1<<64 - 1}
		for i := range n {
			indexes = append(indexes, uint64(i))
		}
		for _, index := range indexes {
			var want16, got16, chosen16 Elem16
			var want24, got24, chosen24 Elem24
			if index < uint64(n) {
				want16, want24 = table16[index], table24[index]
			}
			s.words(got16[:]) // what was there must not matter
			s.words(got24[:])
			chosen16, chosen24 = got16, got24
			select16Generic(&got16, table16, index)
			select24Generic(&got24, table24, index)
			Select16(&chosen16, table16, index)
			Select24(&chosen24, table24, index)
			if got16 != want16 || chosen16 != want16 || got24 != want24 || chosen24 != want24 {
				t.Fatalf("entry %d of %d", index, n)
			}
		}
	}
}

// FuzzKernels compares the kernels with math/big on anything.
func FuzzKernels(f *testing.F) {
	f.Add(unhex(f, groupPrime), []byte{2}, unhex(f, groupPrime))
	f.Add(unhex(f, dsaPrime), unhex(f, dsaPrime), []byte{1})
	f.Add([]byte{}, []byte{}, []byte{})
	f.Fuzz(func(t *testing.T, m, x, y []byte) {
		for _, n := range []int{16, 24} {
			read := func(b []byte) []uint64 { // the end of b, or all of it
				full, z := make([]byte, 8*n), make([]uint64, n)
				b = b[max(0, len(b)-8*n):]
				copy(full[8*n-len(b):], b)
				setBytes(z, full)
				return z
			}
			p, u, v := read(m), read(x), read(y)
			p[0] |= 1
			p[n-1] |= 1 << 63
			modulus := number(p).Bytes()
			inv, err := constants(modulus, p, make([]uint64, n), make([]uint64, n))
			if err != nil {
				t.Fatal(err)
			}
			r, buf := newReference(p), make([]byte, 8*n)
			product, square := make([]uint64, n), make([]uint64, n)
			setBytes(product, r.mul(number(u), number(v)).FillBytes(buf))
			setBytes(square, r.mul(number(u), number(u)).FillBytes(buf))
			for _, k := range kernels(n) {
				k.check(t, r, u, v, p, inv, product, square)
			}
		}
	})
}

func BenchmarkSelect24(b *testing.B) {
	var table [32]Elem24
	var z Elem24
	for b.Loop() {
		Select24(&z, table[:], 7)
	}
}

func BenchmarkPortableMul24(b *testing.B) {
	m, _ := NewModulus24(unhex(b, groupPrime))
	x := m.rr
	for b.Loop() {
		mulGeneric(x[:], x[:], m.rr[:], m.m[:], m.inv)
	}
}

func BenchmarkPortableSqr24(b *testing.B) {
	m, _ := NewModulus24(unhex(b, groupPrime))
	x := m.rr
	for b.Loop() {
		sqrGeneric(x[:], x[:], m.m[:], m.inv)
	}
}
