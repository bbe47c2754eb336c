package gui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"culver/buddylist"
	"culver/lang"
)

// detach takes everything off the screen and forgets it, until the front end is
// attached to another messenger. What there was stays in no widget: the windows are
// made anew.
func (g *GUI) detach() {
	if g.detached || g.stopped {
		return
	}
	g.chats.keepDrafts() // of a messenger that locked by itself
	g.keepSizes()
	g.detached = true
	g.inChats = g.chats.active()
	g.inPast = g.active != nil && g.past != nil && g.active == g.past.window
	for _, w := range slices.Clone(g.asked) {
		w.Close()
	}
	if g.past != nil {
		g.past.close()
	}
	wish := g.wish()
	g.hush, g.active, g.trouble = hush{}, nil, nil
	g.accounts, g.menus, g.guides, g.canLock = nil, nil, nil, false
	g.transfers, g.deposits, g.invitations, g.heeds, g.emojis = nil, nil, nil, nil, nil
	g.own = ownStatus{presence: g.own.presence}
	g.list, g.settings = buddylist.New(), map[string]string{}
	chats, buddies := g.chats, g.buddies
	g.chats = newChats(g)
	switch {
	case buddies.came: // else there is nothing in it, and nothing would take it away
		g.buddies = newBuddyWindow(g) // before the old one closes: see New
		buddies.shut()
	case buddies.shown, g.waiting: // behind the icon since the start: what is in it is made anew
		g.buddies = newBuddyWindowIn(g, buddies.window)
		buddies.gone = true
		buddies.tips.leave()
		buddies.window.SetMainMenu(fyne.NewMainMenu())
	}
	chats.shut()
	g.minimized, g.waiting = false, false
	g.noTray()
	g.app.Settings().SetTheme(newLook(wish)) // the toolkit forgets all words that it has measured
}

// over reports that nothing more is to be shown of the messenger.
func (g *GUI) over() bool { return g.detached || g.stopped }

// lock locks the program, if it can be unlocked again.
func (g *GUI) lock() {
	if !g.canLock || g.over() {
		return
	}
	g.chats.keepDrafts()
	g.keepSizes()
	if p := g.chats.front(); p != nil {
		g.front.Open(p.conv) // it is in front again afterwards
	}
	g.front.Lock()
}

// lockShortcut is Ctrl+Alt+L.
func lockShortcut() *desktop.CustomShortcut {
	return &desktop.CustomShortcut{KeyName: fyne.KeyL, Modifier: fyne.KeyModifierShortcutDefault | fyne.KeyModifierAlt}
}

// lockItem is the entry of the menu for it.
func (g *GUI) lockItem() *fyne.MenuItem {
	i := fyne.NewMenuItem(lang.T("Lock Culver"), g.lock)
	i.Shortcut = lockShortcut()
	return i
}
