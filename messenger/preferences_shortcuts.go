package messenger

import (
	"culver/im"
	"culver/lang"
)

// shortcutRows list what keys do.
func (m *Messenger) shortcutRows() []preference {
	table := im.Field{ID: "shortcuts", Kind: im.FieldTable, Columns: []string{lang.T("Where"), lang.T("What it does"), lang.T("Keys")}}
	for i, s := range Shortcuts() {
		table.Rows = append(table.Rows, im.Row{ID: string(rune('0' + i)), Cells: []string{s.Place.String(), s.Label, keysText(s.Keys)}})
	}
	return []preference{{Field: table}}
}
