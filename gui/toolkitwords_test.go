package gui

import (
	"testing"

	toolkit "fyne.io/fyne/v2/lang"

	"culver/lang"
)

func TestTheToolkitSpeaksAsCulverDoes(t *testing.T) {
	for _, l := range []struct{ locale, want string }{{lang.Pseudo, "‹Select all›"}, {"en", "Select all"}} {
		if _, err := lang.Use(l.locale); err != nil {
			t.Fatal(err)
		}
		if err := TeachToolkit(); err != nil {
			t.Fatal(err)
		}
		if got := toolkit.L("Select all"); got != l.want {
			t.Errorf("%s: the toolkit says %q", l.locale, got)
		}
	}
}
