package messenger

import "culver/lang"

func (m *Messenger) networkRows() []preference {
	return []preference{
		heading(lang.T("Each account has its own server and proxy.")),
		button("show.accounts", lang.T("Accounts…"), m.ShowAccounts),
		heading(lang.T("People who may reach you")),
		button("show.knocks", lang.T("People Who Want to Reach You…"), m.ShowKnocks),
		button("show.blocked", lang.T("Blocked People…"), m.ShowBlocked),
	}
}
