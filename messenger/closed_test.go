package messenger_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"culver/accounts"
	"culver/im"
	"culver/messenger"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/protocol"
	"culver/storage"
)

// lock is a plugin that seals while it is shut, and opens when an account signs off.
type lock struct {
	host     plugin.Host
	conv     im.ConvID
	level    im.Level
	required bool
	agreed   bool
	unsent   int // lines that did not leave
}

func (*lock) Info() plugin.Info { return plugin.Info{ID: "lock", Name: "Lock", Title: "Lock"} }
func (l *lock) Init(h plugin.Host) error {
	l.host = h
	return nil
}
func (*lock) Close() error { return nil }
func (l *lock) Outgoing(c im.ConvID, text string) (plugin.Out, error) {
	if l.level == im.Private {
		return plugin.Out{Wire: "sealed", Seal: im.Seal{Level: im.Private, By: "lock"}, Unsent: func() { l.unsent++ }}, nil
	}
	return plugin.Out{Wire: text, Agreed: l.agreed}, nil
}
func (l *lock) Incoming(_ im.ConvID, a plugin.Arrival) (plugin.In, error) {
	if a.Wire == "shut" || a.Wire == "open" {
		l.turn(a.Wire == "shut")
		return plugin.In{Drop: true}, nil
	}
	return plugin.In{Text: a.Wire}, nil
}
func (l *lock) turn(shut bool) {
	l.level = im.Open
	if shut {
		l.level = im.Private
	}
	l.host.Seal(l.conv, im.Seal{Level: l.level, By: "lock"})
}
func (l *lock) SigningOff(im.AccountID) { l.turn(false) }
func (l *lock) Required(im.ConvID) bool { return l.required }
func (l *lock) Unlogged(im.ConvID) bool { return true }

func locked(t *testing.T, f func(net *fakenet, a *scenetest.Actor, bob im.ConvID, l *lock, store *storage.Memory)) {
	l, store := &lock{}, storage.NewMemory()
	part := scenetest.Part{Plugins: func() []plugin.Plugin { return []plugin.Plugin{l} },
		Store: scenetest.StoreOf(store, func(id string) plugin.Store { return store.Space(id) })}
	alone(t, part, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		l.conv = bob
		f(net, a, bob, l, store)
	})
}

func shut(s *fakeSession, a *scenetest.Actor, bob im.ConvID) {
	a.M.Open(bob)
	s.events <- protocol.Received{From: im.Addr{Bare: bob.Peer}, Body: "shut"}
	a.ExpectLevel(bob, "Unverified")
}

func lostConnection(s *fakeSession) {
	s.ended <- &protocol.Failure{Cause: protocol.Lost, Text: "The connection was lost."}
}

func TestALineTypedUnderTheLockNeverLeavesOpen(t *testing.T) {
	locked(t, func(net *fakenet, a *scenetest.Actor, bob im.ConvID, l *lock, store *storage.Memory) {
		s := net.online()
		a.UntilOnline()
		shut(s, a, bob)
		lostConnection(s)
		a.Until("the loss", func() bool { return a.Accounts[a.Self].Status == accounts.Waiting })
		a.M.Send(bob, "canary", im.Open)
		a.ExpectState(bob, im.Waiting)
		if kept, _ := store.Unsent(a.Self); len(kept) != 0 {
			t.Errorf("a private line was written to the disk: %v", kept)
		}
		<-net.sessions // it tries again, and the user goes offline meanwhile: the lock opens
		a.M.SetPresence(im.Presence{})
		a.ExpectLevel(bob, "Not private")
		a.M.SetPresence(im.Presence{Show: im.Available})
		s = net.online()
		m := a.ExpectState(bob, im.Failed)
		a.M.Retry(bob, m.ID)
		synctest.Wait()
		m = a.ExpectState(bob, im.Failed)
		if got := s.bodies(); len(got) != 0 || m.Text.String() != "canary" {
			t.Fatalf("sent %q, kept %q", got, m.Text)
		}
		l.agreed = true // the plugin asked, and the user said yes
		a.M.Retry(bob, m.ID)
		a.ExpectState(bob, im.Done)
		if got := s.bodies(); !slices.Equal(got, []string{"canary"}) {
			t.Fatalf("sent %q", got)
		}
	})
}

func TestALineTypedUnderRequireNeverLeavesOpenLater(t *testing.T) {
	locked(t, func(net *fakenet, a *scenetest.Actor, bob im.ConvID, l *lock, store *storage.Memory) {
		synctest.Wait()
		l.required = true
		a.M.Send(bob, "canary", im.Open)
		a.ExpectState(bob, im.Waiting)
		synctest.Wait()
		l.required = false
		s := net.online()
		a.ExpectState(bob, im.Failed)
		if got := s.bodies(); len(got) != 0 {
			t.Fatalf("sent %q", got)
		}
	})
}

func TestASealedLineOfUnknownFateIsNotSentOpenAgain(t *testing.T) {
	locked(t, func(net *fakenet, a *scenetest.Actor, bob im.ConvID, l *lock, store *storage.Memory) {
		net.silent = true
		s := net.online()
		a.UntilOnline()
		shut(s, a, bob)
		a.M.Send(bob, "canary", im.Open)
		a.ExpectState(bob, im.Sending)
		s.events <- protocol.Received{From: im.Addr{Bare: bob.Peer}, Body: "open"}
		a.ExpectLevel(bob, "Not private")
		lostConnection(s)
		m := a.ExpectState(bob, im.Failed)
		s = net.online()
		a.UntilOnline()
		a.M.Retry(bob, m.ID)
		synctest.Wait()
		a.ExpectState(bob, im.Failed)
		if got := s.bodies(); len(got) != 0 {
			t.Fatalf("sent %q", got)
		}
	})
}

// unstartable cannot be started.
type unstartable struct {
	lock
	panics bool
}

func (u *unstartable) Init(plugin.Host) error {
	if u.panics {
		panic("bug")
	}
	return errors.New("its data cannot be read")
}

func TestAPluginThatCannotStartLetsNothingOut(t *testing.T) {
	for _, panics := range []bool{false, true} {
		t.Run(fmt.Sprint("panics ", panics), func(t *testing.T) {
			alone(t, scenetest.Part{Plugins: func() []plugin.Plugin { return []plugin.Plugin{&unstartable{panics: panics}} }},
				func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
					s := net.online()
					a.UntilOnline()
					a.M.Send(bob, "canary", im.Open)
					if m := a.ExpectState(bob, im.Failed); !strings.Contains(m.Reason, "could not be started") {
						t.Errorf("the reason is %q", m.Reason)
					}
					if got := s.bodies(); len(got) != 0 {
						t.Fatalf("sent %q", got)
					}
					if len(a.Trouble) != 1 || !strings.Contains(a.Trouble[0], "could not be started") {
						t.Errorf("trouble: %q", a.Trouble)
					}
				})
		})
	}
}

func TestAWishWhileWaitingDoesNotEndTheWait(t *testing.T) {
	alone(t, scenetest.Part{Plugins: noPlugins}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := net.online()
		a.UntilOnline()
		lostConnection(s)
		a.Until("waiting", func() bool { return a.Accounts[a.Self].Status == accounts.Waiting })
		a.M.SetPresence(im.Presence{Show: im.Away})
		start := time.Now()
		net.online()
		a.UntilOnline()
		if waited := time.Since(start); waited > accounts.MinWait {
			t.Errorf("came back after %v", waited)
		}
	})
}

func TestForgettingAPassword(t *testing.T) {
	vault := storage.NewMemoryVault()
	alone(t, scenetest.Part{Plugins: noPlugins, Vault: vault}, func(net *fakenet, a *scenetest.Actor, _ im.ConvID) {
		net.online()
		a.UntilOnline()
		a.M.ShowEditAccount(a.Self)
		a.Answer("Modify Account", "save", "remember=")
		if s := net.online(); s.password != "pw" {
			t.Errorf("signed in with %q", s.password)
		}
		a.UntilOnline()
		if kept, _ := vault.Get(context.Background(), "password/"+string(a.Self)); kept != nil {
			t.Errorf("the vault still has %q", kept)
		}
	})
}

func TestADeletedAccountDoesNotComeBack(t *testing.T) {
	alone(t, scenetest.Part{Plugins: noPlugins}, func(net *fakenet, a *scenetest.Actor, _ im.ConvID) {
		net.online()
		a.UntilOnline()
		a.M.ShowEditAccount(a.Self)
		a.Form("Modify Account", "save")
		a.M.ShowAccounts()
		d := a.Form("Accounts", "add")
		a.M.Answer(d.ID, plugin.Answers{Action: "delete", Rows: []string{string(a.Self)}})
		a.Until("its removal", func() bool { return len(a.Accounts) == 0 })
		a.Answer("Modify Account", "save", "password=x")
		a.Until("the form's end", func() bool { return len(a.Dialogs) == 1 })
		synctest.Wait()
		if len(a.Accounts) != 0 {
			t.Error("the account came back")
		}
	})
}

// unreadable is a store that cannot be read.
type unreadable struct{ *storage.Memory }

func (unreadable) Accounts() ([]im.Account, error) { return nil, errors.New("a file is damaged") }

func TestAStoreThatCannotBeReadIsSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := messenger.New(messenger.Config{Store: unreadable{storage.NewMemory()}, Vault: storage.NewMemoryVault()})
		q := m.Subscribe()
		if err := m.Run(context.Background()); err == nil || !strings.Contains(err.Error(), "damaged") {
			t.Errorf("got %v", err)
		}
		batch, ok := q.Take(context.Background())
		if !ok || len(batch) != 1 || batch[0] != (messenger.Stopped{}) {
			t.Errorf("the front end was told %v", batch)
		}
	})
}

func TestQuittingAsksBeforeLinesAreLost(t *testing.T) {
	locked(t, func(net *fakenet, a *scenetest.Actor, bob im.ConvID, l *lock, store *storage.Memory) {
		synctest.Wait()
		l.required = true
		a.M.Send(bob, "canary", im.Open)
		a.ExpectState(bob, im.Waiting)
		a.M.Quit()
		a.Answer("Quit Culver?", "cancel")
		a.Until("the form's end", func() bool { return len(a.Dialogs) == 0 })
		a.M.Discard(bob, a.ExpectState(bob, im.Waiting).ID)
		a.M.Send(bob, "another canary", im.Open)
		a.M.Quit()
		a.Reads("Quit Culver?", "A line that you wrote")
		a.Answer("Quit Culver?", "quit")
		a.Until("the end", a.Stopped)
	})
}

func TestALineThatBecomesPrivateIsTakenOffTheDisk(t *testing.T) {
	locked(t, func(net *fakenet, a *scenetest.Actor, bob im.ConvID, l *lock, store *storage.Memory) {
		synctest.Wait()
		a.M.Send(bob, "canary", im.Open)
		a.ExpectState(bob, im.Waiting)
		synctest.Wait()
		if kept, _ := store.Unsent(a.Self); len(kept) != 1 {
			t.Fatalf("an open line is not kept: %v", kept)
		}
		synctest.Wait()
		l.required = true
		a.M.Send(bob, "more", im.Open) // asks the first one again
		a.ExpectState(bob, im.Waiting)
		synctest.Wait()
		if kept, _ := store.Unsent(a.Self); len(kept) != 0 {
			t.Errorf("private lines are on the disk: %v", kept)
		}
	})
}

// A sealed line that was kept, and of which nobody knows whether it arrived, is
// private after a restart, too.
func TestASealedLineOfAnEarlierRunIsNotSentOpen(t *testing.T) {
	locked(t, func(net *fakenet, a *scenetest.Actor, bob im.ConvID, l *lock, store *storage.Memory) {
		net.online()
		a.UntilOnline()
		err := store.Append(im.Message{ID: "old", Conv: bob, Out: true, Text: im.Plain("canary"), State: im.Sending,
			Seal: im.Seal{Level: im.Private, By: "lock"}})
		if err != nil {
			t.Fatal(err)
		}
		a.Quit()
		a.Start()
		s := net.online()
		a.UntilOnline()
		a.M.Open(bob)
		m := a.ExpectState(bob, im.Failed)
		a.M.Retry(bob, m.ID)
		synctest.Wait()
		a.ExpectState(bob, im.Failed)
		if got := s.bodies(); len(got) != 0 {
			t.Fatalf("sent %q", got)
		}
	})
}
