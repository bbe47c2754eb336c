// Package power raises numbers to powers modulo the moduli of package mont, in
// Montgomery's form. It serves both the Diffie-Hellman group and DSA: a [Comb]
// for a base that is raised many times, secret exponents included, and a
// [Window] for bases and exponents that are public. A [Product] of both
// shares its squarings.
//
// Combs never change once they are made; every function may be called from any
// goroutine.
package power

import "culver/otrplugin/otr/internal/mont"

// Field is arithmetic on the numbers E in Montgomery's form.
type Field[E any] interface {
	Mul(z, x, y *E)
	Sqr(z, x *E)
	One() E
	Select(z *E, table []E, index uint64) // in constant time
}

// Mod16 is the field of a modulus of 1024 bits.
type Mod16 struct{ *mont.Modulus16 }

// Mod24 is the field of a modulus of 1536 bits.
type Mod24 struct{ *mont.Modulus24 }

var (
	_ Field[mont.Elem16] = Mod16{}
	_ Field[mont.Elem24] = Mod24{}
)

// Select is [mont.Select16].
func (Mod16) Select(z *mont.Elem16, table []mont.Elem16, index uint64) {
	mont.Select16(z, table, index)
}

// Select is [mont.Select24].
func (Mod24) Select(z *mont.Elem24, table []mont.Elem24, index uint64) {
	mont.Select24(z, table, index)
}

// Factor is one factor of a product: a base and its exponent. It is either of
// a comb or of a window.
type Factor[E any] struct {
	comb     *Comb[E]
	exponent []byte
	public   bool
	window   *window[E]
}

// steps is how many doublings of the exponent a factor takes.
func (x *Factor[E]) steps() int {
	if x.comb != nil {
		return x.comb.width
	}
	return len(x.window.digits)
}

// Product sets z to the product of the factors; that of none is 1. Its time
// depends on the kinds and sizes of the factors, and on the exponents of those
// that are public.
func Product[E any](f Field[E], z *E, factors ...Factor[E]) {
	var steps int
	for i := range factors {
		steps = max(steps, factors[i].steps())
	}
	a := accumulator[E]{f: f}
	for k := steps - 1; k >= 0; k-- {
		if a.begun {
			f.Sqr(&a.z, &a.z)
		}
		for i := range factors {
			switch x := &factors[i]; {
			case k >= x.steps():
			case x.comb == nil:
				a.window(x.window, k)
			case x.public:
				a.public(x.comb, x.exponent, k)
			default:
				a.secret(x.comb, x.exponent, k)
			}
		}
	}
	if !a.begun {
		a.z = f.One()
	}
	*z = a.z
	a = accumulator[E]{}
}

// accumulator is a product under way. Its methods multiply what belongs to
// step k of one factor.
type accumulator[E any] struct {
	f        Field[E]
	begun    bool // whether anything was multiplied yet
	z, entry E
}

func (a *accumulator[E]) mul(x *E) {
	if a.begun {
		a.f.Mul(&a.z, &a.z, x)
	} else {
		a.z, a.begun = *x, true
	}
}

func (a *accumulator[E]) secret(c *Comb[E], exponent []byte, k int) {
	for block, t := range c.table {
		if column := block*c.width + k; column < c.columns {
			a.f.Select(&a.entry, t, c.index(exponent, column))
			a.mul(&a.entry)
		}
	}
}

func (a *accumulator[E]) public(c *Comb[E], exponent []byte, k int) {
	for block, t := range c.table {
		if column := block*c.width + k; column < c.columns {
			if i := c.index(exponent, column); i != 0 {
				a.mul(&t[i])
			}
		}
	}
}

func (a *accumulator[E]) window(w *window[E], k int) {
	if d := w.digits[k]; d != 0 {
		a.mul(&w.odd[d/2])
	}
}
