package messenger

import (
	"time"

	"culver/im"
)

// Store keeps what must survive a restart. All of it is called on the
// messenger's goroutine and waits for the disk only.
type Store interface {
	AccountStore
	RosterStore
	History
	ChoiceStore
	SettingStore
}

// AccountStore keeps the accounts, without their passwords.
type AccountStore interface {
	Accounts() ([]im.Account, error)
	SaveAccount(im.Account) error
	DeleteAccount(im.AccountID) error // with its roster and history, and with DropDamaged

	// Sweep goes on with what a deletion put off, of drafts and of plugins' values as
	// well, or the adding of lines, for a moment: call it until there is no more.
	Sweep() (more bool, err error)
}

// RosterStore keeps each account's roster as it was last seen.
type RosterStore interface {
	Roster(im.AccountID) ([]im.Buddy, error)
	SaveRoster(im.AccountID, []im.Buddy) error
}

// History keeps the lines of conversations, each at the place that it took in the
// order of all.
type History interface {
	Append(im.Message) error    // at the end
	Update(...im.Message) error // of all or none: state, reason, seal and privacy, and Archive if that is known now
	Edit(im.Message) error      // that, its text, and whether it is edited
	Remove(c im.ConvID, id string) error
	Unsent(im.AccountID) ([]im.Message, error)   // ours that are Waiting or Sending, oldest first
	Stranded(im.AccountID) ([]im.Message, error) // ours that are private and Failed, oldest first

	// The n lines before the one with this ID, and those after it, oldest first.
	// Without an ID: the newest, and the oldest of all.
	Older(c im.ConvID, id string, n int) ([]im.Message, error)
	Newer(c im.ConvID, id string, n int) ([]im.Message, error)

	// Lines of a conversation that the one with the bare address sent under an Origin, or
	// ours if from is empty, and those that the server's archive has under an ID; the
	// newest first, rarely more than one, never more than a few. There are none for "".
	ByOrigin(c im.ConvID, from, origin string) ([]im.Message, error)
	ByArchive(c im.ConvID, archive string) ([]im.Message, error)

	// Wrote reports whether one of the newest few thousand lines of a conversation is
	// ours.
	Wrote(c im.ConvID) (bool, error)

	// Page are the first n lines of a part of one conversation's history from a place
	// on, oldest first, and the place behind them: whoever goes on from there misses
	// nothing, whatever is erased meanwhile. From 0 is the beginning.
	Page(r im.Range, from int64, n int) (lines []im.Message, next int64, err error)

	// Gone are those of the lines that are not there.
	Gone(c im.ConvID, ids []string) ([]string, error)

	// Since are the first n lines that took their place at t or later, oldest first.
	Since(c im.ConvID, t time.Time, n int) ([]im.Message, error)

	Pasts() ([]im.Past, error) // of all conversations with lines, the newest last line first

	// Days are the midnights, where from is, of the days that have lines; of all
	// conversations if c is zero.
	Days(c im.ConvID, from, until time.Time) ([]time.Time, error)

	// Search are the newest lines below a place that are hits, newest first; below 0, of
	// all. It works for a moment: next is the place below which to go on, with a limit
	// that is lower by what was found, or 0 if there is no more.
	Search(s im.Search, below int64) (hits []im.Message, next int64, err error)

	// Count is how many lines there are in a part of the history, up to the most.
	Count(r im.Range, most int) (int, error)

	// Erase forgets lines for good, in steps: call it until it says 0. Ours that are
	// Waiting or Sending stay.
	Erase(im.Range) (lines int, err error)

	// Damaged is how many damaged databases are kept since new ones were made of them.
	// What is erased they may have still, until DropDamaged.
	Damaged() (int, error)
	DropDamaged() error

	// Import adds lines of the past, each at the place of its Time, all or none; one
	// whose ID is there is left out. Give it some hundreds at once.
	Import([]im.Message) (added int, err error)
}

// ChoiceStore keeps what the user left, or chose, in conversations.
type ChoiceStore interface {
	Drafts() (map[im.ConvID]im.Draft, error) // what stands unsent in entries
	SetDraft(c im.ConvID, d im.Draft) error  // without a text: nothing
	Logging() (map[im.ConvID]bool, error)    // those for which it was chosen
	SetLogging(c im.ConvID, on bool) error
	Choices() (map[im.ConvID]map[string]string, error) // whatever else was chosen, by key
	SetChoice(c im.ConvID, key, value string) error
	DropChoice(c im.ConvID, key string) error
}

// SettingStore keeps the program's settings.
type SettingStore interface {
	Setting(key string) (value string, ok bool, err error)
	SetSetting(key, value string) error
	DropSetting(key string) error         // as if it was never set
	Settings() (map[string]string, error) // all that were ever set
}

// The settings of the program that front ends find in a Snapshot, beside those of
// other files: what they are until the user chooses says preferencePages.
const (
	SettingTheme       = "theme"               // "light", "dark" or "system"
	SettingShowOffline = "buddylist.offline"   // im.On or ""
	SettingShowEmpty   = "buddylist.empty"     // im.On or ""
	SettingCollapsed   = "buddylist.collapsed" // the folded groups, one a line
	SettingSort        = "buddylist.sort"      // "name", "hand", "activity", or "": by status
	SettingDetails     = "buddylist.details"   // im.On or "": rows have two lines
	SettingIdleTimes   = "buddylist.idle"      // im.On or "": they say how long somebody has done nothing
	SettingLockIdle    = "lock.idle"           // after how many minutes without use the program is locked; "": never
	SettingLockSuspend = "lock.suspend"        // im.On or "": it is locked when the computer has slept
	SettingPeopleWide  = "room.people.width"   // of the list of people beside a room
	SettingSizeList    = "size.buddylist"      // of the Buddy List's window, as 300x480
	SettingSizeChat    = "size.conversation"   // of a window of conversations
	SettingSizePast    = "size.history"        // of the history's
	settingShow        = "presence"            // an im.Show, as a number
	settingStatus      = "status"
)

// frontSettings are those that are not in the Preferences.
var frontSettings = []string{SettingCollapsed, SettingOnlyBuddies, SettingPeopleWide, SettingSizeList, SettingSizeChat, SettingSizePast}
