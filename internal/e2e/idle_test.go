//go:build e2e

package e2e

import (
	"testing"
	"time"
)

func TestLocksByItself(t *testing.T) {
	t.Parallel()
	alice, _ := person(t, "alice", "DBUS_SESSION_BUS_ADDRESS=")
	alice.ProtectsProfile(func(string, string) {})
	alice.Sees("button", "Practise")
	alice.Fronts("Buddy List")
	alice.Clicks("menu", "Tools")
	alice.Clicks("menuitem", "Security…")
	alice.Clicks("select", "Lock by itself")
	alice.Presses("Down")
	alice.Presses("Down")
	alice.Presses("Return")
	alice.SeesValue("select", "Lock by itself", "After 1 minute without use")
	looks(alice, "Security", "security")

	// Longer than a minute, with the mouse on its way now and then.
	for range 2 {
		alice.PointsAt("button", "Practise")
		<-time.After(20 * time.Second)
		alice.PointsAt("button", "Sign in (XMPP)…")
		<-time.After(20 * time.Second)
	}
	alice.Sees("button", "Practise")
	<-time.After(30 * time.Second)
	alice.Sees("note", "Culver is locked")
	alice.Misses("button", "Lock now")
	alice.Clicks("button", "Quit")
	alice.WaitEnd()
}
