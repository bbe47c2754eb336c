package messenger

import (
	"strconv"

	"culver/im"
	"culver/lang"
)

func (m *Messenger) statusRows() []preference {
	after := preference{Field: m.lockChoice(), loose: true}
	slept := toggle(SettingLockSuspend, lang.T("Lock after the computer has slept"), true) // it may be in other hands
	after.hidden = !m.canLock()
	slept.hidden = after.hidden
	lock := heading(lang.T("Locking"))
	lock.hidden = after.hidden
	return append(m.idleRows(), lock, after, slept,
		button("show.security", lang.T("Security…"), m.ShowSecurity).hint(lang.T("Where passwords and keys are kept, and the passphrase that locks them.")))
}

// idleMinutes are after how many without use the user counts as idle.
var idleMinutes = [...]int{1, 2, 5, 10, 15, 20, 30, 60}

// idleRows are about the own status, and what it becomes while the user does nothing.
func (m *Messenger) idleRows() []preference {
	start := choice(SettingStartStatus, lang.T("When Culver starts"), "", im.Choice{Label: lang.T("The last status")})
	for _, s := range m.statuses.saved {
		start.Choices = append(start.Choices, im.Choice{Value: s.ID, Label: s.Title})
	}
	start.hidden = len(start.Choices) == 1
	minutes := choice(SettingIdleMinutes, lang.T("After"), strconv.Itoa(defaultIdleMinutes)).only(SettingIdle, IdleComputer, IdleCulver)
	for _, n := range idleMinutes {
		minutes.Choices = append(minutes.Choices, im.Choice{Value: strconv.Itoa(n), Label: lang.N(n, "%d minute", "%d minutes", n)})
	}
	away := func(s im.Show) im.Choice { return im.Choice{Value: strconv.Itoa(int(s)), Label: s.String()} }
	some := []string{IdleComputer, IdleCulver}
	return []preference{
		heading(lang.T("Status")),
		start,
		button("show.statuses", lang.T("Saved Statuses…"), m.ShowStatuses),
		heading(lang.T("Idle")),
		choice(SettingIdle, lang.T("I am idle when"), IdleComputer,
			im.Choice{Value: IdleComputer, Label: lang.T("I do not use the computer")}, im.Choice{Value: IdleCulver, Label: lang.T("I do not use Culver")},
			im.Choice{Value: IdleNever, Label: lang.T("Never")}).hint(lang.T("Where the system does not say when the computer is used, Culver goes by its own windows.")),
		minutes,
		toggle(SettingIdleAway, lang.T("Change my status then, if I am available"), true).only(SettingIdle, some...),
		choice(SettingIdleShow, lang.T("To"), strconv.Itoa(int(im.Away)), away(im.Away), away(im.ExtendedAway)).within(SettingIdleAway),
		toggle(SettingTellIdle, lang.T("Tell my buddies since when"), false).only(SettingIdle, some...).
			hint(lang.T("They learn when you used the computer last. Chats with many are never told.")),
	}
}
