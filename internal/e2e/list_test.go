//go:build e2e

package e2e

import (
	"strings"
	"testing"

	"culver/internal/testkit"
)

// The Buddy List by mouse: what the pointer rests on is explained; buddies are dragged into
// another group, and onto each other.
func TestBuddyListByMouse(t *testing.T) {
	t.Parallel()
	server := testkit.StartProsody(t, testkit.ProsodyOptions{
		Users:   map[string]string{"alice": "canary-password-a", "bob": "canary-password-b", "carol": "canary-password-c", "dave": "canary-password-d"},
		Friends: [][2]string{{"alice", "bob"}, {"alice", "carol"}, {"alice", "dave"}}})
	trust := "SSL_CERT_FILE=" + server.CAFile
	alice, _ := person(t, "alice", trust, "DBUS_SESSION_BUS_ADDRESS=")
	bob, _ := person(t, "bob", trust, "DBUS_SESSION_BUS_ADDRESS=")
	alice.ProtectsProfile(func(string, string) {})
	bob.ProtectsProfile(func(string, string) {})
	signsIn(alice, server, "alice", "canary-password-a")
	alice.Sees("buddy", bobAddress)
	signsIn(bob, server, "bob", "canary-password-b")
	bob.SeesValue("buddy", aliceAddress, "Available")
	bob.Fills("Status message", "in the garden")
	bob.Presses("Return")
	alice.SeesValue("buddy", bobAddress, "Available")

	alice.PointsAt("buddy", bobAddress)
	if tip := alice.Sees("tip", bobAddress); !strings.Contains(tip.Value, "in the garden") || !strings.Contains(tip.Value, "Seen online since") {
		t.Errorf("she reads %q", tip.Value)
	}
	looks(alice, "Buddy List", "tip-buddy")
	alice.PointsAt("group", "Buddies (1/3)")
	alice.Sees("tip", "Buddies")
	looks(alice, "Buddy List", "tip-group")

	alice.Clicks("menu", "Buddies")
	alice.Clicks("menuitem", "Add Group…")
	alice.Fills("Name of the group", "Work")
	alice.Presses("Return")
	alice.Sees("group", "Work (0/0)")
	alice.Drags("buddy", "carol@localhost", "group", "Work (0/0)", 0.5, func() {
		alice.Sees("tip", "Move carol@localhost to Work")
		looks(alice, "Buddy List", "drag-group")
	})
	alice.Sees("group", "Work (0/1)")
	alice.Drags("buddy", "dave@localhost", "buddy", bobAddress, 0.5, func() {
		alice.Sees("tip", "Merge dave@localhost with bob@localhost")
		looks(alice, "Buddy List", "drag-merge")
	})
	alice.Misses("buddy", "dave@localhost")
	alice.Clicks("menu", "Buddies")
	alice.Clicks("menuitem", "Sort Buddies")
	alice.Clicks("menuitem", "Manually")
	alice.Drags("group", "Work (0/1)", "group", "Buddies (1/1)", 0.2, func() { looks(alice, "Buddy List", "drag-order") })
	alice.Drags("buddy", "carol@localhost", "group", "Buddies (1/1)", 0.5, func() { alice.Presses("Escape") })
	alice.Sees("group", "Work (0/1)")
	alice.PointsAt("buddy", bobAddress)
	alice.Sees("tip", bobAddress)
	looks(alice, "Buddy List", "tip-contact")
	if work, buddies := alice.Sees("group", "Work (0/1)"), alice.Sees("group", "Buddies (1/1)"); work.Y > buddies.Y {
		t.Error("the groups did not change places")
	}

	opens(alice, bobAddress)
	alice.PointsAt("menubutton", "Not private")
	alice.Sees("tip", "Not private")
	looks(alice, bobAddress, "tip-level")
	for _, p := range []interface{ Log() string }{alice, bob} {
		if strings.Contains(p.Log(), "Error in Fyne call thread") {
			t.Error(p.Log())
		}
	}
}
