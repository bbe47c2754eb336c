package plugin

import (
	"context"
	"time"

	"culver/im"
)

// Plugin is an optional feature. Which of the other interfaces of this package
// it also implements says what it does.
type Plugin interface {
	// Info says what it is, for the Plugins window. Info().Name is also the
	// title of its menu.
	Info() Info
	// Init is called before anything else. The host stays valid until Close; after
	// that, it does nothing. Store and Vault still work then: what is under way may
	// have something to finish.
	Init(h Host) error
	// Close ends all it does: sessions are ended properly (Host.Wire still works
	// while it runs), secrets wiped. The
	// user may have disabled the plugin only: Init may then be called again,
	// and it starts as if it were new.
	Close() error
}

// Info describes a plugin to people.
type Info struct {
	ID          string // short and stable, for stores: "otr"
	Name        string // "OTR"
	Title       string // "Off-the-Record Messaging"
	Description string
	Version     string
	// OffByDefault: it does nothing until the user enables it.
	OffByDefault bool
}

// Transformer changes text on its way out and in.
type Transformer interface {
	// Outgoing turns what the user typed into what goes on the wire. An
	// error means that nothing is sent; its text is shown to the user.
	Outgoing(c im.ConvID, text string) (Out, error)
	// Incoming turns what came off the wire into what the user reads. With an
	// error, what In says is still done.
	Incoming(c im.ConvID, a Arrival) (In, error)
}

// Bystander is a Transformer that knows its own texts when it sees a copy of one: it
// was meant for another device of the user's, or was read long ago.
type Bystander interface {
	// Overheard is what people can read of it. Sealed: that is nothing, because it is
	// encrypted, or for programs only. Nothing comes of it otherwise; it is also called
	// while the plugin is off.
	Overheard(wire string) (text string, sealed bool)
}

// Out is what becomes of an outgoing text.
type Out struct {
	Wire  string
	Seal  im.Seal
	Hints Hints
	// Agreed: the user was asked and agreed that this line leaves unsealed,
	// although it was written to be private.
	Agreed bool
	// Hold: do not send yet. The line stays waiting, with Reason, until
	// Host.Release. Wire is ignored.
	Hold   bool
	Reason string
	// Number is what the plugin calls the line when it learns that the peer may not
	// have read it; see Host.Doubt and Hints.Again. 0: it does not learn that.
	Number uint64
	// Unsent, if set, is called if the line did not leave after all, or if it is
	// not known whether it did: it stands there as not sent, and the user decides.
	// The plugin does not send it by itself from then on.
	Unsent func()
}

// Arrival is a text that came off the wire. All of it is untrusted.
type Arrival struct {
	From im.Addr
	Wire string
	// Late: it waited for us while we were away. Nothing may be answered to it
	// by itself: that would tell its sender when we came back.
	Late bool
	// Ticket: the text came before and waited; see In.Ticket. 0: it comes now.
	Ticket uint64
}

// In is what becomes of an incoming one.
type In struct {
	Text   string
	Seal   im.Seal
	Markup bool   // Text may hold HTML, to be sanitised
	Drop   bool   // nothing to show: it was for the plugin
	Alarm  string // a warning to show above the text, "" for none
	// Said is Text as it was said, without what the peer's program put before it to tell
	// that it sends the line once more; see Hints.Again. Empty: it did not.
	Said string
	// Ticket, if not 0: there is nothing to show yet, for the text has overtaken
	// others on its way and waits for them. Once the plugin has called Host.Ready with
	// the ticket, it gets the same arrival again. Drop is set, too.
	Ticket uint64
}

// Hints tell the network how a plugin's message wants to be handled.
type Hints struct {
	Resource string // send to this device of the peer; empty: where the last message came from
	Sealed   bool   // see protocol.Hints
	// Momentary: see protocol.Hints
	Momentary bool
	By        string // see protocol.Hints
	// Again: this is a line once more that left before, by its Out.Number, as the peer may
	// not have been able to read it. It has the same name on the network: who read it
	// knows it by that. 0: it is none.
	Again uint64
}

// Rewriter is a plugin that changes the words of the user, as if they had been
// typed that way.
type Rewriter interface {
	// Rewrite is called once for each line that the user sends, before anything
	// else sees it. What it returns is shown, kept and sent; if that is empty, or it
	// panics, the line is not sent.
	Rewrite(c im.ConvID, typed string) string
}

// Listener is a plugin that wants to know when there is something to read. It is
// not told what.
type Listener interface {
	// Heard: the peer said something, which the user can read now.
	Heard(c im.ConvID)
}

// Observer is a plugin that wants to know of the user's accounts.
type Observer interface {
	// AccountOnline: the account is connected, or no longer.
	AccountOnline(a im.AccountID, online bool)
	// AccountRemoved: the user deleted the account.
	AccountRemoved(a im.AccountID)
}

// Watcher is a plugin that wants to know who is there.
type Watcher interface {
	// Shows: the peer, on all devices together, was as available as before, and is
	// as after now. What they say about it is not told. If one of several devices
	// signed off, gone is that one, and before and after may be the same.
	Shows(c im.ConvID, before, after im.Show, gone string)
}

// SigningOff is a plugin with something to say to peers before an account goes
// offline or Culver quits. Host.Wire still works while it runs.
type SigningOff interface {
	SigningOff(a im.AccountID)
}

// Holder is a plugin that holds lines, and wants to know when the user does not
// want them sent any more.
type Holder interface {
	// NoneHeld: the user took back the last line that waited in the conversation. It
	// is not called when the last one leaves.
	NoneHeld(c im.ConvID)
}

// Resumer is a plugin that takes up what the user wanted before.
type Resumer interface {
	// Resume: lines wait in the conversation that were written to be private, in an
	// earlier run or by correcting one that was. They leave sealed, or not at all
	// unless the user is asked. Outgoing gets them next.
	Resume(c im.ConvID)
}

// Secrecy is a plugin that can require that a conversation is sealed.
type Secrecy interface {
	// Required reports that nothing may be sent here unsealed.
	Required(c im.ConvID) bool
	// Unlogged reports that messages sealed by the plugin are not kept on disk.
	Unlogged(c im.ConvID) bool
}

// Actor offers things to do.
type Actor interface {
	// Actions is the menu of the conversation, in order; empty: no menu. It is
	// asked for after everything that may change it.
	Actions(c im.ConvID) []Action
	// Invoke does the action there.
	Invoke(c im.ConvID, id string)
}

// Action is one entry of a menu.
type Action struct {
	ID      string // empty: a line to read, or a separator if Label is empty, too
	Label   string
	Icon    im.Level // shown beside the entry if HasIcon
	HasIcon bool
	Off     bool // shown, but not possible now
	Checked bool // one of several that is chosen, or a switch that is on
	// Sub is a menu of its own that the entry opens. ID is empty then.
	Sub []Action
}

// Describer is a plugin that knows something of people.
type Describer interface {
	// Describe is what it knows, as fields to read.
	Describe(c im.ConvID) []im.Field
}

// BuddyActor offers things to do with any buddy, in the buddy's menu in the Buddy
// List.
type BuddyActor interface {
	// BuddyActions is the same for all buddies. [Actor.Invoke] does them, in
	// the conversation with the buddy.
	BuddyActions() []Action
}

// Modest is an [Actor] whose button in conversation windows the user may have
// taken away. Its menu stays in the menu bar.
type Modest interface {
	// NoButton reports that there is to be no button. It is asked for whenever
	// Actions is.
	NoButton() bool
}

// Guide is a plugin with pages to read about what it does, inside the program.
type Guide interface {
	// Guide is the pages, the first one being what to start with.
	Guide() []GuidePage
}

// GuidePage is one page of a guide. [im.GuideLink] leads to it.
type GuidePage struct {
	ID    string
	Title string
	Text  im.Text
}

// Reluctant is a plugin that should not be disabled without a word.
type Reluctant interface {
	// Loses says in a sentence what would be lost if the plugin were disabled
	// now; empty: nothing.
	Loses() string
}

// Monitor is a plugin that shows what goes over the wire, for those who look for faults.
type Monitor interface {
	// Watches reports whether it wants to see that just now. It is asked for after
	// everything that may change it.
	Watches() bool
	// Passed: this went over the connection of an account. Passwords, and what people
	// write to each other, are not in it; it is safe to show.
	Passed(a im.AccountID, out bool, text string)
}

// Configurer is a plugin with settings.
type Configurer interface {
	// Configure opens the settings, by Host.Ask with a zero ConvID.
	Configure()
}

// Preferrer is a plugin whose settings are rows of the Preferences.
type Preferrer interface {
	// Preferences are its switches and choices, with what is in force. They have no
	// say in when other rows are shown.
	Preferences() []Preference
	// Prefer has a value that the user chose in force, and keeps it. After an error,
	// which is shown, it is in force until the program ends.
	Prefer(id, value string) error
}

// Preference is a setting in the Preferences.
type Preference struct {
	im.Field        // its ID is unique in the plugin
	Standard string // the value until the user chooses
}

// Host is what a plugin may ask of the core. All methods but those of Vault are
// called on the messenger's goroutine only, and return at once.
type Host interface {
	// Wire sends a body as it is, past all transformers.
	Wire(c im.ConvID, body string, h Hints) error
	// Seal says how well the conversation is protected from now on.
	Seal(c im.ConvID, s im.Seal)
	// Notice shows a line in the conversation, opening it if need be.
	Notice(c im.ConvID, kind im.Kind, t im.Text)
	// Release sends the lines of the conversation that were held, through
	// the transformers again, in order.
	Release(c im.ConvID)
	// Ready has the text that waits under that ticket given to the plugin again, after
	// what it is being given now and before anything else of the conversation. See
	// In.Ticket.
	Ready(c im.ConvID, ticket uint64)
	// Doubt: the peer may not have been able to read these lines that the plugin sealed,
	// by Out.Number, and the plugin does not send them again. Those that no device of
	// the peer's has confirmed are shown as failed, with that sentence: the user decides.
	Doubt(c im.ConvID, lines []uint64, why string)
	// Keep writes down what was said in the conversation since it was sealed, which
	// is not in the history: the user has agreed to that. See [Secrecy].
	Keep(c im.ConvID)
	// Attention makes the user aware of the conversation in these ways, unless
	// they are looking at it. Nothing is opened for it.
	Attention(c im.ConvID, how Attention)
	// Ask shows a form; done is called for each Answers. The zero ConvID asks
	// apart from any conversation.
	Ask(c im.ConvID, f Form, done func(Answers)) Dialog

	// Arrived hands the core what the peer's program sent: see [Courier].
	Arrived(c im.ConvID, x Carried)

	// Accounts are the user's accounts.
	Accounts() []im.Account
	// Name is what people call the peer.
	Name(c im.ConvID) string
	// Online reports whether the account of c is connected, and whether any
	// device of the peer is seen online.
	Online(c im.ConvID) (account, peer bool)
	// HasDevice reports whether this device of the peer is seen online.
	HasDevice(c im.ConvID, resource string) bool
	// Open reports whether the user has the conversation open.
	Open(c im.ConvID) bool
	// Listed reports whether the user has the peer on the Buddy List.
	Listed(c im.ConvID) bool
	// SeesUs reports whether the peer is on the Buddy List and is told how
	// available the user is: an answer tells them nothing new.
	SeesUs(c im.ConvID) bool
	// MaxMessage is the longest body the network takes, in bytes; 0: any.
	MaxMessage(a im.AccountID) int
	// Language is the user's, as a BCP 47 tag such as "de" or "pt-BR".
	Language() string
	// ShowGuide opens a page of the plugin's own guide: see [Guide].
	ShowGuide(page string)

	// Store keeps the plugin's data, in the encrypted database.
	Store() Store
	// Vault keeps its secrets. Its methods may block: call them in Go only.
	Vault() Vault

	Now() time.Time
	// After calls f on the messenger's goroutine when d has passed, unless it was
	// stopped or the plugin closed.
	After(d time.Duration, f func()) (stop func())
	// Go runs work on a goroutine of its own, and done with its result on the
	// messenger's. The context ends with the plugin; done is not called after that.
	Go(work func(ctx context.Context) error, done func(error))
}

// Attention is ways to make the user aware of something new to read. None of them
// takes the keyboard: what is typed elsewhere must not end up in a conversation.
type Attention struct {
	Notify bool // the system says so, until the user looks
	Says   Says // what the system says
	Count  bool // the title of the window says how much is unread, until the user looks
}

// Says is what a notification says.
type Says int

// What it can say.
const (
	SaysWho     Says = iota // who wrote, never what
	SaysNothing             // that somebody wrote
	SaysText                // who wrote, and what, unless that is private
)

// Store is a small key-value space of one plugin. It waits for the disk only. The
// key im.Rescued is there if the database was damaged and rows may be missing.
type Store interface {
	Get(key string) (value []byte, ok bool, err error)
	Put(key string, value []byte) error
	Delete(key string) error
	// List returns the values of all keys with the prefix, by key.
	List(prefix string) (map[string][]byte, error)
}

// Vault keeps small secrets (at most 1,900 bytes) in the system's keyring, or
// in a file locked by a passphrase. Any goroutine may use it; it may block for
// as long as the system asks the user for a password.
type Vault interface {
	// Get returns nil and no error for a name that is not there.
	Get(ctx context.Context, name string) ([]byte, error)
	Put(ctx context.Context, name string, secret []byte) error
	Delete(ctx context.Context, name string) error
}
