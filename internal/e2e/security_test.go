//go:build e2e

package e2e

import (
	"testing"

	"culver/internal/testkit"
)

// From the keyring to a passphrase, to another one, and back.
func TestSecurity(t *testing.T) {
	t.Parallel()
	bus := testkit.StartKeyring(t)
	alice, profile := person(t, "alice", "DBUS_SESSION_BUS_ADDRESS="+bus.Address)
	const first, second = "canary of the first one", "canary of the second"
	security := func() {
		alice.Fronts("Buddy List")
		alice.Clicks("menu", "Tools")
		alice.Sees("menuitem", "Security…")
		alice.Clicks("menuitem", "Security…")
	}
	again := func() {
		alice.Fronts("Buddy List")
		alice.Presses("ctrl+q")
		alice.WaitEnd()
		if err := alice.StartAgain(); err != nil {
			t.Fatal(err)
		}
	}
	alice.PutsOffWelcome() // without a question for a passphrase

	security()
	alice.Sees("button", "Protect with a passphrase instead…")
	looks(alice, "Security", "keyring")
	alice.Clicks("button", "Protect with a passphrase instead…")
	alice.Sees("entry", "New passphrase")
	alice.TypesSecret(first)
	alice.Presses("Tab")
	alice.TypesSecret("another")
	alice.Presses("Return")
	alice.Sees("problem", "The two are not the same")
	looks(alice, "Protect With a Passphrase", "not-the-same")
	alice.Clicks("entry", "Once more")
	alice.Presses("ctrl+a")
	alice.TypesSecret(first)
	alice.Presses("Return")
	alice.Sees("button", "Change passphrase…")
	looks(alice, "Security", "passphrase")

	alice.Clicks("button", "Change passphrase…")
	alice.Sees("entry", "Current passphrase")
	alice.TypesSecret("wrong")
	for range 2 {
		alice.Presses("Tab")
		alice.TypesSecret(second)
	}
	alice.Presses("Return")
	alice.Sees("problem", "not the passphrase")
	looks(alice, "Change the Passphrase", "wrong")
	alice.TypesSecret(first) // all lines are empty, and the first has the keyboard
	for range 2 {
		alice.Presses("Tab")
		alice.TypesSecret(second)
	}
	alice.Presses("Return")
	alice.Misses("entry", "Current passphrase")
	alice.Clicks("button", "Close")

	again()
	alice.Sees("button", "Unlock")
	alice.TypesSecret(first)
	alice.Presses("Return")
	alice.Sees("problem", "not the passphrase")
	looks(alice, "Unlock Culver", "old-passphrase")
	alice.TypesSecret(second) // the line is empty, and has the keyboard
	alice.Presses("Return")
	alice.PutsOffWelcome()

	security()
	alice.Clicks("button", "Use the system's keyring instead…")
	alice.Sees("button", "Use the keyring")
	alice.TypesSecret(second)
	looks(alice, "Use the system's keyring", "keyring-again")
	alice.Presses("Return")
	alice.Sees("button", "Protect with a passphrase instead…")
	alice.Clicks("button", "Close")
	again()
	alice.PutsOffWelcome()
	alice.Misses("button", "Unlock")
	alice.Fronts("Buddy List")
	alice.Presses("ctrl+q")
	alice.WaitEnd()
	testkit.NoTrace(t, profile, first, second)
}
