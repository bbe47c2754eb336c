package messenger

import (
	"culver/im"
	"culver/lang"
)

// What all windows look like, beside SettingTheme.
const (
	SettingContrast = "theme.contrast" // im.On or "": high contrast
	SettingZoom     = "theme.zoom"     // how large letters are: one of Zooms
)

// Zooms are the sizes of letters, in percent of Zoom100.
var Zooms = [...]string{"80", "90", Zoom100, "110", "125", "150", "175", "200"}

// Zoom100 is the size of letters until the user chooses.
const Zoom100 = "100"

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
	var zooms []im.Choice
	for _, z := range Zooms {
		zooms = append(zooms, im.Choice{Value: z, Label: lang.F("%s %%", z)})
	}
	return []preference{
		m.languageRow(),
		choice(SettingTheme, lang.T("Theme"), "system",
			im.Choice{Value: "light", Label: lang.T("Light")}, im.Choice{Value: "dark", Label: lang.T("Dark")}, im.Choice{Value: "system", Label: lang.T("As the system")}),
		toggle(SettingContrast, lang.T("High contrast"), false),
		choice(SettingZoom, lang.T("Text size"), Zoom100, zooms...).hint(lang.T("Of the font in all windows. Ctrl with plus and minus changes it, too, Ctrl with 0 brings it back.")),
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
