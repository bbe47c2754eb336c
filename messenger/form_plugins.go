package messenger

import (
	"slices"

	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// The actions of the Plugins window.
const (
	actionEnable    = "enable"
	actionDisable   = "disable"
	actionConfigure = "configure"
)

// ShowPlugins opens the list of plugins, or brings it to the front.
func (m *Messenger) ShowPlugins() {
	m.inbox.Put(func() {
		if m.pluginList != nil {
			m.pluginList.raise()
			return
		}
		m.pluginList = m.ask(im.ConvID{}, m.pluginsForm(), func(a plugin.Answers) {
			if ending(a.Action) {
				m.pluginList.Close()
				m.pluginList = nil
				return
			}
			for _, o := range m.offers {
				if slices.Contains(a.Rows, o.info.ID) {
					m.pluginAction(o, a.Action)
				}
			}
		})
		m.pluginList.keepFresh(m.pluginsForm)
	})
}

func (m *Messenger) pluginAction(o *offer, action string) {
	switch action {
	case actionEnable:
		m.enablePlugin(o)
	case actionDisable:
		m.askToDisable(o)
	case actionConfigure:
		if o.host == nil {
			return
		}
		switch c := o.host.plugin.(type) {
		case plugin.Configurer:
			m.guard(c.Configure)
		case plugin.Preferrer:
			m.showPreferences(PageNotifications)
		}
	}
}

func (m *Messenger) pluginsForm() plugin.Form {
	table := im.Field{ID: "plugins", Kind: im.FieldTable, Columns: []string{lang.T("Plugin"), lang.T("Enabled"), lang.T("Version"), lang.T("What it does")},
		Actions: []im.RowAction{{ID: actionEnable, Label: lang.T("Enable")}, {ID: actionDisable, Label: lang.T("Disable")},
			{ID: actionConfigure, Label: lang.T("Configure…")}}, Open: actionConfigure}
	for _, o := range m.offers {
		row := im.Row{ID: o.info.ID, Cells: []string{o.info.Title, lang.T("No"), o.info.Version, o.info.Description}}
		switch {
		case o.host == nil:
			row.Can = []string{actionEnable}
		case o.failed:
			row.Cells[1], row.Can = lang.T("Could not be started"), []string{actionEnable, actionDisable}
		default:
			row.Cells[1], row.Can = lang.T("Yes"), []string{actionDisable}
			switch o.host.plugin.(type) {
			case plugin.Configurer, plugin.Preferrer:
				row.Can = append(row.Can, actionConfigure)
			}
		}
		table.Rows = append(table.Rows, row)
	}
	return plugin.Page(lang.T("Plugins"), "", []im.Field{table}, closeButton())
}
