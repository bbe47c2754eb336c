package messenger

import (
	"context"
	"errors"
	"slices"

	"culver/im"
	"culver/lang"
	"culver/plugin"
	"culver/protocol"
)

// accountSetup is the window that sets up a new account, or changes one. Each answer is
// looked at while it is typed, and what is wrong with it said beside it; but not with what
// the user has not come to yet.
//
//	filling in --Save--> saving --> gone
//	   ^  |Test              |
//	   |  v                  |
//	  tryout   <--problem----+
type accountSetup struct {
	m       *Messenger
	network protocol.Protocol
	old     *account // nil: a new one
	base    plugin.Form
	dialog  *dialog
	came    map[string]bool // fields that the user has come to
	problem string          // what came of saving it
	saving  bool
	gone    bool // the user gave up, or it is done
	tryout  *tryout
}

const (
	actionSave = "save"
	actionTest = "test"
)

// showAccountForm sets up a new account, or changes old.
func (m *Messenger) showAccountForm(n protocol.Protocol, old *account) {
	s := &accountSetup{m: m, network: n, old: old, base: m.accountForm(n, old), came: map[string]bool{}}
	values := map[string]string{}
	for _, tab := range s.base.Tabs {
		for _, f := range tab.Fields {
			values[f.ID] = f.Value
			s.came[f.ID] = f.Value != ""
		}
	}
	s.dialog = m.ask(im.ConvID{}, s.form(values), s.answered)
}

func (s *accountSetup) answered(a plugin.Answers) {
	switch {
	case ending(a.Action), s.old != nil && s.m.accounts[s.old.id] != s.old: // deleted meanwhile
		s.close()
	case s.gone || s.saving:
	case a.Action == actionSave:
		s.save(a.Values)
	case a.Action == actionTest:
		s.test(a.Values)
	default:
		s.came[a.Action], s.problem = true, ""
		s.dialog.Update(s.form(a.Values))
	}
}

// close takes the window away, and with it the test of what was typed there.
func (s *accountSetup) close() {
	s.gone = true
	s.tryout.end()
	s.dialog.Close()
}

// wrong is what is wrong with the answers.
func (s *accountSetup) wrong(values map[string]string) []*protocol.WrongAnswer {
	values = s.m.answersThrough(values)
	var wrong []*protocol.WrongAnswer
	if c, ok := s.network.(protocol.Checker); ok {
		wrong = c.Check(values)
	}
	blamed := func(field string) bool {
		return slices.ContainsFunc(wrong, func(w *protocol.WrongAnswer) bool { return w.Field == field })
	}
	set, err := s.network.Account(values)
	switch {
	case err != nil && len(wrong) == 0:
		w, ok := errors.AsType[*protocol.WrongAnswer](err)
		if !ok {
			w = &protocol.WrongAnswer{Field: protocol.FieldAddress, Text: err.Error()}
		}
		wrong = append(wrong, w)
	case err == nil && s.old == nil && s.m.accounts[set.ID] != nil:
		wrong = append(wrong, &protocol.WrongAnswer{Field: protocol.FieldAddress,
			Text: lang.T("This account is set up already. Choose Modify in Accounts to change it.")})
	}
	if s.old == nil && values[protocol.FieldPassword] == "" && wantsPassword(s.network) && !blamed(protocol.FieldPassword) {
		wrong = append(wrong, &protocol.WrongAnswer{Field: protocol.FieldPassword, Text: lang.T("Enter the account's password.")})
	}
	return wrong
}

// form shows what is wrong where the user has come to; what is still to come is named
// beside the buttons.
func (s *accountSetup) form(values map[string]string) plugin.Form {
	f := s.base
	f.Problem = s.problem
	wrong := s.wrong(values)
	f.Tabs = slices.Clone(f.Tabs)
	var missing []string
	for t := range f.Tabs {
		f.Tabs[t].Fields = slices.Clone(f.Tabs[t].Fields)
		for i := range f.Tabs[t].Fields {
			field := &f.Tabs[t].Fields[i]
			at := slices.IndexFunc(wrong, func(w *protocol.WrongAnswer) bool { return w.Field == field.ID })
			switch {
			case at < 0:
			case s.came[field.ID]:
				field.Problem = wrong[at].Text
			case t == 0:
				missing = append(missing, field.Label)
			default:
				missing = append(missing, f.Tabs[t].Title+", "+field.Label)
			}
		}
	}
	f.Buttons = slices.Clone(f.Buttons)
	for i := range f.Buttons {
		f.Buttons[i].Off = f.Buttons[i].Role != plugin.Cancel && len(wrong) > 0
	}
	if len(missing) > 0 && f.Problem == "" {
		f.Doing = lang.F("Still missing: %s", missing[0])
	}
	return f
}

// account is the account as it would be with the answers, which are all right.
func (s *accountSetup) account(values map[string]string) (im.Account, error) {
	set, err := s.network.Account(s.m.answersThrough(values))
	if err != nil {
		return set, err
	}
	set = s.m.follower(set, values[protocol.FieldProxy])
	set.Alias, set.Enabled = values[fieldAlias], true
	if s.old != nil {
		set.ID = s.old.id
		for k, v := range s.old.link.State().Account.Options {
			if _, asked := values[k]; !asked && !ofProxy(k) { // a proxy is all new, or none
				set.Options[k] = v
			}
		}
	}
	return set, nil
}

// save keeps the account, and connects it.
func (s *accountSetup) save(values map[string]string) {
	m := s.m
	set, err := s.account(values)
	if wrong := s.wrong(values); len(wrong) > 0 || err != nil {
		for _, w := range wrong {
			s.came[w.Field] = true
		}
		s.dialog.Update(s.form(values))
		return
	}
	s.tryout.end()
	s.saving, s.problem = true, ""
	busy := s.form(values)
	busy.Doing = lang.T("Saving…")
	for i := range busy.Buttons {
		busy.Buttons[i].Off = true
	}
	s.dialog.Update(busy)
	password := im.NewSecret([]byte(values[protocol.FieldPassword]))
	keep := values[fieldRemember] == im.On
	m.savePassword(set.ID, password, keep, func(password im.Secret, err error) {
		if s.gone {
			password.Wipe()
			return
		}
		saved := func(err error) {
			if s.gone {
				password.Wipe()
				return
			}
			if err == nil {
				err = m.cfg.Store.SaveAccount(set)
			}
			if err != nil {
				s.saving, s.problem = false, sentence(lang.T("The account could not be saved."), err)
				s.dialog.Update(s.form(values))
				return
			}
			s.close()
			m.accountSaved(set, password, keep)
		}
		if err != nil {
			saved(err)
			return
		}
		m.saveProxyPassword(proxyPasswordName(set.ID), set.Option(protocol.FieldProxyUser) != "", im.NewSecret([]byte(values[protocol.FieldProxyPassword])), saved)
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

// withProblem is the form with a sentence that says what is wrong.
func withProblem(f plugin.Form, problem string) plugin.Form {
	f.Problem = problem
	return f
}
