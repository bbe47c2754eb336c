package gui

import (
	"runtime"

	"fyne.io/fyne/v2"

	"culver/lang"
)

// On macOS, the program's own menu has About, Preferences and Quit. The toolkit moves the
// first two there by what they are called, and that only in English; in other languages they
// stay where they are on other systems. A Quit of its own is there already.

const onMac = runtime.GOOS == "darwin"

func aboutLabel(mac bool) string {
	if mac {
		return lang.T("About")
	}
	return lang.T("About…")
}

// preferencesKey is the key that the menu shows; both open the Preferences everywhere.
func preferencesKey(mac bool) fyne.KeyName {
	if mac {
		return fyne.KeyComma
	}
	return fyne.KeyP
}
