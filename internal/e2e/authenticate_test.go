//go:build e2e

package e2e

import (
	"testing"

	"culver/internal/pilot"
)

// chooses opens the wizard and chooses one of its three ways.
func chooses(p *pilot.Person, level, method string) {
	what := "Authenticate buddy"
	if level == "Private" {
		what = "Reauthenticate buddy"
	}
	p.Clicks("menubutton", level)
	p.Clicks("menuitem", what)
	p.Clicks("choice", method)
}

// asks fills in a question and the answer that is expected.
func asks(p *pilot.Person, level, question, answer string) {
	chooses(p, level, "Question and answer")
	p.Fills("Question", question)
	p.Clicks("entry", "Secret answer")
	p.TypesSecret(answer)
}

// answers types the answer to a question, or the secret that is asked for.
func answers(p *pilot.Person, entry, answer string) {
	p.Clicks("entry", entry)
	p.TypesSecret(answer)
	p.Clicks("button", "Authenticate")
}

// both makes two people close what tells them the result.
func both(p, q *pilot.Person, button string) {
	p.Clicks("button", button)
	q.Clicks("button", button)
}

func TestThreeWaysToAuthenticate(t *testing.T) {
	t.Parallel()
	c := acquainted(t)
	alice, bob := c.alice, c.bob
	opens(alice, bobAddress)
	says(alice, "an open line")
	bob.Sees("line", "an open line")
	opens(bob, aliceAddress)
	alice.Sees("menubutton", "Unverified") // by itself: both programs speak OTR
	bob.Sees("menubutton", "Unverified")
	says(alice, "canary line")
	bob.Sees("line", "canary line")
	looks(alice, bobAddress, "unverified")

	// A question that bob answers wrongly, then rightly; it proves him to alice only.
	asks(alice, "Unverified", "Where did the canary sing?", "canary roof")
	looks(alice, "Authenticate "+bobAddress, "question")
	alice.Clicks("button", "Authenticate")
	bob.Sees("note", "Where did the canary sing?")
	looks(bob, "Authentication from "+aliceAddress, "question-asked")
	answers(bob, "Answer", "canary cellar")
	alice.Sees("problem", "Authentication failed")
	bob.Sees("problem", "Authentication failed")
	looks(alice, "Authenticating "+bobAddress, "failed")
	both(alice, bob, "Close")
	alice.Sees("menubutton", "Unverified")

	asks(alice, "Unverified", "Where did the canary sing?", "canary roof")
	alice.Clicks("button", "Authenticate")
	answers(bob, "Answer", "canary roof")
	alice.Sees("menubutton", "Private")
	bob.Sees("note", "ask a question of your own")
	looks(alice, "Authenticating "+bobAddress, "succeeded")
	looks(bob, "Authenticating to "+aliceAddress, "one-way")
	bob.Sees("menubutton", "Unverified")
	alice.Clicks("button", "Close")

	// Bob asks one of his own, by the button that offers it.
	bob.Clicks("button", "Ask your own question…")
	bob.Fills("Question", "And what did the canary eat?")
	bob.Clicks("entry", "Secret answer")
	bob.TypesSecret("canary seed")
	bob.Clicks("button", "Authenticate")
	answers(alice, "Answer", "canary seed")
	bob.Sees("menubutton", "Private")
	both(alice, bob, "Close")

	// Alice asks again and gives up; then bob does not want to answer.
	asks(alice, "Private", "What colour is the bird?", "canary yellow")
	alice.Clicks("button", "Authenticate")
	bob.Sees("note", "What colour is the bird?")
	looks(alice, "Authenticating "+bobAddress, "waiting")
	alice.Clicks("button", "Cancel")
	bob.Sees("line", "gave up the authentication")
	bob.Misses("button", "Authenticate")
	asks(alice, "Private", "What colour was the bird?", "canary green")
	alice.Clicks("button", "Authenticate")
	bob.Sees("note", "What colour was the bird?")
	bob.Clicks("button", "Cancel")
	alice.Sees("problem", "stopped at the other end")
	looks(alice, "Authenticating "+bobAddress, "aborted")
	alice.Clicks("button", "Close")
	alice.Sees("menubutton", "Private") // what was verified before stays

	// The other two ways, from bob's side.
	chooses(bob, "Private", "Shared secret")
	bob.Clicks("entry", "Secret")
	bob.TypesSecret("canary secret")
	looks(bob, "Authenticate "+aliceAddress, "secret")
	bob.Clicks("button", "Authenticate")
	looks(alice, "Authentication from "+bobAddress, "secret-asked")
	answers(alice, "Secret", "canary secret")
	bob.Sees("note", "Authentication successful")
	alice.Sees("note", "Authentication successful")
	both(alice, bob, "Close")

	// By hand: alice takes her word back, and gives it again; so does bob.
	for _, end := range []struct {
		p    *pilot.Person
		peer string
	}{{alice, bobAddress}, {bob, aliceAddress}} {
		chooses(end.p, "Private", "Manual fingerprint verification")
		end.p.Clicks("choice", "I have not verified it")
		looks(end.p, "Authenticate "+end.peer, "fingerprint")
		end.p.Clicks("button", "Save")
		end.p.Sees("menubutton", "Unverified")
		chooses(end.p, "Unverified", "Manual fingerprint verification")
		end.p.Clicks("choice", "I have verified it")
		end.p.Clicks("button", "Save")
		end.p.Sees("menubutton", "Private")
	}
	says(bob, "canary word")
	alice.Sees("line", "canary word")
	looks(alice, bobAddress, "private")

	// All there is to know of the conversation.
	alice.Clicks("menubutton", "Private")
	alice.Clicks("menuitem", "Session details…")
	alice.Sees("prose", "Private: bob@localhost")
	looks(alice, "Session details of "+bobAddress, "details")
	alice.Clicks("button", "Close")
	alice.Misses("button", "Close")
	c.leave("an open line", alice, bob)
}
