package messenger

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"culver/im"
	"culver/lang"
	"culver/plugin"
	"culver/protocol"
)

// What can be done with an account, in the list of accounts and in its own menu.
const (
	accountModify     = "modify"
	accountProfile    = "profile"
	accountPicture    = "picture"
	accountKeeping    = "keeping"
	accountPassword   = "password"
	accountUnregister = "unregister"
	accountEnable     = "enable"
	accountDisable    = "disable"
	accountDelete     = "delete"
	accountUp         = "up"
	accountDown       = "down"
	accountTick       = "tick" // enable or disable, whichever it is not
)

// settingAccountOrder keeps the order in which the user has put the accounts: their IDs,
// one a line. Those that are not in it come after those that are.
const settingAccountOrder = "accounts.order"

// can are the IDs of what can be done with an account now.
func (m *Messenger) can(a *account) (out []string) {
	if len(a.network.Settings()) > 0 {
		out = append(out, accountModify)
	}
	s := m.online(a.id)
	if _, ok := s.(protocol.SelfDescriber); ok {
		out = append(out, accountProfile)
	}
	if _, ok := s.(protocol.Portrayer); ok {
		out = append(out, accountPicture)
	}
	if a.keeping != "" && s != nil {
		out = append(out, accountKeeping)
	}
	if _, ok := s.(protocol.PasswordChanger); ok {
		out = append(out, accountPassword)
	}
	if _, ok := s.(protocol.Remover); ok {
		out = append(out, accountUnregister)
	}
	if a.link.State().Account.Enabled {
		out = append(out, accountDisable)
	} else {
		out = append(out, accountEnable)
	}
	return append(out, accountDelete)
}

// accountAction does one of them.
func (m *Messenger) accountAction(a *account, action string) {
	if action == accountTick {
		action = accountEnable
		if a.link.State().Account.Enabled {
			action = accountDisable
		}
	}
	if action != accountUp && action != accountDown && !slices.Contains(m.can(a), action) {
		return
	}
	switch action {
	case accountModify:
		m.showAccountForm(a.network, a)
	case accountProfile:
		m.showOwnProfile(a)
	case accountPicture:
		m.showOwnPicture(a)
	case accountKeeping:
		m.showKeeping(a)
	case accountPassword:
		m.showChangePassword(a)
	case accountUnregister:
		m.removeFromServer(a)
	case accountEnable, accountDisable:
		m.SetAccountEnabled(a.id, action == accountEnable)
	case accountDelete:
		m.removeAccount(a)
	case accountUp:
		m.moveAccount(a, -1)
	case accountDown:
		m.moveAccount(a, 1)
	}
}

// InvokeAccount does an action of an account's menu.
func (m *Messenger) InvokeAccount(id im.AccountID, action string) {
	m.inbox.Put(func() {
		if a, ok := m.accounts[id]; ok && slices.ContainsFunc(m.accountMenu(a), func(x plugin.Action) bool { return x.ID == action }) {
			m.accountAction(a, action)
		}
	})
}

// accountMenu is the menu of an account.
func (m *Messenger) accountMenu(a *account) (out []plugin.Action) {
	can := m.can(a)
	for _, x := range []plugin.Action{
		{ID: accountModify, Label: lang.T("Edit Account…")}, {},
		{ID: accountProfile, Label: lang.T("Set User Info…")}, {ID: accountPicture, Label: lang.T("Set Picture…")},
		{ID: accountPassword, Label: lang.T("Change Password…")}, {ID: accountKeeping, Label: lang.T("Server History…")}, {},
		{ID: accountEnable, Label: lang.T("Enable")}, {ID: accountDisable, Label: lang.T("Disable")},
	} {
		last := len(out) - 1
		switch {
		case x.ID == "" && last >= 0 && out[last].ID != "", slices.Contains(can, x.ID):
			out = append(out, x)
		}
	}
	return out
}

// accountMenus are those of all accounts, in the order in which the user has put them.
func (m *Messenger) accountMenus() AccountMenusChanged {
	e := AccountMenusChanged{Menus: map[im.AccountID][]plugin.Action{}}
	for _, a := range m.sortedAccounts() {
		if !a.removed {
			e.Order = append(e.Order, a.id)
			e.Menus[a.id] = m.accountMenu(a)
		}
	}
	return e
}

// refreshAccountMenus tells front ends when they change.
func (m *Messenger) refreshAccountMenus() {
	if now := m.accountMenus(); !slices.Equal(now.Order, m.accountMenuTold.Order) || !maps.EqualFunc(now.Menus, m.accountMenuTold.Menus, func(a, b []plugin.Action) bool { return reflect.DeepEqual(a, b) }) {
		m.accountMenuTold = now
		m.publish(now)
	}
}

// loadAccountOrder reads how the user has put the accounts.
func (m *Messenger) loadAccountOrder() {
	if v, ok, err := m.cfg.Store.Setting(settingAccountOrder); err == nil && ok {
		m.accountOrder = strings.Split(v, "\n")
	}
}

// accountPlace is where an account stands in that order.
func (m *Messenger) accountPlace(id im.AccountID) int {
	if i := slices.Index(m.accountOrder, string(id)); i >= 0 {
		return i
	}
	return len(m.accountOrder)
}

// moveAccount moves an account by one place.
func (m *Messenger) moveAccount(a *account, by int) {
	all := m.sortedAccounts()
	at := slices.Index(all, a)
	to := at + by
	if to < 0 || to >= len(all) {
		return
	}
	all[at], all[to] = all[to], all[at]
	m.accountOrder = nil
	for _, a := range all {
		m.accountOrder = append(m.accountOrder, string(a.id))
	}
	m.keep(settingAccountOrder, strings.Join(m.accountOrder, "\n"))
}
