package messenger

import (
	"culver/lang"
)

func (m *Messenger) statusRows() []preference {
	after := preference{Field: m.lockChoice(), loose: true}
	slept := toggle(SettingLockSuspend, lang.T("Lock after the computer has slept"), true) // it may be in other hands
	after.hidden = !m.canLock()
	slept.hidden = after.hidden
	lock := heading(lang.T("Locking"))
	lock.hidden = after.hidden
	return []preference{lock, after, slept,
		button("show.security", lang.T("Security…"), m.ShowSecurity).hint(lang.T("Where passwords and keys are kept, and the passphrase that locks them."))}
}
