package messenger

import (
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

// accountForm asks for what an account is set up with, as the network has it.
func (m *Messenger) accountForm(n protocol.Protocol, old *account) plugin.Form {
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
				field = m.followsProxy(field)
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
	f := plugin.Form{Title: title, Tabs: []plugin.Tab{basic}}
	if _, ok := n.(protocol.Tester); ok {
		f.Buttons = append(f.Buttons, plugin.Button{ID: actionTest, Label: lang.T("Test")})
	}
	f.Buttons = append(f.Buttons, cancelButton(), plugin.Button{ID: actionSave, Label: lang.T("Save"), Role: plugin.Default})
	for _, more := range []plugin.Tab{advanced, proxy} {
		if len(more.Fields) > 0 {
			f.Tabs = append(f.Tabs, more)
		}
	}
	for _, tab := range f.Tabs {
		for i := range tab.Fields {
			tab.Fields[i].Live = true
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
