package messenger

import (
	"errors"

	"culver/im"
	"culver/plugin"
	"culver/protocol"
)

// ShowPlugins opens the list of plugins.
func (m *Messenger) ShowPlugins() {
	m.inbox.Put(func() {
		table := im.Field{ID: "plugins", Kind: im.FieldTable, Columns: []string{"Plugin", "Version", "What it does"},
			Actions: []im.RowAction{{ID: "configure", Label: "Configure…"}}}
		for _, h := range m.plugins {
			info := h.plugin.Info()
			row := im.Row{ID: info.ID, Cells: []string{info.Title, info.Version, info.Description}}
			if _, ok := h.plugin.(plugin.Configurer); ok {
				row.Can = []string{"configure"}
			}
			table.Rows = append(table.Rows, row)
		}
		var d *dialog
		d = m.ask(im.ConvID{}, plugin.Page("Plugins", "", []im.Field{table}, buttonClose), func(a plugin.Answers) {
			if a.Action != "configure" {
				d.Close()
				return
			}
			for _, id := range a.Rows {
				if c, ok := m.hosted(id).(plugin.Configurer); ok {
					m.guard(c.Configure)
				}
			}
		})
	})
}

// ShowAbout says what Culver is.
func (m *Messenger) ShowAbout() {
	m.inbox.Put(func() {
		m.say("About Culver", "Culver "+m.cfg.Version+" makes private conversation ordinary: instant messaging with Off-the-Record encryption built in. "+
			"Free software under the BSD 3-Clause licence.")
	})
}

// sentenceOf turns the errors of sessions into sentences for people.
func sentenceOf(err error) string {
	if errors.Is(err, protocol.ErrOffline) {
		return "This needs a connection. Try again when the account is online."
	}
	return err.Error()
}
