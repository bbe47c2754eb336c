package interop

import (
	"testing"

	"culver/internal/testkit"
)

// Profanity writes bare text, and shows what it gets as it is. Culver, which writes
// HTML for Pidgin, sees that from the first line that tells, and remembers it.
func TestBareTextWithProfanity(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	bob := s.profanity("bob", "alice", testkit.ProfanityOptions{})
	alice := s.culver("alice", "bob")
	s.together(alice, bob)
	s.private("canary < 1 & so on", "canary &lt; 1 &amp; so on")
	alice.says("canary < 1 & so on")
	bob.reads("canary &lt; 1 &amp; so on") // nothing is known yet
	s.talk(bob, alice, "if (canary < b && c > d) R&D")
	s.talk(alice, bob, "canary <b>x</b> & y > 0", "https://canary.example/?a=1&b=2", "canary &amp; canary")
	s.talk(bob, alice, "canary &lt; means <", "canary <b> is bold")
	alice.restarts()
	alice.starts()
	both(alice, bob, unverified)
	s.talk(alice, bob, "after a restart: canary < c & d")
}
