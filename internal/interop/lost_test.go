package interop

import (
	"testing"

	"culver/internal/testkit"
)

// Profanity crashes, and is back without the private conversation that Culver
// still believes in. libotr reports nothing to the other end about a line that it
// can't read; its user is told, and starts again.
func TestProfanityCrashes(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	bob := s.profanity("bob", "alice", testkit.ProfanityOptions{})
	alice := s.culver("alice", "bob")
	s.secretly(alice, bob)
	shareSecret(alice, bob)
	s.talk(alice, bob, "the canary before the crash")
	s.talk(bob, alice, "another canary before the crash")
	bob.Kill()
	bob.returns()
	s.private("the canary that is lost")
	alice.says("the canary that is lost")
	bob.Sees("Received an encrypted message but no private connection established.")
	bob.starts()
	both(alice, bob, verified)
	s.talk(alice, bob, "the canary after the crash")
	s.talk(bob, alice, "another canary after the crash")
}
