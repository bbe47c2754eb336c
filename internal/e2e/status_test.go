//go:build e2e

package e2e

import (
	"testing"
	"time"

	"culver/internal/testkit"
)

// alice saves a status and uses it; nobody uses her Culver for a while; she comes back.
func TestOwnStatus(t *testing.T) {
	t.Parallel()
	server := testkit.StartProsody(t, testkit.ProsodyOptions{
		Users:   map[string]string{"alice": "canary-password-a", "bob": "canary-password-b"},
		Friends: [][2]string{{"alice", "bob"}}})
	trust := "SSL_CERT_FILE=" + server.CAFile
	alice, _ := person(t, "alice", trust, "DBUS_SESSION_BUS_ADDRESS=")
	bob, _ := person(t, "bob", trust, "DBUS_SESSION_BUS_ADDRESS=")
	alice.ProtectsProfile(func(string, string) {})
	alice.PutsOffWelcome()
	alice.Sees("menubutton", "No account")
	alice.Clicks("button", "Add an Account…")
	signsIn(alice, server, "alice", "canary-password-a")
	alice.Sees("buddy", bobAddress)
	bob.ProtectsProfile(func(string, string) {})
	signsIn(bob, server, "bob", "canary-password-b")
	bob.SeesValue("buddy", aliceAddress, "Available")

	alice.Clicks("menubutton", "Available")
	alice.Clicks("menuitem", "New Status…")
	alice.Fills("Name", "Reading")
	alice.Fills("Message", "not to be talked to")
	looks(alice, "New Status", "new-status")
	alice.Clicks("button", "Save and Use")
	bob.SeesValue("buddy", aliceAddress, "Available")
	alice.Fills("Status message", "still here")
	alice.Presses("Return")
	alice.Clicks("menubutton", "Available")
	alice.Sees("menuitem", "still here")
	looks(alice, "Buddy List", "status-menu")
	alice.Clicks("menuitem", "Saved Statuses…")
	alice.Sees("row", "Reading")
	looks(alice, "Saved Statuses", "saved-statuses")
	alice.Presses("Escape")
	alice.PointsAt("button", "Your picture")
	alice.Sees("tip", "Your picture")
	looks(alice, "Buddy List", "own-picture")

	alice.Presses("ctrl+p")
	alice.ClicksOn("tab", "Status and idle")
	looks(alice, "Preferences", "status-preferences")
	alice.Clicks("choice", "I do not use Culver")
	alice.SeesValue("choice", "I do not use Culver", "on")
	alice.Presses("Escape")
	alice.Misses("choice", "I do not use Culver")
	alice.LetsPass(15 * time.Minute)
	bob.SeesValue("buddy", aliceAddress, "Away")
	alice.Sees("menubutton", "Away (idle)")
	alice.PointsAt("buddy", bobAddress)
	bob.SeesValue("buddy", aliceAddress, "Available")
}
