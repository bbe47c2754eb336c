//go:build ct

package dsa

import (
	"bytes"
	"testing"

	"culver/otrplugin/otr/internal/ct"
)

// below keeps a number below every q, which has 160 bits.
func below(b []byte) { b[0] &= 0x7f }

// The size of a nonce must not show: a few bits of some hundred nonces give
// the long-term key away.
func TestConstantTimeNonce(t *testing.T) {
	k := testKey(t)
	digest := bytes.Repeat([]byte{0x5d}, 32)
	short := make([]byte, qBytes)
	short[qBytes-1] = 3
	for _, e := range []struct {
		name  string
		fixed []byte
	}{
		{"DSA: signature with a nonce of 2 bits", short},
		{"DSA: signature with a nonce of 144 bits", append(make([]byte, 2), bytes.Repeat([]byte{0xa7}, qBytes-2)...)},
	} {
		ct.Check(t, ct.Subject{
			Name: e.name, Fixed: e.fixed, Shape: below, Noise: blindBytes,
			Run: func(b []byte) {
				nonce, blind := [qBytes]byte(b), [blindBytes]byte(b[qBytes:])
				if k.signWith(nonce[:], blind[:], digest) == nil {
					t.Error("no signature")
				}
			},
			Calls: 1, Samples: 150_000,
		})
	}
}

// blindBytes is the length of a blind, drawn for each signature.
const blindBytes = 32

func TestConstantTimeKey(t *testing.T) {
	k := testKey(t)
	digest := bytes.Repeat([]byte{0x5d}, 32)
	fixed := make([]byte, qBytes)
	fixed[qBytes-1] = 1
	ct.Check(t, ct.Subject{
		Name: "DSA: signature with a long-term key of 1 bit", Fixed: fixed, Shape: below, Noise: blindBytes,
		Run: func(b []byte) {
			nonce, blind := [qBytes]byte{5, 4, 3, 2, 1}, [blindBytes]byte(b[qBytes:])
			copy(k.x[:], b)
			if k.signWith(nonce[:], blind[:], digest) == nil {
				t.Error("no signature")
			}
		},
		Calls: 1, Samples: 150_000,
	})
}
