package gui

import (
	"fyne.io/fyne/v2"

	"culver/accounts"
	"culver/buddylist"
	"culver/conversation"
	"culver/im"
	"culver/lang"
)

// The values of settingSort.
const (
	sortStatus   = ""
	sortName     = "name"
	sortHand     = "hand"
	sortActivity = "activity"
)

// sortOf is what a value of settingSort stands for.
func sortOf(value string) buddylist.Sort {
	switch value {
	case sortName:
		return buddylist.ByName
	case sortHand:
		return buddylist.ByHand
	case sortActivity:
		return buddylist.ByActivity
	}
	return buddylist.ByStatus
}

// sortItem is the menu of the ways to sort.
func (w *buddyWindow) sortItem() *fyne.MenuItem {
	by := func(label, value string) *fyne.MenuItem {
		return ticked(w.gui.settings[settingSort] == value, label, func() { w.gui.front.SetSetting(settingSort, value) })
	}
	return submenu(lang.T("Sort Buddies"), by(lang.T("Manually"), sortHand), by(lang.T("Alphabetically"), sortName),
		by(lang.T("By Status"), sortStatus), by(lang.T("By Recent Activity"), sortActivity))
}

// showInfo tells of the chosen buddy.
func (w *buddyWindow) showInfo() {
	switch w.chosen.Kind {
	case buddylist.BuddyRow, buddylist.ContactRow, buddylist.RequestRow:
		w.gui.front.ShowInfo(w.chosen.Conv)
	case buddylist.RoomRow:
		w.gui.front.RoomAction(w.chosen.Conv, conversation.RoomAbout)
	default:
		w.gui.front.ShowInfo(im.ConvID{})
	}
}

// connected reports whether an account is online.
func (g *GUI) connected(a im.AccountID) bool {
	s, ok := g.account(a)
	return ok && s.Status == accounts.Online
}
