package protocol

import (
	"time"

	"culver/im"
)

// Rooms is a session whose network has rooms, in which many talk. A room is named by
// its bare address, an occupant by a nick. What is asked for with an ID is answered by
// one event with that ID; what is not asked for with one, by the events that tell what
// has changed, or by [RoomTrouble].
//
// Messages go to a room by Send, to its bare address and with [Outgoing.Room]; they are
// Sent once the room repeats them. Those to the full address of an occupant, with
// Outgoing.Room as well, are for that one alone.
type Rooms interface {
	// JoinRoom goes in: RoomJoined or RoomRefused tells. Before the session is ready,
	// it says where to go then.
	JoinRoom(j RoomJoin) error
	// LeaveRoom goes out: RoomLeft.
	LeaveRoom(room string) error
	SetRoomNick(room, nick string) error
	SetRoomTopic(room, topic string) error
	// InviteToRoom asks somebody in; they are told our words and, if we know it, the
	// room's password.
	InviteToRoom(room, bare, reason string) error
	// DeclineRoom answers an invitation that came by the room itself.
	DeclineRoom(room, bare, reason string) error

	// Each of these is answered by RoomDone.
	SetRole(id, room, nick string, role im.Role, reason string) error
	SetStanding(id, room, bare string, s im.Standing, reason string) error
	DestroyRoom(id, room, reason string) error
	SetRoomSettings(id, room string, answers map[string]string) error

	AskRoomSettings(id, room string) error            // RoomSettings, or RoomDone with a reason
	AskStanding(id, room string, s im.Standing) error // RoomPeople, or RoomDone with a reason
	// FindRooms asks a service which rooms it has, the empty one for one that the user's
	// own server names: RoomsFound, or RoomDone with a reason.
	FindRooms(id, service string) error

	// SetBookmark keeps a room in the user's list on the server, RemoveBookmark takes it
	// off. They are answered by BookmarkChanged and BookmarkRemoved, or by RoomDone
	// without an ID.
	SetBookmark(b im.Bookmark) error
	RemoveBookmark(room string) error
}

// RoomJoin says which room to go into, and how.
type RoomJoin struct {
	Room, Nick, Password string
	// Since is when the last line was said that is known already, and After its ID in the
	// room's archive, so that older ones are not sent again; zero: some of what was said
	// last is wanted.
	Since time.Time
	After string
}

// RoomExit is why somebody is not in a room any more.
type RoomExit int

// The reasons.
const (
	ExitLeft      RoomExit = iota // of their own wish, or their connection ended
	ExitKicked                    // a moderator had them leave
	ExitBanned                    // and they may not come back
	ExitMembers                   // only members may be there now
	ExitShutdown                  // the service stops
	ExitDestroyed                 // the room is gone
	ExitLost                      // we are not there, and nobody told us: go in again
)

type (
	// RoomJoined: we are in. What the room said while we came in follows as messages.
	RoomJoined struct {
		Room      string
		Nick      string // ours there, which need not be what we wanted
		Occupants []im.Occupant
		Created   bool // it is new, and ours
	}
	// RoomRefused: we may not come in.
	RoomRefused struct {
		Room   string
		Why    RoomRefusal
		Reason string // a sentence for people
		Nick   string // with NickTaken: another one that may be free
	}
	// RoomLeft: we are no longer in. Other is where it goes on, with ExitDestroyed, if
	// anywhere. Words are what whoever had us leave said: untrusted, as By.
	RoomLeft struct {
		Room      string
		Why       RoomExit
		By, Words string
		Other     string
	}
	// OccupantHere: somebody came in, or is another way now.
	OccupantHere struct {
		Room     string
		Occupant im.Occupant
	}
	// OccupantGone: somebody went out. Renamed is the nick that they have now, if they
	// only changed that; an OccupantHere with it follows.
	OccupantGone struct {
		Room, Nick string
		Why        RoomExit
		By, Words  string
		Renamed    string
	}
	// RoomTopic: this is what it is about. By is who said so, if known.
	RoomTopic struct {
		Room, Topic, By string
		Time            time.Time // zero: just now
	}
	// RoomDescribed: the room is like this now.
	RoomDescribed struct {
		Room   string
		Traits im.RoomTraits
	}
	// RoomMessage is a line in a room. Body is untrusted.
	RoomMessage struct {
		Room, Nick string // no nick: the room itself says it
		ID         string // chosen by the sender
		Body       string
		Time       time.Time
		Late       bool   // it was said before we came in
		Own        bool   // we said it, on this device or another
		Archive    string // its ID in the room's archive
		Replaces   string // see Received
	}
	// RoomAside is a line by an occupant for us alone. Body is untrusted.
	RoomAside struct {
		Room, Nick string
		ID         string
		Body       string
		Time       time.Time
		Late       bool
	}
	// RoomInvited: somebody wants us in a room. All of it is untrusted. By is who says
	// so, an address; ByRoom: it is the room that told us, so that By may be a lie.
	RoomInvited struct {
		Room, By, Words, Password string
		ByRoom                    bool
	}
	// RoomTrouble: something that was asked of a room did not work.
	RoomTrouble struct{ Room, Reason string }
	// RoomDone answers what was asked for with this ID: Reason is a sentence for people
	// on what did not work, empty if all did.
	RoomDone struct{ ID, Room, Reason string }
	// RoomSettings are what the room can be set to.
	RoomSettings struct {
		ID, Room string
		Form     DataForm
	}
	// RoomPeople are those with one standing.
	RoomPeople struct {
		ID, Room string
		People   []RoomPerson
		More     bool // there are more than are told
	}
	// RoomsFound are the rooms of a service.
	RoomsFound struct {
		ID, Service string
		Rooms       []RoomFound
		More        bool
	}
	// Bookmarks are all rooms that the user keeps.
	Bookmarks struct{ All []im.Bookmark }
	// BookmarkChanged is one that is new, or another way.
	BookmarkChanged struct{ Bookmark im.Bookmark }
	// BookmarkRemoved is one that is no longer kept.
	BookmarkRemoved struct{ Room string }
)

// RoomPerson is somebody with a standing in a room.
type RoomPerson struct {
	Bare   string
	Nick   string // what they are called there, if that is known: untrusted
	Reason string // untrusted
}

// RoomFound is a room that a service has. Name is untrusted.
type RoomFound struct{ Room, Name string }

// RoomRefusal is why a room does not let us in.
type RoomRefusal int

// The reasons.
const (
	RefusedOther    RoomRefusal = iota
	WrongRoomSecret             // it wants a password, or another one
	NickTaken                   // somebody else has the nick
	NotMember                   // only members may come in
	BannedFromRoom
	NoSuchRoom
	RoomFull
	RoomUnreachable // its service does not answer: trying again may help
)

// DataForm is a form that a network wants filled in. Fields are what Culver can show of
// it, all of it untrusted.
type DataForm struct {
	Title, Words string
	Fields       []im.Field
}

func (RoomJoined) isEvent()      {}
func (RoomRefused) isEvent()     {}
func (RoomLeft) isEvent()        {}
func (OccupantHere) isEvent()    {}
func (OccupantGone) isEvent()    {}
func (RoomTopic) isEvent()       {}
func (RoomDescribed) isEvent()   {}
func (RoomMessage) isEvent()     {}
func (RoomAside) isEvent()       {}
func (RoomInvited) isEvent()     {}
func (RoomTrouble) isEvent()     {}
func (RoomDone) isEvent()        {}
func (RoomSettings) isEvent()    {}
func (RoomPeople) isEvent()      {}
func (RoomsFound) isEvent()      {}
func (Bookmarks) isEvent()       {}
func (BookmarkChanged) isEvent() {}
func (BookmarkRemoved) isEvent() {}
