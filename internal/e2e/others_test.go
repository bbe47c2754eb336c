//go:build e2e

package e2e

import "testing"

func TestABuddyWithoutOTR(t *testing.T) {
	t.Parallel()
	c := acquainted(t)
	alice, bob := c.alice, c.bob

	// Bob disables OTR while a private conversation is on: he is asked.
	opens(alice, bobAddress)
	says(alice, "an open line")
	alice.Sees("menubutton", "Unverified")
	bob.Sees("menubutton", "Unverified")
	bob.Fronts("Buddy List")
	bob.Presses("ctrl+u")
	bob.Clicks("row", "Off-the-Record Messaging")
	bob.Clicks("button", "Disable")
	bob.Sees("button", "Disable anyway")
	looks(bob, "Plugins", "plugins")
	looks(bob, "Disable Off-the-Record Messaging?", "disable")
	bob.Clicks("button", "Disable anyway")
	alice.Sees("menubutton", "Finished")
	bob.Misses("menubutton", "Unverified")
	bob.Fronts("Plugins")
	bob.Presses("Escape")

	// Alice asks for a private conversation, and writes.
	alice.Clicks("menubutton", "Finished")
	alice.Clicks("menuitem", "End private conversation")
	alice.Clicks("menubutton", "Not private")
	alice.Clicks("menuitem", "Start private conversation")
	bob.Sees("line", "would like to talk with you privately")
	alice.Clicks("entry", "Message")
	alice.Types("a word that may be read")
	alice.Presses("Return")
	alice.Sees("line", "Waiting")
	alice.Sees("button", "Ask again")
	looks(alice, "No answer from "+bobAddress, "no-answer")
	looks(alice, bobAddress, "no-answer-waiting")
	looks(bob, aliceAddress, "query")
	alice.Clicks("button", "Send unencrypted")
	bob.Sees("line", "a word that may be read")
	says(bob, "and an answer")
	alice.Sees("line", "and an answer")
	alice.Sees("menubutton", "Not private")

	// The guide tells more.
	alice.Fronts("Buddy List")
	alice.Presses("F1")
	alice.Sees("prose", "Finding your way")
	looks(alice, "Help", "handbook")
	alice.Clicks("link", "what the OTR button says")
	alice.Sees("prose", "How private is this conversation?")
	looks(alice, "Help", "guide")
	alice.Presses("Escape")
	c.leave("an open line", alice, bob)
}

func TestABuddyWithTwoDevices(t *testing.T) {
	t.Parallel()
	c := acquainted(t)
	alice, desk := c.alice, c.bob
	opens(alice, bobAddress)
	says(alice, "an open line")
	desk.Sees("line", "an open line")
	alice.Sees("menubutton", "Unverified")

	// Bob comes with a second device, which has a key of its own.
	phone := c.comes("bobs-phone", "bob", "canary-password-b", "phone")
	phone.SeesValue("buddy", aliceAddress, "Available")
	opens(phone, aliceAddress)
	phone.Clicks("menubutton", "Not private")
	phone.Clicks("menuitem", "Start private conversation")
	phone.Sees("menubutton", "Unverified")
	alice.Sees("button", "Accept for now")
	looks(alice, "New key of "+bobAddress, "second-device")
	alice.Clicks("button", "Accept for now")
	alice.Misses("button", "Accept for now")
	says(phone, "canary from the telephone")
	alice.Sees("line", "canary from the telephone")
	says(alice, "canary to the telephone")
	phone.Sees("line", "canary to the telephone")

	// The menu lists both; alice chooses the other one.
	alice.Clicks("menubutton", "Unverified")
	alice.Sees("menuitem", "phone: Unverified, in use")
	looks(alice, bobAddress, "sessions")
	alice.Presses("Escape")
	says(desk, "canary from the desk")
	alice.Sees("line", "canary from the desk")
	looks(alice, bobAddress, "two-devices")
	c.leave("an open line", alice, desk, phone)
}
