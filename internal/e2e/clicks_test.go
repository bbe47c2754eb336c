//go:build e2e

package e2e

import "testing"

// A click counts, however soon after another one it comes.
func TestNoClickIsLost(t *testing.T) {
	t.Parallel()
	p, _ := person(t, "you", "DBUS_SESSION_BUS_ADDRESS=")
	p.ProtectsProfile(func(string, string) {})
	for range 3 {
		p.Begins("Sign in (XMPP)…")
		p.HurriesTo("Address", "Cancel")
		p.Misses("entry", "Address")
		p.Clicks("button", "Add an Account…")
	}
}
