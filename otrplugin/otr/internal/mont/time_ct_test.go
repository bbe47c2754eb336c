//go:build ct

package mont

import (
	"crypto/rand"
	"testing"

	"culver/otrplugin/otr/internal/ct"
)

func TestConstantTimeSelect(t *testing.T) {
	var table24 [64]Elem24
	var table16 [64]Elem16
	for i := range table24 {
		var b [Size24]byte
		rand.Read(b[:])
		setBytes(table24[i][:], b[:])
		setBytes(table16[i][:], b[:Size16])
	}
	below64 := func(index []byte) { index[0] &= 63 }
	var z24 Elem24
	ct.Check(t, ct.Subject{
		Name: "look-up in a table, 1536 bits", Fixed: []byte{0}, Shape: below64,
		Run: func(index []byte) { Select24(&z24, table24[:], uint64(index[0])) }, Calls: 10, Samples: 100_000,
	})
	var z16 Elem16
	ct.Check(t, ct.Subject{
		Name: "look-up in a table, 1024 bits", Fixed: []byte{0}, Shape: below64,
		Run: func(index []byte) { Select16(&z16, table16[:], uint64(index[0])) }, Calls: 10, Samples: 100_000,
	})
}

// What is reduced at the end of a multiplication must not show.
func TestConstantTimeMul(t *testing.T) {
	m := make([]byte, Size24)
	rand.Read(m)
	m[0], m[Size24-1] = m[0]|0x80, m[Size24-1]|1
	modulus, err := NewModulus24(m)
	if err != nil {
		t.Fatal(err)
	}
	y := modulus.One()
	ct.Check(t, ct.Subject{
		Name: "multiplication, 1536 bits", Fixed: make([]byte, Size24),
		Shape: func(x []byte) { x[0] &= 0x7f },
		Run: func(x []byte) {
			var z Elem24
			setBytes(z[:], x)
			modulus.Mul(&z, &z, &y)
			modulus.Sqr(&z, &z)
		},
		Calls: 4, Samples: 100_000,
	})
}
