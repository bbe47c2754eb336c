package buddylist

import (
	"cmp"
	"slices"
	"strings"

	"culver/im"
)

// block is a part of the list: a group with its row, or what has none.
type block struct {
	name     string
	titled   bool // it has a row of its own
	lines    []line
	units    int // all of them, also those that are not in sight
	online   int
	place    map[im.ConvID]int // by hand
	position int               // of the group, by hand
}

// line is one row: of a unit itself, or of one of its members.
type line struct {
	unit   *unit
	member int // -1: none
}

func compareGroups(a, b *block) int {
	return cmp.Or(cmp.Compare(a.position, b.position), strings.Compare(strings.ToLower(a.name), strings.ToLower(b.name)), strings.Compare(a.name, b.name))
}

// at is where the user put a unit in the block.
func (b *block) at(u *unit) (place int) {
	for _, s := range u.seats {
		place = min(place, b.place[s.conv])
	}
	return place
}

// compare says which of two lines of a block comes first.
func (d *Display) compare(b *block, x, y line) int {
	u, v := x.unit, y.unit
	if u == v {
		return cmp.Compare(x.member, y.member)
	}
	c := 0
	switch {
	case u.kind == RoomRow || u.kind == RequestRow, d.view.Sort == ByStatus:
		c = cmp.Compare(v.rank, u.rank)
	case d.view.Sort == ByHand:
		c = cmp.Compare(b.at(u), b.at(v))
	case d.view.Sort == ByActivity:
		c = cmp.Compare(v.spoke, u.spoke)
	}
	if c != 0 {
		return c
	}
	if c = strings.Compare(u.lower, v.lower); c != 0 {
		return c
	}
	return cmp.Or(strings.Compare(u.conv.Peer, v.conv.Peer), strings.Compare(string(u.conv.Account), string(v.conv.Account)))
}

func (b *block) count(u *unit, n int) {
	b.units += n
	if u.rank != im.Offline {
		b.online += n
	}
}

// add appends the lines of a unit, to be sorted later.
func (b *block) add(_ *Display, u *unit) {
	for i := range u.rows {
		b.lines = append(b.lines, line{u, i - 1})
	}
}

// find is where the lines of a unit begin, or would.
func (b *block) find(d *Display, u *unit) int {
	i, _ := slices.BinarySearchFunc(b.lines, line{u, -1}, func(x, y line) int { return d.compare(b, x, y) })
	return i
}

func (b *block) insert(d *Display, u *unit) {
	i := b.find(d, u)
	if u.rows == 1 {
		b.lines = slices.Insert(b.lines, i, line{u, -1})
		return
	}
	more := block{}
	more.add(d, u)
	b.lines = slices.Insert(b.lines, i, more.lines...)
}

func (b *block) remove(d *Display, u *unit) {
	i := b.find(d, u)
	b.lines = slices.Delete(b.lines, i, i+u.rows)
}
