package gui

import (
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// shortcuts are those beside the menus'.
func (w *chatWindow) shortcuts() []*desktop.CustomShortcut {
	all := []*desktop.CustomShortcut{
		control(fyne.KeyTab), control(fyne.KeyPageDown), control(fyne.KeyPageUp), control(fyne.KeyN), control(fyne.KeyM),
		shifted(fyne.KeyTab), shifted(fyne.KeyPageUp), shifted(fyne.KeyPageDown), shifted(fyne.KeyW),
	}
	for n := range 9 {
		all = append(all, &desktop.CustomShortcut{KeyName: fyne.KeyName(strconv.Itoa(n + 1)), Modifier: fyne.KeyModifierAlt})
	}
	return all
}

// shortcut does what a shortcut is for. It reports whether it is one of ours.
func (w *chatWindow) shortcut(s fyne.Shortcut) bool {
	if w.gui.anywhere(s) {
		return true
	}
	c, ok := s.(*desktop.CustomShortcut)
	if !ok || !slices.ContainsFunc(w.shortcuts(), func(o *desktop.CustomShortcut) bool { return *o == *c }) {
		return false
	}
	n := len(w.pages)
	shift := c.Modifier&fyne.KeyModifierShift != 0
	switch {
	case c.KeyName == fyne.KeyW:
		w.set.again()
	case n == 0:
	case c.Modifier == fyne.KeyModifierAlt:
		w.pick(int(c.KeyName[0] - '1'))
	case shift && c.KeyName == fyne.KeyPageUp:
		w.move(w.at, w.at-1)
	case shift && c.KeyName == fyne.KeyPageDown:
		w.move(w.at, w.at+1)
	case c.KeyName == fyne.KeyPageUp, shift && c.KeyName == fyne.KeyTab:
		w.pick((w.at + n - 1) % n)
	case c.KeyName == fyne.KeyTab:
		w.pick(w.nextUnread())
	case c.KeyName == fyne.KeyPageDown:
		w.pick((w.at + 1) % n)
	default:
		w.gui.front.ShowNewMessage()
	}
	return true
}

// shifted is the shortcut of a key with Shift and the system's key for shortcuts.
func shifted(key fyne.KeyName) *desktop.CustomShortcut {
	return &desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault | fyne.KeyModifierShift}
}

// nextUnread is the next tab with something new, or just the next one.
func (w *chatWindow) nextUnread() int {
	n := len(w.pages)
	for i := 1; i < n; i++ {
		if at := (w.at + i) % n; w.pages[at].unread > 0 {
			return at
		}
	}
	return (w.at + 1) % n
}

// unmodified is a key on its own, for a menu to tell of: the window sees to what it does.
func unmodified(key fyne.KeyName) *desktop.CustomShortcut {
	return &desktop.CustomShortcut{KeyName: key}
}
