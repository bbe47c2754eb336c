package gui

import (
	"slices"

	"fyne.io/fyne/v2"

	"culver/buddylist"
	"culver/im"
	"culver/lang"
)

// entry is one entry of a menu.
func entry(label string, do func()) *fyne.MenuItem { return fyne.NewMenuItem(label, do) }

// possible is an entry that may not be possible now.
func possible(can bool, label string, do func()) *fyne.MenuItem {
	i := fyne.NewMenuItem(label, do)
	if !can {
		i.Disabled, i.Action = true, nil
	}
	return i
}

func ticked(is bool, label string, do func()) *fyne.MenuItem {
	i := fyne.NewMenuItem(label, do)
	i.Checked = is
	return i
}

func submenu(label string, items ...*fyne.MenuItem) *fyne.MenuItem {
	i := fyne.NewMenuItem(label, nil)
	i.ChildMenu = fyne.NewMenu("", items...)
	return i
}

// rowItems is the menu of a row.
func (w *buddyWindow) rowItems(r buddylist.Row) []*fyne.MenuItem {
	f := w.gui.front
	switch r.Kind {
	case buddylist.BuddyRow:
		return w.buddyItems(r)
	case buddylist.ContactRow:
		return w.contactItems(r)
	case buddylist.RoomRow:
		return w.roomRowItems(r)
	case buddylist.RequestRow:
		return append([]*fyne.MenuItem{entry(lang.T("Answer…"), func() { f.ShowRequest(r.Conv) }), entry(lang.T("Get Info"), func() { f.ShowInfo(r.Conv) })}, w.gui.blockItems(r.Conv)...)
	case buddylist.KnockRow:
		return []*fyne.MenuItem{entry(lang.T("Answer…"), func() { w.gui.showKnocks(r) }), entry(lang.T("Show All…"), f.ShowKnocks)}
	}
	return w.groupItems(r)
}

// talkItems are the entries to talk with somebody.
func (w *buddyWindow) talkItems(c im.ConvID) []*fyne.MenuItem {
	f := w.gui.front
	items := append([]*fyne.MenuItem{entry(lang.T("IM"), func() { f.Open(c) })}, w.gui.fileItems(c)...)
	return append(items,
		entry(lang.T("Get Info"), func() { f.ShowInfo(c) }),
		entry(lang.T("View History"), func() { w.gui.showHistory(c) }),
		w.gui.muteItem(c, false))
}

// buddyItems is the menu of a buddy.
func (w *buddyWindow) buddyItems(r buddylist.Row) []*fyne.MenuItem {
	f, c := w.gui.front, r.Conv
	items := append(w.talkItems(c), fyne.NewMenuItemSeparator())
	if r.Inside {
		items = append(items, entry(lang.T("Take Out of the Contact"), func() { f.SplitBuddy(c) }))
	} else {
		items = append(items, w.alwaysItem(r), w.moveItem(r))
		items = append(items, w.stepItems(r)...)
		items = append(items, entry(lang.T("Merge…"), func() { f.ShowMerge(c) }))
	}
	items = append(items, w.permissionItem(r), entry(lang.T("Add Pounce…"), func() { f.ShowPounce(c) }), entry(lang.T("Set Picture…"), func() { f.ShowPortrait(c) }))
	if w.gui.list.Given(c) != nil {
		items = append(items, entry(lang.T("Remove My Picture for Them"), func() { f.DropPortrait(c) }))
	}
	items = append(items, fyne.NewMenuItemSeparator(),
		entry(lang.T("Rename…"), func() { f.ShowRenameBuddy(c) }),
		entry(lang.T("Remove…"), func() { f.ShowRemoveBuddy(c) }))
	items = append(items, w.gui.blockItems(c)...)
	return append(items, w.gui.buddyItems(c)...)
}

// contactItems is the menu of a contact: to talk is to talk with whoever is best to reach.
func (w *buddyWindow) contactItems(r buddylist.Row) []*fyne.MenuItem {
	f := w.gui.front
	items := append([]*fyne.MenuItem{w.foldItem(r), fyne.NewMenuItemSeparator()}, w.talkItems(r.Conv)...)
	items = append(items, fyne.NewMenuItemSeparator(), w.alwaysItem(r), w.moveItem(r))
	items = append(append(items, w.stepItems(r)...),
		entry(lang.T("Add Pounce…"), func() { f.ShowPounce(r.Conv) }),
		entry(lang.T("Merge…"), func() { f.ShowMerge(r.Conv) }),
		entry(lang.T("Split"), func() { f.SplitContact(r.Conv) }),
		fyne.NewMenuItemSeparator(),
		entry(lang.T("Rename…"), func() { f.ShowRenameContact(r.Conv) }),
		entry(lang.T("Remove…"), func() { f.ShowRemoveContact(r.Conv) }))
	return append(items, w.gui.buddyItems(r.Conv)...)
}

// foldItem folds or unfolds.
func (w *buddyWindow) foldItem(r buddylist.Row) *fyne.MenuItem {
	if r.Collapsed {
		return entry(lang.T("Expand"), func() { w.toggle(r) })
	}
	return entry(lang.T("Collapse"), func() { w.toggle(r) })
}

// alwaysItem shows them also while they are offline.
func (w *buddyWindow) alwaysItem(r buddylist.Row) *fyne.MenuItem {
	return ticked(r.Note.Always, lang.T("Show When Offline"), func() { w.gui.front.SetAlways(r.Conv, !r.Note.Always) })
}

// moveItem moves them into another group.
func (w *buddyWindow) moveItem(r buddylist.Row) *fyne.MenuItem {
	var items []*fyne.MenuItem
	groups := w.gui.list.Groups()
	if !slices.Contains(groups, buddylist.DefaultGroup) {
		groups = append(groups, buddylist.DefaultGroup)
	}
	for _, g := range groups {
		items = append(items, ticked(g == r.Group, oneLine(buddylist.GroupName(g, false), 60), func() {
			if g != r.Group {
				w.gui.front.MoveBuddy(r.Conv, r.Group, g)
			}
		}))
	}
	return submenu(lang.T("Move To"), append(items, fyne.NewMenuItemSeparator(), entry(lang.T("Add Group…"), w.gui.front.ShowAddGroup))...)
}

// permissionItem is about who sees whom online. What is so already cannot be asked for.
func (w *buddyWindow) permissionItem(r buddylist.Row) *fyne.MenuItem {
	f, c, s := w.gui.front, r.Conv, r.Buddy.Subscription
	on := w.gui.connected(c.Account)
	return submenu(lang.T("Authorisation"),
		possible(on && !s.SeenByUs(), lang.T("Ask Again to See Them Online"), func() { f.AskPresence(c) }),
		possible(on && s.SeesUs(), lang.T("Do Not Let Them See Me Online"), func() { f.StopPresence(c) }),
		possible(on && (s.SeenByUs() || r.Buddy.Asking), lang.T("Do Not See Them Online"), func() { f.DropPresence(c) }))
}

// groupItems is the menu of a group.
func (w *buddyWindow) groupItems(r buddylist.Row) []*fyne.MenuItem {
	f := w.gui.front
	items := []*fyne.MenuItem{w.foldItem(r), fyne.NewMenuItemSeparator()}
	if r.Rooms {
		return append(items, entry(lang.T("Join a Chat…"), func() { f.ShowJoinRoom(im.ConvID{}) }), entry(lang.T("Add Chat…"), f.ShowAddRoom))
	}
	items = append(items,
		entry(lang.T("Add Buddy…"), func() { f.ShowAddTo(r.Group) }),
		entry(lang.T("Add Group…"), f.ShowAddGroup),
		fyne.NewMenuItemSeparator())
	return append(append(items, w.stepItems(r)...),
		entry(lang.T("Rename…"), func() { f.ShowRenameGroup(r.Group) }),
		entry(lang.T("Delete…"), func() { f.ShowDeleteGroup(r.Group) }))
}

// roomRowItems is the menu of a room.
func (w *buddyWindow) roomRowItems(r buddylist.Row) []*fyne.MenuItem {
	items := w.gui.roomItems(r.Conv)
	if r.Room.Kept {
		items = append(items, ticked(r.Room.Auto, lang.T("Join When Connected"), func() { w.gui.front.SetAutoJoin(r.Conv, !r.Room.Auto) }))
	}
	return append(items, fyne.NewMenuItemSeparator(), w.gui.muteItem(r.Conv, true), entry(lang.T("View History"), func() { w.gui.showHistory(r.Conv) }))
}

// sendToItem leads from a conversation to those with the others of the same contact: nil,
// if there are none.
func (g *GUI) sendToItem(c im.ConvID) []*fyne.MenuItem {
	members, _ := g.list.Contact(c)
	if members == nil {
		return nil
	}
	var items []*fyne.MenuItem
	for _, m := range members {
		best, _ := g.list.Presence(m)
		label := oneLine(m.Peer, 60)
		if via := g.via(m.Account); via != "" {
			label = lang.F("%s %s", label, via)
		}
		i := ticked(m == c, label, func() { g.front.Open(m) })
		i.Icon = g.icons.presence(best.Show)
		items = append(items, i)
	}
	return []*fyne.MenuItem{submenu(lang.T("Send To"), items...)}
}
