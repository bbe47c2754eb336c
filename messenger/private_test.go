package messenger_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"culver/im"
	"culver/messenger/scenetest"
	"culver/protocol"
	"culver/protocol/practice"
)

// play runs a scene of alice and bob over the practice network, in a bubble.
func play(t *testing.T, f func(s *scenetest.Scene, alice, bob *scenetest.Actor)) {
	synctest.Test(t, func(t *testing.T) {
		hub := practice.NewHub()
		s := scenetest.New(t)
		defer s.Close()
		alice := s.Enter("alice", scenetest.Part{Network: hub.End("alice@practice")})
		bob := s.Enter("bob", scenetest.Part{Network: hub.End("bob@practice")})
		f(s, alice, bob)
	})
}

// with is the conversation of a with b.
func with(a, b *scenetest.Actor) im.ConvID { return im.ConvID{Account: a.Self, Peer: b.Self.Bare()} }

const friends = `
	alice switches off: automatic
	bob switches off: automatic
	alice adds bob:
	bob accepts alice:
	alice accepts bob:
	alice sees bob: Available
	bob sees alice: Available
`

func TestAPrivateConversationFromHelloToGoodbye(t *testing.T) {
	play(t, func(s *scenetest.Scene, alice, bob *scenetest.Actor) {
		s.Script(friends + `
			alice to bob: hello
			bob from alice: hello
			bob with alice: Not private

			alice menu bob: Start private conversation
			alice with bob: Unverified
			bob with alice: Unverified
			alice to bob: between us
			bob from alice: between us
			bob to alice: <b>&amp; so are we
			alice from bob: <b>&amp; so are we

			# a wrong secret
			alice menu bob: Authenticate buddy
			alice form: Authenticate | authenticate | method=secret | secret=apple
			bob form: Authentication from | authenticate | secret=pear
			alice form: Authenticat | close
			bob form: Authenticat | close
			alice with bob: Unverified
			bob with alice: Unverified

			# the right one
			alice menu bob: Authenticate buddy
			alice form: Authenticate | authenticate | method=secret | secret=apple
			bob form: Authentication from | authenticate | secret=apple
			alice with bob: Private
			bob with alice: Private
			alice form: Authenticat | close
			bob form: Authenticat | close

			# a question
			bob menu alice: Reauthenticate buddy
			bob form: Authenticate | authenticate | method=question | question=Where? | answer=Rome
			alice reads: Authentication from | Where?
			alice form: Authentication from | authenticate | answer=Rome
			bob form: Authenticat | close
			alice form: Authenticat | close

			alice to bob: verified line
			bob from alice: verified line
			alice menu bob: End private conversation
			alice with bob: Not private
			bob with alice: Finished
			bob to alice: too late
		`)
		if m := bob.ExpectState(with(bob, alice), im.Failed); m.Text.String() != "too late" {
			t.Fatalf("a line after the end: %+v", m)
		}
		for _, m := range bob.Chats[with(bob, alice)].Lines.Lines(0) {
			if strings.Contains(m.Text.String(), "verified line") && m.Seal.Level != im.Verified {
				t.Errorf("the verified line is marked %v", m.Seal.Level)
			}
		}
		for _, c := range []struct {
			who  *scenetest.Actor
			with im.ConvID
		}{{alice, with(alice, bob)}, {bob, with(bob, alice)}} {
			if len(c.who.Trouble) > 0 {
				t.Errorf("%s: %q", c.who.Name, c.who.Trouble)
			}
			c.who.Quit()
			c.who.Start()
			c.who.M.Open(c.with)
			c.who.Until("the conversation", func() bool { return c.who.Chats[c.with] != nil })
			history := c.who.Chats[c.with].Lines.Lines(0)
			for _, m := range history {
				if m.Kind == im.Chat && m.Seal.Level != im.Open {
					t.Errorf("%s: a private line is in the history: %q", c.who.Name, m.Text)
				}
			}
			if len(history) == 0 {
				t.Errorf("%s: the open line is not in the history", c.who.Name)
			}
		}
	})
}

// Somebody whom the user had private conversations with no longer speaks OTR:
// the first line waits, and leaves in clear only after a question.
func TestTheFirstLineToAKnownBuddyWaits(t *testing.T) {
	play(t, func(s *scenetest.Scene, alice, bob *scenetest.Actor) {
		s.Script(friends + `
			alice to bob: hello
			bob from alice: hello
			alice menu bob: Start private conversation
			bob with alice: Unverified
			alice menu bob: End private conversation
			bob with alice: Finished
			bob menu alice: End private conversation
			alice switches on: automatic
			bob switches off: enabled
		`)
		alice.Quit() // what the user chose by End is for this run
		alice.Start()
		s.Script(`
			alice sees bob: Available
			alice to bob: hold this
			alice to bob: and this
			alice from bob: did not answer
		`)
		alice.ExpectState(with(alice, bob), im.Waiting)
		s.Script(`
			alice menu bob: Send waiting lines unencrypted…
			alice form: Send unencrypted? | keep
		`)
		alice.Until("the form's end", func() bool { return len(alice.Dialogs) == 0 })
		alice.ExpectState(with(alice, bob), im.Waiting)
		s.Script(`
			alice menu bob: Send waiting lines unencrypted…
			alice form: Send unencrypted? | send
			bob from alice: hold this
			bob from alice: and this
		`)
		if n := len(alice.Trouble) + len(bob.Trouble); n > 0 {
			t.Errorf("trouble: %q %q", alice.Trouble, bob.Trouble)
		}
	})
}

// A private conversation is asked for, the connection drops, and the program is
// closed: what was typed meanwhile is not written down, and not sent in clear.
func TestALineForAWishedPrivateConversation(t *testing.T) {
	play(t, func(s *scenetest.Scene, alice, bob *scenetest.Actor) {
		s.Script(friends + `
			bob leaves:
			alice sees bob: Offline
			alice to bob: before
		`)
		c := with(alice, bob)
		alice.ExpectState(c, im.Done)
		s.Script(`
			alice menu bob: Start private conversation
			alice to bob: canary one
		`)
		alice.ExpectState(c, im.Waiting)
		alice.M.SetPresence(im.Presence{})
		alice.M.Send(c, "canary two", im.Open)
		alice.ExpectState(c, im.Waiting)
		alice.Quit()
		alice.Start()
		alice.M.SetPresence(im.Presence{Show: im.Available})
		alice.UntilOnline()
		s.Script(`
			bob returns:
			bob from alice: before
		`)
		for _, m := range bob.Chats[with(bob, alice)].Lines.Lines(0) {
			if strings.Contains(m.Text.String(), "canary") {
				t.Errorf("bob reads %q, %v", m.Text, m.Seal.Level)
			}
		}
	})
}

// What waited on a server for a session that is no more: a short word, no gibberish,
// and no answer.
func TestSealedMessagesThatComeTooLate(t *testing.T) {
	alone(t, scenetest.Part{}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := net.online()
		a.UntilOnline()
		a.M.Send(bob, "hello", im.Open) // somebody the user knows
		a.ExpectState(bob, im.Done)
		sent := len(s.bodies())
		for _, body := range []string{
			"?OTR:AAMDEjRWeAAAAQAAAAAAAAAAAAAA.", "?OTR:AAMDEjRWeAAAAQAAAAAAAAAAAAAB.", "?OTR:AAMCEjRWeAAAAQAAAAA.",
			"?OTR:AAIDAAAA.", "?OTR|12345678|00000100,1,2,AAAA,", "?OTR Error: nothing",
		} {
			s.events <- protocol.Received{From: im.Addr{Bare: bob.Peer, Resource: "r"}, Body: body, Late: true, Time: time.Now()}
		}
		a.Expect(bob, "cannot be read here")
		s.events <- protocol.Received{From: im.Addr{Bare: bob.Peer}, Body: "the end"}
		a.Expect(bob, "the end")
		notices := 0
		for _, m := range a.Chats[bob].Lines.Lines(0) {
			if strings.Contains(m.Text.String(), "?OTR") {
				t.Errorf("shown: %q", m.Text)
			}
			if strings.Contains(m.Text.String(), "cannot be read here") {
				notices++
			}
		}
		if notices != 1 {
			t.Errorf("%d words about it", notices)
		}
		if got := s.bodies(); len(got) != sent {
			t.Errorf("answered: %q", got[sent:])
		}
	})
}
