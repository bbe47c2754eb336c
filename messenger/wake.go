package messenger

import (
	"culver/accounts"
	"culver/protocol"
)

// NetworkChanged says that the computer may be on another network, or has slept. What
// waits to connect does so at once, and connections that may be dead are tried.
func (m *Messenger) NetworkChanged() {
	m.inbox.Put(func() {
		for _, a := range m.sortedAccounts() {
			if p, ok := m.online(a.id).(protocol.Prober); ok {
				p.Probe()
			}
			if do := a.link.Wake(); do != accounts.Nothing {
				m.follow(a, do)
			}
		}
	})
}

// SetActive says whether the user is there.
func (m *Messenger) SetActive(on bool) {
	m.inbox.Put(func() {
		m.away = !on
		for _, a := range m.sortedAccounts() {
			m.tellActive(a)
		}
	})
}

func (m *Messenger) tellActive(a *account) {
	if s, ok := a.session.(protocol.ActivitySetter); ok {
		s.SetActive(!m.away)
	}
}
