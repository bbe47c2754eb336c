package buddylist

import (
	"slices"

	"culver/im"
)

// Contact returns those who are one with somebody, on the list and in the user's order,
// themselves included, and the name of all; none: they are nobody's contact.
func (l *List) Contact(c im.ConvID) (members []im.ConvID, name string) {
	i, ok := l.contactOf[c]
	if !ok {
		return nil, ""
	}
	for _, m := range l.arranged.Contacts[i].Members {
		if _, listed := l.Buddy(m); listed {
			members = append(members, m)
		}
	}
	if len(members) < 2 {
		return nil, ""
	}
	return members, l.arranged.Contacts[i].Name
}

// Groups are the groups that there are, in order.
func (l *List) Groups() []string {
	d := newDisplay(l)
	for _, n := range l.entries {
		for _, g := range n.groups() {
			d.block(g)
		}
	}
	for _, g := range l.arranged.Kept {
		d.block(g)
	}
	out := make([]string, len(d.groups))
	for i, b := range d.groups {
		out[i] = b.name
	}
	return out
}

// InGroup are the buddies in a group, in no order.
func (l *List) InGroup(group string) (out []im.Buddy) {
	for _, n := range l.entries {
		if slices.Contains(n.groups(), group) {
			out = append(out, n.buddy)
		}
	}
	return out
}

// groups are those of a buddy, none if they are not on the list.
func (n *entry) groups() []string {
	if n.listed && len(n.buddy.Groups) == 0 {
		return defaultGroups
	}
	return n.buddy.Groups
}

// ByHand is the order of a group as the user made it, of all who are in it: a contact is
// its first member.
func (l *List) ByHand(group string) (out []im.ConvID) {
	for _, r := range l.Rows(View{ShowOffline: true, Sort: ByHand}) {
		if r.Group == group && r.Kind == BuddyRow {
			out = append(out, r.Conv)
		} else if r.Group == group && r.Kind == ContactRow {
			out = append(out, r.Head)
		}
	}
	return out
}

// Notes is what is kept of all on this device.
func (l *List) Notes() map[im.ConvID]Note {
	out := map[im.ConvID]Note{}
	for c, n := range l.entries {
		if n.note != (Note{}) {
			out[c] = n.note
		}
	}
	return out
}

// title is what people call the peer of an entry.
func (l *List) title(c im.ConvID, n *entry) string {
	if len(l.rooms) == 0 && n.listed {
		return n.buddy.Title()
	}
	return l.Title(c)
}
