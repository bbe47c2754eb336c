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
	s.message = &statusEntry{left: s.commit}
	s.message.keys = &keys{hushed: k.hushed, used: k.used, focused: k.focused, lost: k.lost, tips: k.tips, typed: func(e *fyne.KeyEvent) bool {
		switch e.Name {
		case fyne.KeyReturn, fyne.KeyEnter:
			s.commit()
			g.buddies.window.Canvas().Focus(g.buddies.list)
		case fyne.KeyEscape:
			s.message.SetText(g.presence.Status)
			g.buddies.window.Canvas().Focus(g.buddies.list)
		default:
			g.helpKey(e)
		}
		return true
	}}
	s.message.ExtendBaseWidget(s.message)
	s.message.Wrapping = fyne.TextWrap(fyne.TextTruncateClip)
	s.message.SetPlaceHolder(lang.T("Status message"))
	s.box = container.NewBorder(nil, nil, s.button, nil, s.message)
	s.draw()
	return s
}

// shows are the availabilities to choose from.
func shows() []im.Show {
	return []im.Show{im.Available, im.Away, im.DoNotDisturb, im.ExtendedAway, im.Offline}
}

func (s *statusBar) menu() *fyne.Menu {
	m := fyne.NewMenu("")
	for _, show := range shows() {
		m.Items = append(m.Items, fyne.NewMenuItemWithIcon(show.String(), s.gui.icons.presence(show), func() {
			p := s.gui.presence
			p.Show, p.Status = show, s.message.Text
			s.gui.front.SetPresence(p)
		}))
	}
	return m
}

// commit tells the messenger the message, if it is another one.
func (s *statusBar) commit() {
	p := s.gui.presence
	if s.gui.front == nil || s.message.Text == p.Status {
		return
	}
	p.Status = s.message.Text
	s.gui.front.SetPresence(p)
}

func (s *statusBar) draw() {
	p := s.gui.presence
	s.button.set(s.gui.icons.presence(p.Show), p.Show.String(), theme.ColorNameForeground)
	if s.message.Text != p.Status && s.gui.buddiesFocused() != fyne.Focusable(s.message) {
		s.message.SetText(p.Status)
	}
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
