// Package modp is the Diffie-Hellman group of OTR 2 and 3: the 1536-bit MODP
// group of RFC 3526 with the generator 2. Exponentiation is constant time in
// its exponents wherever nothing else is said. The package holds constants
// only, made on first use; every function may be called from any goroutine.
package modp

import (
	"encoding/binary"
	"encoding/hex"
	"math/big"
	"sync"

	"culver/otrplugin/otr/internal/mont"
	"culver/otrplugin/otr/internal/power"

	"filippo.io/bigmod"
)

// Size is the length of a group element or of a full-size exponent in bytes.
const Size = mont.Size24

// RFC 3526, section 2.
const prime = "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd1" +
	"29024e088a67cc74020bbea63b139b22514a08798e3404dd" +
	"ef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245" +
	"e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed" +
	"ee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3d" +
	"c2007cb8a163bf0598da48361c55d39a69163fa8fd24cf5f" +
	"83655d23dca3ad961c62f356208552bb9ed529077096966d" +
	"670c354e4abc9804f1746c08ca237327ffffffffffffffff"

// group is p and q = (p-1)/2.
type group struct {
	field  power.Mod24
	rr     mont.Elem24 // what brings a number into Montgomery's form
	last   Element     // p-1
	p      *big.Int
	q      *bigmod.Modulus
	qBytes [Size]byte
}

var params = sync.OnceValue(func() *group {
	b, err := hex.DecodeString(prime)
	must(err)
	g := new(group)
	g.field.Modulus24, err = mont.NewModulus24(b)
	must(err)
	g.p = new(big.Int).SetBytes(b)
	var r [Size]byte
	one := Element{g.field.One()}
	one.Put(&r)
	g.field.Enter(&g.rr, r[:])
	g.last.set(b)
	g.last.words[0]--
	var carry byte
	for i, v := range b { // q: p without its last bit, which is 1
		g.qBytes[i], carry = v>>1|carry<<7, v&1
	}
	g.q, err = bigmod.NewModulus(g.qBytes[:])
	must(err)
	return g
})

// must is for what can't fail with the constants of this package.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

// Element is a number in 1..p-1, in place: a copy is another one, to be wiped
// on its own. What is secret is passed by pointer only, so that there is none.
// The zero Element is no number.
type Element struct {
	words mont.Elem24 // not in Montgomery's form, so that reading and writing cost nothing
}

// Parse reads a big-endian number that a peer sent. ok is false outside
// 2..p-2: the rest generates no group worth the name. Its time depends on the
// number.
func Parse(b []byte) (e Element, ok bool) {
	if len(b) > Size {
		return Element{}, false
	}
	e.set(b)
	if e == (Element{}) || e == (Element{mont.Elem24{1}}) || !params().last.Greater(&e) {
		return Element{}, false
	}
	return e, true
}

// set reads a big-endian number of at most Size bytes.
func (e *Element) set(b []byte) {
	var full [Size]byte
	copy(full[Size-len(b):], b)
	for i := range e.words {
		e.words[i] = binary.BigEndian.Uint64(full[Size-8-8*i:])
	}
}

// Valid tells whether e is a number at all.
func (e *Element) Valid() bool { return *e != Element{} }

// Put writes the number, big-endian.
func (e *Element) Put(b *[Size]byte) {
	for i, w := range e.words {
		binary.BigEndian.PutUint64(b[Size-8-8*i:], w)
	}
}

// Fixed is the number, big-endian, Size bytes long.
func (e *Element) Fixed() []byte {
	b := new([Size]byte)
	e.Put(b)
	return b[:]
}

// Bytes is the number, big-endian, without leading zeros.
func (e *Element) Bytes() []byte {
	b := e.Fixed()
	for len(b) > 0 && b[0] == 0 {
		b = b[1:]
	}
	return b
}

// Equal tells whether both are the same, in constant time.
func (e *Element) Equal(f *Element) bool {
	var d uint64
	for i := range e.words {
		d |= e.words[i] ^ f.words[i]
	}
	return d == 0
}

// Greater tells whether e is the greater number. Both are public.
func (e *Element) Greater(f *Element) bool {
	for i := len(e.words) - 1; i >= 0; i-- {
		if e.words[i] != f.words[i] {
			return e.words[i] > f.words[i]
		}
	}
	return false
}

// Wipe overwrites the number. A nil Element has none.
func (e *Element) Wipe() {
	if e != nil {
		*e = Element{}
	}
}

// Div is a/b and c/d. Its time depends on them: all must be public.
func Div(a, b, c, d Element) (ab, cd Element) {
	g := params()
	// One inversion does for both: 1/b is d/(bd), and 1/d is b/(bd).
	var bd, inv mont.Elem24
	g.mul(&bd, &b.words, &d.words)
	n := new(big.Int).SetBytes((&Element{bd}).Fixed())
	if n.ModInverse(n, g.p) == nil {
		panic("modp: division by zero") // no Element is zero
	}
	g.field.Enter(&inv, n.Bytes())
	g.field.Mul(&ab.words, &inv, &d.words)
	g.field.Mul(&cd.words, &inv, &b.words)
	g.mul(&ab.words, &ab.words, &a.words)
	g.mul(&cd.words, &cd.words, &c.words)
	return ab, cd
}

// mul sets z to the product of numbers out of Montgomery's form.
func (g *group) mul(z, x, y *mont.Elem24) {
	var t mont.Elem24
	g.field.Mul(&t, x, &g.rr)
	g.field.Mul(z, &t, y)
}
