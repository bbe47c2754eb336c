package gui

import (
	"testing"

	"fyne.io/fyne/v2"
)

// TestTheMacsMenu: the names by which the toolkit knows what belongs into the program's own
// menu there.
func TestTheMacsMenu(t *testing.T) {
	if aboutLabel(true) != "About" || preferencesKey(true) != fyne.KeyComma {
		t.Errorf("%q, %q", aboutLabel(true), preferencesKey(true))
	}
	g, _ := start(t, friends())
	bar := g.buddies.window.MainMenu()
	if !item(t, bar, "Buddies", "Quit").IsQuit {
		t.Error("Quit is not known as that")
	}
	item(t, bar, "Tools", "Preferences…")
	item(t, bar, "Help", "About…")
}
