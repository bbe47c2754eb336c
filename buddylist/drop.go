package buddylist

import (
	"sort"

	"culver/im"
)

// DropKind is what becomes of a row that is let go over another one.
type DropKind int

// The kinds of drop.
const (
	NoDrop     DropKind = iota
	DropBefore          // it stands before Before in Group, with [ByHand]; zero: behind all
	DropInto            // it comes into Group
	DropOnto            // it becomes one with Onto
	DropGroup           // the group stands before the group Before; empty: behind all
)

// Drop is what becomes of it, in all.
type Drop struct {
	Kind      DropKind
	Group     string
	Before    im.ConvID
	NextGroup string // of DropGroup
	Onto      im.ConvID
	Title     string // of whom it becomes one with
	Splits    bool   // it leaves its contact before
	// Row is to be marked: the line above it for DropBefore and DropGroup, which may be
	// behind the last one; else it itself.
	Row int
}

// The parts of a row, from its top, at which something is let go before or behind it.
const (
	dropAbove = 0.3
	dropBelow = 0.7
)

// CanDrag reports whether a row can be taken elsewhere.
func (r Row) CanDrag() bool {
	return r.Kind == BuddyRow || r.Kind == ContactRow || r.Kind == GroupRow && !r.Rooms
}

// head is whoever stands for the row's place: of a contact, its first member.
func (r Row) head() im.ConvID {
	if r.Kind == ContactRow || r.Inside {
		return r.Head
	}
	return r.Conv
}

// Drop is what becomes of a row that is let go over row i, at that part of its height.
func (d *Display) Drop(r Row, i int, part float32) Drop {
	if i < 0 || i >= d.Len() || !r.CanDrag() {
		return Drop{}
	}
	if r.Kind == GroupRow {
		return d.dropGroup(r, i)
	}
	switch on := d.Row(i); on.Kind {
	case GroupRow:
		return d.dropOnGroup(r, on, i)
	case BuddyRow, ContactRow:
		return d.dropOnBuddy(r, on, i, part)
	}
	return Drop{}
}

// blockAt is the index of the block in sight that row i belongs to, or -1.
func (d *Display) blockAt(i int) int { return sort.SearchInts(d.starts, i+1) - 1 }

// dropGroup is for a group: it goes before or behind the one that it is over.
func (d *Display) dropGroup(r Row, i int) Drop {
	k := d.blockAt(i)
	if k < 0 || k >= len(d.sight) || d.sight[k] == d.requests {
		return Drop{}
	}
	if d.sight[k] != d.chats && 2*(i-d.starts[k])+1 > d.starts[k+1]-d.starts[k] {
		k++
	}
	out := Drop{Kind: DropGroup, Group: r.Group, Row: d.starts[k]}
	if k < len(d.sight) && d.sight[k] != d.chats {
		out.NextGroup = d.sight[k].name
	}
	if out.NextGroup == r.Group || k > 0 && d.sight[k-1].titled && d.sight[k-1].name == r.Group {
		return Drop{} // it stands there
	}
	return out
}

// dropOnGroup is for a buddy or a contact over the row of a group.
func (d *Display) dropOnGroup(r, on Row, i int) Drop {
	switch {
	case on.Rooms:
		return Drop{}
	case on.Group != r.Group || r.Inside:
		return Drop{Kind: DropInto, Group: on.Group, Splits: r.Inside, Row: i}
	case d.view.Sort == ByHand && !on.Collapsed:
		return d.dropBefore(r, on.Group, i+1)
	}
	return Drop{}
}

// dropBefore puts them above row i, which is of the group, or the end of it.
func (d *Display) dropBefore(r Row, group string, i int) Drop {
	out := Drop{Kind: DropBefore, Group: group, Splits: r.Inside, Row: i}
	if i < d.Len() {
		if next := d.Row(i); next.Group == group && next.Kind != GroupRow {
			out.Before = next.head()
		}
	}
	if group == r.Group && !r.Inside {
		if out.Before == r.head() {
			return Drop{}
		}
		if at := d.Find(r); at >= 0 && d.behind(at) == i {
			return Drop{}
		}
	}
	return out
}

// behind is the row behind a buddy or contact, with its members if they are in sight.
func (d *Display) behind(i int) int {
	for i++; i < d.Len() && d.Row(i).Inside; i++ {
	}
	return i
}

// dropOnBuddy is for a buddy or a contact over another.
func (d *Display) dropOnBuddy(r, on Row, i int, part float32) Drop {
	byHand := d.view.Sort == ByHand
	same := on.head() == r.head()
	switch {
	case same && !r.Inside: // they themselves, perhaps in another of their groups
		return Drop{}
	case byHand && !on.Inside && part < dropAbove:
		return d.dropBefore(r, on.Group, i)
	case byHand && !on.Inside && part > dropBelow && (on.Kind == BuddyRow || on.Collapsed):
		return d.dropBefore(r, on.Group, i+1)
	case same:
		return Drop{}
	case !byHand && on.Group != r.Group && (part < dropAbove || part > dropBelow):
		for ; i > 0 && d.Row(i).Kind != GroupRow; i-- {
		}
		return Drop{Kind: DropInto, Group: on.Group, Splits: r.Inside, Row: i}
	}
	out := Drop{Kind: DropOnto, Group: on.Group, Onto: on.head(), Title: on.Title, Splits: r.Inside, Row: i}
	if on.Inside {
		for ; i > 0 && d.Row(i).Inside; i-- {
		}
		out.Row, out.Title = i, d.Row(i).Title
	}
	return out
}

// Step is what becomes of a row that goes up or down by one place among its like, by hand.
func (d *Display) Step(r Row, up bool) Drop {
	i := d.Find(r)
	if i < 0 || r.Inside || !r.CanDrag() || r.Kind != GroupRow && d.view.Sort != ByHand {
		return Drop{}
	}
	if r.Kind == GroupRow {
		k := d.blockAt(i)
		if up && k > 0 {
			return d.Drop(r, d.starts[k-1], 0)
		} else if !up && k+1 < len(d.sight) {
			return d.Drop(r, d.starts[k+2]-1, 1)
		}
		return Drop{}
	}
	if up {
		for i--; d.Row(i).Inside; i-- {
		}
		if d.Row(i).Kind == GroupRow {
			return Drop{}
		}
		return d.dropBefore(r, r.Group, i)
	}
	next := d.behind(i)
	if next >= d.Len() || d.Row(next).Kind == GroupRow {
		return Drop{}
	}
	return d.dropBefore(r, r.Group, d.behind(next))
}
