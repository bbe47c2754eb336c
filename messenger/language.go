package messenger

import (
	"culver/im"
	"culver/lang"
)

// Tongue keeps the language that the user chose, outside of the store: it is needed
// before that is open.
type Tongue interface {
	Language() string // empty: the system's
	SetLanguage(code string) error
}

// languageRow is the choice of the language. It is no setting of the store.
func (m *Messenger) languageRow() preference {
	row := choice("language", lang.T("Language"), "", im.Choice{Value: "", Label: lang.T("As the system")}).
		hint(lang.T("It changes when Culver starts again."))
	for _, l := range lang.Spoken() {
		row.Choices = append(row.Choices, im.Choice{Value: l.Code, Label: l.Name})
	}
	row.hidden = m.cfg.Tongue == nil || len(row.Choices) < 3
	if !row.hidden {
		row.Value = m.cfg.Tongue.Language()
	}
	row.act = func(code string) {
		if p := (preference{Field: row.Field}); !p.takes(code) {
			return
		}
		if err := m.cfg.Tongue.SetLanguage(code); err != nil {
			m.trouble(lang.T("The language could not be saved."), err)
		}
	}
	return row
}
