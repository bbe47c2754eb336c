package messenger

import (
	"culver/im"
	"culver/lang"
	"culver/plugin"
	"culver/protocol"
)

// The buttons that many forms share.
const (
	buttonCancel = "cancel"
	buttonClose  = "close"
)

func cancelButton() plugin.Button {
	return plugin.Button{ID: buttonCancel, Label: lang.T("Cancel"), Role: plugin.Cancel}
}

func closeButton() plugin.Button {
	return plugin.Button{ID: buttonClose, Label: lang.T("Close"), Role: plugin.Cancel}
}

func ending(action string) bool {
	return action == plugin.Closed || action == buttonCancel || action == buttonClose
}

func isTrial(n protocol.Protocol) bool { _, ok := n.(protocol.Trial); return ok }

func (m *Messenger) startTrial(t protocol.Trial) {
	trial := t.Trial()
	a, ok := m.accounts[trial.Account.ID]
	if !ok {
		if err := m.cfg.Store.SaveAccount(trial.Account); err != nil {
			m.trouble(lang.T("The practice account could not be saved."), err)
		}
		a = m.addAccount(trial.Account)
	}
	m.becomeAvailable()
	m.wish(a)
	m.open(im.ConvID{Account: a.id, Peer: trial.Peer}, true)
}

// ShowAccounts opens the list of accounts.
func (m *Messenger) ShowAccounts() {
	m.inbox.Put(func() {
		var d *dialog
		d = m.ask(im.ConvID{}, m.accountsForm(), func(a plugin.Answers) {
			if ending(a.Action) {
				d.Close()
				return
			}
			switch a.Action {
			case "add":
				m.showAddAccount("")
				return
			case actionRegister:
				m.showRegister()
				return
			}
			for _, row := range a.Rows {
				if acc, ok := m.accounts[im.AccountID(row)]; ok {
					m.accountAction(acc, a.Action)
				}
			}
		})
		d.keepFresh(m.accountsForm)
	})
}

func (m *Messenger) accountsForm() plugin.Form {
	confirm := lang.T("Delete this account from Culver, with its password, its buddy list and its history here? The account on the server stays.")
	if damaged := m.ofDamaged(true); damaged != "" {
		confirm += " " + damaged
	}
	table := im.Field{ID: "accounts", Kind: im.FieldTable, Columns: []string{lang.T("Enabled"), lang.T("Address"), lang.T("Protocol"), lang.T("Status")},
		Tick: accountTick, Open: accountModify, Hint: lang.T("There is no account yet."),
		Actions: []im.RowAction{{ID: accountModify, Label: lang.T("Modify…")}, {ID: accountProfile, Label: lang.T("User info…"), One: true},
			{ID: accountPicture, Label: lang.T("Picture…"), One: true}, {ID: accountKeeping, Label: lang.T("Server history…"), One: true},
			{ID: accountPassword, Label: lang.T("Password…"), One: true}, {ID: accountUp, Label: lang.T("Move up"), One: true},
			{ID: accountDown, Label: lang.T("Move down"), One: true}, {ID: accountTick}, {ID: accountDelete, Label: lang.T("Delete"), Confirm: confirm},
			{ID: accountUnregister, Label: lang.T("Delete from server…"), One: true, Confirm: lang.T("Delete this account for good, on the server and here? Nobody can reach you at this address any more, and somebody else may take it.")}}}
	var all []*account
	for _, a := range m.sortedAccounts() {
		if !a.removed {
			all = append(all, a)
		}
	}
	for i, a := range all {
		s := a.link.State()
		row := im.Row{ID: string(a.id), Cells: []string{im.Switch(s.Account.Enabled), a.id.Bare(), s.Network, s.Status.String()}, Can: append(m.can(a), accountTick)}
		if i > 0 {
			row.Can = append(row.Can, accountUp)
		}
		if i+1 < len(all) {
			row.Can = append(row.Can, accountDown)
		}
		table.Rows = append(table.Rows, row)
	}
	f := plugin.Page(lang.T("Accounts"), "", []im.Field{table}, plugin.Button{ID: "add", Label: lang.T("Add…")})
	if m.registrar() != nil {
		f.Buttons = append(f.Buttons, plugin.Button{ID: actionRegister, Label: lang.T("Create…")})
	}
	f.Buttons = append(f.Buttons, closeButton())
	return f
}

// ShowAddAccount opens the form for a new account; the empty scheme asks which network.
func (m *Messenger) ShowAddAccount(scheme string) {
	m.inbox.Put(func() { m.showAddAccount(scheme) })
}

func (m *Messenger) showAddAccount(scheme string) {
	if n := m.network(scheme); n != nil {
		if isTrial(n) {
			m.startTrial(n.(protocol.Trial))
		} else {
			m.showAccountForm(n, nil)
		}
		return
	}
	field := im.Field{ID: "network", Kind: im.FieldChoice, Label: lang.T("Protocol")}
	for _, n := range m.cfg.Networks {
		if t, ok := n.(protocol.Trial); ok && m.accounts[t.Trial().Account.ID] != nil {
			continue
		}
		field.Choices = append(field.Choices, im.Choice{Value: n.Scheme(), Label: n.Name()})
		if !isTrial(n) && field.Value == "" {
			field.Value = n.Scheme()
		}
	}
	if len(field.Choices) == 1 {
		m.showAddAccount(field.Choices[0].Value)
		return
	}
	var d *dialog
	d = m.ask(im.ConvID{}, plugin.Page(lang.T("Add Account"), lang.T("Which network is the account on?"), []im.Field{field},
		cancelButton(), plugin.Button{ID: "next", Label: lang.T("Next"), Role: plugin.Default}),
		func(a plugin.Answers) {
			d.Close()
			if a.Action == "next" {
				m.showAddAccount(a.Values["network"])
			}
		})
}

// ShowEditAccount opens the settings of an account.
func (m *Messenger) ShowEditAccount(id im.AccountID) {
	m.inbox.Put(func() {
		if a, ok := m.accounts[id]; ok && len(a.network.Settings()) > 0 {
			m.showAccountForm(a.network, a)
		}
	})
}
