package mont

import (
	"bytes"
	"math/big"
	"math/rand/v2"
	"testing"
)

func TestFirst(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	random := func(n int) []byte {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(rng.Uint32())
		}
		return b
	}
	for range 50 {
		mb := random(Size24)
		mb[0] |= 0x80
		mb[Size24-1] |= 1
		m, err := NewModulus24(mb)
		if err != nil {
			t.Fatal(err)
		}
		n := new(big.Int).SetBytes(mb)
		xb, yb := random(Size24), random(Size24-9)
		var x, y, z Elem24
		m.Enter(&x, xb)
		m.Enter(&y, yb)
		m.Mul(&z, &x, &y)
		m.Double(&z, &z)
		want := new(big.Int).Mul(new(big.Int).SetBytes(xb), new(big.Int).SetBytes(yb))
		want.Lsh(want, 1).Mod(want, n)
		if got := m.Leave(&z); !bytes.Equal(got[:], want.FillBytes(make([]byte, Size24))) {
			t.Fatal("mul24")
		}
	}
	for range 50 {
		mb := random(Size16)
		mb[0] |= 0x80
		mb[Size16-1] |= 1
		m, err := NewModulus16(mb)
		if err != nil {
			t.Fatal(err)
		}
		n := new(big.Int).SetBytes(mb)
		xb, yb := random(Size16), random(Size16-9)
		var x, y, z Elem16
		m.Enter(&x, xb)
		m.Enter(&y, yb)
		m.Mul(&z, &x, &y)
		m.Double(&z, &z)
		want := new(big.Int).Mul(new(big.Int).SetBytes(xb), new(big.Int).SetBytes(yb))
		want.Lsh(want, 1).Mod(want, n)
		if got := m.Leave(&z); !bytes.Equal(got[:], want.FillBytes(make([]byte, Size16))) {
			t.Fatal("mul16")
		}
	}
}
