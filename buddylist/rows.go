package buddylist

import (
	"cmp"
	"slices"
	"strings"

	"culver/im"
)

// DefaultGroup holds the buddies that are in no group.
const DefaultGroup = "Buddies"

// RowKind is what a row stands for.
type RowKind int

// The kinds of row.
const (
	GroupRow RowKind = iota
	BuddyRow
	RequestRow // somebody asks to see our presence
)

// Row is one line of the Buddy List, as a screen draws it.
type Row struct {
	Kind  RowKind
	Group string // the group, or the one the buddy stands in

	// Of a group:
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
}

// View is how a screen wants to see the list.
type View struct {
	ShowOffline bool
	ShowEmpty   bool            // groups with nobody to show
	Collapsed   map[string]bool // by group
	Filter      string          // show only who has this in name or address
}

// Rows returns the list as lines: requests first, then each group, by name, and
// its buddies: those online first, by name. A buddy in several groups stands in each.
func (l *List) Rows(v View) []Row {
	var requests []Row
	groups := map[string][]Row{}
	total := map[string]int{}
	online := map[string]int{}
	filter := strings.ToLower(v.Filter)
	for c, n := range l.entries {
		row := Row{Kind: BuddyRow, Conv: c, Buddy: n.buddy, Title: l.Title(c),
			Unread: n.unread, Typing: n.typing}
		row.Presence, _ = l.Presence(c)
		if n.asked {
			r := row
			r.Kind, r.Reason = RequestRow, n.reason
			requests = append(requests, r)
		}
		if !n.listed {
			continue
		}
		in := n.buddy.Groups
		if len(in) == 0 {
			in = []string{DefaultGroup}
		}
		for _, g := range in {
			total[g]++
			if row.Presence.Show != im.Offline {
				online[g]++
			}
			hidden := row.Presence.Show == im.Offline && !v.ShowOffline && n.unread == 0
			match := strings.Contains(strings.ToLower(row.Title), filter) ||
				strings.Contains(strings.ToLower(c.Peer), filter)
			if match && (!hidden || filter != "") {
				row.Group = g
				groups[g] = append(groups[g], row)
			} else if _, ok := groups[g]; !ok {
				groups[g] = nil
			}
		}
	}
	slices.SortFunc(requests, byName)
	out := requests
	names := make([]string, 0, len(groups))
	for g := range groups {
		names = append(names, g)
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(strings.Compare(strings.ToLower(a), strings.ToLower(b)), strings.Compare(a, b))
	})
	for _, g := range names {
		rows := groups[g]
		if len(rows) == 0 && (!v.ShowEmpty || filter != "") {
			continue
		}
		collapsed := v.Collapsed[g] && filter == ""
		out = append(out, Row{Kind: GroupRow, Group: g, Online: online[g], Total: total[g], Collapsed: collapsed})
		if collapsed {
			continue
		}
		slices.SortFunc(rows, byPresence)
		out = append(out, rows...)
	}
	return out
}

func byPresence(a, b Row) int {
	here := func(r Row) int {
		if r.Presence.Show == im.Offline {
			return 1
		}
		return 0
	}
	return cmp.Or(here(a)-here(b), byName(a, b))
}

func byName(a, b Row) int {
	return cmp.Or(
		strings.Compare(strings.ToLower(a.Title), strings.ToLower(b.Title)),
		strings.Compare(a.Conv.Peer, b.Conv.Peer),
		strings.Compare(string(a.Conv.Account), string(b.Conv.Account)))
}
