package buddylist

import (
	"cmp"
	"image"
	"slices"
	"strings"

	"culver/im"
)

// DefaultGroup holds the buddies that are in no group.
const DefaultGroup = "Buddies"

// RoomGroup holds the rooms, below all others. A group of buddies that has the same name
// is another one.
const RoomGroup = "Chats"

// RowKind is what a row stands for.
type RowKind int

// The kinds of row.
const (
	GroupRow RowKind = iota
	BuddyRow
	RequestRow // somebody whom the user knows asks to see our presence
	KnockRow   // others want to reach the user: Total of them, Conv if it is one
	RoomRow    // a room
)

// Row is one line of the Buddy List, as a screen draws it.
type Row struct {
	Kind  RowKind
	Group string // the group, or the one the buddy stands in

	// Of a group, and how many knock:
	Online, Total int
	Collapsed     bool

	// Of a buddy or a request:
	Conv     im.ConvID
	Buddy    im.Buddy
	Title    string
	Presence im.Presence
	Unread   int
	Typing   im.Typing
	Reason   string // a request's words
	Blocked  bool   // they are kept from reaching us
	Picture  image.Image
	Twin     bool // another account has a buddy who looks the same

	// Of a room, with Conv, Title and Unread:
	Room  RoomEntry
	Named int // unread lines that name the user
}

// View is how a screen wants to see the list.
type View struct {
	ShowOffline bool
	ShowEmpty   bool            // groups with nobody to show
	Collapsed   map[string]bool // by group
	Filter      string          // show only who has this in name or address
}

// Rows returns the list as lines: who knocks first, then requests, then each group, by name, and
// its buddies: those online first, by name. A buddy in several groups stands in each.
// Last come the rooms: those that the user is in first, by name.
func (l *List) Rows(v View) []Row {
	var requests []Row
	groups := map[string][]seat{}
	total := map[string]int{}
	online := map[string]int{}
	filter := strings.ToLower(v.Filter)
	knocks := Row{Kind: KnockRow}
	twins := l.twins()
	for c, n := range l.entries {
		s := seat{conv: c, entry: n, title: l.title(c, n)}
		s.lower = strings.ToLower(s.title)
		s.presence, _ = n.presence()
		if n.knock != nil {
			if knocks.Total++; knocks.Total == 1 {
				knocks.Conv, knocks.Title, knocks.Reason = c, s.title, n.knock.Words
			} else {
				knocks.Conv, knocks.Title, knocks.Reason = im.ConvID{}, "", ""
			}
		}
		if n.asked {
			r := l.row(s, twins)
			r.Kind, r.Reason = RequestRow, n.reason
			requests = append(requests, r)
		}
		if !n.listed {
			continue
		}
		here := s.presence.Show != im.Offline
		hidden := !here && !v.ShowOffline && n.unread == 0
		match := filter == "" && !hidden ||
			filter != "" && (strings.Contains(s.lower, filter) || strings.Contains(strings.ToLower(c.Peer), filter))
		in := n.buddy.Groups
		if len(in) == 0 {
			in = defaultGroups
		}
		for _, g := range in {
			total[g]++
			if here {
				online[g]++
			}
			if match {
				groups[g] = append(groups[g], s)
			} else if _, ok := groups[g]; !ok {
				groups[g] = nil
			}
		}
	}
	slices.SortFunc(requests, byName)
	names := make([]string, 0, len(groups))
	all := 1 + len(requests)
	for g, seats := range groups {
		names = append(names, g)
		all += 1 + len(seats)
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(strings.Compare(strings.ToLower(a), strings.ToLower(b)), strings.Compare(a, b))
	})
	out := make([]Row, 0, all)
	if knocks.Total > 0 {
		out = append(out, knocks)
	}
	out = append(out, requests...)
	for _, g := range names {
		seats := groups[g]
		if len(seats) == 0 && (!v.ShowEmpty || filter != "") {
			continue
		}
		collapsed := v.Collapsed[g] && filter == ""
		out = append(out, Row{Kind: GroupRow, Group: g, Online: online[g], Total: total[g], Collapsed: collapsed})
		if collapsed {
			continue
		}
		slices.SortFunc(seats, seat.compare)
		for _, s := range seats {
			row := l.row(s, twins)
			row.Group = g
			out = append(out, row)
		}
	}
	return append(out, l.roomRows(v, filter)...)
}

// defaultGroups are those of a buddy who is in none.
var defaultGroups = []string{DefaultGroup}

// seat is a buddy's place in a group, while it is looked for. It is smaller than a row,
// and what it is compared by is computed once: there may be thousands.
type seat struct {
	conv     im.ConvID
	entry    *entry
	title    string
	lower    string // the title, in lower case
	presence im.Presence
}

func (s seat) compare(t seat) int {
	if here, there := s.presence.Show != im.Offline, t.presence.Show != im.Offline; here != there {
		if here {
			return -1
		}
		return 1
	}
	if c := strings.Compare(s.lower, t.lower); c != 0 {
		return c
	}
	return cmp.Or(strings.Compare(s.conv.Peer, t.conv.Peer), strings.Compare(string(s.conv.Account), string(t.conv.Account)))
}

// row is the line of a buddy.
func (l *List) row(s seat, twins map[string]bool) Row {
	n := s.entry
	return Row{Kind: BuddyRow, Conv: s.conv, Buddy: n.buddy, Title: s.title, Presence: s.presence, Unread: n.unread,
		Typing: n.typing, Blocked: l.BlockedAs(s.conv) != "", Picture: n.picture, Twin: n.listed && twins[s.title]}
}

// title is what people call the peer of an entry.
func (l *List) title(c im.ConvID, n *entry) string {
	if len(l.rooms) == 0 && n.listed {
		return n.buddy.Title()
	}
	return l.Title(c)
}

// twins are the names that stand for buddies of several accounts.
func (l *List) twins() map[string]bool {
	if !l.several() {
		return nil
	}
	first, twins := map[string]im.AccountID{}, map[string]bool{}
	for c, n := range l.entries {
		if !n.listed {
			continue
		}
		title := l.title(c, n)
		if account, there := first[title]; !there {
			first[title] = c.Account
		} else if account != c.Account {
			twins[title] = true
		}
	}
	return twins
}

// several reports whether there are entries of more than one account.
func (l *List) several() bool {
	var one im.AccountID
	for c := range l.entries {
		if one != "" && c.Account != one {
			return true
		}
		one = c.Account
	}
	return false
}

// roomRows are the rooms, which are shown whoever is offline: there are few of them.
func (l *List) roomRows(v View, filter string) []Row {
	group := Row{Kind: GroupRow, Group: RoomGroup, Total: len(l.rooms), Collapsed: v.Collapsed[RoomGroup] && filter == ""}
	var rows []Row
	for c, r := range l.rooms {
		if r.Inside {
			group.Online++
		}
		row := Row{Kind: RoomRow, Group: RoomGroup, Conv: c, Title: r.Title(), Room: r}
		if n, ok := l.entries[c]; ok {
			row.Unread, row.Named = n.unread, n.named
		}
		if strings.Contains(strings.ToLower(row.Title), filter) || strings.Contains(strings.ToLower(c.Peer), filter) {
			rows = append(rows, row)
		}
	}
	if len(rows) == 0 {
		return nil
	}
	if group.Collapsed {
		return []Row{group}
	}
	slices.SortFunc(rows, func(a, b Row) int {
		if a.Room.Inside != b.Room.Inside {
			if a.Room.Inside {
				return -1
			}
			return 1
		}
		return byName(a, b)
	})
	return append([]Row{group}, rows...)
}

func byName(a, b Row) int {
	return cmp.Or(
		strings.Compare(strings.ToLower(a.Title), strings.ToLower(b.Title)),
		strings.Compare(a.Conv.Peer, b.Conv.Peer),
		strings.Compare(string(a.Conv.Account), string(b.Conv.Account)))
}
