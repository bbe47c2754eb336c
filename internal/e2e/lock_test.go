//go:build e2e

package e2e

import (
	"syscall"
	"testing"
)

func TestLocking(t *testing.T) {
	t.Parallel()
	c := acquainted(t)
	alice, bob := c.alice, c.bob
	opens(alice, bobAddress)
	says(alice, "an open line")
	bob.Sees("line", "an open line")
	alice.Sees("menubutton", "Unverified")
	bob.Sees("menubutton", "Unverified")
	says(bob, "canary from bob")
	alice.Sees("line", "canary from bob")

	// Bob leaves: what alice writes waits. Half a line stands in the entry.
	bob.Fronts("Buddy List")
	choosesStatus(bob, "Available", "Offline")
	alice.Sees("menubutton", "Finished")
	alice.Clicks("menubutton", "Finished")
	alice.Clicks("menuitem", "End private conversation")
	alice.Clicks("menubutton", "Not private")
	alice.Clicks("menuitem", "Start private conversation")
	alice.Clicks("entry", "Message")
	alice.Types("canary that waits")
	alice.Presses("Return")
	alice.Sees("line", "Waiting until "+bobAddress+" is online")
	alice.Types("canary half a li")
	alice.SeesValue("entry", "Message", "canary half a li")
	looks(alice, bobAddress, "before-lock")

	// By the menu, then with the wrong passphrase, then with the right one.
	alice.Fronts("Buddy List")
	alice.Clicks("menu", "Tools")
	alice.Sees("menuitem", "Lock Culver")
	looks(alice, "Buddy List", "lock-menu")
	alice.Clicks("menuitem", "Lock Culver")
	alice.Sees("note", "Culver is locked. You are signed off.")
	alice.MissesPart("line", "canary")
	alice.MissesPart("buddy", bobAddress)
	looks(alice, "Unlock Culver", "locked")
	if out := alice.Windows(); len(out) != 1 {
		t.Errorf("while it is locked there are the windows %q", out)
	}
	alice.Clicks("entry", "Passphrase")
	alice.TypesSecret("not the passphrase")
	alice.Presses("Return")
	alice.Sees("problem", "not the passphrase")
	looks(alice, "Unlock Culver", "wrong-passphrase")
	alice.Clicks("entry", "Passphrase")
	alice.Presses("ctrl+a")
	alice.TypesSecret("correct horse battery")
	alice.Presses("Return")
	alice.Sees("line", "canary from bob")
	alice.Sees("line", "canary that waits")
	alice.SeesValue("entry", "Message", "canary half a li")
	looks(alice, bobAddress, "unlocked")

	// The shortcut locks from the conversation, while a form is open; twice.
	alice.Fronts("Buddy List")
	alice.Presses("ctrl+b")
	alice.Sees("entry", "Buddy's address")
	alice.Fronts(bobAddress)
	alice.Presses("ctrl+alt+l")
	alice.Presses("ctrl+alt+l")
	alice.Sees("note", "Culver is locked")
	alice.Misses("entry", "Buddy's address")
	alice.UnlocksProfile()
	alice.Sees("line", "canary that waits")
	alice.SeesValue("entry", "Message", "canary half a li")

	// Bob comes back: the line leaves, privately; then the rest of the other one.
	choosesStatus(bob, "Offline", "Available")
	bob.Sees("line", "canary that waits")
	alice.Sees("menubutton", "Unverified")
	alice.Clicks("entry", "Message")
	alice.Presses("End")
	alice.Types("ne")
	alice.Presses("Return")
	bob.Sees("line", "canary half a line")
	looks(alice, bobAddress, "sent-after-lock")
	c.leave("an open line", alice, bob)
}

func TestLeavingWhileLocked(t *testing.T) {
	t.Parallel()
	alice, _ := person(t, "alice", "DBUS_SESSION_BUS_ADDRESS=")
	alice.ProtectsProfile(func(string, string) {})
	alice.PutsOffWelcome()
	alice.Fronts("Buddy List")
	alice.Presses("ctrl+alt+l")
	alice.Sees("note", "Culver is locked")
	alice.Clicks("button", "Quit")
	alice.WaitEnd()

	// The system says so.
	for range 2 {
		if err := alice.StartAgain(); err != nil {
			t.Fatal(err)
		}
		alice.UnlocksProfile()
		alice.PutsOffWelcome()
		alice.Fronts("Buddy List")
		alice.Presses("ctrl+alt+l")
		alice.Sees("note", "Culver is locked")
		alice.Signals(syscall.SIGTERM)
		alice.WaitEnd()
	}
}
