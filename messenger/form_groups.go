package messenger

import (
	"slices"
	"strings"

	"culver/buddylist"
	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// newGroup is the choice of a group that there is not yet. No group is called so.
const newGroup = "\n"

// groupFields ask for a group: one that there is, or the name of another.
func (m *Messenger) groupFields(chosen string) []im.Field {
	group := im.Field{ID: "group", Kind: im.FieldChoice, Label: lang.T("Group"), Value: chosen}
	names := m.list.Groups()
	for _, more := range []string{buddylist.DefaultGroup, chosen} {
		if !slices.Contains(names, more) {
			names = append([]string{more}, names...)
		}
	}
	for _, g := range names {
		group.Choices = append(group.Choices, im.Choice{Value: g, Label: buddylist.GroupName(g, false)})
	}
	group.Choices = append(group.Choices, im.Choice{Value: newGroup, Label: lang.T("A new group…")})
	return []im.Field{group, {ID: "newgroup", Kind: im.FieldText, Label: lang.T("Name of the group"), WhenField: "group", WhenValue: newGroup}}
}

// groupChosen is the answer.
func groupChosen(v map[string]string) (string, error) {
	name := v["group"]
	if name == newGroup {
		if name = cleanName(v["newgroup"]); name == "" {
			return "", formError(lang.T("Enter the name of the group."))
		}
	}
	return name, nil
}

// ShowAddGroup asks for the name of a group.
func (m *Messenger) ShowAddGroup() {
	m.inbox.Put(func() {
		f := plugin.Page(lang.T("Add Group"), "", []im.Field{{ID: "name", Kind: im.FieldText, Label: lang.T("Name of the group")}},
			cancelButton(), plugin.Button{ID: "ok", Label: lang.T("Add"), Role: plugin.Default})
		m.askAbout(im.ConvID{}, f, func(v map[string]string) error {
			name, err := m.unusedGroup(v["name"])
			if err != nil {
				return err
			}
			m.keepGroup(name)
			m.setSetting(SettingShowEmpty, im.On) // else it was not to be seen
			return nil
		})
	})
}

// unusedGroup is a name that was typed, if no group has it.
func (m *Messenger) unusedGroup(typed string) (string, error) {
	name := cleanName(typed)
	switch {
	case name == "":
		return "", formError(lang.T("Enter the name of the group."))
	case name == buddylist.DefaultGroup || slices.Contains(m.list.Groups(), name):
		return "", formError(lang.T("There is a group of this name already."))
	}
	return name, nil
}

// ShowRenameGroup asks what to call a group.
func (m *Messenger) ShowRenameGroup(group string) {
	m.inbox.Put(func() {
		if !slices.Contains(m.list.Groups(), group) {
			return
		}
		f := plugin.Page(lang.T("Rename Group"), lang.T("To give it the name of another group joins the two."),
			[]im.Field{{ID: "name", Kind: im.FieldText, Label: lang.T("Name of the group"), Value: buddylist.GroupName(group, false)}},
			cancelButton(), plugin.Button{ID: "ok", Label: lang.T("Rename"), Role: plugin.Default})
		m.askAbout(im.ConvID{}, f, func(v map[string]string) error {
			name := cleanName(v["name"])
			if name == "" {
				return formError(lang.T("Enter the name of the group."))
			}
			if name == buddylist.GroupName(group, false) {
				return nil
			}
			if err := m.regroup(group, name); err != nil {
				return err
			}
			m.groupRenamed(group, name)
			return nil
		})
	})
}

// What to do with the buddies of a group that is deleted.
const (
	groupMove   = "move"
	groupRemove = "remove"
)

// ShowDeleteGroup asks whether to delete a group, and what about its buddies.
func (m *Messenger) ShowDeleteGroup(group string) {
	m.inbox.Put(func() {
		if !slices.Contains(m.list.Groups(), group) {
			return
		}
		n := len(m.list.InGroup(group))
		name := buddylist.GroupName(group, false)
		var fields []im.Field
		intro := lang.F("Delete the group %s?", name)
		switch {
		case n > 0 && group == buddylist.DefaultGroup:
			intro = lang.N(n, "Delete the group %[2]s, and take the one buddy in it off your Buddy List?", "Delete the group %[2]s, and take the %[1]d buddies in it off your Buddy List?", n, name)
		case n > 0:
			intro = lang.N(n, "Delete the group %[2]s? There is one buddy in it.", "Delete the group %[2]s? There are %[1]d buddies in it.", n, name)
			fields = append(fields, im.Field{ID: "buddies", Kind: im.FieldChoice, Label: lang.T("Its buddies"), Value: groupMove, Choices: []im.Choice{
				{Value: groupMove, Label: lang.F("Move to the group %s", buddylist.GroupName(buddylist.DefaultGroup, false))},
				{Value: groupRemove, Label: lang.T("Remove from the Buddy List")}}})
		}
		f := plugin.Page(lang.T("Delete Group"), intro, fields, cancelButton(), plugin.Button{ID: "ok", Label: lang.T("Delete"), Role: plugin.Danger})
		m.askAbout(im.ConvID{}, f, func(v map[string]string) error { return m.deleteGroup(group, v["buddies"] != groupMove) })
	})
}

// deleteGroup takes a group away. A buddy who is in another one as well stays there.
func (m *Messenger) deleteGroup(group string, remove bool) error {
	buddies := m.list.InGroup(group)
	if err := m.editors(buddies); err != nil {
		return err
	}
	for _, b := range buddies {
		var err error
		if rest := replaceGroup(b.Groups, group, ""); remove && len(rest) == 0 {
			err = m.removeBuddy(b.Conv())
		} else {
			err = m.setGroups(b.Conv(), rest)
		}
		if err != nil {
			return err
		}
	}
	m.groupRenamed(group, "")
	return nil
}

// removeBuddy takes somebody off the list.
func (m *Messenger) removeBuddy(c im.ConvID) error {
	r, err := m.roster(c.Account)
	if err != nil {
		return err
	}
	m.unlist(c)
	return r.RemoveBuddy(c.Peer)
}

// ShowRenameContact asks what to call a contact.
func (m *Messenger) ShowRenameContact(c im.ConvID) {
	m.inbox.Put(func() {
		members, name := m.list.Contact(c)
		if members == nil {
			return
		}
		f := plugin.Page(lang.T("Name of the Contact"), lang.T("Without a name it is called as whoever of it is best to reach."),
			[]im.Field{{ID: "name", Kind: im.FieldText, Label: lang.T("Name"), Value: name, Hint: lang.T("Only you see it.")}},
			cancelButton(), plugin.Button{ID: "ok", Label: lang.T("Save"), Role: plugin.Default})
		m.askAbout(c, f, func(v map[string]string) error {
			m.arrange(func(a *buddylist.Arrangement) { a.Rename(c, cleanName(v["name"])) })
			return nil
		})
	})
}

// ShowRemoveContact asks whether to take all members of a contact off the list.
func (m *Messenger) ShowRemoveContact(c im.ConvID) {
	m.inbox.Put(func() {
		members, _ := m.list.Contact(c)
		if members == nil {
			return
		}
		var who []string
		for _, member := range members {
			who = append(who, cleanName(member.Peer))
		}
		f := plugin.Page(lang.T("Remove Contact"), lang.F("Take all of this contact off your Buddy List? You will no longer see each other online. What you wrote stays in the history.\n\n%s", strings.Join(who, "\n")),
			nil, cancelButton(), plugin.Button{ID: "ok", Label: lang.T("Remove"), Role: plugin.Danger})
		m.askAbout(c, f, func(map[string]string) error {
			for _, member := range members {
				if err := m.removeBuddy(member); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// ShowMerge asks with whom to make a buddy one contact.
func (m *Messenger) ShowMerge(c im.ConvID) {
	m.inbox.Put(func() {
		b, listed := m.list.Buddy(c)
		if !listed {
			return
		}
		table := im.Field{ID: "with", Kind: im.FieldTable, Label: lang.T("The same person"), Hint: lang.T("There is nobody else on your Buddy List."),
			Columns: []string{lang.T("Name"), lang.T("Address"), lang.T("Your account")}, Actions: []im.RowAction{{ID: "ok", Label: lang.T("Merge")}}}
		for _, r := range m.list.Rows(buddylist.View{ShowOffline: true, Sort: buddylist.ByName}) {
			if r.Kind != buddylist.BuddyRow && r.Kind != buddylist.ContactRow || r.Inside || m.head(r.Conv) == m.head(c) ||
				slices.ContainsFunc(table.Rows, func(row im.Row) bool { return row.ID == convKey(r.Conv) }) {
				continue
			}
			table.Rows = append(table.Rows, im.Row{ID: convKey(r.Conv), Cells: []string{r.Title, cleanName(r.Conv.Peer), cleanName(r.Conv.Account.Bare())}, Can: []string{"ok"}})
		}
		f := plugin.Page(lang.T("Merge"), lang.F("Who of these is the same person as %s? Both become one row. What you wrote stays apart, by address. Nobody is told, and you can split them at any time.", b.Title()),
			[]im.Field{table}, cancelButton())
		var d *dialog
		d = m.ask(c, f, func(a plugin.Answers) {
			if a.Action == "ok" {
				for _, id := range a.Rows {
					m.mergeBuddy(c, convOfKey(id))
				}
			}
			d.Close()
		})
	})
}
