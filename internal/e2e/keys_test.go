//go:build e2e

package e2e

import (
	"testing"

	"culver/internal/pilot"
)

// configures opens the settings of OTR.
func configures(p *pilot.Person) {
	p.Fronts("Buddy List")
	p.Presses("ctrl+u")
	p.Clicks("row", "Off-the-Record Messaging")
	p.Clicks("button", "Configure…")
	p.Sees("tab", "Known fingerprints")
}

// leavesSettings closes them again, and the Plugins window.
func leavesSettings(p *pilot.Person) {
	p.Fronts("Off-the-Record Messaging")
	p.Presses("Escape")
	p.Misses("tab", "Known fingerprints")
	p.Fronts("Plugins")
	p.Presses("Escape")
	p.Misses("button", "Configure…")
}

func TestANewKeyStopsLines(t *testing.T) {
	t.Parallel()
	c := acquainted(t)
	alice, bob := c.alice, c.bob
	opens(alice, bobAddress)
	says(alice, "an open line")
	bob.Sees("line", "an open line")
	alice.Sees("menubutton", "Unverified")
	chooses(alice, "Unverified", "Shared secret")
	alice.Clicks("entry", "Secret")
	alice.TypesSecret("canary secret")
	alice.Clicks("button", "Authenticate")
	answers(bob, "Secret", "canary secret")
	alice.Sees("menubutton", "Private")
	both(alice, bob, "Close")

	// Bob makes another key, which ends the private conversation.
	configures(bob)
	looks(bob, "Off-the-Record Messaging", "config")
	bob.Clicks("button", "Regenerate…")
	bob.Sees("button", "Regenerate")
	looks(bob, "Make another private key?", "regenerate")
	bob.Clicks("button", "Regenerate")
	bob.Misses("button", "Regenerate")
	alice.Sees("menubutton", "Finished")
	bob.Sees("button", "Regenerate…")
	leavesSettings(bob)

	// He starts again: alice is asked, and what she writes waits.
	opens(bob, aliceAddress)
	goesPrivate := func() {
		bob.Clicks("menubutton", "Not private")
		bob.Clicks("menuitem", "Start private conversation")
		bob.Sees("menubutton", "Private") // he verified alice
	}
	goesPrivate()
	alice.Sees("button", "Refuse")
	alice.Sees("problem", "WARNING")
	looks(alice, "New key of "+bobAddress, "new-key")
	alice.Fronts(bobAddress)
	alice.Clicks("entry", "Message")
	alice.Types("canary line for the right bob")
	alice.Presses("Return")
	alice.Sees("line", "canary line for the right bob")
	alice.Sees("line", "new key of "+bobAddress)
	looks(alice, bobAddress, "new-key-waiting")

	// Refused: the private conversation ends, the line stays.
	alice.Fronts("New key of " + bobAddress)
	alice.Clicks("button", "Refuse")
	bob.Sees("menubutton", "Finished")
	alice.Sees("line", "canary line for the right bob")
	looks(alice, bobAddress, "refused")

	// Bob explains by telephone; alice opens the question again and verifies.
	bob.Clicks("menubutton", "Finished")
	bob.Clicks("menuitem", "Start private conversation")
	alice.Sees("menubutton", "Unverified")
	alice.Clicks("menubutton", "Unverified")
	alice.Clicks("menuitem", "Decide about the new key…")
	alice.Clicks("button", "Verify now…")
	alice.Clicks("choice", "Shared secret")
	alice.Clicks("entry", "Secret")
	alice.TypesSecret("canary telephone")
	alice.Clicks("button", "Authenticate")
	answers(bob, "Secret", "canary telephone")
	alice.Sees("menubutton", "Private")
	bob.Sees("line", "canary line for the right bob")
	both(alice, bob, "Close")
	alice.Misses("button", "Refuse")

	configures(alice)
	alice.Clicks("tab", "Known fingerprints")
	alice.Sees("row", bobAddress)
	looks(alice, "Off-the-Record Messaging", "known-fingerprints")
	leavesSettings(alice)
	alice.Fronts(bobAddress)
	alice.Clicks("menubutton", "Private")
	alice.Clicks("menuitem", "Session details…")
	alice.Sees("code", "Fingerprint")
	looks(alice, "Session details of "+bobAddress, "session-details")
	alice.Presses("Escape")
	c.leave("an open line", alice, bob)
}
