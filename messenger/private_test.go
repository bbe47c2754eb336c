package messenger_test

import (
	"strings"
	"testing"

	"culver/im"
)

const friends = `
	alice switches off: automatic
	bob switches off: automatic
	alice adds bob:
	bob accepts alice:
	alice accepts bob:
`

func TestAPrivateConversationFromHelloToGoodbye(t *testing.T) {
	play(t, func(s *scene) {
		alice, bob := s.enter("alice"), s.enter("bob")
		s.script(friends + `
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
			alice with bob: Unverified
			bob with alice: Unverified
			alice form: Authenticat | close
			bob form: Authenticat | close

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
		late := bob.chat("alice").lines
		if m := late.At(late.Len() - 1); m.State != im.Failed || m.Text.String() != "too late" {
			t.Fatalf("a line after the end: %+v", m)
		}
		for _, m := range bob.chat("alice").lines.Lines(0) {
			if strings.Contains(m.Text.String(), "verified line") && m.Seal.Level != im.Verified {
				t.Errorf("the verified line is marked %v", m.Seal.Level)
			}
		}
		for _, a := range []*actor{alice, bob} {
			other := map[*actor]string{alice: "bob", bob: "alice"}[a]
			history, err := a.store.Recent(a.conv(other), 100)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range history {
				if m.Seal.Level != im.Open {
					t.Errorf("%s: a private line is in the history: %q", a.name, m.Text)
				}
			}
			if len(history) == 0 {
				t.Errorf("%s: the open line is not in the history", a.name)
			}
			if len(a.trouble) > 0 {
				t.Errorf("%s: %q", a.name, a.trouble)
			}
		}
	})
}
