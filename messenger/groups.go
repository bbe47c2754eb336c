package messenger

import (
	"slices"
	"strings"

	"culver/buddylist"
	"culver/im"
	"culver/lang"
)

// MoveBuddy puts a buddy, with all who are one with them, from one group into another.
func (m *Messenger) MoveBuddy(c im.ConvID, from, to string) {
	m.inbox.Put(func() {
		if to = cleanName(to); to == "" || from == to {
			return
		}
		for _, mate := range m.together(c) {
			b, listed := m.list.Buddy(mate)
			if !listed {
				continue
			}
			if err := m.setGroups(mate, replaceGroup(b.Groups, from, to)); err != nil {
				m.tellTrouble(err)
				return
			}
		}
		m.keepGroup(from)
	})
}

// setGroups tells the server in which groups a buddy is.
func (m *Messenger) setGroups(c im.ConvID, groups []string) error {
	b, listed := m.list.Buddy(c)
	if !listed || slices.Equal(b.Groups, groups) {
		return nil
	}
	r, err := m.roster(c.Account)
	if err != nil {
		return err
	}
	b.Groups = groups
	return r.SetBuddy(b)
}

// replaceGroup are the groups of a buddy who goes from one, which may be empty, into
// another, which may be empty as well.
func replaceGroup(groups []string, from, to string) []string {
	out := []string{}
	for _, g := range append(slices.Clone(groups), to) {
		if g != "" && g != from && g != buddylist.DefaultGroup && !slices.Contains(out, g) {
			out = append(out, g)
		}
	}
	return out
}

// keepGroup keeps a group that is in use, so that it is there when the last one has left.
func (m *Messenger) keepGroup(group string) {
	if group == "" || group == buddylist.DefaultGroup || slices.Contains(m.list.Arrangement().Kept, group) {
		return
	}
	m.arrange(func(a *buddylist.Arrangement) { a.Kept = append(a.Kept, group) })
}

// tellTrouble says what went wrong with something that the user asked for, if anything.
func (m *Messenger) tellTrouble(err error) {
	if err != nil {
		m.trouble(sentenceOf(err), nil)
	}
}

// editors says what is wrong unless all buddies can be changed now: a group belongs to the
// servers of all accounts that have buddies in it.
func (m *Messenger) editors(buddies []im.Buddy) error {
	for _, b := range buddies {
		if _, err := m.roster(b.Account); err != nil {
			return formError(lang.F("The server keeps the groups. Connect %s first.", cleanName(b.Account.Bare())))
		}
	}
	return nil
}

// regroup takes all buddies of a group into another; to is empty: out of it.
func (m *Messenger) regroup(group, to string) error {
	buddies := m.list.InGroup(group)
	if err := m.editors(buddies); err != nil {
		return err
	}
	for _, b := range buddies {
		if err := m.setGroups(b.Conv(), replaceGroup(b.Groups, group, to)); err != nil {
			return err
		}
	}
	return nil
}

// groupRenamed keeps what is kept of a group under its new name, and whether it is folded;
// empty: no longer.
func (m *Messenger) groupRenamed(group, name string) {
	m.arrange(func(a *buddylist.Arrangement) { a.RenameGroup(group, name) })
	folded := strings.Split(m.settings[SettingCollapsed], "\n")
	if i := slices.Index(folded, group); i >= 0 {
		if folded[i] = name; name == "" {
			folded = slices.Delete(folded, i, i+1)
		}
		m.setSetting(SettingCollapsed, strings.Join(folded, "\n"))
	}
}

// AskPresence asks a buddy to let the user see when they are online.
func (m *Messenger) AskPresence(c im.ConvID) {
	m.inbox.Put(func() {
		r, err := m.roster(c.Account)
		if err == nil {
			err = r.Subscribe(c.Peer, "")
		}
		m.tellTrouble(err)
	})
}

// DropPresence does not want to see it any more.
func (m *Messenger) DropPresence(c im.ConvID) {
	m.inbox.Put(func() {
		r, err := m.roster(c.Account)
		if err == nil {
			err = r.Unsubscribe(c.Peer)
		}
		m.tellTrouble(err)
	})
}

// StopPresence does not let a buddy see when the user is online any more.
func (m *Messenger) StopPresence(c im.ConvID) {
	m.inbox.Put(func() {
		r, err := m.roster(c.Account)
		if err == nil {
			err = r.Deny(c.Peer)
		}
		m.tellTrouble(err)
	})
}
