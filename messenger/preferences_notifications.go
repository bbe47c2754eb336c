package messenger

import (
	"culver/lang"
	"culver/plugin"
)

// notificationRows are the settings of the plugins that make the user aware of what comes.
func (m *Messenger) notificationRows() []preference {
	rows := []preference{heading(lang.T("A conversation or a room is muted in its Options menu. While your status is Do not disturb there are no notifications."))}
	for _, o := range m.offers {
		rows = append(rows, m.pluginRows(o)...)
	}
	return append(rows, button("show.plugins", lang.T("Plugins…"), m.ShowPlugins))
}

// pluginRows are the settings of a plugin that has rows in the Preferences, under its title.
func (m *Messenger) pluginRows(o *offer) (rows []preference) {
	p, ok := preferrer(o)
	if !ok {
		return nil
	}
	prefix := "plugin." + o.info.ID + "."
	m.guard(func() {
		for _, f := range p.Preferences() {
			id := f.ID
			row := preference{Field: f.Field, standard: f.Standard, own: func() string { return f.Value }}
			row.ID = prefix + id
			if row.WhenField != "" {
				row.WhenField = prefix + row.WhenField
			}
			row.set = func(value string) {
				if err := p.Prefer(id, value); err != nil {
					m.trouble(asSentence(err), nil)
				}
			}
			rows = append(rows, row)
		}
	})
	return append([]preference{heading(o.info.Title)}, rows...)
}

// preferrer is the plugin on offer, if it is enabled and its settings are in the Preferences.
func preferrer(o *offer) (p plugin.Preferrer, ok bool) {
	if o.host == nil {
		return nil, false
	}
	p, ok = o.host.plugin.(plugin.Preferrer)
	return p, ok
}
