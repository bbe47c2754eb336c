package modp

import (
	"crypto/subtle"
	"sync"

	"filippo.io/bigmod"
)

// A comb raises one base to many exponents (Lim and Lee's method). The
// exponent's bits are written in teeth rows of columns bits each; the
// columns are cut into blocks. A table has, for each block, the products of
// the base's powers for every possible column: so a column costs one
// multiplication, and only each block's width costs squarings.
const (
	teeth = 5
	wide  = 1 << teeth
)

type comb struct {
	columns int // bits in a row
	width   int // columns in a block
	table   [][wide]limbs
}

// newComb prepares base for exponents of up to n bits.
func newComb(base *limbs, n, blocks int) *comb {
	f := theField()
	c := &comb{columns: (n + teeth - 1) / teeth}
	c.width = (c.columns + blocks - 1) / blocks
	c.table = make([][wide]limbs, blocks)
	// power runs through base^(2^at); the table wants it wherever a row meets
	// the start of a block.
	power, at := *base, 0
	for row := range teeth {
		for block := range c.table {
			for want := row*c.columns + block*c.width; at < want; at++ {
				f.mul(&power, &power, &power)
			}
			c.table[block][1<<row] = power
		}
	}
	for block := range c.table {
		t := &c.table[block]
		t[0] = f.one
		for i := 3; i < wide; i++ {
			if low := i & -i; low != i {
				f.mul(&t[i], &t[i^low], &t[low])
			}
		}
	}
	return c
}

// exp is the base to the power of a big-endian exponent of at most the bits
// that the comb was made for. Its time and memory accesses don't depend on it.
func (c *comb) exp(exponent []byte) limbs {
	f := theField()
	z := f.one
	var entry limbs
	for k := c.width - 1; k >= 0; k-- {
		if k < c.width-1 {
			f.mul(&z, &z, &z)
		}
		for block := range c.table {
			column := block*c.width + k
			if column >= c.columns {
				continue
			}
			var index byte
			for row := range teeth {
				index |= bit(exponent, row*c.columns+column) << row
			}
			lookUp(&entry, &c.table[block], index)
			f.mul(&z, &z, &entry)
		}
	}
	clear(entry[:])
	return z
}

// bit is a bit of a big-endian number, 0 beyond its end. Where it is is public.
func bit(b []byte, n int) byte {
	if i := len(b) - 1 - n/8; i >= 0 {
		return b[i] >> (n % 8) & 1
	}
	return 0
}

// lookUp copies an entry of a table, all of which it reads.
//
//go:norace
func lookUp(z *limbs, table *[wide]limbs, index byte) {
	*z = limbs{}
	for i := range table {
		mask := -uint64(subtle.ConstantTimeByteEq(byte(i), index))
		for j, w := range &table[i] {
			z[j] |= w & mask
		}
	}
}

// The combs for the generator: one for private keys, one for full exponents.
// Each takes 24 KiB and a millisecond, once it is needed.
var (
	shortG = sync.OnceValue(func() *comb { return combG(PrivateSize * 8) })
	fullG  = sync.OnceValue(func() *comb { return combG(Size * 8) })
)

func combG(bits int) *comb {
	two := theField().enter(append(make([]byte, Size-1), 2))
	return newComb(&two, bits, 4)
}

// ExpG is 2 to the power of a big-endian exponent of at most Size bytes.
func ExpG(exponent []byte) Element {
	c := fullG
	if len(exponent) <= PrivateSize {
		c = shortG
	}
	z := c().exp(exponent)
	return fromLimbs(&z)
}

func fromLimbs(l *limbs) Element {
	n, err := bigmod.NewNat().SetBytes(theField().leave(l), params().p)
	if err != nil {
		panic(err) // it is below p
	}
	clear(l[:])
	return Element{n}
}

// Base is an element prepared for several exponents. That costs about as much
// as two of them, and each costs a third then.
type Base struct {
	Element
	comb *comb
}

// Prepare prepares an element.
func Prepare(e Element) Base {
	l := theField().enter(e.Fixed())
	return Base{e, newComb(&l, Size*8, 2)}
}

// Exp is the base to the power of a big-endian exponent of at most Size bytes.
func (b Base) Exp(exponent []byte) Element {
	if len(exponent) <= PrivateSize {
		return Exp(b.Element, exponent)
	}
	z := b.comb.exp(exponent)
	return fromLimbs(&z)
}
