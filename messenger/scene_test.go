package messenger_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"culver/accounts"
	"culver/buddylist"
	"culver/conversation"
	"culver/im"
	"culver/internal/queue"
	"culver/messenger"
	"culver/otrplugin"
	"culver/plugin"
	"culver/protocol"
	"culver/protocol/practice"
	"culver/storage"
)

// A scene is played by messengers over the practice network, in a bubble of
// synctest: after each step everything that follows from it has happened.
type scene struct {
	t      *testing.T
	hub    *practice.Hub
	actors map[string]*actor
}

// actor is a person at a messenger; what it knows comes from events alone, as
// with any front end.
type actor struct {
	t     *testing.T
	name  string
	m     *messenger.Messenger
	store *storage.Memory
	vault *storage.MemoryVault
	queue *queue.Queue[messenger.Event]
	end   chan error

	self     im.AccountID
	accounts map[im.AccountID]accounts.State
	list     *buddylist.List
	chats    map[im.ConvID]*replica
	dialogs  map[messenger.DialogID]messenger.DialogOpened
	trouble  []string
	stopped  bool
}

type replica struct {
	lines *conversation.Timeline
	seen  map[string]bool
	state messenger.ConversationState
}

func address(name string) string { return name + "@practice" }

// play runs a scene in a bubble.
func play(t *testing.T, f func(s *scene)) {
	synctest.Test(t, func(t *testing.T) {
		s := &scene{t: t, hub: practice.NewHub(), actors: map[string]*actor{}}
		defer func() {
			for _, a := range s.actors {
				a.quit()
			}
		}()
		f(s)
	})
}

// enter brings a person on stage, signed on.
func (s *scene) enter(name string) *actor {
	a := &actor{t: s.t, name: name, store: storage.NewMemory(), vault: storage.NewMemoryVault()}
	s.actors[name] = a
	s.start(a, s.hub.End(address(name)))
	return a
}

func (s *scene) start(a *actor, network protocol.Protocol) {
	set, err := network.Account(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	a.self = set.ID
	if err := a.store.SaveAccount(set); err != nil {
		s.t.Fatal(err)
	}
	a.run(network, otrplugin.New(rand.Reader))
}

func (a *actor) run(network protocol.Protocol, plugins ...plugin.Plugin) {
	a.accounts = map[im.AccountID]accounts.State{}
	a.list, a.chats, a.dialogs = buddylist.New(), map[im.ConvID]*replica{}, map[messenger.DialogID]messenger.DialogOpened{}
	a.stopped, a.end = false, make(chan error, 1)
	a.m = messenger.New(messenger.Config{
		Store: a.store, Vault: a.vault, Spaces: func(id string) plugin.Store { return a.store.Space(id) },
		Networks: []protocol.Protocol{network}, Plugins: plugins, NoFirstRun: true,
	})
	a.queue = a.m.Subscribe()
	go func() { a.end <- a.m.Run(context.Background()) }()
	a.settle()
}

func (a *actor) quit() {
	if a.stopped {
		return
	}
	a.m.Quit()
	a.settle()
	if err := <-a.end; err != nil {
		a.t.Errorf("%s: %v", a.name, err)
	}
	if !a.stopped {
		a.t.Errorf("%s did not stop", a.name)
	}
}

// settle waits until nothing moves, and takes in what happened.
func (a *actor) settle() {
	synctest.Wait()
	for _, e := range a.queue.TryTake() {
		a.apply(e)
	}
}

func (a *actor) apply(e messenger.Event) {
	switch e := e.(type) {
	case messenger.Snapshot:
		for _, s := range e.Accounts {
			a.accounts[s.Account.ID] = s
		}
		for _, b := range e.Buddies {
			a.list.Apply(b)
		}
		for _, c := range e.Conversations {
			a.open(c)
		}
		for _, d := range e.Dialogs {
			a.dialogs[d.ID] = d
		}
	case messenger.AccountChanged:
		a.accounts[e.State.Account.ID] = e.State
	case messenger.AccountRemoved:
		delete(a.accounts, e.Account)
	case messenger.BuddyListChanged:
		a.list.Apply(e.Change)
	case messenger.ConversationOpened:
		a.open(e.State)
	case messenger.ConversationClosed:
		delete(a.chats, e.Conv)
	case messenger.MessageAdded:
		a.chats[e.Message.Conv].lines.Add(e.Message)
	case messenger.MessageChanged:
		if c, ok := a.chats[e.Message.Conv]; ok {
			c.lines.Change(e.Message)
		}
	case messenger.MessageRemoved:
		a.chats[e.Conv].lines.Remove(e.ID)
	case messenger.SealChanged:
		if c, ok := a.chats[e.Conv]; ok {
			c.state.Seal = e.Seal
		}
	case messenger.MenusChanged:
		a.chats[e.Conv].state.Menus = e.Menus
	case messenger.DialogOpened:
		a.dialogs[e.ID] = e
	case messenger.DialogUpdated:
		d := a.dialogs[e.ID]
		d.Form = e.Form
		a.dialogs[e.ID] = d
	case messenger.DialogClosed:
		delete(a.dialogs, e.ID)
	case messenger.Trouble:
		a.trouble = append(a.trouble, e.Text)
	case messenger.Stopped:
		a.stopped = true
	}
}

func (a *actor) open(s messenger.ConversationState) {
	if c, ok := a.chats[s.Conv]; ok {
		c.lines, c.state = conversation.NewTimeline(s.Messages), s
		return
	}
	a.chats[s.Conv] = &replica{conversation.NewTimeline(s.Messages), map[string]bool{}, s}
}

func (a *actor) conv(with string) im.ConvID { return im.ConvID{Account: a.self, Peer: address(with)} }

func (a *actor) chat(with string) *replica {
	a.t.Helper()
	a.settle()
	c, ok := a.chats[a.conv(with)]
	if !ok {
		a.t.Fatalf("%s has no conversation with %s", a.name, with)
	}
	return c
}

// script plays lines of the form "alice to bob: text", and the other verbs below,
// one step a line.
func (s *scene) script(text string) {
	s.t.Helper()
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		s.step(line)
		for _, a := range s.actors {
			a.settle()
		}
	}
}

func (s *scene) step(line string) {
	s.t.Helper()
	var who, other string
	head, rest, _ := strings.Cut(strings.TrimSuffix(line, ":"), ": ")
	words := strings.Fields(head)
	if len(words) < 2 {
		s.t.Fatalf("what is %q?", line)
	}
	who = words[0]
	a := s.actors[who]
	if a == nil {
		s.t.Fatalf("%q: who is %s?", line, who)
	}
	if len(words) > 2 {
		other = words[2]
	}
	switch words[1] {
	case "to": // alice to bob: text
		a.m.Send(a.conv(other), rest)
	case "from": // alice from bob: a line (or part of one) not looked at yet
		a.expect(line, other, rest)
	case "with": // alice with bob: Unverified
		if got := a.chat(other).state.Seal.Level.String(); got != rest {
			s.t.Fatalf("%q: it is %s; lines:\n%s", line, got, a.transcript(other))
		}
	case "menu": // alice menu bob: Start private conversation
		a.invoke(line, other, rest)
	case "adds": // alice adds bob:
		a.m.ShowAddBuddy()
		a.settle()
		a.answer(line, "Add Buddy", "ok", "account="+string(a.self), "address="+address(other))
	case "accepts": // alice accepts bob:
		a.m.ShowRequest(a.conv(other))
		a.settle()
		a.answer(line, "Request from", "ok", "add=on")
	case "form": // alice form: title | button | field=value | ...
		parts := strings.Split(rest, " | ")
		a.answer(line, parts[0], parts[1], parts[2:]...)
	case "reads": // alice reads: title | text somewhere in the form
		title, text, _ := strings.Cut(rest, " | ")
		if f := a.form(line, title); !strings.Contains(formText(f.Form), text) {
			s.t.Fatalf("%q: the form says:\n%s", line, formText(f.Form))
		}
	case "switches": // alice switches off: automatic
		a.m.ShowPlugins()
		a.settle()
		plugins := a.form(line, "Plugins")
		a.m.Answer(plugins.ID, plugin.Answers{Action: "configure", Rows: []string{"otr"}})
		a.settle()
		value := map[string]string{"on": im.On, "off": ""}[other]
		a.answer(line, "Off-the-Record", rest, rest+"="+value)
		a.settle()
		a.answer(line, "Off-the-Record", "close")
		a.answer(line, "Plugins", "close")
	case "noform":
		if len(a.dialogs) > 0 {
			s.t.Fatalf("%q: %d forms are open", line, len(a.dialogs))
		}
	case "leaves":
		a.m.SetPresence(im.Presence{})
	case "returns":
		a.m.SetPresence(im.Presence{Show: im.Available})
	default:
		s.t.Fatalf("what is %q?", line)
	}
}

func (a *actor) expect(step, with, text string) {
	a.t.Helper()
	c := a.chat(with)
	for i := range c.lines.Len() {
		m := c.lines.At(i)
		if !m.Out && !c.seen[m.ID] && strings.Contains(m.Text.String(), text) {
			c.seen[m.ID] = true
			return
		}
	}
	a.t.Fatalf("%q: not there; lines:\n%s", step, a.transcript(with))
}

func (a *actor) transcript(with string) string {
	var b strings.Builder
	c := a.chat(with)
	for i := range c.lines.Len() {
		m := c.lines.At(i)
		fmt.Fprintf(&b, "  kind=%d out=%v state=%d seal=%s %q %s\n", m.Kind, m.Out, m.State, m.Seal.Level, m.Text.String(), m.Reason)
	}
	for _, t := range a.trouble {
		fmt.Fprintf(&b, "  trouble: %s\n", t)
	}
	return b.String()
}

func (a *actor) invoke(step, with, label string) {
	a.t.Helper()
	for _, menu := range a.chat(with).state.Menus {
		for _, act := range menu.Actions {
			if act.Label == label {
				if act.Off {
					a.t.Fatalf("%q: not possible now", step)
				}
				a.m.Invoke(menu.Plugin, plugin.Target{Account: a.self, Conv: a.conv(with)}, act.ID)
				return
			}
		}
	}
	a.t.Fatalf("%q: no such entry", step)
}

func (a *actor) form(step, title string) messenger.DialogOpened {
	a.t.Helper()
	a.settle()
	var titles []string
	for _, d := range a.dialogs {
		if strings.Contains(d.Form.Title, title) {
			return d
		}
		titles = append(titles, d.Form.Title)
	}
	a.t.Fatalf("%q: no such form among %q", step, titles)
	panic("not reached")
}

// answer presses a button of a form, with its fields as they are but for these.
func (a *actor) answer(step, title, button string, fields ...string) {
	a.t.Helper()
	d := a.form(step, title)
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
	a.m.Answer(d.ID, plugin.Answers{Action: button, Values: values})
}

func formText(f plugin.Form) string {
	var b strings.Builder
	fmt.Fprintln(&b, f.Title, f.Intro)
	for _, tab := range f.Tabs {
		for _, field := range tab.Fields {
			fmt.Fprintln(&b, field.Label, field.Value, field.Hint)
			for _, r := range field.Rows {
				fmt.Fprintln(&b, r.Cells)
			}
		}
	}
	return b.String()
}
