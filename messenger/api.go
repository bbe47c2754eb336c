package messenger

import (
	"time"

	"culver/im"
	"culver/internal/queue"
	"culver/plugin"
)

// Front is what front ends may ask of the messenger. Every method returns at
// once; what comes of it arrives as events.
type Front interface {
	RoomFront
	BuddyFront

	Subscribe() *queue.Queue[Event]
	Unsubscribe(q *queue.Queue[Event])

	// SetPresence is the user's wish: with Offline all accounts sign off.
	SetPresence(p im.Presence)
	// UseStatus does what a saved status says; ShowNewStatus asks for one, and
	// ShowStatuses opens the list of the saved ones.
	UseStatus(id string)
	ShowNewStatus()
	ShowStatuses()
	// ShowPounces opens the list of what the user waits for buddies to do; ShowPounce asks
	// what to wait for, and what is to happen then.
	ShowPounces()
	ShowPounce(c im.ConvID)
	// ShowOwnPicture asks which picture the buddies of an account see.
	ShowOwnPicture(a im.AccountID)
	// SetIdle says since when the user does nothing, after [IdleAfter]; zero: they do
	// something. Buddies are told what the settings say.
	SetIdle(since time.Time)
	// SetAccountEnabled connects or disconnects one account, lastingly;
	// Reconnect tries again at once what is Waiting or Stopped.
	SetAccountEnabled(a im.AccountID, on bool)
	Reconnect(a im.AccountID)
	// InvokeAccount does an action of an account's menu: see AccountMenusChanged.
	InvokeAccount(a im.AccountID, action string)
	// SetActive says whether the user is there: networks may hold back what can wait.
	SetActive(on bool)

	// Open shows a conversation in front, Close takes it away.
	Open(c im.ConvID)
	Close(c im.ConvID)
	// Send says a line; the ID is that of the message. Began is how well the
	// conversation was protected when the user began to write it: if it is less
	// now, the line fails, and the user says whether it is to leave.
	Send(c im.ConvID, text string, began im.Level) (id string)
	// Retry sends a Failed line again, as a new one with another ID at the end;
	// Discard takes a Failed or Waiting one away.
	Retry(c im.ConvID, id string)
	Discard(c im.ConvID, id string)
	// Edit takes a Failed or Waiting line back, to be written anew: TakenBack
	// brings its text, unless the line has left meanwhile.
	Edit(c im.ConvID, id string)
	// Correct gives a line that was sent, not long ago, another wording: what it said
	// before is forgotten. See [Correctable]. It waits, fails and is tried again like a
	// new line; to discard it brings back what the peer has.
	Correct(c im.ConvID, id, text string, began im.Level)
	// FollowLink shows where a link to a person, a room or a server leads: a conversation, or
	// a form that asks. Via is the account in whose conversation it is, empty: in none.
	FollowLink(via im.AccountID, link string)
	// Typing tells what the user does at the keyboard; Read, that the
	// conversation was seen to its end.
	Typing(c im.ConvID, t im.Typing)
	Read(c im.ConvID)
	// GetAttention asks a buddy to look at their screen. A line in the conversation says
	// what became of it.
	GetAttention(c im.ConvID)

	// SetDraft says what stands unsent in the conversation's entry: shortly after
	// each change, and with "" when it is empty again. Began is as with Send. It is
	// kept over the end of the program where lines like it are kept, and comes back
	// as ConversationState.Draft. Send removes it.
	SetDraft(c im.ConvID, text string, began im.Level)
	// SetLogging says whether the lines of the conversation that are not private are
	// kept in the history, whatever the program's setting is.
	SetLogging(c im.ConvID, on bool)
	// SetTelling says whether the peer is told of it, TellTyping or TellReceipts, whatever
	// the program's setting is.
	SetTelling(c im.ConvID, what string, on bool)
	// SetHeed says how much the user wants to be made aware of the conversation: HeedChanged.
	SetHeed(c im.ConvID, h Heed)
	// LoadOlder asks for lines above those that the conversation shows: OlderLines.
	LoadOlder(c im.ConvID)

	// These ask for what the history holds. What comes back has the AskID.
	Pasts() AskID                                      // PastsListed
	PastDays(c im.ConvID, from, until time.Time) AskID // DaysListed; zero c: of all conversations
	PastLines(q LinesQuery) AskID                      // LinesFound
	SearchPast(s im.Search) AskID                      // HitsFound; the search that is under way ends
	// LookBack says of which conversation the history is on show, zero: of none. After
	// unlocking it is Snapshot.Past.
	LookBack(c im.ConvID)

	// SendFiles offers files and folders to a peer: in a private conversation to the
	// program at the other end, sealed; else, after a question, by a link.
	SendFiles(c im.ConvID, paths []string)
	// ShowTransfer asks what to do with an Offered transfer. AcceptTransfer takes it: the
	// path is that of the file, or of the folder for several; nothing that is there is
	// replaced. If the path cannot be used, ShowTransfer's form says why.
	ShowTransfer(id TransferID)
	AcceptTransfer(id TransferID, path string)
	DeclineTransfer(id TransferID)
	// PauseTransfer holds one up; ResumeTransfer lets it go on, also one that Failed and
	// CanResume; CancelTransfer gives it up; ForgetTransfer takes one that is over off
	// the list.
	PauseTransfer(id TransferID)
	ResumeTransfer(id TransferID)
	CancelTransfer(id TransferID)
	ForgetTransfer(id TransferID)

	// Invoke does an action of a plugin's menu, in a conversation.
	Invoke(pluginID string, c im.ConvID, action string)
	// Answer tells what the user did in a form.
	Answer(d DialogID, a plugin.Answers)

	// These open forms, as DialogOpened.
	ShowFirstRun()
	ShowAccounts()
	ShowAddAccount(scheme string)
	ShowEditAccount(a im.AccountID)
	ShowAddBuddy()
	ShowRenameBuddy(c im.ConvID)
	ShowRemoveBuddy(c im.ConvID)
	ShowNewMessage()
	ShowRequest(c im.ConvID) // a subscription request, or a stranger: authorise or deny
	// ShowKnocks opens the list of strangers who want to reach the user, and
	// ShowBlocked that of people who cannot.
	ShowKnocks()
	ShowBlocked()
	// ShowInfo tells what is known of somebody; zero: it asks of whom.
	ShowInfo(c im.ConvID)
	// ShowBlock asks whether to block somebody, or whether to unblock them. It is for
	// accounts that can: see [buddylist.List.CanBlock].
	ShowBlock(c im.ConvID)
	ShowPlugins()
	ShowBackup()   // everything into one encrypted file
	ShowRestore()  // and back
	ShowSecurity() // where passwords and keys are kept, and what unlocks them
	// ShowImport asks from which other program to take over accounts, buddies, keys and logs.
	ShowImport()
	ShowAbout()
	// ShowShortcuts: what keys do.
	ShowShortcuts()
	// ShowErase asks whether to delete a part of the history, and ShowExport for
	// the file that it is to be written into. Deleted is also what stands there in
	// the conversations on show, but for lines that still wait to be sent.
	ShowErase(r im.Range)
	ShowExport(r im.Range)
	// EraseLine asks whether to delete one line, of the history or on show.
	EraseLine(c im.ConvID, id string)
	// ShowHistorySettings: whether a history is kept.
	ShowHistorySettings()
	// ShowPrivacy: what others are told of the user.
	ShowPrivacy()
	// ShowPreferences opens the settings of the program at a page, one of the Page
	// constants; empty: as they were.
	ShowPreferences(page string)
	// ShowSounds: which sounds are played.
	ShowSounds()
	// ShowGuide opens a page of a plugin's guide; an empty page is the first.
	ShowGuide(pluginID, page string)

	// SetSetting keeps a setting of the program.
	SetSetting(key, value string)
	// Quit signs everything off; Run then returns, after the event Stopped. If
	// lines would be lost, it asks first.
	Quit()
	// Lock takes everything off the screen and signs everything off; Run then
	// returns, after the event Stopped. Nothing is lost, and nothing asked. It does
	// nothing where Snapshot.CanLock is false.
	Lock()
}
