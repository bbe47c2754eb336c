package scenetest

import (
	"context"
	"image"
	"maps"
	"slices"
	"strings"
	"testing"

	"culver/accounts"
	"culver/buddylist"
	"culver/conversation"
	"culver/im"
	"culver/internal/queue"
	"culver/messenger"
	"culver/plugin"
	"culver/protocol"
)

// Actor is a person at a messenger.
type Actor struct {
	Name string
	Self im.AccountID
	M    *messenger.Messenger

	// What the events told.
	Accounts     map[im.AccountID]accounts.State
	AccountMenus messenger.AccountMenusChanged
	List         *buddylist.List
	Chats        map[im.ConvID]*Chat
	Dialogs      map[messenger.DialogID]messenger.DialogOpened
	Trouble      []string
	// What plugins offer: in the menu of every buddy, and to read.
	BuddyMenus  []messenger.Menu
	Guides      []messenger.Guide
	Attention   []messenger.Attention               // what the user was made aware of
	Sounds      []messenger.SoundPlayed             // what the user heard
	Heeds       map[im.ConvID]messenger.Heed        // of conversations for which the user chose
	TakenBack   []string                            // lines that came back to be edited
	Suggested   []string                            // what links put into entries
	Answers     map[messenger.AskID]messenger.Event // of the history
	Erased      []im.Range                          // parts of the history that are gone
	Busy        []bool                              // whether something went on that is not to be cut off, and no longer
	Invitations []messenger.Invitation
	Statuses    messenger.Statuses
	Idle        messenger.IdleChanged
	OwnPictures map[im.AccountID]image.Image // that buddies see
	Unsent      bool                         // whether what the lock carried has something that was written and not sent
	// How the snapshot showed the conversations.
	Order []im.ConvID
	Front im.ConvID
	Past  im.ConvID
	// The transfers of files.
	Transfers map[messenger.TransferID]messenger.Transfer

	t       testing.TB
	part    Part
	step    string // of the script, for what is said of failures
	queue   *queue.Queue[messenger.Event]
	end     chan error
	leave   context.CancelFunc
	stopped bool
}

// Chat is a conversation as the actor sees it.
type Chat struct {
	Lines *conversation.Timeline
	Seal  im.Seal
	Menus []messenger.Menu
	// What is said of the history, and how often older lines came.
	Older, Logging bool
	Telling        messenger.Telling
	Draft          string
	Room           *conversation.Room // nil: it is in none
	Kind           im.ConvKind
	Pages          int
	seen           map[string]bool
}

// Start runs the actor's messenger: again, after Quit, with what it had kept.
func (a *Actor) Start() { a.start(nil) }

func (a *Actor) start(carried []byte) {
	a.join(messenger.New(messenger.Config{
		Carried: carried, Safe: a.part.Safe,
		Store: a.part.Store, Vault: a.part.Vault, Spaces: a.part.Store.Spaces,
		Networks: []protocol.Protocol{a.part.Network}, Plugins: a.part.Plugins(), NoFirstRun: true, Guide: a.part.Guide,
	}))
}

// Join runs a messenger and puts somebody before it, who is in no scene.
func Join(t testing.TB, name string, m *messenger.Messenger) *Actor {
	a := &Actor{t: t, Name: name}
	a.join(m)
	return a
}

// Watch puts one more front end before a messenger that runs already.
func Watch(t testing.TB, name string, m *messenger.Messenger) *Actor {
	a := &Actor{t: t, Name: name}
	a.watch(m)
	return a
}

func (a *Actor) join(m *messenger.Messenger) {
	a.end = make(chan error, 1)
	a.watch(m)
	end := a.end
	ctx, cancel := context.WithCancel(context.Background())
	a.leave = cancel
	go func() { end <- m.Run(ctx) }()
}

func (a *Actor) watch(m *messenger.Messenger) {
	a.Accounts = map[im.AccountID]accounts.State{}
	a.List, a.Chats = buddylist.New(), map[im.ConvID]*Chat{}
	a.Dialogs, a.Trouble = map[messenger.DialogID]messenger.DialogOpened{}, nil
	a.Answers = map[messenger.AskID]messenger.Event{}
	a.stopped, a.M = false, m
	a.queue = m.Subscribe()
}

// Quit ends the messenger, whatever is lost by that, and waits for it.
func (a *Actor) Quit() {
	if a.stopped {
		return
	}
	a.leave()
	for !a.stopped {
		batch, ok := a.queue.Take(context.Background())
		if !ok {
			break
		}
		for _, e := range batch {
			a.apply(e)
		}
	}
	if err := <-a.end; err != nil {
		a.t.Errorf("%s: %v", a.Name, err)
	}
}

// Lock locks the messenger, waits for its end, and returns what it carries.
func (a *Actor) Lock() []byte {
	a.t.Helper()
	a.M.Lock()
	a.Until("the end", a.Stopped)
	if err := <-a.end; err != nil {
		a.t.Errorf("%s: %v", a.Name, err)
	}
	a.Unsent = a.M.Unsent()
	return a.M.Carry()
}

// Unlock runs a messenger that takes up what the one before carried.
func (a *Actor) Unlock(carried []byte) { a.start(carried) }

// Stopped reports whether the messenger has ended.
func (a *Actor) Stopped() bool { return a.stopped }

// Until waits for something to become true by what events tell.
func (a *Actor) Until(what string, ok func() bool) {
	a.t.Helper()
	if !a.wait(ok) {
		a.t.Fatalf("%s, %q: waited in vain for %s\n%s", a.Name, a.step, what, a.Describe())
	}
}

func (a *Actor) wait(ok func() bool) bool {
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	for _, e := range a.queue.TryTake() {
		a.apply(e)
	}
	for !ok() {
		batch, more := a.queue.Take(ctx)
		for _, e := range batch {
			a.apply(e)
		}
		if !more {
			return ok()
		}
	}
	return true
}

// UntilOnline waits for the actor's account to be connected.
func (a *Actor) UntilOnline() {
	a.t.Helper()
	a.Until("being online", func() bool { return a.Accounts[a.Self].Status == accounts.Online })
}

func (a *Actor) apply(e messenger.Event) {
	switch e := e.(type) {
	case messenger.Snapshot:
		a.BuddyMenus, a.Guides, a.AccountMenus = e.BuddyMenus, e.Guides, e.AccountMenus
		for _, s := range e.Accounts {
			a.Accounts[s.Account.ID] = s
		}
		for _, b := range e.Buddies {
			a.List.Apply(b)
		}
		for _, c := range e.Conversations {
			a.open(c)
			a.Order = append(a.Order, c.Conv)
		}
		a.Front, a.Past, a.Invitations = e.Front, e.Past, e.Invitations
		a.takeTransfers(e.Transfers)
		a.Heeds, a.Statuses, a.Idle, a.OwnPictures = e.Heeds, e.Statuses, e.Idle, maps.Clone(e.OwnPictures)
		for _, d := range e.Dialogs {
			a.Dialogs[d.ID] = d
		}
	case messenger.AccountChanged:
		a.Accounts[e.State.Account.ID] = e.State
	case messenger.AccountMenusChanged:
		a.AccountMenus = e
	case messenger.AccountRemoved:
		delete(a.Accounts, e.Account)
	case messenger.BuddyListChanged:
		a.List.Apply(e.Change)
	case messenger.ConversationOpened:
		a.open(e.State)
	case messenger.ConversationClosed:
		delete(a.Chats, e.Conv)
	case messenger.MessageAdded:
		a.in(e.Message.Conv, func(c *Chat) { c.Lines.Add(e.Message) })
	case messenger.MessagePlaced:
		a.in(e.Message.Conv, func(c *Chat) { c.Lines.Place(e.Message) })
	case messenger.MessageChanged:
		a.in(e.Message.Conv, func(c *Chat) { c.Lines.Change(e.Message) })
	case messenger.MessageRemoved:
		a.in(e.Conv, func(c *Chat) { c.Lines.Remove(e.ID) })
	case messenger.OlderLines:
		a.in(e.Conv, func(c *Chat) { c.Lines.Prepend(e.Messages); c.Older = e.More; c.Pages++ })
	case messenger.LoggingChanged:
		a.in(e.Conv, func(c *Chat) { c.Logging = e.On })
	case messenger.TellingChanged:
		a.in(e.Conv, func(c *Chat) { c.Telling = e.Telling })
	case messenger.PastsListed:
		a.Answers[e.Ask] = e
	case messenger.DaysListed:
		a.Answers[e.Ask] = e
	case messenger.LinesFound:
		a.Answers[e.Ask] = e
	case messenger.HitsFound:
		a.Answers[e.Ask] = e
	case messenger.Erased:
		a.Erased = append(a.Erased, e.Range)
	case messenger.Suggested:
		a.Suggested = append(a.Suggested, e.Conv.Peer+": "+e.Text)
	case messenger.TakenBack:
		a.TakenBack = append(a.TakenBack, e.Text)
	case messenger.SealChanged:
		a.in(e.Conv, func(c *Chat) { c.Seal = e.Seal })
	case messenger.MenusChanged:
		a.in(e.Conv, func(c *Chat) { c.Menus = e.Menus })
	case messenger.BuddyMenusChanged:
		a.BuddyMenus = e.Menus
	case messenger.GuidesChanged:
		a.Guides = e.Guides
	case messenger.Attention:
		a.Attention = append(a.Attention, e)
	case messenger.SoundPlayed:
		a.Sounds = append(a.Sounds, e)
	case messenger.HeedChanged:
		a.Heeds[e.Conv] = e.Heed
	case messenger.DialogOpened:
		a.Dialogs[e.ID] = e
	case messenger.DialogUpdated:
		d := a.Dialogs[e.ID]
		d.Form = e.Form
		a.Dialogs[e.ID] = d
	case messenger.DialogClosed:
		delete(a.Dialogs, e.ID)
	case messenger.Trouble:
		a.Trouble = append(a.Trouble, e.Text)
	case messenger.RoomChanged:
		a.in(e.Conv, func(c *Chat) { c.Room.Apply(e.Change) })
	case messenger.InvitationsChanged:
		a.Invitations = e.Invitations
	case messenger.TransferChanged, messenger.TransferRemoved:
		a.applyTransfer(e)
	case messenger.StatusesChanged:
		a.Statuses = e.Statuses
	case messenger.OwnPictureChanged:
		if a.OwnPictures == nil {
			a.OwnPictures = map[im.AccountID]image.Image{}
		}
		a.OwnPictures[e.Account] = e.Image
	case messenger.IdleChanged:
		a.Idle = e
	case messenger.BusyChanged:
		a.Busy = append(a.Busy, e.On)
	case messenger.Stopped:
		a.stopped = true
	}
}

func (a *Actor) in(id im.ConvID, f func(*Chat)) {
	if c, ok := a.Chats[id]; ok {
		f(c)
	}
}

func (a *Actor) open(s messenger.ConversationState) {
	seen := map[string]bool{}
	if c, ok := a.Chats[s.Conv]; ok {
		seen = c.seen
	}
	var room *conversation.Room
	if s.Kind == im.InRoom {
		room = conversation.NewRoom()
		for _, e := range s.Room {
			room.Apply(e)
		}
	}
	a.Chats[s.Conv] = &Chat{Room: room, Kind: s.Kind, Lines: conversation.NewTimeline(s.Messages), Seal: s.Seal, Menus: s.Menus,
		Older: s.Older, Draft: s.Draft, Logging: s.Logging, Telling: s.Telling, seen: seen}
}

// Expect waits for a line by the peer, or a notice, that holds the text and was
// not expected before.
func (a *Actor) Expect(with im.ConvID, text string) {
	a.t.Helper()
	a.Until("that line", func() bool {
		found := false
		a.in(with, func(c *Chat) {
			for _, m := range c.Lines.Lines(0) {
				if !found && !m.Out && !c.seen[m.ID] && strings.Contains(m.Text.String(), text) {
					c.seen[m.ID], found = true, true
				}
			}
		})
		return found
	})
}

// Answered waits for what the history says to a question.
func Answered[E messenger.Event](a *Actor, id messenger.AskID) E {
	a.t.Helper()
	a.Until("that answer", func() bool { return a.Answers[id] != nil })
	e, ok := a.Answers[id].(E)
	if !ok {
		a.t.Fatalf("%s: the answer is %+v", a.Name, a.Answers[id])
	}
	return e
}

// ExpectLevel waits for the conversation to be protected as well as that.
func (a *Actor) ExpectLevel(with im.ConvID, level string) {
	a.t.Helper()
	a.Until("that level", func() bool {
		ok := false
		a.in(with, func(c *Chat) { ok = c.Seal.Level.String() == level })
		return ok
	})
}

// Choose chooses that one of these entries of a plugin's menu which is there, once it
// is possible.
func (a *Actor) Choose(with im.ConvID, labels ...string) {
	a.t.Helper()
	a.Until("that entry", func() bool {
		c, ok := a.Chats[with]
		if !ok {
			return false
		}
		for _, menu := range c.Menus {
			for _, act := range menu.Actions {
				if slices.Contains(labels, act.Label) && !act.Off {
					a.M.Invoke(menu.Plugin, with, act.ID)
					return true
				}
			}
		}
		return false
	})
}

// Form waits for a form whose title holds this, with that button to press.
func (a *Actor) Form(title, button string) messenger.DialogOpened {
	a.t.Helper()
	var found messenger.DialogOpened
	a.Until("that form", func() bool {
		for _, id := range slices.Sorted(maps.Keys(a.Dialogs)) {
			d := a.Dialogs[id]
			if strings.Contains(d.Form.Title, title) && (button == "" || pressable(d.Form, button)) {
				found = d
				return true
			}
		}
		return false
	})
	return found
}

func pressable(f plugin.Form, id string) bool {
	if slices.ContainsFunc(f.Buttons, func(b plugin.Button) bool { return b.ID == id && !b.Off }) {
		return true
	}
	return slices.ContainsFunc(f.Tabs, func(t plugin.Tab) bool {
		return slices.ContainsFunc(t.Fields, func(f im.Field) bool { return f.ID == id && !f.Off })
	})
}

// Answer presses a button of a form, with its fields as they are but for these
// ("id=value"). A button that waits for the fields to be right gets them first.
func (a *Actor) Answer(title, button string, fields ...string) {
	a.t.Helper()
	if len(fields) > 0 && a.fillable(title, button) {
		a.Types(title, fields...)
	}
	d := a.Form(title, button)
	values := map[string]string{}
	for _, tab := range d.Form.Tabs {
		for _, f := range tab.Fields {
			values[f.ID] = f.Value
		}
	}
	for _, f := range fields {
		k, v, _ := strings.Cut(f, "=")
		values[k] = v
	}
	a.M.Answer(d.ID, plugin.Answers{Action: button, Values: values})
}

// Reads waits for an open form to hold a text.
func (a *Actor) Reads(title, text string) {
	a.t.Helper()
	a.Until("that text", func() bool {
		for _, d := range a.Dialogs {
			if strings.Contains(d.Form.Title, title) && strings.Contains(words(d.Form), text) {
				return true
			}
		}
		return false
	})
}

// Plugin enables, disables or configures a plugin in the Plugins window.
func (a *Actor) Plugin(id, action string) {
	a.t.Helper()
	a.M.ShowPlugins()
	a.Until("that the plugin can", func() bool {
		for _, d := range a.Dialogs {
			if d.Form.Title != "Plugins" {
				continue
			}
			for _, r := range d.Form.Tabs[0].Fields[0].Rows {
				if r.ID == id && slices.Contains(r.Can, action) {
					a.M.Answer(d.ID, plugin.Answers{Action: action, Rows: []string{id}})
					return true
				}
			}
		}
		return false
	})
	d := a.Form("Plugins", "close")
	a.M.Answer(d.ID, plugin.Answers{Action: "close"})
	a.Until("the Plugins window's end", func() bool { _, open := a.Dialogs[d.ID]; return !open })
}

// Switch changes a switch in the settings of OTR, by way of the Plugins window.
func (a *Actor) Switch(field string, on bool) {
	a.t.Helper()
	a.Set(field, im.Switch(on))
}

// Set changes any of the settings of OTR.
func (a *Actor) Set(field, value string) {
	a.t.Helper()
	a.M.ShowPlugins()
	d := a.Form("Plugins", "close")
	a.M.Answer(d.ID, plugin.Answers{Action: "configure", Rows: []string{"otr"}})
	a.Answer("Off-the-Record", field, field+"="+value)
	a.Answer("Off-the-Record", "close")
	a.Answer("Plugins", "close")
	a.Until("closed settings", func() bool { return len(a.Dialogs) == 0 })
}
