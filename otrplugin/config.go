package otrplugin

import (
	"cmp"
	"slices"
	"strings"

	"culver/im"
	"culver/otrplugin/otr"
	"culver/plugin"
)

// The fields and actions of the settings.
const (
	fieldAccount      = "account"
	fieldFingerprint  = "fingerprint"
	fieldGenerate     = "generate"
	fieldGenerating   = "generating"
	fieldEnabled      = "enabled"
	fieldAutomatic    = "automatic"
	fieldRequire      = "require"
	fieldDontLog      = "dontlog"
	fieldFingerprints = "fingerprints"

	rowVerify = "verify"
	rowForget = "forget"

	buttonOK = "ok"

	noKey = "No key present"
)

// configWindow is the open settings.
type configWindow struct {
	dialog  plugin.Dialog
	account im.AccountID
	trouble string
	verify  plugin.Dialog // asks about one fingerprint
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
	if w.verify != nil {
		w.verify.Close()
	}
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
	case actionStart, actionEnd, rowVerify, rowForget:
		for _, row := range a.Rows {
			if k := p.keyOfRow(row); k != nil && slices.Contains(p.rowCan(k), a.Action) {
				p.rowAction(w, k, a.Action)
			}
		}
	default:
		p.closeConfig()
		return
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
			{Title: "Known fingerprints", Fields: []im.Field{p.fingerprintTable()}},
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

// fingerprintTable lists the keys of all buddies.
func (p *Plugin) fingerprintTable() im.Field {
	table := im.Field{
		ID: fieldFingerprints, Kind: im.FieldTable,
		Columns: []string{"Screenname", "Status", "Verified", "Fingerprint", "Account"},
		Actions: []im.RowAction{
			{ID: actionStart, Label: "Start private connection"},
			{ID: actionEnd, Label: "End private connection"},
			{ID: rowVerify, Label: "Verify fingerprint…"},
			{ID: rowForget, Label: "Forget fingerprint", Confirm: "Forget this fingerprint? If it is verified, it will have " +
				"to be verified again."},
		},
	}
	for _, k := range p.allKnown() {
		verified := "No"
		if k.trusted() {
			verified = "Yes"
		}
		table.Rows = append(table.Rows, im.Row{
			ID:    k.storeKey(),
			Cells: []string{k.Peer, p.keyStatus(k), verified, k.fingerprint.String(), k.Account.Bare()},
			Can:   p.rowCan(k),
		})
	}
	return table
}

// allKnown are the known keys, by buddy, account and age.
func (p *Plugin) allKnown() []*knownKey {
	var all []*knownKey
	for _, keys := range p.known {
		all = append(all, keys...)
	}
	slices.SortFunc(all, func(a, b *knownKey) int {
		return cmp.Or(cmp.Compare(a.Peer, b.Peer), cmp.Compare(a.Account, b.Account),
			a.First.Compare(b.First), cmp.Compare(a.Fingerprint, b.Fingerprint))
	})
	return all
}

func (p *Plugin) keyOfRow(id string) *knownKey {
	for _, keys := range p.known {
		for _, k := range keys {
			if k.storeKey() == id {
				return k
			}
		}
	}
	return nil
}

// inUse reports that the key belongs to the conversation that is private now,
// on whichever of the peer's devices.
func (c *chat) inUse(f otr.Fingerprint) bool {
	if c == nil || c.state() != otr.Encrypted {
		return false
	}
	if now, ok := c.session.PeerFingerprint(); ok && now == f {
		return true
	}
	for _, other := range c.keys {
		if other == f {
			return true
		}
	}
	return false
}

// keyStatus is what a key is used for now.
func (p *Plugin) keyStatus(k *knownKey) string {
	c := p.chats[k.conv()]
	switch {
	case c.inUse(k.fingerprint) && k.trusted():
		return im.Verified.String()
	case c.inUse(k.fingerprint):
		return im.Private.String()
	case c == nil || c.used != k.fingerprint:
		return "Unused"
	case c.state() == otr.Finished:
		return im.Ended.String()
	case c.state() == otr.Plaintext:
		return im.Open.String()
	default:
		return "Unused"
	}
}

// rowCan says what is possible with a key now.
func (p *Plugin) rowCan(k *knownKey) []string {
	c := p.chats[k.conv()]
	online, _ := p.host.Online(k.conv())
	finished := c != nil && c.state() == otr.Finished
	var can []string
	if online && (c == nil || c.state() != otr.Encrypted) && p.policyOf(k.conv()) != otr.Never {
		can = append(can, actionStart)
	}
	if online && (c.inUse(k.fingerprint) || finished) {
		can = append(can, actionEnd)
	}
	can = append(can, rowVerify)
	if !c.inUse(k.fingerprint) {
		can = append(can, rowForget)
	}
	return can
}

func (p *Plugin) rowAction(w *configWindow, k *knownKey, action string) {
	switch action {
	case actionStart:
		p.start(p.chat(k.conv()))
	case actionEnd:
		p.end(p.chat(k.conv()))
	case rowVerify:
		p.askToVerify(w, k)
	case rowForget:
		if err := p.forgetKey(k); err != nil {
			w.trouble = "The fingerprint was not forgotten: " + sentence(err.Error())
		}
	}
}

// askToVerify shows both fingerprints and asks what the user says of the peer's.
func (p *Plugin) askToVerify(w *configWindow, k *knownKey) {
	if w.verify != nil {
		w.verify.Close()
	}
	c := p.chat(k.conv())
	name := p.name(c)
	row := k.storeKey()
	form := plugin.Page("Verify fingerprint of "+name,
		"Compare both fingerprints with "+name+" over another way that you trust, such as the telephone.",
		p.fingerprintFields(c, k.fingerprint),
		cancelButton, plugin.Button{ID: buttonOK, Label: "OK", Role: plugin.Default})
	w.verify = p.host.Ask(im.ConvID{}, form, func(a plugin.Answers) {
		k := p.keyOfRow(row)
		if k != nil && a.Action == buttonOK {
			verified, problem := p.saysOfKey(c, k.fingerprint, a.Values)
			if problem != "" {
				form.Problem = problem
				w.verify.Update(form)
				return
			}
			defer p.verify(c, k, verified)
		}
		w.verify.Close()
		w.verify = nil
	})
}
