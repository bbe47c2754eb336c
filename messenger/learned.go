package messenger

import (
	"maps"

	"culver/lang"
	"culver/protocol"
)

// learned keeps with an account what was found out about its server. What the user
// accepted until Culver is closed is found out for as long.
func (m *Messenger) learned(a *account, e protocol.Learned) {
	set := a.link.State().Account.Clone()
	for id, value := range e.Options {
		if _, once := a.accepted[id]; once {
			continue
		}
		if value == "" {
			delete(set.Options, id)
		} else {
			set.Options[id] = value
		}
	}
	if maps.Equal(set.Options, a.link.State().Account.Options) || a.removed {
		return
	}
	a.link.SetAccount(set)
	if err := m.cfg.Store.SaveAccount(set); err != nil {
		m.trouble(lang.T("The account could not be saved."), err)
	}
}
