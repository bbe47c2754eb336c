package messenger

import (
	"culver/im"
)

// Store keeps what must survive a restart. All of it is called on the
// messenger's goroutine and waits for the disk only.
type Store interface {
	AccountStore
	RosterStore
	History
	SettingStore
}

// AccountStore keeps the accounts, without their passwords.
type AccountStore interface {
	Accounts() ([]im.Account, error)
	SaveAccount(im.Account) error
	DeleteAccount(im.AccountID) error // with its roster and history
}

// RosterStore keeps each account's roster as it was last seen.
type RosterStore interface {
	Roster(im.AccountID) ([]im.Buddy, error)
	SaveRoster(im.AccountID, []im.Buddy) error
}

// History keeps the lines of conversations.
type History interface {
	Append(im.Message) error
	Update(im.Message) error // its state, reason, seal and privacy
	Remove(c im.ConvID, id string) error
	Recent(c im.ConvID, n int) ([]im.Message, error) // oldest first
	Unsent(im.AccountID) ([]im.Message, error)       // ours that are Waiting or Sending, oldest first
	Stranded(im.AccountID) ([]im.Message, error)     // ours that are private and Failed, oldest first
}

// SettingStore keeps the program's settings.
type SettingStore interface {
	Setting(key string) (value string, ok bool, err error)
	SetSetting(key, value string) error
}

// The settings of the program that front ends find in a Snapshot.
const (
	SettingTheme       = "theme"               // "light", "dark" or "system"
	SettingShowOffline = "buddylist.offline"   // im.On or ""
	SettingShowEmpty   = "buddylist.empty"     // im.On or ""
	SettingCollapsed   = "buddylist.collapsed" // the folded groups, one a line
	settingShow        = "presence"            // an im.Show, as a number
	settingStatus      = "status"
)

var frontSettings = []string{SettingTheme, SettingShowOffline, SettingShowEmpty, SettingCollapsed}
