package messenger

import (
	"culver/im"
	"culver/internal/queue"
	"culver/plugin"
)

// Front is what front ends may ask of the messenger. Every method returns at
// once; what comes of it arrives as events.
type Front interface {
	Subscribe() *queue.Queue[Event]
	Unsubscribe(q *queue.Queue[Event])

	// SetPresence is the user's wish: with Offline all accounts sign off.
	SetPresence(p im.Presence)
	// SetAccountEnabled connects or disconnects one account, lastingly;
	// Reconnect tries again at once what is Waiting or Stopped.
	SetAccountEnabled(a im.AccountID, on bool)
	Reconnect(a im.AccountID)

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
	// Typing tells what the user does at the keyboard; Read, that the
	// conversation was seen to its end.
	Typing(c im.ConvID, t im.Typing)
	Read(c im.ConvID)

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
	ShowRequest(c im.ConvID) // a subscription request: authorise or deny
	ShowPlugins()
	ShowSecurity() // where passwords and keys are kept, and what unlocks them
	ShowAbout()
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
