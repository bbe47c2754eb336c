//go:build e2e

package e2e

import (
	"testing"

	"culver/internal/pilot"
)

const (
	kitchen    = "kitchen@conference.localhost"
	notPrivate = "Not private: everyone in the room and its server can read"
)

// joins goes into the kitchen.
func joins(p *pilot.Person) {
	p.Fronts("Buddy List")
	p.Presses("ctrl+g")
	p.Fills("Room", kitchen)
	p.Clicks("button", "Join")
	p.SeesValue("room", kitchen, "inside")
	p.Fronts(kitchen)
	p.Sees("seal", notPrivate)
	p.Misses("menubutton", "Not private")
}

// does chooses what the menu of somebody in the room offers.
func does(p *pilot.Person, who, what string) {
	p.Clicks("occupant", who)
	p.Presses("Menu")
	p.Clicks("menuitem", what)
}

func TestTwoPeopleInARoom(t *testing.T) {
	t.Parallel()
	c := acquainted(t)
	alice, bob := c.alice, c.bob
	joins(alice)
	alice.Sees("button", "1 person")
	joins(bob)
	alice.SeesValue("occupant", "bob", "Participant")
	bob.SeesValue("occupant", "alice", "Moderator")
	alice.Sees("line", "bob came in.")

	says(alice, "soup is ready")
	bob.Sees("line", "alice: soup is ready")
	bob.Clicks("entry", "Message")
	bob.Types("al")
	bob.Presses("Tab")
	bob.Types("coming")
	bob.Presses("Return")
	alice.Sees("line", "bob: alice: coming")
	alice.Clicks("menubutton", "Room")
	alice.Clicks("menuitem", "Set Topic…")
	alice.Fills("Topic", "Soup of the day")
	alice.Clicks("button", "Set")
	bob.SeesValue("head", kitchen, "Soup of the day")
	looks(alice, kitchen, "room")
	looks(bob, kitchen, "room")
	looks(alice, "Buddy List", "rooms")

	// A word beside the others.
	does(bob, "alice", "Message Within the Room")
	bob.Sees("head", "alice in "+kitchen) // the window is called that from now on
	says(bob, "is there bread?")
	alice.Sees("tab", "bob in "+kitchen+" (1)")
	looks(bob, "alice in "+kitchen, "aside")

	alice.Fronts(kitchen)
	does(alice, "bob", "Kick…")
	alice.Clicks("button", "Kick")
	alice.Misses("occupant", "bob")
	bob.ClicksOn("tab", kitchen)
	bob.Sees("button", "Join Room")
	looks(bob, kitchen, "kicked")
	bob.Clicks("button", "Join Room")
	bob.SeesValue("occupant", "alice", "Moderator")

	bob.Clicks("menubutton", "Room")
	bob.Clicks("menuitem", "Leave Room")
	bob.Sees("strip", "You are not in this room.")
	alice.Misses("occupant", "bob")
	c.leave("soup is ready", alice, bob)
}
