package messenger_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"culver/buddylist"
	"culver/im"
	"culver/messenger/scenetest"
)

// Whoever writes looks at the level when they begin. Another device can take over
// while they do.
func TestALineBegunUnderABetterLevelWaitsForTheUser(t *testing.T) {
	play(t, func(s *scenetest.Scene, alice, bob *scenetest.Actor) {
		s.Script(friends + `
			alice to bob: hello
			bob from alice: hello
			alice menu bob: Start private conversation
			alice with bob: Unverified
			bob with alice: Unverified
		`)
		c := with(alice, bob)
		alice.M.Send(c, "for Bob only", im.Verified)
		m := alice.ExpectState(c, im.Failed)
		if want := "Not sent: the conversation was Private when you began to write this, and is Unverified now. Choose Send again " +
			"to send it anyway."; m.Reason != want {
			t.Errorf("it says %q", m.Reason)
		}
		s.Script("\nalice to bob: for anybody\nbob from alice: for anybody\n") // begun under less: nothing is lost
		alice.M.Retry(c, m.ID)
		s.Script("\nbob from alice: for Bob only\n")
		for _, m := range bob.Chats[with(bob, alice)].Lines.Lines(0) {
			if m.Text.String() == "for Bob only" && m.Seal.Level != im.Private {
				t.Errorf("it came %v", m.Seal.Level)
			}
		}
	})
}

func TestALineBegunInPrivateNeverLeavesInClear(t *testing.T) {
	play(t, func(s *scenetest.Scene, alice, bob *scenetest.Actor) {
		s.Script(friends + `
			alice to bob: hello
			bob from alice: hello
		`)
		c := with(alice, bob)
		alice.M.Send(c, "between us", im.Private)
		m := alice.ExpectState(c, im.Failed)
		if !m.Private || !strings.Contains(m.Reason, "was Unverified when you began to write this, and is Not private now") {
			t.Errorf("%+v", m)
		}
		alice.M.Retry(c, m.ID)
		first := m.ID
		alice.Until("the line to fail anew", func() bool {
			m = own(t, alice, c, "between us")
			return m.ID != first && m.State == im.Failed
		})
		if !strings.Contains(m.Reason, "written to be private") || !m.Private {
			t.Errorf("%+v", m)
		}
		s.Script(`
			alice to bob: in the open
			bob from alice: in the open
			alice menu bob: Start private conversation
			alice with bob: Unverified
			bob with alice: Unverified
		`)
		alice.M.Retry(c, m.ID)
		s.Script("\nbob from alice: between us\n")
		for _, m := range bob.Chats[with(bob, alice)].Lines.Lines(0) {
			if m.Text.String() == "between us" && m.Seal.Level != im.Private {
				t.Errorf("it came %v", m.Seal.Level)
			}
		}
	})
}

// That the user types would tell an onlooker of what waits to be private.
func TestTypingIsNotToldWhileLinesWaitToBePrivate(t *testing.T) {
	play(t, func(s *scenetest.Scene, alice, bob *scenetest.Actor) {
		s.Script(friends + `
			alice to bob: hello
			bob from alice: hello
			bob plugin otr: disable
		`)
		c := with(alice, bob)
		sees := func(state im.Typing) func() bool {
			return func() bool {
				return slices.Contains(bob.List.Events(), buddylist.Event(buddylist.Typing{Conv: with(bob, alice), State: state}))
			}
		}
		alice.Until("that bob may see her", func() bool { b, _ := alice.List.Buddy(c); return b.Subscription.SeesUs() })
		alice.M.Typing(c, im.TypingComposing)
		bob.Until("alice to type", sees(im.TypingComposing))
		alice.M.Typing(c, im.TypingActive)
		bob.Until("alice to read", sees(im.TypingActive))
		s.Script("\nalice menu bob: Start private conversation\nalice to bob: held\n")
		alice.ExpectState(c, im.Waiting)
		alice.M.Typing(c, im.TypingComposing)
		synctest.Wait()
		bob.Until("all that came", func() bool { return true })
		if sees(im.TypingComposing)() {
			t.Error("bob sees that alice types")
		}
	})
}
