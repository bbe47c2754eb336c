package otrplugin

import (
	"strings"

	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// configWindow is the open settings.
type configWindow struct {
	dialog  plugin.Dialog
	account im.AccountID
	trouble string
	task    *keyTask // something to do with keys that needs a window of its own
}

// Configure opens the settings, or shows again those that are open.
func (p *Plugin) Configure() {
	if p.config != nil {
		p.updateConfig()
		return
	}
	w := &configWindow{trouble: strings.Join(p.damage, " ")}
	p.damage = nil
	p.config = w
	if accounts := p.host.Accounts(); len(accounts) > 0 {
		p.chooseAccount(w, accounts[0].ID)
	}
	w.dialog = p.host.Ask(im.ConvID{}, p.configForm(w), func(a plugin.Answers) {
		if p.config == w {
			p.configured(w, a)
		}
	})
}

func (p *Plugin) closeConfig() {
	w := p.config
	if w == nil {
		return
	}
	p.config = nil
	p.closeTask(w)
	if w.dialog != nil {
		w.dialog.Close()
	}
}

// updateConfig redraws the settings if they are open.
func (p *Plugin) updateConfig() {
	if w := p.config; w != nil && w.dialog != nil {
		w.dialog.Update(p.configForm(w))
		p.updateTask(w)
	}
}

// configured is what the user did in the settings.
func (p *Plugin) configured(w *configWindow, a plugin.Answers) {
	w.trouble = ""
	switch a.Action {
	case fieldAccount, fieldGenerate, fieldStopMaking, fieldRegenerate, fieldExport, fieldImport, fieldDelete,
		fieldEnabled, fieldAutomatic, fieldRequire, fieldKeep, fieldShowButton, fieldStopAsking:
		p.configTabUsed(w, a)
	default:
		trouble, mine := p.fingerprintsAnswered(w, a)
		if !mine {
			p.closeConfig()
			return
		}
		w.trouble = trouble
	}
	p.changed()
}

func (p *Plugin) configForm(w *configWindow) plugin.Form {
	form := plugin.Form{
		Title: lang.T("Off-the-Record Messaging"),
		Tabs: []plugin.Tab{
			{Title: lang.T("Config"), Fields: p.configFields(w)},
			{Title: lang.T("Known fingerprints"), Fields: p.fingerprintsTab()},
		},
		Problem: w.trouble,
		Buttons: []plugin.Button{closeButton()},
	}
	return form
}
