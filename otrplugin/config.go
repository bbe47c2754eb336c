package otrplugin

import (
	"slices"
	"strings"

	"culver/im"
	"culver/plugin"
)

// The fields and actions of the settings.
const (
	fieldAccount     = "account"
	fieldFingerprint = "fingerprint"
	fieldGenerate    = "generate"
	fieldGenerating  = "generating"
	fieldEnabled     = "enabled"
	fieldAutomatic   = "automatic"
	fieldRequire     = "require"
	fieldDontLog     = "dontlog"

	buttonOK = "ok"

	noKey = "No key present"
)

// configWindow is the open settings.
type configWindow struct {
	dialog  plugin.Dialog
	account im.AccountID
	trouble string
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
	if w.dialog != nil {
		w.dialog.Close()
	}
}

// updateConfig redraws the settings if they are open.
func (p *Plugin) updateConfig() {
	if w := p.config; w != nil && w.dialog != nil {
		w.dialog.Update(p.configForm(w))
	}
}

// chooseAccount shows an account's key, which may have to be read first.
func (p *Plugin) chooseAccount(w *configWindow, id im.AccountID) {
	w.account = id
	if a := p.account(id); a.state == keyUnknown || a.state == keyFailed {
		p.loadKey(a)
	}
}

// configured is what the user did in the settings.
func (p *Plugin) configured(w *configWindow, a plugin.Answers) {
	w.trouble = ""
	switch a.Action {
	case fieldAccount:
		for _, account := range p.host.Accounts() {
			if string(account.ID) == a.Values[fieldAccount] {
				p.chooseAccount(w, account.ID)
			}
		}
	case fieldGenerate:
		if a := p.accounts[w.account]; a != nil && a.state == keyFailed {
			p.loadKey(a)
		} else if a != nil {
			p.needKey(a.id)
		}
	case fieldEnabled, fieldAutomatic, fieldRequire, fieldDontLog:
		p.switchedSetting(w, a.Action, a.Values[a.Action] == im.On)
	default:
		trouble, mine := p.fingerprintsAnswered(a)
		if !mine {
			p.closeConfig()
			return
		}
		w.trouble = trouble
	}
	p.changed()
}

func (p *Plugin) switchedSetting(w *configWindow, id string, on bool) {
	s := p.settings
	s.set(id, on)
	if err := p.changeSettings(s); err != nil {
		w.trouble = "Nothing was changed: " + sentence(err.Error())
	}
}

func (p *Plugin) configForm(w *configWindow) plugin.Form {
	form := plugin.Form{
		Title: "Off-the-Record Messaging",
		Tabs: []plugin.Tab{
			{Title: "Config", Fields: p.configFields(w)},
			{Title: "Known fingerprints", Fields: p.fingerprintsTab()},
		},
		Buttons: []plugin.Button{closeButton},
	}
	if w.trouble != "" {
		form.Intro = w.trouble
	}
	return form
}

func (p *Plugin) configFields(w *configWindow) []im.Field {
	fields := append([]im.Field{note("My private keys")}, p.keyFields(w)...)
	return append(append(fields, note("Default OTR settings")), p.settings.fields()...)
}

func onOff(id, label string, on, off bool) im.Field {
	f := im.Field{ID: id, Kind: im.FieldSwitch, Label: label, Live: true, Off: off}
	if on {
		f.Value = im.On
	}
	return f
}

// keyFields show the key of the chosen account, and offer to make one.
func (p *Plugin) keyFields(w *configWindow) []im.Field {
	accounts := p.host.Accounts()
	if len(accounts) == 0 {
		return []im.Field{note("No account available")}
	}
	if !slices.ContainsFunc(accounts, func(a im.Account) bool { return a.ID == w.account }) {
		p.chooseAccount(w, accounts[0].ID) // the one before was removed
	}
	choice := im.Field{
		ID: fieldAccount, Kind: im.FieldChoice, Label: "Key for account", Live: true, Value: string(w.account),
	}
	for _, a := range accounts {
		choice.Choices = append(choice.Choices, im.Choice{Value: string(a.ID), Label: a.Title()})
	}
	fingerprint := im.Field{ID: fieldFingerprint, Kind: im.FieldCode, Label: "Fingerprint", Value: noKey}
	generate := im.Field{ID: fieldGenerate, Kind: im.FieldButton, Label: "Generate", Off: true}
	var more []im.Field
	switch a := p.account(w.account); a.state {
	case keyReady:
		fingerprint.Value = a.key.Fingerprint().String()
	case keyLoading:
		fingerprint.Value = "Reading the key…"
	case keyGenerating:
		more = append(more, im.Field{
			ID: fieldGenerating, Kind: im.FieldProgress, Percent: 50,
			Label: "Please wait: making a private key for " + a.id.Bare() + "…",
		})
	case keyFailed:
		fingerprint.Value = "The key is out of reach"
		more = append(more, note(p.keyFailure(a)))
		generate.Off, generate.Label = false, "Try again"
	default:
		generate.Off = false
	}
	return append([]im.Field{choice, fingerprint, generate}, more...)
}
