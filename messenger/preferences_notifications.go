package messenger

import (
	"culver/lang"
	"culver/plugin"
)

// notificationRows lead to the plugins that make the user aware of what comes.
func (m *Messenger) notificationRows() []preference {
	rows := []preference{heading(lang.T("A conversation or a room is muted in its Options menu. While your status is Do not disturb there are no notifications."))}
	for _, o := range m.offers {
		if o.host == nil {
			continue
		}
		_, listens := o.host.plugin.(plugin.Listener)
		if _, ok := o.host.plugin.(plugin.Configurer); ok && listens {
			rows = append(rows, m.pluginButton(o))
		}
	}
	return append(rows, button("show.plugins", lang.T("Plugins…"), m.ShowPlugins))
}
