//go:build ct

package ct

import (
	"bytes"
	"crypto/sha256"
	"math/big"
	"testing"
)

// Functions that are known to leak, a lot and a little, have to be found out,
// and one that is known not to leak must not be blamed.

func TestConstantTimeControlExp(t *testing.T) {
	base, m := big.NewInt(3), new(big.Int).Lsh(big.NewInt(1), 521)
	m.Sub(m, big.NewInt(1))
	fixed := make([]byte, 20)
	fixed[10] = 1
	CheckLeaks(t, Subject{
		Name: "control: math/big Exp, exponent with zeros in front", Fixed: fixed,
		Run:   func(e []byte) { new(big.Int).Exp(base, new(big.Int).SetBytes(e), m) },
		Calls: 1, Samples: 10_000,
	})
}

// Every other random secret makes 41 multiplications of 40: one percent more on average.
func TestConstantTimeControlOneInEighty(t *testing.T) {
	x := new(big.Int).Lsh(big.NewInt(1), 1536)
	x.Sub(x, big.NewInt(1))
	z := new(big.Int)
	CheckLeaks(t, Subject{
		Name: "control: one multiplication in eighty", Fixed: []byte{0},
		Run: func(secret []byte) {
			for range 40 + int(secret[0]&1) {
				z.Mul(x, x)
			}
		},
		Calls: 1, Samples: 50_000,
	})
}

func TestConstantTimeControlCompare(t *testing.T) {
	secret := bytes.Repeat([]byte{7}, 64)
	sink := 0
	CheckLeaks(t, Subject{
		Name: "control: comparison that ends at the first difference", Fixed: secret,
		Run: func(guess []byte) {
			for i, b := range guess {
				if b != secret[i] {
					return
				}
				sink++
			}
		},
		Calls: 20, Samples: 10_000,
	})
}

func TestConstantTimeControlNothing(t *testing.T) {
	var sink byte
	Check(t, Subject{
		Name: "control: SHA-256, which does not leak", Fixed: make([]byte, 64),
		Run: func(b []byte) {
			sum := sha256.Sum256(b)
			sink += sum[0] // to count its bits would take a table, and leak
		},
		Calls: 20, Samples: 100_000,
	})
}
