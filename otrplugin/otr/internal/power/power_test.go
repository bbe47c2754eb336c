package power

import (
	"bytes"
	"math/big"
	"math/rand/v2"
	"testing"

	"culver/otrplugin/otr/internal/mont"
)

var random = rand.NewChaCha8([32]byte{'p', 'o', 'w', 'e', 'r'})

func draw(n int) []byte {
	b := make([]byte, n)
	random.Read(b)
	return b
}

// modulus draws an odd number of size bytes, highest bit set.
func modulus(size int) []byte {
	b := draw(size)
	b[0] |= 0x80
	b[size-1] |= 1
	return b
}

func ones(n int) []byte { return bytes.Repeat([]byte{0xff}, n) }

// testField compares powers with math/big's modulo a number m of size bytes.
func testField[E any](t *testing.T, f Field[E], m []byte, enter func(*E, []byte), leave func(*E) []byte) {
	n := new(big.Int).SetBytes(m)
	size := len(m)
	last := new(big.Int).Sub(n, big.NewInt(1))
	bases := [][]byte{{0}, {1}, {2}, last.Bytes(), new(big.Int).Sub(n, big.NewInt(2)).Bytes(), draw(size - 1)}
	exponents := [][]byte{
		nil, {0}, {1}, {2}, {15}, {16}, {0x80}, {0, 0, 1}, {0, 0xff, 0xff}, {0x40, 1}, make([]byte, size), make([]byte, 20),
		ones(1), ones(20), ones(size), append([]byte{0x80}, make([]byte, size-1)...), draw(20), draw(size),
	}
	equal := func(what string, got *E, want *big.Int) {
		t.Helper()
		if b := leave(got); new(big.Int).SetBytes(b).Cmp(want) != 0 {
			t.Fatalf("%s: %x, want %x", what, b, want)
		}
	}
	var z E
	Product(f, &z)
	equal("nothing", &z, big.NewInt(1))
	for _, base := range bases {
		var b E
		enter(&b, base)
		combs := []*Comb[E]{
			NewComb(f, &b, 8*size, 6, 2), NewComb(f, &b, 8*size, 5, 4), NewComb(f, &b, 24, 1, 1),
			NewComb(f, &b, 160, 6, 2), NewComb(f, &b, 160, 6, 6), NewComb(f, &b, 16, 3, 5), NewComb(f, &b, 8, 4, 9),
		}
		for _, e := range exponents {
			want := new(big.Int).Exp(new(big.Int).SetBytes(base), new(big.Int).SetBytes(e), n)
			Product(f, &z, Window(f, &b, e))
			equal("Window", &z, want)
			for i, c := range combs {
				if 8*len(e) > c.teeth*c.columns {
					continue
				}
				Product(f, &z, c.Secret(e))
				equal("Secret", &z, want)
				Product(f, &z, c.Public(e))
				equal("Public", &z, want)
				if i > 0 {
					continue
				}
				// All together, and into what one of them came from.
				other := exponents[len(e)%len(exponents)]
				twice := new(big.Int).Exp(new(big.Int).SetBytes(base), new(big.Int).SetBytes(other), n)
				twice.Mul(twice, twice).Mul(twice, want).Mul(twice, want).Mod(twice, n)
				y := b
				Product(f, &y, c.Secret(e), Window(f, &y, other), combs[0].Public(other), Window(f, &y, e))
				equal("together", &y, twice)
			}
		}
	}
}

func TestAgainstBig(t *testing.T) {
	for _, m := range [][]byte{modulus(mont.Size16), ones(mont.Size16)} {
		f, err := mont.NewModulus16(m)
		if err != nil {
			t.Fatal(err)
		}
		testField(t, Mod16{f}, m, f.Enter, func(x *mont.Elem16) []byte { b := f.Leave(x); return b[:] })
	}
	m := modulus(mont.Size24)
	f, err := mont.NewModulus24(m)
	if err != nil {
		t.Fatal(err)
	}
	testField(t, Mod24{f}, m, f.Enter, func(x *mont.Elem24) []byte { b := f.Leave(x); return b[:] })
}

// counting counts what a product takes.
type counting struct {
	Mod16
	mul, sqr int
	entries  []uint64
}

func (c *counting) Mul(z, x, y *mont.Elem16) { c.mul++; c.Mod16.Mul(z, x, y) }
func (c *counting) Sqr(z, x *mont.Elem16)    { c.sqr++; c.Mod16.Sqr(z, x) }
func (c *counting) Select(z *mont.Elem16, table []mont.Elem16, index uint64) {
	c.entries = append(c.entries, index)
	c.Mod16.Select(z, table, index)
}

// A secret exponent decides on nothing but which entry is looked up: what is
// done is the same for each.
func TestSecretTakesTheSame(t *testing.T) {
	m, err := mont.NewModulus16(modulus(mont.Size16))
	if err != nil {
		t.Fatal(err)
	}
	f := &counting{Mod16: Mod16{m}}
	var b mont.Elem16
	m.Enter(&b, []byte{3})
	comb := NewComb[mont.Elem16](f, &b, 160, 6, 2)
	for i, e := range [][]byte{make([]byte, 20), ones(20), {1}, nil, draw(20), append([]byte{0x80}, make([]byte, 19)...)} {
		f.mul, f.sqr, f.entries = 0, 0, nil
		var z mont.Elem16
		Product[mont.Elem16](f, &z, comb.Secret(e))
		if f.mul != 26 || f.sqr != 13 || len(f.entries) != 27 { // 27 columns in 2 blocks
			t.Errorf("exponent %d: %d multiplications, %d squarings, %d look-ups", i, f.mul, f.sqr, len(f.entries))
		}
	}
}

func TestTooLong(t *testing.T) {
	m, err := mont.NewModulus16(modulus(mont.Size16))
	if err != nil {
		t.Fatal(err)
	}
	one := m.One()
	comb := NewComb(Mod16{m}, &one, 160, 6, 2)
	for name, f := range map[string]func([]byte) Factor[mont.Elem16]{"Secret": comb.Secret, "Public": comb.Public} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: its top would be missed", name)
				}
			}()
			f(make([]byte, 21))
		}()
	}
}
