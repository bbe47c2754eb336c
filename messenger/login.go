package messenger

import (
	"slices"
	"strings"

	"culver/im"
	"culver/lang"
)

// Login is who is to sign in at the start, where the user says so when they start the
// program. Zero: as they left it.
type Login struct {
	Wanted  bool // also if their last status was Offline
	Refused bool // nobody, until they choose another status
	// Accounts are the only ones that are to be enabled from now on, by their addresses or
	// the names that the user gave them; nil: it stays as it is.
	Accounts []string
}

// loginAsWished brings what was loaded in line with that.
func (m *Messenger) loginAsWished() {
	l := m.cfg.Login
	switch {
	case l.Refused:
		m.presence.Show = im.Offline
	case l.Wanted && m.presence.Show == im.Offline:
		m.presence.Show = im.Available
	}
	if len(l.Accounts) == 0 {
		return
	}
	wanted := map[im.AccountID]bool{}
	for _, name := range l.Accounts {
		found := false
		for _, a := range m.sortedAccounts() {
			if a.called(name) {
				wanted[a.id], found = true, true
			}
		}
		if !found {
			m.trouble(lang.F("There is no account “%s” to sign in with.", cleanName(name)), nil)
		}
	}
	if len(wanted) == 0 {
		return
	}
	for _, a := range m.sortedAccounts() {
		if set := a.link.State().Account.Clone(); set.Enabled != wanted[a.id] {
			set.Enabled = wanted[a.id]
			m.setAccount(a, set)
		}
	}
}

// called reports that the user means the account by a name.
func (a *account) called(name string) bool {
	return slices.ContainsFunc([]string{string(a.id), a.id.Bare(), a.link.State().Account.Alias},
		func(s string) bool { return s != "" && strings.EqualFold(s, name) })
}
