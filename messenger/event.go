package messenger

import (
	"image"
	"time"

	"culver/accounts"
	"culver/buddylist"
	"culver/conversation"
	"culver/im"
	"culver/plugin"
)

// Event is something that front ends show: one of the types below. Events are
// values; nothing in them changes after they were sent.
type Event interface{ isEvent() }

type (
	// Snapshot is all there is, the first event of every subscription.
	Snapshot struct {
		Presence      im.Presence // the user's own, as wished
		Accounts      []accounts.State
		AccountMenus  AccountMenusChanged
		Buddies       []buddylist.Event
		Conversations []ConversationState // in the order in which they were opened
		Front         im.ConvID           // the one that the user had in front, if any
		Past          im.ConvID           // the one of which the history was on show when Culver was locked, if any
		Dialogs       []DialogOpened
		Settings      map[string]string
		BuddyMenus    []Menu  // what plugins offer in the menu of every buddy
		Guides        []Guide // what there is to read inside the program
		CanLock       bool    // Front.Lock does something
		Busy          bool    // see BusyChanged
		Invitations   []Invitation
		Transfers     []Transfer         // in the order in which they began
		Deposits      []im.AccountID     // see DepositsChanged
		Heeds         map[im.ConvID]Heed // of conversations for which the user chose
		Statuses      Statuses
		Idle          IdleChanged
		OwnPictures   map[im.AccountID]image.Image // see OwnPictureChanged
	}
	// AccountChanged: an account is new, or changed its settings or status.
	AccountChanged struct{ State accounts.State }
	// AccountRemoved: the user deleted an account.
	AccountRemoved struct{ Account im.AccountID }
	// AccountMenusChanged: what can be done with each account now, and the order in which
	// the user has put them. See [Front].InvokeAccount.
	AccountMenusChanged struct {
		Order []im.AccountID
		Menus map[im.AccountID][]plugin.Action
	}
	// PresenceWished: the user's own wished presence changed.
	PresenceWished struct{ Presence im.Presence }
	// OwnPictureChanged: the buddies of an account see this small picture of the user, or
	// none, as far as it is known.
	OwnPictureChanged struct {
		Account im.AccountID
		Image   image.Image
	}
	// StatusesChanged: these are the statuses to choose from.
	StatusesChanged struct{ Statuses Statuses }
	// IdleChanged: the user does nothing, and is seen as this meanwhile, but for accounts
	// with a status of their own; or they do something again.
	IdleChanged struct {
		Idle bool
		Seen im.Show
	}
	// BuddyListChanged is to be applied to the front end's own list.
	BuddyListChanged struct{ Change buddylist.Event }
	// ConversationOpened: show the conversation, in front if Focus. It also
	// comes for one that is already open, when it is to be brought to the front.
	ConversationOpened struct {
		State ConversationState
		Focus bool
	}
	// ConversationClosed: the user closed it.
	ConversationClosed struct{ Conv im.ConvID }
	// MessageAdded: one more line, at the end.
	MessageAdded struct{ Message im.Message }
	// MessagePlaced: one more line, where its time says: see [conversation.Timeline.Place].
	MessagePlaced struct{ Message im.Message }
	// MessageChanged: the line with this ID is now this.
	MessageChanged struct{ Message im.Message }
	// MessageRemoved: the line is gone (the user took it back, or sends it anew).
	MessageRemoved struct {
		Conv im.ConvID
		ID   string
	}
	// OlderLines go above all lines of the conversation, the oldest first: see
	// Front.LoadOlder. More says whether there are still older ones. It also comes,
	// without lines, when that changes.
	OlderLines struct {
		Conv     im.ConvID
		Messages []im.Message
		More     bool
	}
	// LoggingChanged: lines of the conversation that are not private are kept in
	// the history from now on, or no longer.
	LoggingChanged struct {
		Conv im.ConvID
		On   bool
	}
	// TellingChanged: the peer of the conversation is told this of the user from now on.
	TellingChanged struct {
		Conv    im.ConvID
		Telling Telling
	}
	// PastsListed answers Front.Pasts: the conversations that the history holds
	// lines of, that with the newest first, and what people call the peers.
	PastsListed struct {
		Ask   AskID
		Pasts []im.Past
		Names map[im.ConvID]string
	}
	// DaysListed answers Front.PastDays: the midnights of the days that have lines.
	DaysListed struct {
		Ask  AskID
		Days []time.Time
	}
	// LinesFound answers Front.PastLines: the lines, the oldest first, and whether
	// there are more on either side. Gone: the history does not have the line that was
	// named, so that nothing is known of those beside it.
	LinesFound struct {
		Ask          AskID
		Lines        []im.Message
		Older, Newer bool
		Gone         bool
	}
	// HitsFound answers Front.SearchPast, the newest line first, unless another search
	// was asked for before it was done. More: there are more than the limit.
	HitsFound struct {
		Ask  AskID
		Hits []im.Message
		More bool
	}
	// Erased: this part of the history is deleted. The conversations on show are
	// told by MessageRemoved which of their lines are gone.
	Erased struct{ Range im.Range }
	// TakenBack: the user took a line back to write it anew; this is its text. A
	// MessageRemoved for it comes as well, unless it Corrects a line that was sent: the
	// text is to become another correction of that.
	TakenBack struct {
		Conv     im.ConvID
		Text     string
		Corrects string
	}
	// Suggested: this is to stand in the conversation's entry, behind what the user wrote
	// there. It is not theirs, so the peer is not told that they type.
	Suggested struct {
		Conv im.ConvID
		Text string
	}
	// BuddyMenusChanged: what plugins offer in the menu of every buddy is now this.
	BuddyMenusChanged struct{ Menus []Menu }
	// GuidesChanged: these are the guides there are now.
	GuidesChanged struct{ Guides []Guide }
	// SealChanged: the conversation is protected like this now.
	SealChanged struct {
		Conv im.ConvID
		Seal im.Seal
	}
	// MenusChanged: the plugins' menus of the conversation are now these.
	MenusChanged struct {
		Conv  im.ConvID
		Menus []Menu
	}
	// Attention: make the user aware of the conversation in these ways, unless they
	// are looking at it. What a
	// notification may say stands there.
	Attention struct {
		Conv im.ConvID
		How  plugin.Attention
	}
	// HeedChanged: the user wants to be made aware of the conversation like this.
	HeedChanged struct {
		Conv im.ConvID
		Heed Heed
	}
	// SoundPlayed: play this, unless the user looks at the conversation; or Always.
	SoundPlayed struct {
		Conv   im.ConvID
		Sound  Sound
		Volume int // in percent
		Always bool
	}
	// DialogOpened: draw this form. Conv is zero if it belongs to none. It comes
	// again for a form that is open already, when the user asked for it once more:
	// bring it to the front as it stands.
	DialogOpened struct {
		ID   DialogID
		Conv im.ConvID
		Form plugin.Form
	}
	// DialogUpdated: the form is now this; see plugin.Dialog.Update.
	DialogUpdated struct {
		ID   DialogID
		Form plugin.Form
	}
	// DialogClosed: take the form away.
	DialogClosed struct{ ID DialogID }
	// SettingChanged: one setting of the program has this value now.
	SettingChanged struct{ Key, Value string }
	// Trouble is a sentence that must reach the user and belongs to no
	// conversation, for instance that the disk is full.
	Trouble struct{ Text string }
	// CanLockChanged: Front.Lock does something now, or no longer does.
	CanLockChanged struct{ On bool }
	// BusyChanged: something goes on, a backup for instance, that would be given up if
	// Culver were locked: do not do so but by the user's wish. Or it is over.
	BusyChanged struct{ On bool }
	// RoomChanged is to be applied to the front end's own conversation.Room.
	RoomChanged struct {
		Conv   im.ConvID
		Change conversation.RoomEvent
	}
	// InvitationsChanged: these invitations into rooms wait for an answer now.
	InvitationsChanged struct{ Invitations []Invitation }
	// Locking: Culver is being locked. Take everything off the screen at once;
	// Stopped follows.
	Locking struct{}
	// Stopped is the last event: everything is signed off and saved. If Locked,
	// there will be another messenger, after the user has unlocked the profile.
	Stopped struct{ Locked bool }
)

// ConversationState is a conversation as a front end starts with it.
type ConversationState struct {
	Conv     im.ConvID
	Messages []im.Message // the recent ones, oldest first
	Seal     im.Seal
	Unread   int
	Menus    []Menu
	Older    bool   // the history holds lines above the first: see Front.LoadOlder
	Draft    string // what stood unsent in the entry
	Telling  Telling
	Logging  bool // lines that are not private are kept in the history
	// CanSendFiles: see Front.SendFiles, and SendingChanged.
	CanSendFiles bool
	Kind         im.ConvKind
	Room         []conversation.RoomEvent // of a room: what rebuilds what is known of it
}

// AskID names a question to the history.
type AskID int64

// LinesQuery asks for lines of one conversation: those before, after or around the
// line with an ID, those that took their place at a time or later, or else the
// newest.
type LinesQuery struct {
	Conv                  im.ConvID
	Before, After, Around string
	From                  time.Time
	Count                 int // how many lines at most; 0: some hundred
}

// Menu is the menu of one plugin, for one conversation.
type Menu struct {
	Plugin  string // the plugin's ID, for Invoke
	Title   string
	Actions []plugin.Action
	// NoButton: the menu is in the menu bar only. See plugin.Modest.
	NoButton bool
}

// Guide names the pages that one plugin has to read, or the program itself (ProgramGuide),
// for a Help menu: Front.ShowGuide with the plugin's ID and an empty page opens them.
type Guide struct{ Plugin, Title string }

// DialogID names a form on show.
type DialogID int64

func (RoomChanged) isEvent()         {}
func (InvitationsChanged) isEvent()  {}
func (Snapshot) isEvent()            {}
func (AccountChanged) isEvent()      {}
func (AccountMenusChanged) isEvent() {}
func (AccountRemoved) isEvent()      {}
func (PresenceWished) isEvent()      {}
func (BuddyListChanged) isEvent()    {}
func (ConversationOpened) isEvent()  {}
func (ConversationClosed) isEvent()  {}
func (MessageAdded) isEvent()        {}
func (MessageChanged) isEvent()      {}
func (MessagePlaced) isEvent()       {}
func (MessageRemoved) isEvent()      {}
func (Suggested) isEvent()           {}
func (TakenBack) isEvent()           {}
func (BuddyMenusChanged) isEvent()   {}
func (GuidesChanged) isEvent()       {}
func (Attention) isEvent()           {}
func (HeedChanged) isEvent()         {}
func (SoundPlayed) isEvent()         {}
func (SealChanged) isEvent()         {}
func (MenusChanged) isEvent()        {}
func (DialogOpened) isEvent()        {}
func (DialogUpdated) isEvent()       {}
func (DialogClosed) isEvent()        {}
func (SettingChanged) isEvent()      {}
func (Trouble) isEvent()             {}
func (CanLockChanged) isEvent()      {}
func (BusyChanged) isEvent()         {}
func (Locking) isEvent()             {}
func (Stopped) isEvent()             {}
func (OlderLines) isEvent()          {}
func (TellingChanged) isEvent()      {}
func (LoggingChanged) isEvent()      {}
func (PastsListed) isEvent()         {}
func (DaysListed) isEvent()          {}
func (LinesFound) isEvent()          {}
func (HitsFound) isEvent()           {}
func (Erased) isEvent()              {}
func (OwnPictureChanged) isEvent()   {}
func (StatusesChanged) isEvent()     {}
func (IdleChanged) isEvent()         {}
