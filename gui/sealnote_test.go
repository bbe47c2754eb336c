package gui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// In a narrow window, or in a language of long words, who can read is said in several lines.
func TestWhoCanReadIsNotCutOff(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(newLook(wish{mode: themeLight, zoom: 100}))
	n := newSealNote(newIcons(), "Not private: the room's server can read. Whoever takes this name later may be somebody else.")
	one := n.MinSize().Height
	n.Resize(fyne.NewSize(2000, one))
	if h := n.MinSize().Height; h != one {
		t.Errorf("one line is %v high, not %v", h, one)
	}
	n.Resize(fyne.NewSize(200, one))
	if h := n.MinSize().Height; h < 2*one-8 {
		t.Errorf("several lines are %v high, one is %v", h, one)
	}
}
