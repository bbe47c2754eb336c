package buddylist

import "culver/im"

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
	}
	// Offline: the account lost its connection, so nobody's presence is known.
	Offline struct{ Account im.AccountID }
	// Asked: somebody wants to see our presence, and waits for an answer.
	Asked struct {
		Conv   im.ConvID
		Reason string
	}
	// Answered: the request was answered or withdrawn.
	Answered struct{ Conv im.ConvID }
	// Unread is how many lines of a conversation were not seen yet.
	Unread struct {
		Conv  im.ConvID
		Count int
	}
	// Typing is what a peer does at the keyboard.
	Typing struct {
		Conv  im.ConvID
		State im.Typing
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
func (Answered) isEvent()  {}
func (Unread) isEvent()    {}
func (Typing) isEvent()    {}
func (Forgotten) isEvent() {}
