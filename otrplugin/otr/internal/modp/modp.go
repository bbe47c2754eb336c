// Package modp is the Diffie-Hellman group of OTR 2 and 3: the 1536-bit MODP
// group of RFC 3526 with the generator 2. Exponentiation is constant time in
// its exponents. The package holds constants only, made on first use; every
// function may be called from any goroutine.
package modp

import (
	"bytes"
	"encoding/hex"
	"sync"

	"filippo.io/bigmod"
)

// Size is the length of a group element or of a full-size exponent in bytes.
const Size = 192

const prime = "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd1" +
	"29024e088a67cc74020bbea63b139b22514a08798e3404dd" +
	"ef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245" +
	"e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed" +
	"ee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3d" +
	"c2007cb8a163bf0598da48361c55d39a69163fa8fd24cf5f" +
	"83655d23dca3ad961c62f356208552bb9ed529077096966d" +
	"670c354e4abc9804f1746c08ca237327ffffffffffffffff"

// group holds p and q = (p-1)/2.
type group struct{ p, q *bigmod.Modulus }

var params = sync.OnceValue(func() group {
	b, err := hex.DecodeString(prime)
	if err != nil {
		panic(err)
	}
	p, err := bigmod.NewModulus(b)
	if err != nil {
		panic(err)
	}
	var carry byte
	for i, v := range b { // q: p without its last bit, which is 1
		b[i], carry = v>>1|carry<<7, v&1
	}
	q, err := bigmod.NewModulus(b)
	if err != nil {
		panic(err)
	}
	return group{p, q}
})

// Element is a number modulo p. The zero Element is no number: use Parse.
type Element struct{ n *bigmod.Nat }

// Parse reads a big-endian number that a peer sent. ok is false outside
// 2..p-2: the rest generates no group worth the name.
func Parse(b []byte) (e Element, ok bool) {
	if len(b) > Size {
		return e, false
	}
	p := params().p
	n, err := bigmod.NewNat().SetBytes(b, p)
	if err != nil || n.IsZero() == 1 || n.IsOne() == 1 || n.IsMinusOne(p) == 1 {
		return e, false
	}
	return Element{n}, true
}

// Valid tells whether e is a number at all.
func (e Element) Valid() bool { return e.n != nil }

// Bytes is the number, big-endian, without leading zeros.
func (e Element) Bytes() []byte {
	b := e.n.Bytes(params().p)
	for len(b) > 0 && b[0] == 0 {
		b = b[1:]
	}
	return b
}

// Fixed is the number, big-endian, Size bytes long.
func (e Element) Fixed() []byte { return e.n.Bytes(params().p) }

// Equal tells whether both are the same, in constant time.
func (e Element) Equal(f Element) bool { return e.n.Equal(f.n) == 1 }

// Wipe overwrites the number.
func (e *Element) Wipe() {
	if e.n != nil {
		clear(e.n.Bits())
		e.n = nil
	}
}

// Clone is a copy that may be wiped on its own.
func (e Element) Clone() Element {
	if e.n == nil {
		return e
	}
	n, err := bigmod.NewNat().SetBytes(e.Fixed(), params().p)
	if err != nil {
		panic(err) // e is reduced: it came from here
	}
	return Element{n}
}

// Exp is base to the power of the big-endian exponent.
func Exp(base Element, exponent []byte) Element {
	return Element{bigmod.NewNat().Exp(base.n, exponent, params().p)}
}

// Mul is a*b.
func Mul(a, b Element) Element {
	return Element{a.Clone().n.Mul(b.n, params().p)}
}

// Div is a/b. Its time depends on b, which must be public.
func Div(a, b Element) Element {
	p := params().p
	inv, ok := bigmod.NewNat().InverseVarTime(b.n, p)
	if !ok {
		panic("modp: division by zero") // no Element is zero
	}
	return Element{inv.Mul(a.n, p)}
}

// Greater tells whether e is the greater number. Both are public.
func (e Element) Greater(f Element) bool { return bytes.Compare(e.Fixed(), f.Fixed()) > 0 }
