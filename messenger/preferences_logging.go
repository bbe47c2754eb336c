package messenger

import (
	"culver/im"
	"culver/lang"
)

func (m *Messenger) loggingRows() []preference {
	rows := []preference{
		toggle(SettingHistory, lang.T("Keep a history of conversations"), true).hint(lang.T("Conversations for which you chose otherwise stay as they are.")),
		heading(lang.T("The history is encrypted on this disk. What is in it already stays there until you delete it.")),
	}
	for i, o := range m.keepers() {
		if i == 0 {
			rows = append(rows, heading(lang.T("Private conversations have a choice of their own, in the settings of the plugin that makes them private:")))
		}
		rows = append(rows, m.pluginButton(o))
	}
	return append(rows, heading(lang.T("The whole history")),
		button("show.export", lang.T("Export…"), func() { m.ShowExport(im.Range{}) }),
		button("show.erase", lang.T("Delete…"), func() { m.ShowErase(im.Range{}) }))
}

// pluginButton opens the settings of a plugin.
func (m *Messenger) pluginButton(o *offer) preference {
	return button("show.plugin."+o.info.ID, o.info.Title+"…", func() { m.pluginAction(o, actionConfigure) })
}
