package messenger

import (
	"context"
	"slices"

	"culver/im"
	"culver/lang"
	"culver/plugin"
	"culver/protocol"
)

// IDs of the fields that every account has beside those of its network.
const (
	fieldAlias    = "alias"
	fieldRemember = "remember"
)

// showAccountForm sets up a new account, or changes old.
func (m *Messenger) showAccountForm(n protocol.Protocol, old *account) {
	f := accountForm(n, old)
	var d *dialog
	gone := false // the user gave up, or the account has been deleted meanwhile
	d = m.ask(im.ConvID{}, f, func(a plugin.Answers) {
		if gone = gone || ending(a.Action) || old != nil && m.accounts[old.id] != old; gone {
			d.Close()
			return
		}
		set, err := n.Account(a.Values)
		if err == nil && old == nil && m.accounts[set.ID] != nil {
			err = formError("This account is set up already. Choose Modify in Accounts to change it.")
		}
		if err == nil && old == nil && a.Values[protocol.FieldPassword] == "" && wantsPassword(n) {
			err = formError("Enter the account's password.")
		}
		if err != nil {
			d.Update(withProblem(f, err.Error()))
			return
		}
		set.Alias, set.Enabled = a.Values[fieldAlias], true
		if old != nil {
			set.ID = old.id
			for k, v := range old.link.State().Account.Options {
				if _, asked := a.Values[k]; !asked && !ofProxy(k) { // a proxy is all new, or none
					set.Options[k] = v
				}
			}
		}
		busy := f
		busy.Intro = lang.T("Saving…")
		busy.Buttons = slices.Clone(f.Buttons)
		for i := range busy.Buttons {
			busy.Buttons[i].Off = true
		}
		d.Update(busy)
		password := im.NewSecret([]byte(a.Values[protocol.FieldPassword]))
		keep := a.Values[fieldRemember] == im.On
		m.savePassword(set.ID, password, keep, func(password im.Secret, err error) {
			if gone {
				password.Wipe()
				return
			}
			saved := func(err error) {
				if gone {
					password.Wipe()
					return
				}
				if err == nil {
					err = m.cfg.Store.SaveAccount(set)
				}
				if err != nil {
					d.Update(withProblem(f, sentence(lang.T("The account could not be saved."), err)))
					return
				}
				d.Close()
				m.accountSaved(set, password, keep)
			}
			if err != nil {
				saved(err)
				return
			}
			m.saveProxyPassword(set, im.NewSecret([]byte(a.Values[protocol.FieldProxyPassword])), saved)
		})
	})
}

// formError is an error in words for people.
//
//culver:text 0
type formError string

func (e formError) Error() string { return lang.Of(string(e)) }

// savePassword keeps a new password in the vault, or makes sure that none is kept.
// The empty one stands for the one that there is: done is told which that was if
// it is not to be kept any longer.
func (m *Messenger) savePassword(id im.AccountID, password im.Secret, keep bool, done func(im.Secret, error)) {
	if password.IsEmpty() && keep {
		done(password, nil)
		return
	}
	m.background(func(ctx context.Context) error {
		if keep {
			return m.cfg.Vault.Put(ctx, passwordName(id), password.Bytes())
		}
		if password.IsEmpty() {
			kept, err := m.cfg.Vault.Get(ctx, passwordName(id))
			if err != nil {
				return err
			}
			password = im.NewSecret(kept)
		}
		return m.cfg.Vault.Delete(ctx, passwordName(id))
	}, func(err error) { done(password, err) })
}

// accountSaved takes up an account as it now is, and connects it.
func (m *Messenger) accountSaved(set im.Account, password im.Secret, kept bool) {
	a, ok := m.accounts[set.ID]
	if !ok {
		a = m.addAccount(set)
	}
	a.link.SetAccount(set)
	if !password.IsEmpty() {
		if kept {
			password.Wipe()
			a.password = nil
		} else {
			a.password = &password
		}
	}
	m.becomeAvailable()
	if ok {
		if a.cancel == nil {
			m.part(a) // what is held may be another server's
		}
		m.follow(a, a.link.Restart())
	}
	m.wish(a)
}

func accountForm(n protocol.Protocol, old *account) plugin.Form {
	basic := plugin.Tab{Title: lang.T("Basic")}
	advanced := plugin.Tab{Title: lang.T("Advanced")}
	proxy := plugin.Tab{Title: lang.T("Proxy")}
	for _, field := range n.Settings() {
		field = withValue(field, old)
		switch field.ID {
		case protocol.FieldAddress:
			field.Off = old != nil
			basic.Fields = append(basic.Fields, field)
		case protocol.FieldPassword:
			field.Value = ""
			if old != nil {
				field.Hint = lang.T("Leave empty to keep the password as it is.")
			}
			basic.Fields = append(basic.Fields, field,
				im.Field{ID: fieldRemember, Kind: im.FieldSwitch, Label: lang.T("Remember password (in the system's keyring or your locked vault)"), Value: im.On})
		case protocol.FieldProxyPassword:
			field.Value = ""
			if old != nil && old.link.State().Account.Option(protocol.FieldProxyUser) != "" {
				field.Hint = lang.T("Leave empty to keep the password as it is.")
			}
			proxy.Fields = append(proxy.Fields, field)
		default:
			if ofProxy(field.ID) || ofProxy(field.WhenField) {
				proxy.Fields = append(proxy.Fields, field)
				continue
			}
			advanced.Fields = append(advanced.Fields, field)
		}
	}
	alias := im.Field{ID: fieldAlias, Kind: im.FieldText, Label: lang.T("Name for this account"), Hint: lang.T("Optional; only you see it.")}
	title := lang.T("Add Account")
	if old != nil {
		title = lang.T("Modify Account")
		alias.Value = old.link.State().Account.Alias
		if old.password != nil {
			for i := range basic.Fields {
				if basic.Fields[i].ID == fieldRemember {
					basic.Fields[i].Value = ""
				}
			}
		}
	}
	basic.Fields = append(basic.Fields, alias)
	f := plugin.Form{Title: title, Tabs: []plugin.Tab{basic},
		Buttons: []plugin.Button{cancelButton(), {ID: "save", Label: lang.T("Save"), Role: plugin.Default}}}
	for _, more := range []plugin.Tab{advanced, proxy} {
		if len(more.Fields) > 0 {
			f.Tabs = append(f.Tabs, more)
		}
	}
	return f
}

func withValue(f im.Field, old *account) im.Field {
	if old == nil {
		return f
	}
	if f.ID == protocol.FieldAddress {
		f.Value = old.id.Bare()
		return f
	}
	if v, ok := old.link.State().Account.Options[f.ID]; ok {
		f.Value = v
	}
	return f
}

// withProblem is the form with a sentence that says what is wrong.
func withProblem(f plugin.Form, problem string) plugin.Form {
	f.Problem = problem
	return f
}
