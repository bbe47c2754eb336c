package messenger

import "culver/lang"

func (m *Messenger) networkRows() []preference {
	return []preference{
		heading(lang.F("The proxy for all accounts: %s", m.proxyForAll().words())),
		button("show.proxy", lang.T("Proxy for All Accounts…"), m.showProxy).hint(lang.T("Tor, SOCKS 5 or HTTP, for accounts that have none of their own.")),
		heading(lang.T("Each account can have a server and a proxy of its own.")),
		button("show.accounts", lang.T("Accounts…"), m.ShowAccounts),
		heading(lang.T("People who may reach you")),
		button("show.knocks", lang.T("People Who Want to Reach You…"), m.ShowKnocks),
		button("show.blocked", lang.T("Blocked People…"), m.ShowBlocked),
	}
}
