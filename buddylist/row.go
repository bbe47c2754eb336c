package buddylist

import (
	"image"

	"culver/im"
	"culver/lang"
)

// DefaultGroup holds the buddies that are in no group.
const DefaultGroup = "Buddies"

// RoomGroup holds the rooms, below all others. A group of buddies that has the same name
// is another one.
const RoomGroup = "Chats"

// GroupName is what people call a group: its name, but for the two that have none of
// their own.
func GroupName(group string, rooms bool) string {
	switch {
	case rooms:
		return lang.T("Chats")
	case group == DefaultGroup:
		return lang.T("Buddies")
	}
	return group
}

// RowKind is what a row stands for.
type RowKind int

// The kinds of row.
const (
	GroupRow RowKind = iota
	BuddyRow
	RequestRow // somebody whom the user knows asks to see our presence
	KnockRow   // others want to reach the user: Total of them, Conv if it is one
	RoomRow    // a room
	ContactRow // several buddies who are one: what it says is that of the best to reach
)

// Row is one line of the Buddy List, as a screen draws it.
type Row struct {
	Kind  RowKind
	Group string // the group, or the one the buddy stands in

	// Of a group, and how many knock:
	Online, Total int
	Collapsed     bool // of a contact as well
	Rooms         bool // it is the group of the rooms: one of buddies may have the same name

	// Of a buddy, a contact or a request:
	Conv     im.ConvID // of a contact: of whoever is best to reach
	Buddy    im.Buddy
	Title    string
	Presence im.Presence
	Unread   int
	Typing   im.Typing
	Reason   string // a request's words
	Blocked  bool   // they are kept from reaching us
	Picture  image.Image
	Twin     bool // another account has a buddy who looks the same
	Note     Note

	// Of a contact, and of a buddy who is one of its members: then Inside.
	Head    im.ConvID // its first member
	Members int       // how many they are; 0: it is no contact
	Inside  bool
	Waiting im.ConvID // the member whose lines are unread, if there is one

	// Of a room, with Conv, Title and Unread:
	Room  RoomEntry
	Named int // unread lines that name the user
}

// Sort is by what buddies are put in order within their groups. Of those who are equal,
// names decide.
type Sort int

// The ways to sort.
const (
	ByStatus   Sort = iota // who is more available comes first
	ByName                 // that alone
	ByHand                 // as the user put them: see [Arrangement.Order]
	ByActivity             // with whom there were lines last comes first
)

// View is how a screen wants to see the list.
type View struct {
	ShowOffline bool
	ShowEmpty   bool // groups with nobody to show
	Sort        Sort
	Collapsed   map[string]bool    // groups
	Expanded    map[im.ConvID]bool // contacts, by Head
	Filter      string             // show only who has this in name or address
}

// Rows returns the list as lines: who knocks first, then requests, then each group, and
// its buddies. A buddy in several groups stands in each. Last come the rooms: those that
// the user is in first, by name. Screens follow the list with a [Display] instead.
func (l *List) Rows(v View) []Row {
	d := newDisplay(l)
	d.Update(v)
	out := make([]Row, d.Len())
	for i := range out {
		out[i] = d.Row(i)
	}
	return out
}

// Empty reports that there is nobody, and nothing, to show whatever the view is.
func (l *List) Empty() bool {
	for _, n := range l.entries {
		if n.listed || n.asked || n.knock != nil {
			return false
		}
	}
	return len(l.rooms) == 0 && len(l.arranged.Kept) == 0
}
