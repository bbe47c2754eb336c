package messenger_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"culver/accounts"
	"culver/im"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/protocol"
)

// onlineWatcher is a plugin that is told of accounts, and says something to peers.
type onlineWatcher struct {
	host plugin.Host
	told []bool
}

var _ plugin.Observer = (*onlineWatcher)(nil)

func (*onlineWatcher) Info() plugin.Info {
	return plugin.Info{ID: "watch", Name: "Watch", Title: "Watch"}
}
func (w *onlineWatcher) Init(h plugin.Host) error {
	w.host = h
	return nil
}
func (*onlineWatcher) Close() error                            { return nil }
func (w *onlineWatcher) AccountOnline(_ im.AccountID, on bool) { w.told = append(w.told, on) }
func (*onlineWatcher) AccountRemoved(im.AccountID)             {}

// breaks plays an account whose connection breaks after a line of unknown fate, while
// bob is there.
func breaks(t *testing.T, f func(net *fakenet, a *scenetest.Actor, bob im.ConvID, w *onlineWatcher)) {
	t.Helper()
	w := &onlineWatcher{}
	alone(t, part(w), func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		net.silent, net.holds = true, 5*time.Minute
		s := net.online()
		a.UntilOnline()
		s.events <- protocol.Roster{Buddies: []im.Buddy{{Bare: bob.Peer, Subscription: im.SubscriptionBoth}}}
		s.events <- protocol.PresenceChanged{From: im.Addr{Bare: bob.Peer, Resource: "desk"}, Presence: im.Presence{Show: im.Available}}
		a.M.Send(bob, "one", im.Open)
		a.ExpectState(bob, im.Sending)
		s.lose()
		a.Until("the loss", func() bool { return a.Accounts[a.Self].Status == accounts.Waiting })
		f(net, a, bob, w)
	})
}

func show(a *scenetest.Actor, c im.ConvID) im.Show {
	p, _ := a.List.Presence(c)
	return p.Show
}

// The session goes on: nobody is told that anything was.
func TestASessionOutlivesItsConnection(t *testing.T) {
	breaks(t, func(net *fakenet, a *scenetest.Actor, bob im.ConvID, w *onlineWatcher) {
		a.M.Send(bob, "two", im.Open)
		a.ExpectState(bob, im.Waiting)
		synctest.Wait()
		if there, peer := w.host.Online(bob); !there || !peer {
			t.Error("the plugin sees nobody")
		}
		a.M.Read(bob) // the messenger goes on after that
		if got := own(t, a, bob, "one").State; got != im.Sending || show(a, bob) != im.Available {
			t.Errorf("%v, bob is %v", got, show(a, bob))
		}
		first := <-net.sessions // cannot connect
		if first.before == nil {
			t.Fatal("it does not go on")
		}
		first.ended <- &protocol.Failure{Cause: protocol.Unreachable, Text: "Nobody answers."}
		s := net.resumed()
		if s.before != protocol.Session(first) {
			t.Error("it goes on with another one")
		}
		a.UntilOnline()
		s.events <- protocol.Sent{ID: own(t, a, bob, "one").ID}
		synctest.Wait()
		if got := s.bodies(); !slices.Equal(got, []string{"two"}) {
			t.Errorf("sent %q", got)
		}
		s.events <- protocol.Sent{ID: own(t, a, bob, "two").ID}
		for _, text := range []string{"one", "two"} {
			a.Until("its state", func() bool { return own(t, a, bob, text).State == im.Done })
		}
		synctest.Wait()
		if fmt.Sprint(w.told) != "[true]" || show(a, bob) != im.Available {
			t.Errorf("told %v, bob is %v", w.told, show(a, bob))
		}
		s.lose() // and once more
		net.resumed()
		a.UntilOnline()
		synctest.Wait()
		if fmt.Sprint(w.told) != "[true]" {
			t.Errorf("told %v", w.told)
		}
	})
}

// What a plugin says meanwhile is handed to the session that is held.
func TestPluginsSpeakWhileTheConnectionIsBroken(t *testing.T) {
	breaks(t, func(net *fakenet, a *scenetest.Actor, bob im.ConvID, w *onlineWatcher) {
		synctest.Wait()
		if err := w.host.Wire(bob, "meanwhile", plugin.Hints{}); err != nil {
			t.Error(err)
		}
		a.M.Read(bob) // the messenger goes on after that
		s := net.resumed()
		held := s.before.(*fakeSession)
		if got := held.bodies(); !slices.Equal(got, []string{"one", "meanwhile"}) {
			t.Errorf("sent %q", got)
		}
	})
}

// Each way in which it does not go on.
func TestASessionThatIsOver(t *testing.T) {
	for name, end := range map[string]func(net *fakenet, a *scenetest.Actor, bob im.ConvID){
		"the server has a new one": func(net *fakenet, a *scenetest.Actor, _ im.ConvID) {
			s := net.online()
			if s.before == nil {
				t.Error("it did not try to go on")
			}
			a.UntilOnline()
			s.events <- protocol.Roster{}
		},
		"time is up": func(net *fakenet, a *scenetest.Actor, _ im.ConvID) {
			net.holds = 0
			for range 4 {
				s := <-net.sessions
				s.ended <- &protocol.Failure{Cause: protocol.Unreachable, Text: "Nobody answers."}
			}
		},
		"wrong password": func(net *fakenet, a *scenetest.Actor, _ im.ConvID) {
			s := <-net.sessions
			s.ended <- &protocol.Failure{Cause: protocol.WrongPassword, Text: "No."}
		},
		"signed off": func(net *fakenet, a *scenetest.Actor, _ im.ConvID) { a.M.SetPresence(im.Presence{Show: im.Offline}) },
		"switched off while it tries": func(net *fakenet, a *scenetest.Actor, _ im.ConvID) {
			<-net.sessions
			a.M.SetAccountEnabled(a.Self, false)
		},
	} {
		t.Run(name, func(t *testing.T) {
			breaks(t, func(net *fakenet, a *scenetest.Actor, bob im.ConvID, w *onlineWatcher) {
				end(net, a, bob)
				a.Until("its failure", func() bool { return own(t, a, bob, "one").State == im.Failed })
				a.Until("bob's leaving", func() bool { return show(a, bob) == im.Offline })
				synctest.Wait()
				if len(w.told) < 2 || w.told[1] {
					t.Errorf("told %v", w.told)
				}
			})
		})
	}
}

// The time that the server gave passes while nothing can be tried.
func TestAHeldSessionEndsInTime(t *testing.T) {
	breaks(t, func(net *fakenet, a *scenetest.Actor, bob im.ConvID, w *onlineWatcher) {
		s := <-net.sessions
		net.holds = 10 * time.Second
		abandoned := false
		for range 6 {
			s.ended <- &protocol.Failure{Cause: protocol.Unreachable, Text: "Nobody answers."}
			before := s
			s = <-net.sessions
			abandoned = abandoned || before.abandoned.Load() > 0
		}
		synctest.Wait()
		if got := own(t, a, bob, "one").State; got != im.Failed || show(a, bob) != im.Offline || fmt.Sprint(w.told) != "[true false]" {
			t.Errorf("%v, bob is %v, told %v", got, show(a, bob), w.told)
		}
		if s.before != nil || !abandoned {
			t.Errorf("it is to go on all the same: %v; it was abandoned: %v", s.before != nil, abandoned)
		}
	})
}

// Whoever quits while the connection is broken keeps what is not certain to have left.
func TestQuittingWhileTheConnectionIsBroken(t *testing.T) {
	breaks(t, func(net *fakenet, a *scenetest.Actor, bob im.ConvID, _ *onlineWatcher) {
		a.M.Send(bob, "two", im.Open)
		a.ExpectState(bob, im.Waiting)
		a.Quit()
		a.Start()
		a.M.Open(bob)
		if m := own(t, a, bob, "one"); m.State != im.Failed || m.Reason == "" {
			t.Errorf("%+v", m)
		}
		net.silent = false
		for len(net.sessions) > 1 {
			<-net.sessions
		}
		s := net.online()
		a.UntilOnline()
		a.Until("its state", func() bool { return own(t, a, bob, "two").State == im.Done })
		if got := s.bodies(); !slices.Equal(got, []string{"two"}) {
			t.Errorf("sent %q", got)
		}
	})
}

// Other settings are another session.
func TestChangedSettingsDoNotGoOn(t *testing.T) {
	breaks(t, func(net *fakenet, a *scenetest.Actor, bob im.ConvID, w *onlineWatcher) {
		a.M.ShowEditAccount(a.Self)
		a.Answer("Modify Account", "save", "server=elsewhere")
		s := <-net.sessions
		for s.account.Option("server") != "elsewhere" {
			s = <-net.sessions
		}
		if s.before != nil {
			t.Error("it goes on at another server")
		}
		synctest.Wait()
		if got := own(t, a, bob, "one").State; got != im.Failed || fmt.Sprint(w.told) != "[true false]" {
			t.Errorf("%v, told %v", got, w.told)
		}
	})
}
