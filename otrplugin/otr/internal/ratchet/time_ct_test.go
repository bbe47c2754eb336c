//go:build ct

package ratchet

import (
	"testing"

	"culver/otrplugin/otr/internal/ct"
)

// How much of a forged MAC is right must not show.
func TestConstantTimeMAC(t *testing.T) {
	a, b := newTwo(t)
	msg := seal(a, "hello")
	mac := msg[len(msg)-4-macSize : len(msg)-4] // before the keys revealed, none
	nearly := append([]byte(nil), mac...)
	nearly[macSize-1] ^= 1
	ct.Check(t, ct.Subject{
		Name: "data message with a MAC that is nearly right", Fixed: nearly,
		Run: func(forged []byte) {
			copy(mac, forged)
			if _, err := open(b, msg); err == nil {
				t.Error("a forged message was opened")
			}
		},
		Calls: 4, Samples: 100_000,
	})
}
