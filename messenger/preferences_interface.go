package messenger

import (
	"culver/im"
	"culver/lang"
)

// SettingTray says when the program has an icon beside the clock, where there is a
// place for one.
const SettingTray = "tray"

// The values of SettingTray.
const (
	TrayAlways = "always"
	TrayUnread = "unread"
	TrayNever  = "never"
)

func (m *Messenger) interfaceRows() []preference {
	return []preference{
		choice(SettingTheme, lang.T("Theme"), "system",
			im.Choice{Value: "light", Label: lang.T("Light")}, im.Choice{Value: "dark", Label: lang.T("Dark")}, im.Choice{Value: "system", Label: lang.T("As the system")}),
		choice(SettingTray, lang.T("Icon beside the clock"), TrayAlways,
			im.Choice{Value: TrayAlways, Label: lang.T("Always")}, im.Choice{Value: TrayUnread, Label: lang.T("While there are unread messages")}, im.Choice{Value: TrayNever, Label: lang.T("Never")}).
			hint(lang.T("With the icon, the Buddy List can be closed and Culver goes on.")),
		heading(lang.T("Buddy List")),
		toggle(SettingShowOffline, lang.T("Show buddies who are offline"), true), // one who was just added is to be seen
		toggle(SettingShowEmpty, lang.T("Show empty groups"), false),
		toggle(SettingDetails, lang.T("Show pictures and status messages"), true),
		toggle(SettingIdleTimes, lang.T("Show how long buddies have done nothing"), true),
		choice(SettingSort, lang.T("Sort buddies"), "",
			im.Choice{Value: "hand", Label: lang.T("Manually")}, im.Choice{Value: "name", Label: lang.T("Alphabetically")},
			im.Choice{Value: "", Label: lang.T("By status")}, im.Choice{Value: "activity", Label: lang.T("By recent activity")}),
	}
}
