package im

import (
	"strings"

	"culver/lang"
)

// Role is what somebody may do in a room while they are there. A larger one may do more.
type Role int

// The roles.
const (
	NoRole      Role = iota // not there
	Visitor                 // reads
	Participant             // speaks
	Moderator               // and may have others leave or be silent
)

// String is the word that people read.
func (r Role) String() string {
	switch r {
	case Visitor:
		return lang.T("Visitor")
	case Participant:
		return lang.T("Participant")
	case Moderator:
		return lang.T("Moderator")
	default:
		return lang.T("Not there")
	}
}

// Standing is what somebody is to a room, whether they are there or not. A larger one
// may do more.
type Standing int

// The standings.
const (
	Banned     Standing = iota - 1 // may not come in
	NoStanding                     // anybody
	Member                         // may come in where not all may
	Admin                          // says who is a member, and who is banned
	Owner                          // and what the room is like
)

// String is the word that people read.
func (s Standing) String() string {
	switch s {
	case Banned:
		return lang.T("Banned")
	case Member:
		return lang.T("Member")
	case Admin:
		return lang.T("Administrator")
	case Owner:
		return lang.T("Owner")
	default:
		return lang.T("Guest")
	}
}

// Occupant is somebody who is in a room.
type Occupant struct {
	Nick     string // as the network knows them: untrusted, and never shown
	Name     string // the same, made safe to show
	Bare     string // who they are, if the room tells us; else empty
	Role     Role
	Standing Standing
	Presence Presence
	Own      bool // it is the user
	// Like is whom the name looks like without being theirs, another occupant or a
	// buddy; empty: nobody.
	Like string
}

// RoomTraits are what a room is like, as far as its service says: Known is false where
// it says nothing.
type RoomTraits struct {
	Known       bool
	Name        string // untrusted before the messenger has cleaned it, as Description is
	Description string
	Occupants   int  // how many there are; 0: not said
	Logged      bool // what is said is written down in the open by the service
	Public      bool // anybody can find it
	Open        bool // anybody can come in: no members, no password
	Persistent  bool // it stays when all have left
	Anonymous   bool // only moderators see who somebody is; else all do
	Moderated   bool // not all who are there may speak
	Password    bool // it asks for one
	Archive     bool // its service keeps what was said, for those who may come in
}

// Bookmark is a room that the user keeps in the Buddy List.
type Bookmark struct {
	Account  AccountID
	Room     string // its bare address
	Name     string // the user's name for it, may be empty
	Nick     string // what they are called there; empty: what they are called elsewhere
	Password string // of the room
	Auto     bool   // go in whenever the account connects
}

// Conv is the conversation in the room.
func (b Bookmark) Conv() ConvID { return ConvID{Account: b.Account, Peer: b.Room} }

// Title is what people call the room.
func (b Bookmark) Title() string {
	if b.Name != "" {
		return b.Name
	}
	return b.Room
}

// Aside is the conversation with one occupant of a room alone: the peer is both. It is
// with whoever has that nick, which is nobody's for good.
func Aside(room ConvID, nick string) ConvID {
	return ConvID{Account: room.Account, Peer: room.Peer + "/" + nick}
}

// SplitAside is its inverse. Conversations of any other kind are none.
func SplitAside(c ConvID) (room ConvID, nick string, ok bool) {
	bare, nick, ok := strings.Cut(c.Peer, "/")
	return ConvID{Account: c.Account, Peer: bare}, nick, ok && nick != ""
}

// ConvKind tells apart with whom a conversation is.
type ConvKind int

// The kinds of conversation.
const (
	WithPerson ConvKind = iota
	InRoom              // with all who are in a room: nothing in it is private
	InAside             // with one of them alone: see [Aside]
)
