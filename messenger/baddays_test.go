package messenger_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"culver/accounts"
	"culver/im"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/protocol"
	"culver/storage"
)

// alone plays somebody at a messenger whose server is the test.
func alone(t *testing.T, part scenetest.Part, f func(net *fakenet, a *scenetest.Actor, bob im.ConvID)) {
	synctest.Test(t, func(t *testing.T) {
		s := scenetest.New(t)
		defer s.Close()
		net := newFakenet()
		net.friends = []string{"bob@x"}
		part.Network = net
		part.Answers = map[string]string{protocol.FieldAddress: "alice@x"}
		part.Password = "pw"
		a := s.Enter("alice", part)
		synctest.Wait() // it is done with the store, which tests fill
		f(net, a, im.ConvID{Account: a.Self, Peer: "bob@x"})
	})
}

func noPlugins() []plugin.Plugin { return nil }

func TestLinesTypedOfflineLeaveInOrder(t *testing.T) {
	alone(t, scenetest.Part{Plugins: noPlugins}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		<-net.sessions
		for _, text := range []string{"one", "two", "three"} {
			a.M.Send(bob, text, im.Open)
		}
		a.ExpectState(bob, im.Waiting)
		a.Quit()
		a.Start()
		s := net.online()
		a.UntilOnline()
		synctest.Wait()
		if got := s.bodies(); !slices.Equal(got, []string{"one", "two", "three"}) {
			t.Fatalf("sent %q", got)
		}
		a.M.Open(bob)
		a.ExpectState(bob, im.Done)
	})
}

func TestConversationsTakeTurnsInAFixedOrder(t *testing.T) {
	alone(t, scenetest.Part{Plugins: noPlugins}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		<-net.sessions
		var last im.ConvID
		want := []string{"to anna", "to bert", "to carl", "to dora", "to emil", "to fred"}
		for _, text := range want {
			last = im.ConvID{Account: a.Self, Peer: strings.TrimPrefix(text, "to ") + "@x"}
			a.M.Send(last, text, im.Open)
		}
		a.ExpectState(last, im.Waiting)
		a.Quit()
		a.Start()
		s := net.online()
		a.UntilOnline()
		synctest.Wait()
		if got := s.bodies(); !slices.Equal(got, want) {
			t.Errorf("sent %q", got)
		}
	})
}

func TestALineOfUnknownFateIsNotSentTwice(t *testing.T) {
	alone(t, scenetest.Part{Plugins: noPlugins}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		net.silent = true
		s := net.online()
		a.UntilOnline()
		a.M.Send(bob, "hello", im.Open)
		a.ExpectState(bob, im.Sending)
		s.ended <- &protocol.Failure{Cause: protocol.Lost, Text: "The connection was lost."}
		m := a.ExpectState(bob, im.Failed)
		if !strings.Contains(m.Reason, "certain") || m.Text.String() != "hello" {
			t.Fatalf("got %+v", m)
		}
		again := net.online() // after the back-off
		synctest.Wait()
		if got := again.bodies(); len(got) != 0 {
			t.Fatalf("sent by itself: %q", got)
		}
		net.silent = false
		a.M.Retry(bob, m.ID)
		a.ExpectState(bob, im.Done)
		if got := again.bodies(); !slices.Equal(got, []string{"hello"}) {
			t.Fatalf("sent %q", got)
		}
	})
}

// fullDisk is a store that can keep no more lines.
type fullDisk struct {
	*storage.Memory
	full bool
}

func (d *fullDisk) Append(m im.Message) error {
	if d.full {
		return errors.New("the disk is full")
	}
	return d.Memory.Append(m)
}

func TestAFullDiskSendsNothingAndKeepsWhatWasTyped(t *testing.T) {
	disk := &fullDisk{Memory: storage.NewMemory(), full: true}
	part := scenetest.Part{Plugins: noPlugins,
		Store: scenetest.StoreOf(disk, func(id string) plugin.Store { return disk.Space(id) })}
	alone(t, part, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := net.online()
		a.UntilOnline()
		a.M.Send(bob, "precious", im.Open)
		m := a.ExpectState(bob, im.Failed)
		if m.Text.String() != "precious" || !strings.Contains(m.Reason, "disk") || len(s.bodies()) != 0 {
			t.Fatalf("%+v, sent %q", m, s.bodies())
		}
		s.events <- protocol.Received{From: im.Addr{Bare: "bob@x"}, Body: "incoming"}
		a.Expect(bob, "incoming")
		if len(a.Trouble) != 1 || !strings.Contains(a.Trouble[0], "could not be saved") {
			t.Errorf("trouble: %q", a.Trouble)
		}
		synctest.Wait()
		disk.full = false
		a.M.Retry(bob, m.ID)
		a.ExpectState(bob, im.Done)
	})
}

// broken is a plugin that panics wherever it is asked.
type broken struct{}

func (broken) Info() plugin.Info                                     { return plugin.Info{ID: "broken", Name: "Broken"} }
func (broken) Init(plugin.Host) error                                { return nil }
func (broken) Close() error                                          { panic("close") }
func (broken) Outgoing(im.ConvID, string) (plugin.Out, error)        { panic("outgoing") }
func (broken) Incoming(im.ConvID, plugin.Arrival) (plugin.In, error) { panic("incoming") }
func (broken) Actions(im.ConvID) []plugin.Action                     { panic("actions") }
func (broken) Invoke(im.ConvID, string)                              { panic("invoke") }
func (broken) Required(im.ConvID) bool                               { panic("required") }
func (broken) Unlogged(im.ConvID) bool                               { panic("unlogged") }
func (broken) SigningOff(im.AccountID)                               { panic("signing off") }

func TestABrokenPluginFailsClosed(t *testing.T) {
	alone(t, scenetest.Part{Plugins: func() []plugin.Plugin { return []plugin.Plugin{broken{}} }}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := net.online()
		a.UntilOnline()
		a.M.Send(bob, "secret", im.Open)
		if m := a.ExpectState(bob, im.Failed); m.Reason == "" {
			t.Error("no reason")
		}
		s.events <- protocol.Received{From: im.Addr{Bare: "bob@x"}, Body: "hello"}
		a.Expect(bob, "could not be read")
		if got := s.bodies(); len(got) != 0 {
			t.Fatalf("sent %q", got)
		}
	})
}

func TestLinesThatMustBePrivateWaitInOrder(t *testing.T) {
	play(t, func(s *scenetest.Scene, alice, bob *scenetest.Actor) {
		s.Script(friends + `
			alice switches on: automatic
			alice switches on: require
			bob leaves:
			alice sees bob: Offline
			alice to bob: first
			alice to bob: second
			bob returns:
			alice sees bob: Available
			alice to bob: third
			# by itself:
			alice with bob: Unverified
			bob from alice: first
			bob from alice: second
			bob from alice: third
		`)
		var got []string
		for _, m := range bob.Chats[with(bob, alice)].Lines.Lines(0) {
			if m.Kind == im.Chat {
				got = append(got, m.Text.String()+" "+m.Seal.Level.String())
			}
		}
		if !slices.Equal(got, []string{"first Unverified", "second Unverified", "third Unverified"}) {
			t.Fatalf("bob reads %q", got)
		}
	})
}

func TestHostileArrivals(t *testing.T) {
	alone(t, scenetest.Part{}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := net.online()
		a.UntilOnline()
		stranger := im.Addr{Bare: "mallory@x", Resource: "r"}
		a.M.Open(im.ConvID{Account: a.Self, Peer: stranger.Bare}) // else nothing of it would be read
		for _, body := range []string{
			"?OTR:===.", "?OTR:AAMD.", "?OTR|ffffffff|1,00001,65535,x,", "?OTR,99999999999999999999,3,x,", "?OTR?v23?",
			"?OTR Error: %s%n<b>", "?OTR:" + strings.Repeat("A", 100000), "\u202egnp.exe", "\x00\x01", "",
		} {
			s.events <- protocol.Received{From: stranger, Body: body}
		}
		s.events <- protocol.PresenceChanged{From: im.Addr{}, Presence: im.Presence{Show: im.Available, Status: "\x00"}}
		s.events <- protocol.SubscriptionAsked{Bare: "mallory@x", Reason: "\u202e\n"}
		s.events <- protocol.Rejected{ID: "?", From: stranger, Reason: "no"}
		s.events <- protocol.Sent{ID: "never"}
		s.events <- protocol.Received{From: im.Addr{Bare: "bob@x"}, Body: "still here"}
		a.Expect(bob, "still here")
		if got := s.bodies(); len(got) != 0 {
			t.Errorf("a stranger was answered: %q", got)
		}
	})
}

func TestReconnectingAfterALoss(t *testing.T) {
	alone(t, scenetest.Part{Plugins: noPlugins}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := net.online()
		a.UntilOnline()
		start := time.Now()
		s.ended <- &protocol.Failure{Cause: protocol.Lost, Text: "The connection was lost."}
		a.Until("waiting", func() bool { return a.Accounts[a.Self].Status == accounts.Waiting })
		if a.Accounts[a.Self].Problem.Text != "The connection was lost." {
			t.Error("no reason is shown")
		}
		net.online()
		a.UntilOnline()
		if waited := time.Since(start); waited < accounts.MinWait*4/5 {
			t.Errorf("came back after %v", waited)
		}
	})
}

func TestAWrongPasswordStopsUntilTheUserActs(t *testing.T) {
	alone(t, scenetest.Part{Plugins: noPlugins}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := <-net.sessions
		if s.password != "pw" {
			t.Errorf("signed in with %q", s.password)
		}
		s.ended <- &protocol.Failure{Cause: protocol.WrongPassword, Text: "The password is wrong."}
		a.Until("being stopped", func() bool { return a.Accounts[a.Self].Status == accounts.Stopped })
		a.M.ShowEditAccount(a.Self)
		a.Answer("Modify Account", "save", "password=better", "server=host.example")
		s = net.online()
		a.UntilOnline()
		if s.password != "better" || s.account.Option("server") != "host.example" {
			t.Errorf("signed in with %q at %q", s.password, s.account.Option("server"))
		}
	})
}

func TestAnUntrustedCertificateIsAskedAbout(t *testing.T) {
	certificate := func(digit string) *protocol.Failure {
		sum := strings.Repeat(digit, 64)
		return &protocol.Failure{Cause: protocol.Untrusted, Text: "The certificate of x cannot be trusted.",
			Certificate: &protocol.Certificate{Server: "x", Subject: "\u202eevil.example", Issuer: "Some Authority", Valid: "2026-01-01", Expires: "2026-04-01",
				SHA256: sum, Problem: "Nobody vouches for it.", Advice: "Ask.", Details: []string{"Key: none"},
				Old:    &protocol.Certificate{SHA256: strings.Repeat("0", 64), Issuer: "Another", Valid: "2025-01-01", Expires: "2026-01-31"},
				Accept: map[string]string{protocol.FieldPin: sum, "seen": digit}}}
	}
	alone(t, scenetest.Part{Plugins: noPlugins}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := <-net.sessions
		s.ended <- certificate("a")
		a.Reads("Certificate of x", "aaaaaaaa aaaaaaaa")
		a.Reads("Certificate of x", "00000000 00000000")
		a.Reads("Certificate of x", "It is for evil.example.")
		a.Reads("Certificate of x", "The one before: Issued by Another, valid from 2025-01-01 until 2026-01-31.")
		a.Answer("Certificate of x", "cancel")
		a.M.Reconnect(a.Self)
		(<-net.sessions).ended <- certificate("b")
		a.Answer("Certificate of x", "once")
		s = <-net.sessions
		if s.account.Option(protocol.FieldPin) != strings.Repeat("b", 64) || a.Accounts[a.Self].Account.Option(protocol.FieldPin) != "" {
			t.Errorf("once: %q, kept %q", s.account.Options, a.Accounts[a.Self].Account.Options)
		}
		s.ended <- certificate("c")
		a.Answer("Certificate of x", "trust")
		s = <-net.sessions
		a.Until("the account", func() bool { return a.Accounts[a.Self].Account.Option(protocol.FieldPin) == strings.Repeat("c", 64) })
		if s.account.Option(protocol.FieldPin) != strings.Repeat("c", 64) || s.account.Option("seen") != "c" {
			t.Errorf("for the account: %q", s.account.Options)
		}
	})
}
