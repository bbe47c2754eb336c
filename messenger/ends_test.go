package messenger_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"culver/accounts"
	"culver/im"
	"culver/messenger/scenetest"
	"culver/plugin"
)

// private has alice start a private conversation.
func (s *stage) private() {
	s.Script(`
		alice to bob: hello
		bob from alice: hello
		alice menu bob: Start private conversation
		alice with bob: Unverified
		bob with alice: Unverified
		alice to bob: between us
		bob from alice: between us
		bob to alice: indeed
		alice from bob: indeed
	`)
}

// Whatever takes alice off the network, bob is told that the private conversation
// has ended; what he types then is not sent, and not lost.
func TestEveryWayOfLeavingEndsThePrivateConversation(t *testing.T) {
	for _, c := range []struct {
		name  string
		leave func(s *stage)
		back  func(s *stage)
	}{
		{"quitting", func(s *stage) {
			s.alice.M.Quit()
			s.alice.Until("the end", s.alice.Stopped)
		}, func(s *stage) { s.alice.Start() }},
		{"the end of the context, as when the computer is shut down", func(s *stage) { s.alice.Quit() },
			func(s *stage) { s.alice.Start() }},
		{"going offline", func(s *stage) { s.Script("alice leaves:") }, func(s *stage) { s.Script("alice returns:") }},
		{"disabling the account", func(s *stage) { s.alice.M.SetAccountEnabled(s.alice.Self, false) },
			func(s *stage) { s.alice.M.SetAccountEnabled(s.alice.Self, true) }},
		{"removing the account", func(s *stage) {
			s.alice.M.ShowAccounts()
			d := s.alice.Form("Accounts", "add")
			s.alice.M.Answer(d.ID, plugin.Answers{Action: "delete", Rows: []string{string(s.alice.Self)}})
			s.alice.Until("its removal", func() bool { return len(s.alice.Accounts) == 0 })
		}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			act(t, scenetest.Part{}, func(s *stage) {
				s.private()
				c.leave(s)
				s.Script("bob with alice: Finished\n bob sees alice: Offline\n bob to alice: canary")
				m := s.bob.ExpectState(s.from(), im.Failed)
				if m.Text.String() != "canary" || m.Reason == "" || !m.Private {
					t.Errorf("the line is %+v", m)
				}
				if s.bobNet.sent("canary") {
					t.Error("it left in clear")
				}
				if c.back == nil {
					return
				}
				c.back(s)
				s.alice.M.Open(s.to())
				s.Script("bob sees alice: Available\n alice with bob: Not private")
				s.bob.M.Retry(s.from(), m.ID) // no choice was made yet
				synctest.Wait()
				m = s.bob.ExpectState(s.from(), im.Failed)
				s.Script("bob menu alice: Start private conversation\n bob with alice: Unverified\n alice with bob: Unverified")
				s.bob.M.Retry(s.from(), m.ID)
				s.Script("alice from bob: canary")
				if got := said(s.alice, s.to()); got[len(got)-1] != "canary (Unverified)" {
					t.Errorf("alice reads %q", got)
				}
			})
		})
	}
}

// After End, what was written to be private does not leave open by Send again; the
// user can edit it and send that.
func TestALineOfAFinishedConversationAfterEnd(t *testing.T) {
	act(t, scenetest.Part{}, func(s *stage) {
		s.private()
		s.Script("alice menu bob: End private conversation\n bob with alice: Finished\n bob to alice: canary")
		m := s.bob.ExpectState(s.from(), im.Failed)
		s.Script("bob menu alice: End private conversation\n bob with alice: Not private")
		s.bob.M.Retry(s.from(), m.ID)
		s.bob.Until("a new try that failed", func() bool {
			again := s.bob.ExpectState(s.from(), im.Failed)
			m.Text = again.Text
			defer func() { m.ID = again.ID }()
			return again.ID != m.ID
		})
		if s.bobNet.sent("canary") {
			t.Fatal("it left in clear")
		}
		s.bob.M.Edit(s.from(), m.ID)
		s.bob.Until("the text", func() bool { return slices.Equal(s.bob.TakenBack, []string{"canary"}) })
		s.Script("bob to alice: harmless\n alice from bob: harmless")
	})
}

// A server that is slow to say goodbye: what has to be said to bob is on its way
// before, and alice does not wait for longer than the network does.
func TestQuittingOnASlowNetwork(t *testing.T) {
	act(t, scenetest.Part{}, func(s *stage) {
		s.private()
		const slow = 2 * time.Second
		s.aliceNet.set(func() { s.aliceNet.slow = slow })
		start := time.Now()
		s.alice.M.Quit()
		s.Script("bob with alice: Finished")
		if took := time.Since(start); took > slow/2 {
			t.Errorf("bob was told after %v", took)
		}
		s.alice.Until("the end", s.alice.Stopped)
		if took := time.Since(start); took > 2*slow {
			t.Errorf("it took %v", took)
		}
	})
}

// Going offline while the connection is broken: nobody can be told, and nothing is
// sent in clear because of that.
func TestGoingOfflineWhileTheConnectionIsBroken(t *testing.T) {
	act(t, scenetest.Part{}, func(s *stage) {
		s.private()
		s.tear(s.alice, s.aliceNet)
		s.Script("alice to bob: canary")
		s.alice.ExpectState(s.to(), im.Waiting)
		s.Script("alice leaves:")
		s.alice.Until("being offline", func() bool { return s.alice.Accounts[s.alice.Self].Status == accounts.Offline })
		s.aliceNet.mend()
		s.Script("alice returns:\n bob from alice: canary")
		if s.aliceNet.sent("canary") {
			t.Error("it left in clear")
		}
		if got := said(s.bob, s.from()); got[len(got)-1] != "canary (Unverified)" {
			t.Errorf("bob reads %q", got)
		}
	})
}

// An account that is switched off while its connection is broken does not come
// back to its private conversation later, and no level says that it goes on.
func TestDisablingAnAccountWhoseConnectionIsBroken(t *testing.T) {
	act(t, scenetest.Part{}, func(s *stage) {
		s.private()
		s.tear(s.alice, s.aliceNet)
		s.alice.M.SetAccountEnabled(s.alice.Self, false)
		s.alice.Until("being offline", func() bool { return s.alice.Accounts[s.alice.Self].Status == accounts.Offline })
		s.Script("alice with bob: Not private")
	})
}
