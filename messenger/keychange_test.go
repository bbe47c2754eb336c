package messenger_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"culver/im"
	"culver/messenger/scenetest"
	"culver/protocol/practice"
)

// Bob's account comes with another key: first somebody else's, then that of a
// computer that is his. What alice types in between is read by nobody else, not
// even after her program was started again.
func TestAnotherKeyOfABuddy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hub := practice.NewHub()
		s := scenetest.New(t)
		defer s.Close()
		alice := s.Enter("alice", scenetest.Part{Network: hub.End("alice@practice")})
		bob := s.Enter("bob", scenetest.Part{Network: hub.End("bob@practice")})
		s.Script(friends + `
			alice to bob: hello
			bob from alice: hello
			alice menu bob: Start private conversation
			alice with bob: Unverified
			alice menu bob: Authenticate buddy
			alice form: Authenticate | authenticate | method=secret | secret=apple tree
			bob form: Authentication from | authenticate | secret=apple tree
			alice form: Authenticat | close
			bob form: Authenticat | close
			alice with bob: Private
		`)
		toBob := with(alice, bob)
		bob.Quit()

		mallory := s.Enter("mallory", scenetest.Part{Network: hub.End("bob@practice")})
		mallory.UntilOnline()
		mallory.M.Open(with(mallory, alice))
		s.Script(`
			mallory menu alice: Start private conversation
			alice with mallory: Unverified
			alice reads: New key of | although you verified another one
			alice to mallory: first secret
		`)
		alice.ExpectState(toBob, im.Waiting)
		s.Script(`
			alice form: New key of | refuse
			alice with mallory: Not private
			alice to mallory: second secret
		`)
		alice.ExpectState(toBob, im.Waiting)
		alice.Expect(toBob, "that you refused")
		alice.ExpectLevel(toBob, "Unverified")
		if d := newKeyForms(alice); len(d) > 0 {
			t.Errorf("a refused key is asked about: %q", d)
		}

		// The same after a new start: nothing is asked, nothing is sent.
		alice.Quit()
		alice.Start()
		alice.UntilOnline()
		alice.M.Open(toBob)
		s.Script(`
			mallory menu alice: Start private conversation
			alice with mallory: Unverified
			alice to mallory: third secret
		`)
		alice.ExpectState(toBob, im.Waiting)
		if d := newKeyForms(alice); len(d) > 0 {
			t.Errorf("a refused key is asked about: %q", d)
		}
		for _, m := range mallory.Chats[with(mallory, alice)].Lines.Lines(0) {
			if strings.Contains(m.Text.String(), "secret") {
				t.Errorf("mallory reads %q", m.Text)
			}
		}
		mallory.Quit()

		robert := s.Enter("robert", scenetest.Part{Network: hub.End("bob@practice")})
		robert.UntilOnline()
		robert.M.Open(with(robert, alice))
		s.Script(`
			robert menu alice: Start private conversation
			alice form: New key of | accept
			alice reads: New key of | without verifying it?
			alice form: New key of | sure
			robert from alice: third secret
			alice with robert: Unverified
		`)
	})
}

func newKeyForms(a *scenetest.Actor) []string {
	var titles []string
	for _, d := range a.Dialogs {
		if strings.HasPrefix(d.Form.Title, "New key of") {
			titles = append(titles, d.Form.Title)
		}
	}
	slices.Sort(titles)
	return titles
}
