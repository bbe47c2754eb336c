//go:build e2e

package e2e

import "testing"

// What becomes of lines after they were sent: they arrive, are corrected, and what
// others are told is the user's choice.
func TestLinesAfterTheyWereSent(t *testing.T) {
	t.Parallel()
	c := acquainted(t)
	alice, bob := c.alice, c.bob
	turnsOffAutomatic(alice)
	turnsOffAutomatic(bob)
	opens(alice, bobAddress)
	says(alice, "an open frist")
	bob.Sees("line", "an open frist")
	alice.Clicks("entry", "Message")
	alice.Presses("Up")
	alice.Sees("typing", "You correct what you sent")
	looks(alice, bobAddress, "correcting")
	alice.Presses("ctrl+a")
	alice.Types("an open first")
	alice.Presses("Return")
	bob.Sees("line", "an open first (edited)")
	bob.MissesPart("line", "an open frist")
	alice.MissesPart("typing", "You correct")

	alice.Clicks("menubutton", "Not private")
	alice.Clicks("menuitem", "Start private conversation")
	alice.Sees("menubutton", "Unverified")
	says(alice, "canary, which stays as it is said")
	bob.Sees("line", "which stays as it is said")
	alice.Sees("tick", "Received")
	alice.Clicks("entry", "Message")
	alice.Types("/me waves, canary")
	alice.Presses("Return")
	bob.Sees("line", "waves, canary")
	alice.Clicks("entry", "Message")
	alice.Presses("Up")
	alice.SeesValue("entry", "Message", "/me waves, canary") // to be said again, and nothing more
	alice.MissesPart("typing", "You correct")
	alice.Presses("ctrl+a")
	alice.Presses("BackSpace")
	says(bob, "canary, and a line of his that is so long that it has to be broken into several, with a word about the weather and some more")
	alice.Sees("line", "about the weather")
	alice.PointsAt("tick", "Received")
	looks(alice, bobAddress, "ticks")
	looks(bob, aliceAddress, "corrected")

	alice.Fronts("Buddy List")
	alice.Clicks("menu", "Tools")
	alice.Clicks("menuitem", "Privacy…")
	alice.Sees("switch", "Confirm that messages arrive")
	looks(alice, "Privacy", "privacy")
	alice.Clicks("switch", "Confirm that messages arrive")
	alice.Clicks("button", "Close")
	alice.Fronts(bobAddress)
	alice.Clicks("menu", "Options")
	alice.Sees("menuitem", "Confirm That Messages Arrive")
	looks(alice, bobAddress, "telling")
	alice.Presses("Escape")
	says(bob, "canary, unconfirmed")
	alice.Sees("line", "canary, unconfirmed")
	bob.Sees("tick", "Sent")
	c.leave("an open frist", alice, bob)
}
