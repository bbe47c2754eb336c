//go:build ct

package modp

import (
	"crypto/rand"
	"testing"

	"culver/otrplugin/otr/internal/ct"
)

// one is the exponent 1: no digit of it but the last takes part.
func one(size int) []byte {
	b := make([]byte, size)
	b[size-1] = 1
	return b
}

func aBase(t *testing.T) Element {
	t.Helper()
	k, err := NewKeyPair(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k.Public
}

func TestConstantTimeExp(t *testing.T) {
	base := aBase(t)
	ct.Check(t, ct.Subject{
		Name: "D-H secret: power with a 320-bit exponent", Fixed: one(PrivateSize),
		Run: func(e []byte) { Exp(&base, e) }, Calls: 1, Samples: 50_000,
	})
	ct.Check(t, ct.Subject{
		Name: "SMP: power with a 1536-bit exponent", Fixed: one(Size),
		Run: func(e []byte) { Exp(&base, e) }, Calls: 1, Samples: 12_000,
	})
}

func TestConstantTimeExpG(t *testing.T) {
	ct.Check(t, ct.Subject{
		Name: "D-H key: power of g with a 320-bit exponent", Fixed: one(PrivateSize),
		Run: func(e []byte) { ExpG(e) }, Calls: 1, Samples: 100_000,
	})
	ct.Check(t, ct.Subject{
		Name: "SMP: power of g with a 1536-bit exponent", Fixed: one(Size),
		Run: func(e []byte) { ExpG(e) }, Calls: 1, Samples: 40_000,
	})
}

func TestConstantTimeBase(t *testing.T) {
	base := Prepare(aBase(t))
	ct.Check(t, ct.Subject{
		Name: "SMP: prepared base with a 1536-bit exponent", Fixed: one(Size),
		Run: func(e []byte) { Product(base.Power(e)) }, Calls: 1, Samples: 40_000,
	})
}

// The answer to a challenge is r - x*c, and some exponents are products: x is
// the secret that matters.
func TestConstantTimeScalars(t *testing.T) {
	r, err := RandomScalar(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := make([]byte, 32)
	rand.Read(c)
	belowQ := func(x []byte) { x[0] &= 0x7f; x[1] &= 0x7f }
	ct.Check(t, ct.Subject{
		Name: "SMP: proof, r - x*c modulo q", Fixed: one(Size), Shape: belowQ,
		Run: func(x []byte) { SubMul(r, x, c) }, Calls: 1, Samples: 100_000,
	})
	ct.Check(t, ct.Subject{
		Name: "SMP: product of exponents", Fixed: one(Size), Shape: belowQ,
		Run: func(x []byte) { MulExponents(r, x) }, Calls: 1, Samples: 100_000,
	})
}
