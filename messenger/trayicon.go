package messenger

// SettingTray says when the program has an icon beside the clock, where there is a
// place for one.
const SettingTray = "tray"

// The values of SettingTray.
const (
	TrayAlways = "always"
	TrayUnread = "unread"
	TrayNever  = "never"
)
