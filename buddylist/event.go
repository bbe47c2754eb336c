package buddylist

import (
	"image"
	"time"

	"culver/im"
)

// Event is a change of the list: one of the types below.
type Event interface{ isEvent() }

type (
	// Roster replaces all buddies of an account.
	Roster struct {
		Account im.AccountID
		Buddies []im.Buddy
	}
	// Buddy adds or changes one.
	Buddy struct{ Buddy im.Buddy }
	// Removed takes one away.
	Removed struct{ Conv im.ConvID }
	// Presence is that of one device of a peer.
	Presence struct {
		Account  im.AccountID
		From     im.Addr
		Presence im.Presence
		At       time.Time // when that was heard
	}
	// Offline: the account lost its connection, so nobody's presence is known.
	Offline struct {
		Account im.AccountID
		At      time.Time
	}
	// Asked: somebody wants to see our presence, and waits for an answer.
	Asked struct {
		Conv   im.ConvID
		Reason string
	}
	// Knocked: somebody whom the user has nothing to do with wants to reach them: by a
	// request to see our presence, by lines, or both. It comes again when that changes.
	Knocked struct {
		Conv    im.ConvID
		Request bool
		Words   string // what they say, the first of it
	}
	// Blocked: who is kept from reaching the account, and that it can be changed.
	Blocked struct {
		Account   im.AccountID
		Addresses []string
	}
	// Picture: somebody on the list has this picture, or none. It is small, and does not
	// change after it was given.
	Picture struct {
		Conv  im.ConvID
		Image image.Image
	}
	// Answered: the request, or knocking, was answered or withdrawn.
	Answered struct{ Conv im.ConvID }
	// Unread is how many lines of a conversation were not seen yet. Of a room, Named are
	// those of them that name the user, or alarm them: the others ask for no attention.
	Unread struct {
		Conv  im.ConvID
		Count int
		Named int
	}
	// Typing is what a peer does at the keyboard.
	Typing struct {
		Conv  im.ConvID
		State im.Typing
	}
	// Room adds or changes a room: one that the user keeps, or is in.
	Room struct{ Room RoomEntry }
	// RoomGone takes it away: it is not kept, and the user not in it.
	RoomGone struct{ Conv im.ConvID }
	// Arranged: this is how the user put the list together, from now on.
	Arranged struct{ Arrangement Arrangement }
	// Noted: this is what is kept of a peer on this device, from now on.
	Noted struct {
		Conv im.ConvID
		Note Note
	}
	// Portrayed: the user gave a buddy this picture, or none: it is shown in the place
	// of the buddy's own.
	Portrayed struct {
		Conv  im.ConvID
		Image image.Image
	}
	// Spoke: a line came or left in a conversation last then.
	Spoke struct {
		Conv im.ConvID
		Time time.Time
	}
	// Forgotten: the account is gone, with all its buddies.
	Forgotten struct{ Account im.AccountID }
)

func (Roster) isEvent()    {}
func (Buddy) isEvent()     {}
func (Removed) isEvent()   {}
func (Presence) isEvent()  {}
func (Offline) isEvent()   {}
func (Asked) isEvent()     {}
func (Knocked) isEvent()   {}
func (Blocked) isEvent()   {}
func (Picture) isEvent()   {}
func (Answered) isEvent()  {}
func (Unread) isEvent()    {}
func (Typing) isEvent()    {}
func (Room) isEvent()      {}
func (RoomGone) isEvent()  {}
func (Arranged) isEvent()  {}
func (Noted) isEvent()     {}
func (Portrayed) isEvent() {}
func (Spoke) isEvent()     {}
func (Forgotten) isEvent() {}

// RoomEntry is a room in the list.
type RoomEntry struct {
	Conv   im.ConvID
	Name   string // the user's or the room's own name for it, safe to show; may be empty
	Kept   bool   // it stays in the list
	Auto   bool   // the user goes in whenever the account connects
	Inside bool   // the user is in it
	People int    // how many are in it, if the user is
}

// Title is what people call the room.
func (r RoomEntry) Title() string {
	if r.Name != "" {
		return r.Name
	}
	return r.Conv.Peer
}
