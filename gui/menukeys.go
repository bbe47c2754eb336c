package gui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"culver/messenger"
)

// quietShortcut is one that the toolkit obeys, by its name, and does not draw: it would do
// so in a fifth of the letters' colour, which nobody can read.
type quietShortcut struct{ keys fyne.KeyboardShortcut }

// ShortcutName implements fyne.Shortcut.
func (s quietShortcut) ShortcutName() string { return s.keys.ShortcutName() }

// keysGap stands between the words of an entry and its keys.
const keysGap = "\u2003"

// withKeys has the entries of a menu bar say which keys do the same, at their right end. On
// a Mac the system writes them.
func withKeys(bar *fyne.MainMenu) *fyne.MainMenu {
	if !onMac {
		for _, m := range bar.Items {
			writeKeys(m)
		}
	}
	return bar
}

func writeKeys(m *fyne.Menu) {
	width := func(s string) float32 { return fyne.MeasureText(s, theme.TextSize(), fyne.TextStyle{}).Width }
	keys := make([]string, len(m.Items))
	widest := float32(0)
	for n, i := range m.Items {
		if i.ChildMenu != nil {
			writeKeys(i.ChildMenu)
		}
		label := i.Label
		if s, ok := i.Shortcut.(fyne.KeyboardShortcut); ok {
			keys[n], i.Shortcut = keysOf(s), quietShortcut{s}
			label += keysGap + keys[n]
		}
		widest = fyne.Max(widest, width(label))
	}
	for n, i := range m.Items {
		if keys[n] != "" {
			missing := widest - width(i.Label+keysGap+keys[n])
			i.Label += keysGap + strings.Repeat(" ", int(missing/width(" ")+0.5)) + keys[n]
		}
	}
}

// keysOf are the keys of a shortcut, as people read them.
func keysOf(s fyne.KeyboardShortcut) string {
	keys := ""
	for _, m := range []struct {
		held fyne.KeyModifier
		name string
	}{{fyne.KeyModifierControl, "Ctrl+"}, {fyne.KeyModifierAlt, "Alt+"}, {fyne.KeyModifierShift, "Shift+"}} {
		if s.Mod()&m.held != 0 {
			keys += m.name
		}
	}
	switch key := s.Key(); key {
	case fyne.KeyPageUp:
		keys += "PageUp"
	case fyne.KeyPageDown:
		keys += "PageDown"
	default:
		keys += string(key)
	}
	return messenger.KeyText(keys)
}

// wordsOf is what an entry of a menu says, without the keys.
func wordsOf(i *fyne.MenuItem) string {
	words, _, _ := strings.Cut(i.Label, keysGap)
	return words
}
