package gui

import (
	"cmp"
	"slices"

	"fyne.io/fyne/v2"

	"culver/accounts"
	"culver/lang"
	"culver/messenger"
)

// arrangeAccounts takes up what can be done with accounts, and their order.
func (g *GUI) arrangeAccounts(e messenger.AccountMenusChanged) {
	g.accountMenus = e.Menus
	slices.SortStableFunc(g.accounts, func(a, b accounts.State) int {
		return cmp.Compare(slices.Index(e.Order, a.Account.ID), slices.Index(e.Order, b.Account.ID))
	})
}

// accountItems are the entries for the accounts below Manage Accounts: those that are
// disabled can be enabled, and each of the others has a menu of its own.
func (g *GUI) accountItems() []*fyne.MenuItem {
	enable := fyne.NewMenuItem(lang.T("Enable Account"), nil)
	var off, on []*fyne.MenuItem
	for _, s := range g.accounts {
		id := s.Account.ID
		label := oneLine(s.Account.Title(), 50)
		if s.Network != "" {
			label += " (" + oneLine(s.Network, 30) + ")"
		}
		if !s.Account.Enabled {
			off = append(off, fyne.NewMenuItem(label, func() { g.front.SetAccountEnabled(id, true) }))
			continue
		}
		i := fyne.NewMenuItem(label, nil)
		i.ChildMenu = fyne.NewMenu("", g.pluginItems(g.accountMenus[id], func(action string) { g.front.InvokeAccount(id, action) })...)
		on = append(on, i)
	}
	if enable.Disabled = len(off) == 0; !enable.Disabled {
		enable.ChildMenu = fyne.NewMenu("", off...)
	}
	out := []*fyne.MenuItem{enable}
	if len(on) > 0 {
		out = append(append(out, fyne.NewMenuItemSeparator()), on...)
	}
	return out
}
