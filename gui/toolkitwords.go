package gui

import (
	"encoding/json"

	"fyne.io/fyne/v2"
	toolkit "fyne.io/fyne/v2/lang"

	"culver/lang"
)

// TeachToolkit has the toolkit say what it says by itself, the menu of a line for
// instance, in Culver's language rather than in the system's. It is for the start, after
// the language was chosen.
func TeachToolkit() error {
	words, err := json.Marshal(map[string]string{
		"Cut": lang.T("Cut"), "Copy": lang.T("Copy"), "Paste": lang.T("Paste"), "Select all": lang.T("Select all"),
		"Undo": lang.T("Undo"), "Redo": lang.T("Redo"), "Quit": lang.T("Quit"),
	})
	if err != nil {
		return err
	}
	system := toolkit.SystemLocale() // whichever the toolkit goes by, it finds these
	for _, l := range []fyne.Locale{"en", fyne.Locale(system.LanguageString()), system} {
		if err := toolkit.AddTranslationsForLocale(words, l); err != nil {
			return err
		}
	}
	return nil
}
