package otrplugin

import (
	"slices"

	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// The fields of the Config tab.
const (
	fieldAccount     = "account"
	fieldFingerprint = "fingerprint"
	fieldGenerate    = "generate"
	fieldStopMaking  = "stop"
	fieldRegenerate  = "regenerate"
	fieldExport      = "exportkey"
	fieldImport      = "importkeys"
	fieldDelete      = "deletekey"
	fieldEnabled     = "enabled"
	fieldAutomatic   = "automatic"
	fieldRequire     = "require"
	fieldKeep        = "keepprivate"
	fieldShowButton  = "showbutton"
	fieldStopAsking  = "stopasking"
)

func noKey() string { return lang.T("No key present") }

// chooseAccount shows an account's key, which may have to be read first.
func (p *Plugin) chooseAccount(w *configWindow, id im.AccountID) {
	w.account = id
	a := p.account(id)
	if a.state == keyUnknown || a.state == keyFailed && a.work == nil && a.err != errMakingStopped {
		p.loadKey(a)
	}
}

// configTabUsed is what the user did in the Config tab.
func (p *Plugin) configTabUsed(w *configWindow, answers plugin.Answers) {
	value := answers.Values[answers.Action]
	switch answers.Action {
	case fieldAccount:
		for _, account := range p.host.Accounts() {
			if string(account.ID) == answers.Values[fieldAccount] {
				p.chooseAccount(w, account.ID)
			}
		}
		return
	case fieldEnabled, fieldAutomatic, fieldRequire, fieldKeep:
		s := p.settings
		s.set(answers.Action, value)
		p.saved(w, p.changeSettings(s))
		return
	case fieldShowButton:
		p.saved(w, p.changeLook(look{ShowButton: value == im.On}))
		return
	case fieldStopAsking:
		p.askToStopAsking(w)
		return
	}
	a := p.accounts[w.account]
	if a == nil {
		return
	}
	switch answers.Action {
	case fieldGenerate:
		if a.state == keyFailed && a.work == nil {
			p.loadKey(a)
		} else {
			p.needKey(a.id)
		}
	case fieldStopMaking:
		p.stopMaking(a)
	case fieldRegenerate:
		p.askToRegenerate(w, a)
	case fieldExport:
		p.exportKey(w, a)
	case fieldImport:
		p.importKeys(w)
	case fieldDelete:
		p.askToDelete(w, a)
	}
}

func (p *Plugin) saved(w *configWindow, err error) {
	if err != nil {
		w.trouble = lang.F("Nothing was changed: %s", inWords(err))
	}
}

func (p *Plugin) configFields(w *configWindow) []im.Field {
	fields := append(append(p.rescuedFields(), note(lang.T("My private keys"))), p.keyFields(w)...)
	fields = append(append(fields, note(lang.T("Default OTR settings"))), p.settings.fields()...)
	return append(fields, note(lang.T("OTR button")),
		onOff(fieldShowButton, lang.T("Show OTR button in conversations"), p.look.ShowButton, false))
}

// keyFields show the key of the chosen account, and what can be done with it.
func (p *Plugin) keyFields(w *configWindow) []im.Field {
	accounts := p.host.Accounts()
	if len(accounts) == 0 {
		return []im.Field{note(lang.T("No account available"))}
	}
	if !slices.ContainsFunc(accounts, func(a im.Account) bool { return a.ID == w.account }) {
		p.chooseAccount(w, accounts[0].ID) // the one before was removed
	}
	choice := im.Field{
		ID: fieldAccount, Kind: im.FieldChoice, Label: lang.T("Key for account"), Live: true, Value: string(w.account),
	}
	for _, a := range accounts {
		choice.Choices = append(choice.Choices, im.Choice{Value: string(a.ID), Label: a.Title()})
	}
	a := p.account(w.account)
	fingerprint := im.Field{ID: fieldFingerprint, Kind: im.FieldCode, Label: lang.T("Fingerprint"), Value: noKey()}
	var can []im.Field
	busy := a.work != nil
	_, portable := foreignProtocol(a.id)
	switch a.state {
	case keyReady:
		fingerprint = codeField(fingerprint, a.id.Scheme(), a.id.Bare(), a.key.Fingerprint())
		can = append(can, press(fieldRegenerate, lang.T("Regenerate…"), busy))
		if portable {
			can = append(can, press(fieldExport, lang.T("Export…"), busy), press(fieldImport, lang.T("Import…"), busy))
		}
		can = append(can, press(fieldDelete, lang.T("Delete…"), busy))
	case keyLoading:
		fingerprint.Value = lang.T("Reading the key…")
	case keyFailed:
		fingerprint.Value = lang.T("The key is out of reach")
		can = append(can, note(p.keyFailure(a)), press(fieldGenerate, lang.T("Try again"), busy))
		if portable {
			can = append(can, press(fieldImport, lang.T("Import…"), busy))
		}
		can = append(can, press(fieldDelete, lang.T("Delete…"), busy))
	default:
		can = append(can, press(fieldGenerate, lang.T("Generate"), busy))
		if portable {
			can = append(can, press(fieldImport, lang.T("Import…"), busy))
		}
	}
	return append(append([]im.Field{choice, fingerprint}, a.workFields()...), can...)
}

// workFields show what is being done to the key. Nobody knows how long it takes.
func (a *account) workFields() []im.Field {
	if a.work == nil {
		return nil
	}
	fields := []im.Field{{ID: fieldGenerating, Kind: im.FieldProgress, Percent: im.Unknown, Label: a.work.label}}
	if a.work.stop != nil {
		fields = append(fields, press(fieldStopMaking, lang.T("Cancel"), false))
	}
	return fields
}
