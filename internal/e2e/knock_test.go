//go:build e2e

package e2e

import (
	"strings"
	"testing"

	"culver/internal/testkit"
)

// A stranger writes, and wants to see when alice is online. Until she says yes, nothing
// leaves her program.
func TestAStrangerKnocks(t *testing.T) {
	t.Parallel()
	c := &pair{t: t, server: testkit.StartProsody(t, testkit.ProsodyOptions{
		Users: map[string]string{"alice": "canary-password-a", "bob": "canary-password-b"}})}
	alice := c.comes("alice", "alice", "canary-password-a", "")
	bob := c.comes("bob", "bob", "canary-password-b", "")
	alice.Sees("button", "Add a Buddy…")
	bob.Sees("button", "Add a Buddy…")
	turnsOffAutomatic(bob)

	bob.Fronts("Buddy List")
	bob.Presses("ctrl+m")
	bob.Fills("Buddy's address", aliceAddress)
	bob.Presses("Return")
	says(bob, "an open line")
	alice.Sees("request", bobAddress)
	alice.Fronts("Buddy List")
	alice.Clicks("menu", "Buddies")
	alice.Clicks("menuitem", "People Who Want to Reach You…")
	alice.Sees("row", bobAddress)
	looks(alice, "People Who Want to Reach You", "knocks")
	for line := range strings.Lines(c.server.Stanzas()) {
		if strings.HasPrefix(line, "> "+aliceAddress) && strings.Contains(line, "to='"+bobAddress) {
			t.Errorf("bob was answered: %s", line)
		}
	}
	alice.Clicks("button", "Accept")
	alice.Misses("row", bobAddress)
	alice.Presses("Escape")
	alice.Sees("buddy", bobAddress)
	opens(alice, bobAddress)
	alice.Sees("line", "an open line")
	looks(alice, bobAddress, "let-in")
	c.leave("an open line", alice, bob)
}
