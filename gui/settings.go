package gui

// The settings that this front end keeps.
const (
	settingTheme     = "theme"               // light, dark or system
	settingOffline   = "buddylist.offline"   // "on": show buddies that are offline
	settingEmpty     = "buddylist.empty"     // "on": show groups with nobody in sight
	settingCollapsed = "buddylist.collapsed" // the folded groups, one a line
	settingSort      = "buddylist.sort"      // one of the sort constants
	settingDetails   = "buddylist.details"   // "on": rows of two lines
	settingIdleTimes = "buddylist.idle"      // "on": how long buddies have done nothing
)
