// Package tutor is the practice buddy: a front end without a screen, on a
// messenger of its own at the other end of the practice network. It greets a
// newcomer, holds a private conversation with them, and shows what can go wrong.
//
// It uses nothing but what every front end has: events, menus and forms. All of
// it runs on the goroutine of [Tutor.Run].
package tutor

import (
	"context"
	"strings"

	"culver/im"
	"culver/internal/queue"
	"culver/messenger"
)

// The name and the addresses on the practice network.
const (
	Name    = "Pat"
	Address = "pat@practice"
	Student = "you@practice"
)

// Progress is how far a newcomer has come: what they know is not explained again.
type Progress string

// What a newcomer has done; Fresh: nothing yet.
const (
	Fresh         Progress = ""
	Spoke         Progress = "private"  // in private
	Authenticated Progress = "verified" // and made sure of the tutor
)

// Config is what a tutor needs.
type Config struct {
	// Build makes a messenger with a single account on the practice network, which is
	// Address: the first time with the key that newcomers may know already, again with
	// one that nobody knows.
	Build func(again bool) *messenger.Messenger
	// Begin is how far the newcomer has come before; Keep is told when they come further,
	// on the goroutine of [Tutor.Run].
	Begin Progress
	Keep  func(Progress)
}

// Tutor is the practice buddy.
type Tutor struct {
	cfg   Config
	known Progress
	leave context.CancelFunc // ends the messenger
	m     *messenger.Messenger
	conv  im.ConvID

	seal      im.Seal
	menus     []messenger.Menu
	dialogs   map[messenger.DialogID]page
	asked     bool // the authentication that runs is one of ours
	succeeded bool // the last result was a good one
	here      bool // the newcomer is online
	ready     bool // it does not encrypt by itself any more: the newcomer is to start that
	greeted   bool
	newKey    bool // it has come back with another key, and says so when private
	failed    bool // the newcomer has seen a failure
	returns   bool // come back as somebody else after this messenger has stopped
}

// New returns a tutor.
func New(cfg Config) *Tutor { return &Tutor{cfg: cfg, known: cfg.Begin} }

// Run plays the practice buddy until ctx ends.
func (t *Tutor) Run(ctx context.Context) {
	for {
		t.stay(ctx)
		if ctx.Err() != nil || !t.returns {
			return
		}
		t.returns, t.newKey = false, true
	}
}

// stay is one stay on the network, with one key.
func (t *Tutor) stay(ctx context.Context) {
	t.m = t.cfg.Build(t.newKey)
	ctx, t.leave = context.WithCancel(ctx)
	defer t.leave()
	t.seal, t.menus, t.dialogs, t.here, t.ready, t.greeted = im.Seal{}, nil, map[messenger.DialogID]page{}, false, false, false
	events := t.m.Subscribe()
	done := make(chan struct{})
	go func() {
		defer close(done)
		t.m.Run(ctx)
	}()
	t.m.ShowPlugins() // to switch off automatic encryption
	t.follow(events)
	<-done
}

// follow handles events until the messenger has stopped.
func (t *Tutor) follow(events *queue.Queue[messenger.Event]) {
	for {
		batch, ok := events.Take(context.Background())
		if !ok {
			return
		}
		for _, e := range batch {
			t.handle(e)
		}
	}
}

func (t *Tutor) handle(e messenger.Event) {
	switch e := e.(type) {
	case messenger.Snapshot:
		for _, a := range e.Accounts {
			t.conv = im.ConvID{Account: a.Account.ID, Peer: Student}
		}
		for _, d := range e.Dialogs {
			t.form(d.ID, d.Form)
		}
		t.m.Open(t.conv)
	case messenger.BuddyListChanged:
		t.look(e)
	case messenger.ConversationOpened:
		if e.State.Conv == t.conv {
			t.seal, t.menus = e.State.Seal, e.State.Menus
			t.greet()
		}
	case messenger.MenusChanged:
		t.menus = e.Menus
		t.greet()
	case messenger.SealChanged:
		t.sealed(e.Seal)
	case messenger.MessageAdded:
		if m := e.Message; m.Conv == t.conv && m.Kind == im.Chat && !m.Out {
			t.hear(m.Text.String())
		}
	case messenger.TransferChanged:
		if e.Transfer.State == messenger.TransferOffered {
			t.m.DeclineTransfer(e.Transfer.ID)
			t.say(noFiles())
		}
	case messenger.DialogOpened:
		t.form(e.ID, e.Form)
	case messenger.DialogUpdated:
		t.form(e.ID, e.Form)
	case messenger.DialogClosed:
		t.closed(e.ID)
	}
}

func (t *Tutor) say(lines ...string) {
	for _, l := range lines {
		t.m.Send(t.conv, l, im.Open)
	}
}

// hear answers what the newcomer writes.
func (t *Tutor) hear(text string) {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return (r < 'a' || r > 'z') && r < 128 })
	word := ""
	if len(words) > 0 {
		word = words[0]
	}
	private := t.seal.Level.Encrypted()
	switch {
	case word == wordStart && private:
		t.say(alreadyPrivate())
	case word == wordStart:
		t.invoke("start")
	case (word == wordAsk || word == wordEnd) && !private:
		t.say(startFirst())
	case word == wordAsk:
		t.say(asking())
		t.invoke("authenticate")
	case word == wordEnd:
		t.say(ending())
		t.invoke("end")
	case word == wordKey:
		t.say(changingKey())
		t.returns = true
		t.m.Quit() // after what was just said
	case word == wordHelp:
		t.say(help())
	case word == "hello" || word == "hi" || word == "hey":
		t.say(hello())
	case word == "thanks" || word == "thank":
		t.say(welcome())
	default:
		t.say(onlyPractice())
	}
}

// sealed says what has become of the conversation's protection.
func (t *Tutor) sealed(s im.Seal) {
	before := t.seal.Level
	t.seal = s
	switch {
	case s.Level == im.Private && !before.Encrypted() && t.newKey:
		t.newKey = false
		t.say(cameBack())
	case s.Level == im.Private && !before.Encrypted() && t.known == Authenticated:
		t.say(privateAgain())
	case s.Level == im.Private && !before.Encrypted():
		t.learnt(Spoke)
		t.say(unverified(), howToAuthenticate())
	case s.Level == im.Ended:
		t.invoke("end")
	case s.Level == im.Open && before.Encrypted():
		t.say(ended())
	}
}

// learnt notes that the newcomer has come further.
func (t *Tutor) learnt(p Progress) {
	if t.known == p || t.known == Authenticated {
		return
	}
	t.known = p
	t.cfg.Keep(p)
}

// invoke chooses an entry of the menu.
func (t *Tutor) invoke(action string) {
	for _, menu := range t.menus {
		t.m.Invoke(menu.Plugin, t.conv, action)
	}
}
