//go:build e2e

package e2e

import (
	"testing"

	"culver/internal/pilot"
)

// choosesStatus sets somebody's own availability.
func choosesStatus(p *pilot.Person, now, status string) {
	p.Fronts("Buddy List")
	p.Clicks("menubutton", now)
	p.Clicks("menuitem", status)
}

func TestTheFirstLineWaits(t *testing.T) {
	t.Parallel()
	c := acquainted(t)
	alice, bob := c.alice, c.bob
	opens(alice, bobAddress)
	says(alice, "an open line")
	bob.Sees("line", "an open line")
	alice.Sees("menubutton", "Unverified")

	// Alice comes back another day, and bob is not there.
	alice.Fronts("Buddy List")
	alice.Presses("ctrl+q")
	alice.WaitEnd()
	choosesStatus(bob, "Available", "Offline")
	if err := alice.StartAgain(); err != nil {
		t.Fatal(err)
	}
	alice.UnlocksProfile()
	alice.SeesValue("buddy", bobAddress, "Offline")
	opens(alice, bobAddress)
	for _, line := range []string{"canary line one", "canary lime two", "canary line three"} {
		alice.Clicks("entry", "Message")
		alice.Types(line)
		alice.Presses("Return")
		alice.Sees("line", line)
	}
	alice.Sees("line", "Waiting until "+bobAddress+" is online")
	looks(alice, bobAddress, "waiting-lines")

	// The third one is taken back, and the second one written anew.
	alice.ClicksLast("link", "Discard")
	alice.MissesPart("line", "canary line three")
	alice.ClicksLast("link", "Edit")
	alice.MissesPart("line", "canary lime two")
	alice.Presses("ctrl+a")
	alice.Types("canary line two")
	alice.Presses("Return")
	alice.Sees("line", "canary line two")

	// When bob comes, it becomes private and they leave by themselves, in order.
	choosesStatus(bob, "Offline", "Available")
	bob.Sees("line", "canary line one")
	bob.Sees("line", "canary line two")
	bob.MissesPart("line", "canary lime two")
	bob.MissesPart("line", "canary line three")
	alice.Sees("menubutton", "Unverified")
	alice.MissesPart("line", "aiting for")
	looks(alice, bobAddress, "waited")
	looks(bob, aliceAddress, "came-late")
	c.leave("an open line", alice, bob)
}
