//go:build e2e

package e2e

import (
	"testing"
	"time"

	"culver/internal/pilot"
)

func TestLocksByItself(t *testing.T) {
	t.Parallel()
	alice, _ := person(t, "alice", "DBUS_SESSION_BUS_ADDRESS=")
	alice.ProtectsProfile(func(string, string) {})
	alice.PutsOffWelcome()
	alice.Fronts("Buddy List")
	alice.Clicks("menu", "Tools")
	alice.Clicks("menuitem", "Security…")
	alice.Clicks("select", "Lock by itself")
	for range 4 {
		alice.Presses("Down")
	}
	alice.Presses("Return")
	alice.SeesValue("select", "Lock by itself", "After 10 minutes without use")
	looks(alice, "Security", "security")

	// Longer than that, with the mouse on its way now and then.
	for range 2 {
		alice.LetsPass(6 * time.Minute)
		for patience := time.Now().Add(pilot.Patience); alice.LetsPass(0) >= 6*time.Minute; {
			if time.Now().After(patience) {
				t.Fatal("nobody notices the mouse")
			}
			alice.PointsAt("button", "Lock now")
			alice.PointsAt("select", "Lock by itself")
		}
	}
	alice.Sees("button", "Lock now")
	alice.LetsPass(10 * time.Minute)
	alice.Sees("note", "Culver is locked")
	alice.Misses("button", "Lock now")
	alice.Clicks("button", "Quit")
	alice.WaitEnd()
}
