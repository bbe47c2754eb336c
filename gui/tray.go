package gui

import (
	"fmt"

	"fyne.io/fyne/v2"

	"culver/im"
	"culver/lang"
	"culver/messenger"
)

// tray is the icon beside the clock: where there is a place for it, the Buddy List can
// be closed without an end to the program.
type tray struct {
	there bool // there is such a place
	shown bool // and our icon is in it
	drawn string
	badge int // as the system was told
	icons map[string]fyne.Resource
}

// TrayThere is told that there is a place for icons beside the clock, or no longer. It
// belongs to the goroutine of [New].
func (g *GUI) TrayThere(there bool) {
	if g.tray.there == there || g.stopped {
		return
	}
	g.tray.there = there
	if !g.over() && g.front != nil {
		g.buddies.drawMenu()
		g.drawTray()
	}
}

// TrayPressed is told that the icon was clicked: what is unread comes to the front,
// else the Buddy List comes or goes. It belongs to the goroutine of [New].
func (g *GUI) TrayPressed() {
	if !g.tray.shown {
		return
	}
	if calls := g.calling(); len(calls) > 0 {
		g.Show(calls[0].conv)
		return
	}
	g.buddies.toggleShown()
}

// calling are the conversations in which something waits that the user wants to be made
// aware of.
func (g *GUI) calling() (all []*page) {
	g.chats.each(func(p *page) {
		h := g.heeds[p.conv]
		if p.unread > 0 && h != messenger.HeedNone && (p.room == nil || p.named > 0 || h == messenger.HeedAll) {
			all = append(all, p)
		}
	})
	return all
}

// wantsTray reports that the icon is to be there now. What is hidden behind it stays
// within reach.
func (g *GUI) wantsTray(calls int) bool {
	switch g.settings[messenger.SettingTray] {
	case messenger.TrayNever:
		return false
	case messenger.TrayUnread:
		return calls > 0 || g.buddies.hidden || g.waiting
	}
	return true
}

// drawTray brings the icon beside the clock, and the number on the program's, in line
// with what there is.
func (g *GUI) drawTray() {
	calls := g.calling()
	defer g.setBadge(len(calls))
	if !g.tray.there || !g.wantsTray(len(calls)) {
		g.endTray()
		g.buddies.reveal()
		return
	}
	g.minimize()
	signature := fmt.Sprint(g.own.presence.Show, g.own.rested, g.own.statuses, g.buddies.hidden, g.soundsOff(), g.canLock)
	for _, p := range calls {
		signature += fmt.Sprintf("\n%s %d", p.name(), p.unread)
	}
	if g.tray.shown && signature == g.tray.drawn {
		return
	}
	g.tray.shown, g.tray.drawn = true, signature
	tip := g.own.presence.Show.String()
	if len(calls) > 0 {
		tip = lang.N(len(calls), "%d conversation with unread messages", "%d conversations with unread messages", len(calls))
	}
	g.system.ShowTray(&Tray{Icon: g.trayIcon(g.own.presence.Show, len(calls) > 0), Tip: tip, Urgent: len(calls) > 0, Menu: g.trayMenu(calls)})
}

// endTray takes the icon away.
func (g *GUI) endTray() {
	if g.tray.shown {
		g.tray.shown = false
		g.system.ShowTray(nil)
	}
}

// setBadge puts a number on the program's icon.
func (g *GUI) setBadge(n int) {
	if n != g.tray.badge {
		g.tray.badge = n
		g.system.Badge(n)
	}
}

// noTray takes away all that is beside the windows.
func (g *GUI) noTray() {
	g.endTray()
	g.setBadge(0)
}

// trayMenu is the icon's menu.
func (g *GUI) trayMenu(calls []*page) *fyne.Menu {
	list := fyne.NewMenuItem(lang.T("Hide Buddy List"), g.buddies.toggleShown)
	if g.buddies.hidden {
		list.Label = lang.T("Show Buddy List")
	}
	unread := fyne.NewMenuItem(lang.T("Unread Messages"), nil)
	unread.Disabled = len(calls) == 0
	const most = 20
	for i, p := range calls {
		if i == 0 {
			unread.ChildMenu = fyne.NewMenu("")
		}
		if i < most {
			c := p.conv
			unread.ChildMenu.Items = append(unread.ChildMenu.Items, fyne.NewMenuItem(unreadTitle(p.name(), p.unread), func() { g.Show(c) }))
		}
	}
	status := fyne.NewMenuItem(lang.T("Change Status"), nil)
	status.ChildMenu = fyne.NewMenu("")
	for _, show := range shows() {
		i := fyne.NewMenuItem(show.String(), func() {
			p := g.own.presence
			p.Show = show
			g.front.SetPresence(p)
		})
		i.Checked = show == g.own.presence.Show
		status.ChildMenu.Items = append(status.ChildMenu.Items, i)
	}
	status.ChildMenu.Items = append(status.ChildMenu.Items, g.statusItems(false)...)
	mute := g.soundItems()[1]
	quit := fyne.NewMenuItem(lang.T("Quit"), g.quit)
	m := fyne.NewMenu("", list, unread, fyne.NewMenuItemSeparator(),
		fyne.NewMenuItem(lang.T("New Instant Message…"), g.front.ShowNewMessage),
		fyne.NewMenuItem(lang.T("Join a Chat…"), func() { g.front.ShowJoinRoom(im.ConvID{}) }),
		status, fyne.NewMenuItemSeparator(),
		fyne.NewMenuItem(lang.T("Manage Accounts…"), g.front.ShowAccounts),
		fyne.NewMenuItem(lang.T("Plugins…"), g.front.ShowPlugins), mute)
	if g.canLock {
		m.Items = append(m.Items, fyne.NewMenuItem(lang.T("Lock Culver"), g.lock))
	}
	m.Items = append(m.Items, fyne.NewMenuItemSeparator(), quit)
	for _, i := range m.Items { // while the program is being locked, nothing of this is left
		if do := i.Action; do != nil {
			i.Action = func() {
				if !g.over() {
					do()
				}
			}
		}
	}
	return m
}

// trayItem is the entry of the menu for when the icon is shown; nil where there is no
// place for one.
func (g *GUI) trayItem() *fyne.MenuItem {
	if !g.tray.there {
		return nil
	}
	now := g.settings[messenger.SettingTray]
	choose := func(label, value string) *fyne.MenuItem {
		i := fyne.NewMenuItem(label, func() { g.front.SetSetting(messenger.SettingTray, value) })
		i.Checked = value == now
		return i
	}
	out := fyne.NewMenuItem(lang.T("Tray Icon"), nil)
	out.ChildMenu = fyne.NewMenu("", choose(lang.T("Always"), messenger.TrayAlways),
		choose(lang.T("On Unread Messages"), messenger.TrayUnread), choose(lang.T("Never"), messenger.TrayNever))
	return out
}

// closing is the button of the Buddy List's window that closes it.
func (w *buddyWindow) closing() {
	if !w.gui.tray.shown {
		w.gui.quit()
		return
	}
	w.toggleShown()
}

// toggleShown hides the Buddy List behind the icon beside the clock, or brings it back.
func (w *buddyWindow) toggleShown() {
	if w.hidden {
		w.reveal()
		w.window.RequestFocus()
	} else if w.gui.tray.shown && w.shown && !w.gone {
		w.hidden = true
		if w.gui.active == w.window {
			w.gui.active = nil
		}
		w.window.Hide()
	}
	w.gui.drawTray()
}

// reveal brings it back on the screen, if it is hidden.
func (w *buddyWindow) reveal() {
	if w.hidden && !w.gone {
		w.hidden = false
		w.appear()
		w.window.Canvas().Focus(w.list)
	}
}
