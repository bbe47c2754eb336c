package conversation_test

import (
	"testing"

	"culver/conversation"
	"culver/im"
)

// Who is ignored stays so under another name, and after an absence.
func TestIgnoring(t *testing.T) {
	r := conversation.NewRoom()
	apply := func(events ...conversation.RoomEvent) {
		for _, e := range events {
			r.Apply(e)
		}
	}
	eve := im.Occupant{Nick: "Eve", Name: "Eve", Role: im.Participant}
	apply(conversation.RoomEntered{Nick: "me", Occupants: []im.Occupant{{Nick: "me", Own: true}, eve}})
	can := func(nick, id string) bool {
		for _, a := range conversation.OccupantActions(r, nick) {
			if a.ID == id {
				return true
			}
		}
		return false
	}
	if !can("Eve", conversation.OccupantIgnore) || can("Eve", conversation.OccupantHeed) || can("me", conversation.OccupantIgnore) {
		t.Error("the menu is wrong")
	}
	apply(conversation.OccupantIgnored{Nick: "Eve", On: true})
	if !r.Ignores("Eve") || !can("Eve", conversation.OccupantHeed) || can("Eve", conversation.OccupantIgnore) {
		t.Error("she is not ignored")
	}
	apply(conversation.OccupantGone{Nick: "Eve", Renamed: "Mallory"}, conversation.OccupantHere{Occupant: im.Occupant{Nick: "Mallory"}})
	if r.Ignores("Eve") || !r.Ignores("Mallory") {
		t.Error("another name is enough to be read")
	}
	apply(conversation.OccupantGone{Nick: "Mallory"}, conversation.RoomPlace{Place: conversation.Outside})
	other := conversation.NewRoom()
	for _, e := range r.Events() {
		other.Apply(e)
	}
	if !r.Ignores("Mallory") || !other.Ignores("Mallory") {
		t.Error("she is forgotten")
	}
	apply(conversation.OccupantIgnored{Nick: "Mallory"})
	if r.Ignores("Mallory") {
		t.Error("she is ignored for ever")
	}
}
