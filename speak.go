package main

import (
	"fmt"
	"os"

	toolkit "fyne.io/fyne/v2/lang"

	"culver/gui"
	"culver/lang"
	"culver/storage"
)

// speak chooses the language: the one that the user chose in the profile, if there is
// one, else the system's. It returns its code.
func speak(p *storage.Profile) string {
	locale := ""
	if p != nil {
		locale = p.Language()
	}
	if locale == "" {
		locale = toolkit.SystemLocale().LanguageString()
	}
	code, err := lang.Use(locale)
	if err == nil {
		err = gui.TeachToolkit()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "culver:", err)
	}
	return code
}
