//go:build e2e

package e2e

import "testing"

// Alice wants to know when bob leaves, and has something said to him when he is back.
func TestPounces(t *testing.T) {
	t.Parallel()
	c := acquainted(t)
	alice, bob := c.alice, c.bob
	turnsOffAutomatic(alice)
	turnsOffAutomatic(bob)
	alice.Fronts("Buddy List")
	alice.Clicks("menu", "Tools")
	alice.Clicks("menuitem", "Buddy Pounces…")
	alice.Clicks("button", "Add…")
	alice.Clicks("row", bobAddress)
	alice.Clicks("button", "Choose…")
	alice.Sees("switch", "Comes online")
	alice.Clicks("switch", "Goes offline")
	alice.Clicks("switch", "Each time, not only once")
	alice.Clicks("switch", "Send a message")
	alice.Fills("Message", "an open line")
	looks(alice, "New Pounce on "+bobAddress, "pounce")
	alice.Clicks("switch", "Send a message")
	alice.Clicks("button", "Save")
	alice.Sees("row", bobAddress)
	looks(alice, "Buddy Pounces", "pounces")
	alice.Presses("Escape")

	bob.Fronts("Buddy List")
	bob.Clicks("menubutton", "Available")
	bob.Clicks("menuitem", "Offline")
	alice.Sees("note", bobAddress+" has gone offline.")
	looks(alice, "Buddy pounce on "+bobAddress, "pounced")
	alice.Clicks("button", "Open Conversation")
	says(alice, "an open line")

	alice.Fronts("Buddy List")
	alice.Clicks("menu", "Tools")
	alice.Clicks("menuitem", "Privacy…")
	alice.Sees("button", "Blocked People…")
	looks(alice, "Privacy", "privacy")
	alice.Presses("Escape")
}
