package buddylist

import (
	"slices"
	"time"

	"culver/im"
)

// Arrangement is how the user put the list together on this device: what no network
// keeps. It is a value: whoever changes one works on a [Arrangement.Clone].
type Arrangement struct {
	Contacts []Contact
	Groups   []string               // in the user's order; all others follow, by name
	Kept     []string               // groups that stay when nobody is in them
	Order    map[string][]im.ConvID // by group, for [ByHand]: all others follow, by name
}

// Contact is one person whom the user reaches at several addresses, and sees as one
// row. Whoever of them is on the list first says in which groups it stands.
type Contact struct {
	Name    string // the user's; empty: that of whoever is best to reach
	Members []im.ConvID
}

// Clone returns a copy that shares nothing with a.
func (a *Arrangement) Clone() Arrangement {
	out := Arrangement{Groups: slices.Clone(a.Groups), Kept: slices.Clone(a.Kept)}
	for _, c := range a.Contacts {
		out.Contacts = append(out.Contacts, Contact{c.Name, slices.Clone(c.Members)})
	}
	for g, order := range a.Order {
		if out.Order == nil {
			out.Order = map[string][]im.ConvID{}
		}
		out.Order[g] = slices.Clone(order)
	}
	return out
}

// contact is the index of the contact that somebody belongs to, or -1.
func (a *Arrangement) contact(c im.ConvID) int {
	return slices.IndexFunc(a.Contacts, func(k Contact) bool { return slices.Contains(k.Members, c) })
}

// Merge makes two people one contact, or adds the first, with all who are one with
// them, to that of the second.
func (a *Arrangement) Merge(c, into im.ConvID) {
	from, to := a.contact(c), a.contact(into)
	if c == into || from >= 0 && from == to {
		return
	}
	members := []im.ConvID{c}
	name := ""
	if from >= 0 {
		name, members = a.Contacts[from].Name, a.Contacts[from].Members
	}
	if to < 0 {
		to = len(a.Contacts)
		a.Contacts = append(a.Contacts, Contact{Name: name, Members: []im.ConvID{into}})
	}
	a.Contacts[to].Members = append(a.Contacts[to].Members, members...)
	if from >= 0 {
		a.Contacts = slices.Delete(a.Contacts, from, from+1)
	}
}

// Split takes somebody out of their contact. With one left it is none any more.
func (a *Arrangement) Split(c im.ConvID) {
	i := a.contact(c)
	if i < 0 {
		return
	}
	k := &a.Contacts[i]
	k.Members = slices.DeleteFunc(k.Members, func(m im.ConvID) bool { return m == c })
	if len(k.Members) < 2 {
		a.Contacts = slices.Delete(a.Contacts, i, i+1)
	}
}

// Dissolve makes each member of somebody's contact a row of their own.
func (a *Arrangement) Dissolve(c im.ConvID) {
	if i := a.contact(c); i >= 0 {
		a.Contacts = slices.Delete(a.Contacts, i, i+1)
	}
}

// Rename names the contact of somebody, empty: not any more. It reports whether there
// is one.
func (a *Arrangement) Rename(c im.ConvID, name string) bool {
	i := a.contact(c)
	if i >= 0 {
		a.Contacts[i].Name = name
	}
	return i >= 0
}

// RenameGroup is told that a group has another name now, or empty: none.
func (a *Arrangement) RenameGroup(group, name string) {
	rename := func(all []string) []string {
		i := slices.Index(all, group)
		switch {
		case i < 0:
		case name == "" || slices.Contains(all, name):
			all = slices.Delete(all, i, i+1)
		default:
			all[i] = name
		}
		return all
	}
	a.Groups, a.Kept = rename(a.Groups), rename(a.Kept)
	if order, ok := a.Order[group]; ok {
		delete(a.Order, group)
		if name != "" {
			a.Order[name] = append(a.Order[name], order...)
		}
	}
}

// Has reports whether there is anything about somebody.
func (a *Arrangement) Has(who func(im.ConvID) bool) bool {
	for _, k := range a.Contacts {
		if slices.ContainsFunc(k.Members, who) {
			return true
		}
	}
	for _, order := range a.Order {
		if slices.ContainsFunc(order, who) {
			return true
		}
	}
	return false
}

// Forget leaves nothing of them.
func (a *Arrangement) Forget(who func(im.ConvID) bool) {
	for i := range a.Contacts {
		a.Contacts[i].Members = slices.DeleteFunc(a.Contacts[i].Members, who)
	}
	a.Contacts = slices.DeleteFunc(a.Contacts, func(k Contact) bool { return len(k.Members) < 2 })
	for g, order := range a.Order {
		if order = slices.DeleteFunc(order, who); len(order) > 0 {
			a.Order[g] = order
		} else {
			delete(a.Order, g)
		}
	}
}

// Note is what is kept of one peer on this device: what no network keeps.
type Note struct {
	Always bool      // to be shown while they are offline, too
	Seen   time.Time // when a buddy signed off last; zero: not known
}
