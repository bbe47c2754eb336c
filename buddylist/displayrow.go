package buddylist

import (
	"cmp"
	"slices"
	"sort"

	"culver/im"
)

// Len is how many rows there are.
func (d *Display) Len() int {
	if len(d.starts) == 0 {
		return 0
	}
	return d.starts[len(d.starts)-1]
}

// Row is the one at an index.
func (d *Display) Row(i int) Row {
	if i == 0 && len(d.knocking) > 0 {
		return d.knockRow()
	}
	k := sort.SearchInts(d.starts, i+1) - 1
	b := d.sight[k]
	i -= d.starts[k]
	if b.titled {
		if i == 0 {
			return Row{Kind: GroupRow, Group: b.name, Online: b.online, Total: b.units, Collapsed: d.collapsed(b), Rooms: b == d.chats}
		}
		i--
	}
	x := b.lines[i]
	u := x.unit
	switch u.kind {
	case RequestRow:
		e := d.list.entries[u.conv]
		r := d.buddyRow(&seat{conv: u.conv, entry: e, title: d.list.title(u.conv, e)})
		r.Kind, r.Reason = RequestRow, e.reason
		return r
	case RoomRow:
		return d.roomRow(u)
	case BuddyRow:
		r := d.buddyRow(u.seats[0])
		if i, ok := d.list.contactOf[u.conv]; ok { // the others of it are not on the list
			r.Title = cmp.Or(d.list.arranged.Contacts[i].Name, r.Title)
		}
		r.Group = b.name
		return r
	}
	r := d.contactRow(u)
	if x.member >= 0 {
		r = d.buddyRow(u.seats[x.member])
		r.Inside = true
	}
	r.Group, r.Head, r.Members = b.name, u.conv, len(u.seats)
	return r
}

func (d *Display) knockRow() Row {
	r := Row{Kind: KnockRow, Total: len(d.knocking)}
	if r.Total == 1 {
		for c := range d.knocking {
			e := d.list.entries[c]
			r.Conv, r.Title, r.Reason = c, d.list.title(c, e), e.knock.Words
		}
	}
	return r
}

func (d *Display) buddyRow(s *seat) Row {
	n := s.entry
	r := Row{Kind: BuddyRow, Conv: s.conv, Buddy: n.buddy, Title: s.title, Unread: n.unread, Typing: n.typing, Note: n.note,
		Blocked: d.list.BlockedAs(s.conv) != "", Picture: n.face(), Twin: n.listed && len(d.accounts) > 1 && d.called[s.title] > 1}
	r.Presence, _ = n.presence()
	return r
}

// contactRow is that of the best member, with what there is of the others.
func (d *Display) contactRow(u *unit) Row {
	r := d.buddyRow(u.best())
	r.Kind, r.Unread, r.Collapsed, r.Twin = ContactRow, 0, u.rows == 1, false
	if i := d.list.contactOf[u.conv]; d.list.arranged.Contacts[i].Name != "" {
		r.Title = d.list.arranged.Contacts[i].Name
	}
	for _, s := range u.seats {
		if n := s.entry; n.unread > 0 {
			if r.Unread == 0 || s.conv == r.Conv {
				r.Waiting = s.conv
			}
			r.Unread += n.unread
		}
		if s.entry.typing == im.TypingComposing {
			r.Typing = im.TypingComposing
		}
		if r.Picture == nil {
			r.Picture = s.entry.face()
		}
	}
	return r
}

func (d *Display) roomRow(u *unit) Row {
	room := d.list.rooms[u.conv]
	r := Row{Kind: RoomRow, Group: RoomGroup, Conv: u.conv, Title: room.Title(), Room: room}
	if n, ok := d.list.entries[u.conv]; ok {
		r.Unread, r.Named, r.Note = n.unread, n.named, n.note
	}
	return r
}

// Find is the index of the row that stands for the same as one of before, or -1.
func (d *Display) Find(r Row) int {
	switch r.Kind {
	case KnockRow:
		if len(d.knocking) > 0 {
			return 0
		}
		return -1
	case GroupRow:
		if r.Rooms {
			return d.rowAt(d.chats, -1)
		}
		return d.rowAt(d.byName[r.Group], -1)
	case RequestRow:
		return d.findUnit(d.requests, d.asking[r.Conv], -1)
	case RoomRow:
		return d.findUnit(d.chats, d.rooms[r.Conv], -1)
	}
	s := d.seats[r.Conv]
	if s == nil {
		return -1
	}
	member := -1
	if r.Inside && s.unit.rows > 1 {
		member = slices.Index(s.unit.seats, s)
	}
	if !slices.Contains(s.unit.groups, r.Group) {
		return -1
	}
	return d.findUnit(d.byName[r.Group], s.unit, member)
}

func (d *Display) findUnit(b *block, u *unit, member int) int {
	if u == nil || !u.visible || b.titled && d.collapsed(b) {
		return -1
	}
	return d.rowAt(b, b.find(d, u)+member+1)
}

// rowAt is the row of a line of a block, -1 if it is not in sight; line -1 is the block's
// own row.
func (d *Display) rowAt(b *block, line int) int {
	k := slices.Index(d.sight, b)
	if k < 0 {
		return -1
	}
	if b.titled {
		line++
	}
	return d.starts[k] + line
}
