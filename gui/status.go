package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"culver/accounts"
	"culver/im"
	"culver/lang"
)

// statusBar is the user's own availability, at the foot of the Buddy List.
type statusBar struct {
	gui     *GUI
	button  *menuButton
	message *statusEntry
	face    *faceButton
	box     *fyne.Container
}

// statusEntry is the status message; it is set by Enter or by leaving it.
type statusEntry struct {
	textEntry
	left func()
}

// FocusLost implements fyne.Focusable.
func (e *statusEntry) FocusLost() {
	e.textEntry.FocusLost()
	e.left()
}

func newStatusBar(g *GUI, k *keys) *statusBar {
	s := &statusBar{gui: g}
	s.button = newMenuButton(k, s.menu)
	s.button.about = s.tip
	s.message = &statusEntry{left: s.commit}
	s.message.keys = &keys{hushed: k.hushed, used: k.used, focused: k.focused, lost: k.lost, tips: k.tips, panes: k.panes, typed: func(e *fyne.KeyEvent) bool {
		switch e.Name {
		case fyne.KeyReturn, fyne.KeyEnter:
			s.commit()
			g.buddies.window.Canvas().Focus(g.buddies.list)
		case fyne.KeyEscape:
			s.message.SetText(g.own.presence.Status)
			g.buddies.window.Canvas().Focus(g.buddies.list)
		default:
			g.helpKey(e)
		}
		return true
	}}
	s.message.ExtendBaseWidget(s.message)
	s.message.Wrapping = fyne.TextWrap(fyne.TextTruncateClip)
	s.message.SetPlaceHolder(lang.T("Status message"))
	s.face = newFaceButton(k, s.pictures)
	s.box = container.NewBorder(nil, nil, s.button, s.face, s.message)
	s.draw()
	return s
}

// shows are the availabilities to choose from.
func shows() []im.Show {
	return []im.Show{im.Available, im.Away, im.DoNotDisturb, im.ExtendedAway, im.Offline}
}

// menu are the availabilities, with the words that stand in the entry; then what was used
// before, and what was saved to be used again.
func (s *statusBar) menu() *fyne.Menu {
	g := s.gui
	m := fyne.NewMenu("")
	for _, show := range shows() {
		m.Items = append(m.Items, fyne.NewMenuItemWithIcon(show.String(), g.icons.presence(show), func() {
			p := g.own.presence
			p.Show, p.Status = show, s.message.Text
			g.front.SetPresence(p)
		}))
	}
	m.Items = append(m.Items, g.statusItems(true)...)
	return m
}

// mostSavedInMenu is how many saved statuses a menu holds: all are in the list of them.
const mostSavedInMenu = 12

// statusItems are the statuses that the user has made. Words that were used are beside
// their availability.
func (g *GUI) statusItems(icons bool) []*fyne.MenuItem {
	var items []*fyne.MenuItem
	add := func(show im.Show, label string, do func()) *fyne.MenuItem {
		i := fyne.NewMenuItem(oneLine(label, 40), do)
		if icons {
			i.Icon = g.icons.presence(show)
		}
		items = append(items, i)
		return i
	}
	section := func(n int) {
		if n > 0 {
			items = append(items, fyne.NewMenuItemSeparator())
		}
	}
	section(len(g.own.statuses.Recent))
	for _, r := range g.own.statuses.Recent {
		add(r.Show, r.Message, func() {
			p := g.own.presence
			p.Show, p.Status = r.Show, r.Message
			g.front.SetPresence(p)
		})
	}
	saved := g.own.statuses.Saved
	section(len(saved))
	for _, r := range saved[:min(len(saved), mostSavedInMenu)] {
		add(r.Show, r.Title, func() { g.front.UseStatus(r.ID) }).Checked = r.ID == g.own.statuses.Used
	}
	return append(items, fyne.NewMenuItemSeparator(), fyne.NewMenuItem(lang.T("New Status…"), g.front.ShowNewStatus),
		fyne.NewMenuItem(lang.T("Saved Statuses…"), g.front.ShowStatuses))
}

// commit tells the messenger the message, if it is another one.
func (s *statusBar) commit() {
	p := s.gui.own.presence
	if s.gui.front == nil || s.message.Text == p.Status {
		return
	}
	p.Status = s.message.Text
	s.gui.front.SetPresence(p)
}

func (s *statusBar) draw() {
	p := s.gui.own.presence
	show, label := s.gui.shown()
	s.button.set(s.gui.icons.presence(show), label, theme.ColorNameForeground)
	if s.message.Text != p.Status && s.gui.buddiesFocused() != fyne.Focusable(s.message) {
		s.message.SetText(p.Status)
	}
	s.face.show(s.gui.ownFace())
	s.face.Hidden = len(s.gui.accounts) == 0
	s.box.Refresh() // the button may have another width
}

// shown is what the user is seen as now, and what to call that: with nothing to be seen
// with, that is what they are told.
func (g *GUI) shown() (im.Show, string) {
	enabled, connecting := 0, 0
	for _, a := range g.accounts {
		if a.Account.Enabled {
			enabled++
		}
		if a.Status == accounts.Connecting {
			connecting++
		}
	}
	switch {
	case len(g.accounts) == 0:
		return im.Offline, lang.T("No account")
	case g.own.presence.Show == im.Offline:
		return im.Offline, im.Offline.String()
	case enabled == 0:
		return im.Offline, lang.T("All accounts are off")
	case connecting == enabled:
		return im.Offline, lang.T("Connecting…")
	case g.own.rested.Idle && g.own.rested.Seen != g.own.presence.Show:
		return g.own.rested.Seen, lang.F("%s (idle)", g.own.rested.Seen.String())
	}
	return g.own.presence.Show, g.own.presence.Show.String()
}

// tip is what there is to know about the own status: that of each account.
func (s *statusBar) tip() tip {
	g := s.gui
	_, label := g.shown()
	t := tip{title: label}
	for _, a := range g.accounts {
		if a.Account.Enabled {
			t.lines = append(t.lines, lang.F("%s: %s", oneLine(a.Account.Title(), 60), g.accountStatus(a)))
		}
	}
	return t
}

// accountStatus is what an account is seen as, or why it is not seen.
func (g *GUI) accountStatus(a accounts.State) string {
	if a.Status != accounts.Online {
		return a.Status.String()
	}
	show, words := g.own.presence.Show, g.own.presence.Status
	if g.own.rested.Idle {
		show = g.own.rested.Seen
	}
	for _, s := range g.own.statuses.Saved {
		if own, ok := s.Accounts[a.Account.ID]; ok && s.ID == g.own.statuses.Used {
			show, words = own.Show, own.Message
		}
	}
	if words = oneLine(words, 100); words != "" {
		return lang.F("%s – %s", show.String(), words)
	}
	return show.String()
}

func (w *buddyWindow) drawStatus() { w.status.draw() }

// buddiesFocused is the widget of the Buddy List that has the keyboard.
func (g *GUI) buddiesFocused() fyne.Focusable {
	if g.buddies == nil {
		return nil
	}
	return g.buddies.window.Canvas().Focused()
}

// via says over which account something goes, where there are several.
func (g *GUI) via(id im.AccountID) string {
	if a, ok := g.account(id); ok && len(g.accounts) > 1 {
		return lang.F("via %s", oneLine(a.Account.Title(), 60))
	}
	return ""
}

// account finds the state of an account.
func (g *GUI) account(id im.AccountID) (accounts.State, bool) {
	for _, s := range g.accounts {
		if s.Account.ID == id {
			return s, true
		}
	}
	return accounts.State{}, false
}
