// Package scenetest plays scenes for tests: people at messengers of their own who
// chat over a network, written as scripts of one step a line.
//
// What an [Actor] knows comes from events alone, as with any front end. A step
// that looks for something waits for it: in a synctest bubble that takes no time,
// over a real network up to [Patience]. A scene belongs to the test's goroutine.
package scenetest

import (
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"culver/im"
	"culver/messenger"
	"culver/otrplugin"
	"culver/plugin"
	"culver/protocol"
	"culver/storage"
)

// Patience is how long a step waits for what it looks for. It is only ever used up
// when something is broken, however slow the machine is.
const Patience = 2 * time.Minute

// Scene is a stage with actors on it.
type Scene struct {
	t      testing.TB
	actors map[string]*Actor
}

// New returns an empty stage. Call Close at its end, by defer.
func New(t testing.TB) *Scene { return &Scene{t: t, actors: map[string]*Actor{}} }

// Close lets everybody quit.
func (s *Scene) Close() {
	for _, a := range s.actors {
		a.Quit()
	}
}

// Part is who an actor is. Everything but the network may be left out: the store
// and vault are then in memory, the plugin OTR.
type Part struct {
	Network  protocol.Protocol
	Answers  map[string]string // to the network's settings
	Password string
	Store    Store
	Vault    plugin.Vault
	Safe     messenger.Safe         // nil: it cannot be locked
	Plugins  func() []plugin.Plugin // new ones for each start
	Guide    plugin.Guide           // of the program; nil: there is none
}

// Store is a messenger's store with the plugins' spaces.
type Store struct {
	messenger.Store
	Spaces func(string) plugin.Store
}

// MemoryStore is a store in memory.
func MemoryStore() Store {
	m := storage.NewMemory()
	return Store{m, func(id string) plugin.Store { return m.Space(id) }}
}

// StoreOf is a store of the test's own.
func StoreOf(s messenger.Store, spaces func(string) plugin.Store) Store { return Store{s, spaces} }

// Enter brings somebody on stage, with an account that connects at once.
func (s *Scene) Enter(name string, p Part) *Actor {
	s.t.Helper()
	if p.Store.Spaces == nil {
		p.Store = MemoryStore()
	}
	if p.Vault == nil {
		p.Vault = storage.NewMemoryVault()
	}
	if p.Plugins == nil {
		p.Plugins = func() []plugin.Plugin { return []plugin.Plugin{otrplugin.New(rand.Reader)} }
	}
	set, err := p.Network.Account(p.Answers)
	if err != nil {
		s.t.Fatal(err)
	}
	set.Enabled = true
	if err := p.Store.SaveAccount(set); err != nil {
		s.t.Fatal(err)
	}
	if p.Password != "" {
		if err := p.Vault.Put(s.t.Context(), "password/"+string(set.ID), []byte(p.Password)); err != nil {
			s.t.Fatal(err)
		}
	}
	a := &Actor{t: s.t, Name: name, Self: set.ID, part: p}
	s.actors[name] = a
	a.Start()
	return a
}

// Script plays steps, one a line:
//
//	alice to bob: text                  she writes
//	alice from bob: text                a line that she did not look at yet holds the text
//	alice with bob: Unverified          the conversation's level, in words
//	alice menu bob: label               she chooses an entry of a plugin's menu
//	alice form: title | button | f=v    she answers an open form
//	alice reads: title | text           an open form holds the text
//	alice switches off: automatic       she changes a switch in OTR's settings
//	alice sets keepprivate: ask         she changes another one of them
//	alice plugin otr: disable           she switches a plugin off (enable: on)
//	alice adds bob:                     she puts him on her list
//	alice accepts bob:                  she lets him see her presence
//	alice sees bob: Available           his presence
//	alice leaves: / alice returns:      she goes offline and comes back
//
// Empty lines and those that begin with # mean nothing.
func (s *Scene) Script(text string) {
	s.t.Helper()
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			s.step(line)
		}
	}
}

func (s *Scene) step(line string) {
	s.t.Helper()
	head, rest, _ := strings.Cut(strings.TrimSuffix(line, ":"), ": ")
	words := strings.Fields(head)
	if len(words) < 2 || s.actors[words[0]] == nil {
		s.t.Fatalf("what is %q?", line)
	}
	a := s.actors[words[0]]
	a.step = line
	other := ""
	if len(words) > 2 {
		other = words[2]
	}
	with := func() im.ConvID {
		o, ok := s.actors[other]
		if !ok {
			s.t.Fatalf("%q: who is %q?", line, other)
		}
		return im.ConvID{Account: a.Self, Peer: o.Self.Bare()}
	}
	switch words[1] {
	case "to":
		a.M.Send(with(), rest, im.Open)
	case "from":
		a.Expect(with(), rest)
	case "with":
		a.ExpectLevel(with(), rest)
	case "menu":
		a.Choose(with(), rest)
	case "form":
		parts := strings.Split(rest, " | ")
		a.Answer(parts[0], parts[1], parts[2:]...)
	case "reads":
		title, text, _ := strings.Cut(rest, " | ")
		a.Reads(title, text)
	case "switches":
		a.Switch(rest, other == "on")
	case "sets":
		a.Set(other, rest)
	case "plugin":
		a.Plugin(other, rest)
	case "adds":
		c := with()
		a.UntilOnline()
		a.M.ShowAddBuddy()
		a.Answer("Add Buddy", "ok", "account="+string(a.Self), "address="+c.Peer)
	case "accepts":
		c := with()
		a.Until("a request", func() bool { return a.List.Asking(c) })
		a.M.ShowRequest(c)
		a.Answer("Request from", "ok", "add=on")
	case "sees":
		c := with()
		a.Until("that presence", func() bool {
			p, _ := a.List.Presence(c)
			return p.Show.String() == rest
		})
	case "leaves":
		a.M.SetPresence(im.Presence{})
	case "returns":
		a.M.SetPresence(im.Presence{Show: im.Available})
	default:
		s.t.Fatalf("what is %q?", line)
	}
}
