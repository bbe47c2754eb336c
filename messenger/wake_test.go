package messenger_test

import (
	"testing"
	"testing/synctest"
	"time"

	"culver/accounts"
	"culver/im"
	"culver/messenger/scenetest"
	"culver/protocol"
)

// A change of the network tries at once what waits, and what may be dead.
func TestTheNetworkChanges(t *testing.T) {
	alone(t, scenetest.Part{Plugins: noPlugins}, func(net *fakenet, a *scenetest.Actor, _ im.ConvID) {
		for range 8 {
			s := <-net.sessions
			s.ended <- &protocol.Failure{Cause: protocol.Unreachable, Text: "There is no way."}
		}
		synctest.Wait()
		start := time.Now()
		a.M.NetworkChanged()
		s := net.online()
		if waited := time.Since(start); waited > 0 {
			t.Errorf("waited %v", waited)
		}
		a.UntilOnline()
		a.M.NetworkChanged()
		synctest.Wait()
		if n := s.probes.Load(); n != 1 {
			t.Errorf("probed %d times", n)
		}
		s.ended <- &protocol.Failure{Cause: protocol.WrongPassword, Text: "No."}
		a.Until("the end", func() bool { return a.Accounts[a.Self].Status == accounts.Stopped })
		a.M.NetworkChanged()
		synctest.Wait()
		if len(net.sessions) != 0 {
			t.Error("tried without the user")
		}
	})
}

// Networks are told whether the user is there, each session from its beginning.
func TestActivity(t *testing.T) {
	alone(t, scenetest.Part{Plugins: noPlugins}, func(net *fakenet, a *scenetest.Actor, _ im.ConvID) {
		s := net.online()
		a.UntilOnline()
		a.M.SetActive(false)
		synctest.Wait()
		if s.active.Load() {
			t.Error("not told")
		}
		s.lose()
		s = net.online()
		a.UntilOnline()
		synctest.Wait()
		if s.active.Load() {
			t.Error("the next session was not told")
		}
		a.M.SetActive(true)
		synctest.Wait()
		if !s.active.Load() {
			t.Error("not told that somebody is back")
		}
	})
}
