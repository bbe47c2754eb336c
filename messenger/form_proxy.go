package messenger

import (
	"slices"

	"culver/im"
	"culver/lang"
	"culver/plugin"
	"culver/protocol"
)

// proxySetup is the window for the proxy of all accounts that have none of their own.
type proxySetup struct {
	m      *Messenger
	dialog *dialog
	came   map[string]bool // fields that the user has come to
	saving bool
}

// showProxy opens it.
func (m *Messenger) showProxy() {
	if m.proxySetup != nil {
		m.proxySetup.dialog.raise()
		return
	}
	s := &proxySetup{m: m, came: map[string]bool{}}
	m.proxySetup = s
	s.dialog = m.ask(im.ConvID{}, s.form(m.proxyForAll().options), s.answered)
}

func (s *proxySetup) answered(a plugin.Answers) {
	switch {
	case ending(a.Action):
		s.m.proxySetup = nil
		s.dialog.Close()
	case s.saving:
	case a.Action == actionSave:
		s.save(a.Values)
	default:
		s.came[a.Action] = true
		s.dialog.Update(s.form(a.Values))
	}
}

// form shows what is wrong where the user has come to.
func (s *proxySetup) form(values map[string]string) plugin.Form {
	f := plugin.Page(lang.T("Proxy for All Accounts"), lang.T("It is for all accounts that have no proxy of their own. Each account can have another one, or none: under Accounts, Modify, Proxy."),
		protocol.ProxyFieldsForAll(), cancelButton(), plugin.Button{ID: actionSave, Label: lang.T("Save"), Role: plugin.Default})
	fields := f.Tabs[0].Fields
	for i := range fields {
		if fields[i].ID != protocol.FieldProxyPassword {
			fields[i].Value = values[fields[i].ID]
		} else if s.m.proxyForAll().options[protocol.FieldProxyUser] != "" {
			fields[i].Hint = lang.T("Leave empty to keep the password as it is.")
		}
		fields[i].Live = true
	}
	if s.m.proxyForAll().broken {
		f.Problem = lang.T("The proxy that was set up here cannot be read, so that no account goes without it. Set it up again.")
	}
	for _, w := range protocol.CheckProxyAnswers(func(id string) string { return values[id] }) {
		f.Buttons[1].Off = true
		i := slices.IndexFunc(fields, func(f im.Field) bool { return f.ID == w.Field })
		switch {
		case i < 0:
		case s.came[w.Field]:
			fields[i].Problem = w.Text
		case f.Doing == "" && f.Problem == "":
			f.Doing = lang.F("Still missing: %s", fields[i].Label)
		}
	}
	return f
}

// save keeps the password first: an account never asks a proxy without it.
func (s *proxySetup) save(values map[string]string) {
	m := s.m
	options, err := protocol.CheckProxy(func(id string) string { return values[id] })
	if err != nil {
		for _, f := range protocol.ProxyFieldsForAll() {
			s.came[f.ID] = true
		}
		s.dialog.Update(s.form(values))
		return
	}
	chosen := proxyForAll{options: options}
	s.saving = true
	s.dialog.Update(plugin.Waiting(s.form(values)))
	m.saveProxyPassword(proxyForAllName, options[protocol.FieldProxyUser] != "", im.NewSecret([]byte(values[protocol.FieldProxyPassword])), func(err error) {
		if s.saving = false; err == nil {
			err = m.cfg.Store.SetSetting(SettingProxy, chosen.setting())
		}
		if err != nil {
			if m.proxySetup == s {
				s.dialog.Update(withProblem(s.form(values), sentence(lang.T("The proxy could not be saved. Only its password may be the new one already."), err)))
			}
			return
		}
		if m.proxySetup == s {
			m.proxySetup = nil
			s.dialog.Close()
		}
		m.setSetting(SettingProxy, chosen.setting())
	})
}
