package modp

import (
	"sync"

	"culver/otrplugin/otr/internal/mont"
	"culver/otrplugin/otr/internal/power"
)

// Windows of an exponent, in bits. What pays depends on its length: each more
// bit saves multiplications and makes the table twice as long.
const (
	shortWindow = 4 // up to PrivateSize
	fullWindow  = 5
)

// Exp is base to the power of the big-endian exponent, window by window. Each
// look-up reads the whole table. The result is written in one place only: wipe
// it there.
func Exp(base *Element, exponent []byte) *Element {
	f := params().field
	window := shortWindow
	if len(exponent) > PrivateSize {
		window = fullWindow
	}
	var space [1 << fullWindow]mont.Elem24
	table := space[:1<<window]
	table[0] = f.One()
	f.Mul(&table[1], &base.words, &params().rr)
	for i := 2; i < len(table); i += 2 {
		f.Sqr(&table[i], &table[i/2])
		f.Mul(&table[i+1], &table[i], &table[1])
	}
	var z, entry mont.Elem24
	at := max(8*len(exponent)-1, 0) / window * window
	mont.Select24(&z, table, digit(exponent, at, window))
	for at > 0 {
		at -= window
		for range window {
			f.Sqr(&z, &z)
		}
		mont.Select24(&entry, table, digit(exponent, at, window))
		f.Mul(&z, &z, &entry)
	}
	clear(space[:])
	clear(entry[:])
	e := new(Element)
	e.leave(&z)
	return e
}

// digit is the bits of a big-endian number from bit at upwards.
func digit(b []byte, at, bits int) uint64 {
	var v uint
	for n := range 2 { // two bytes hold it
		if i := len(b) - 1 - at/8 - n; i >= 0 {
			v |= uint(b[i]) << (8 * n)
		}
	}
	return uint64(v >> (at % 8) & (1<<bits - 1))
}

// leave sets e to a number in Montgomery's form, which it wipes.
func (e *Element) leave(z *mont.Elem24) {
	params().field.Mul(&e.words, z, &mont.Elem24{1})
	clear(z[:])
}

// enter is an Element in Montgomery's form.
func enter(e *Element) (z mont.Elem24) {
	params().field.Mul(&z, &e.words, &params().rr)
	return z
}

// Tables of combs: blocks of 2^teeth numbers.
const (
	teeth       = 6
	shortBlocks = 6 // 72 KiB
	fullBlocks  = 8 // 96 KiB
	baseBlocks  = 2 // 24 KiB
)

// The combs for the generator: one for private keys, one for the full
// exponents of SMP. Making them takes a third of a millisecond and a whole
// one, once they are needed.
var (
	shortG = sync.OnceValue(func() *comb { return newComb(Element{mont.Elem24{2}}, PrivateSize, shortBlocks) })
	fullG  = sync.OnceValue(func() *comb { return newComb(Element{mont.Elem24{2}}, Size, fullBlocks) })
)

type comb = power.Comb[mont.Elem24]

func newComb(base Element, size, blocks int) *comb {
	l := enter(&base)
	return power.NewComb(params().field, &l, 8*size, teeth, blocks)
}

// combG is the comb for exponents of a length, which is public.
func combG(exponent []byte) *comb {
	if len(exponent) <= PrivateSize {
		return shortG()
	}
	return fullG()
}

// ExpG is 2 to the power of a big-endian exponent of at most Size bytes. It is
// public.
func ExpG(exponent []byte) Element { return Product(G(exponent)) }

// Factor is one factor of a [Product]: a base and its exponent.
type Factor = power.Factor[mont.Elem24]

// Product is the product of some factors, which is public, whatever the
// exponents are. It takes less than the factors one by one: they share their
// squarings.
func Product(factors ...Factor) (e Element) {
	var z mont.Elem24
	power.Product(params().field, &z, factors...)
	e.leave(&z)
	return e
}

// G is 2 to the power of a big-endian exponent of at most Size bytes.
func G(exponent []byte) Factor { return combG(exponent).Secret(exponent) }

// PublicG is the same for a public exponent, on which its time depends.
func PublicG(exponent []byte) Factor { return combG(exponent).Public(exponent) }

// PublicPower is an element to the power of a big-endian exponent. Its time
// depends on both: they are public.
func PublicPower(base Element, exponent []byte) Factor {
	l := enter(&base)
	return power.Window(params().field, &l, exponent)
}

// Base is a public element prepared for several exponents of any size up to
// Size bytes. That costs about as much as one of full size, and each costs a
// quarter then; it takes 24 KiB.
type Base struct{ comb *comb }

// Prepare prepares a public element.
func Prepare(e Element) *Base { return &Base{newComb(e, Size, baseBlocks)} }

// Power is the base to the power of an exponent.
func (b *Base) Power(exponent []byte) Factor { return b.comb.Secret(exponent) }

// PublicPower is the base to the power of a public exponent.
func (b *Base) PublicPower(exponent []byte) Factor { return b.comb.Public(exponent) }
