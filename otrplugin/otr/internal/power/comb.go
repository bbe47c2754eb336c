package power

import "slices"

// A Comb is a public base prepared for many exponents (the method of Lim and
// Lee). An exponent's bits are written in rows of columns bits each, one for
// each tooth of the comb; the columns are cut into blocks. The table has, for
// each block, the products of the base's powers for every possible column: so
// a column costs one multiplication, and only the width of a block costs
// squarings.
type Comb[E any] struct {
	teeth, columns, width int
	table                 [][]E
}

// NewComb prepares a base for exponents of up to bits bits. Its table holds
// blocks<<teeth numbers at most.
func NewComb[E any](f Field[E], base *E, bits, teeth, blocks int) *Comb[E] {
	c := &Comb[E]{teeth: teeth, columns: (bits + teeth - 1) / teeth}
	c.width = (c.columns + blocks - 1) / blocks
	blocks = (c.columns + c.width - 1) / c.width // the rest would be empty
	c.table = slices.Collect(slices.Chunk(make([]E, blocks<<teeth), 1<<teeth))
	// power runs through base^(2^at); the table wants it wherever a row meets
	// the start of a block.
	power, at := *base, 0
	for row := range teeth {
		for block := range c.table {
			for want := row*c.columns + block*c.width; at < want; at++ {
				f.Sqr(&power, &power)
			}
			c.table[block][1<<row] = power
		}
	}
	for _, t := range c.table {
		t[0] = f.One()
		for i := 3; i < len(t); i++ {
			if low := i & -i; low != i {
				f.Mul(&t[i], &t[i^low], &t[low])
			}
		}
	}
	return c
}

// Secret is the factor of a secret exponent, big-endian, of at most the bits
// that the comb was made for: neither its time nor the memory that it reads
// depends on it.
func (c *Comb[E]) Secret(exponent []byte) Factor[E] {
	return Factor[E]{comb: c, exponent: c.fitting(exponent)}
}

// Public is the factor of a public exponent, big-endian, of at most the bits
// that the comb was made for.
func (c *Comb[E]) Public(exponent []byte) Factor[E] {
	return Factor[E]{comb: c, exponent: c.fitting(exponent), public: true}
}

// fitting refuses an exponent of which the comb would miss the top.
func (c *Comb[E]) fitting(exponent []byte) []byte {
	if 8*len(exponent) > c.teeth*c.columns {
		panic("power: the exponent is longer than its comb")
	}
	return exponent
}

// index is a column of an exponent, the lowest row first.
func (c *Comb[E]) index(exponent []byte, column int) (index uint64) {
	for row := range c.teeth {
		index |= bit(exponent, row*c.columns+column) << row
	}
	return index
}

// bit is a bit of a big-endian number, 0 beyond its end. Where it is is public.
func bit(b []byte, n int) uint64 {
	if i := len(b) - 1 - n/8; i >= 0 {
		return uint64(b[i] >> (n % 8) & 1)
	}
	return 0
}
