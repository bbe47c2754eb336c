package interop

import (
	"testing"

	"culver/internal/testkit"
)

// Profanity crashes, and is back without the private conversation that Culver
// still believes in. libotr reports nothing to the other end about a line that it
// can't read: so the first one waits until there are keys again, and none is lost.
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
	alice.Until("bob's absence", func() bool { return !alice.List.HasDevice(alice.conv, "profanity") })
	bob.returns()
	s.private("the canary that would be lost")
	alice.says("the canary that would be lost")
	bob.reads("the canary that would be lost")
	both(alice, bob, verified)
	s.talk(alice, bob, "the canary after the crash")
	s.talk(bob, alice, "another canary after the crash")
}
