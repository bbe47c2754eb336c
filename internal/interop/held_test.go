package interop

import (
	"testing"

	"culver/im"
	"culver/internal/testkit"
)

// acquainted is Culver's alice who knows that bob's Profanity speaks OTR, and has
// just started. Bob is not there.
func acquainted(t *testing.T) (s *stage, alice *culver, bob *profanity) {
	t.Helper()
	s = newStage(t)
	bob = s.profanity("bob", "alice", testkit.ProfanityOptions{})
	alice = s.culver("alice", "bob")
	s.secretly(alice, bob)
	bob.Quit()
	alice.sees(ended)
	alice.restarts()
	alice.sees(open)
	return s, alice, bob
}

func TestFirstLinesWait(t *testing.T) {
	t.Parallel()
	s, alice, bob := acquainted(t)
	bob.returns()
	s.talk(alice, bob, "the first canary line")
	both(alice, bob, unverified)
	s.talk(bob, alice, "the canary answer")
	if m := alice.ExpectState(alice.conv, im.Done); m.Seal.Level != im.Private {
		t.Errorf("the first line is marked %v", m.Seal.Level)
	}
}

func TestFirstLinesWaitForAnAbsentBuddy(t *testing.T) {
	t.Parallel()
	s, alice, bob := acquainted(t)
	s.private("the first canary line", "the second canary line")
	alice.says("the first canary line")
	alice.says("the second canary line")
	alice.ExpectState(alice.conv, im.Waiting)
	bob.returns()
	bob.reads("the first canary line")
	bob.reads("the second canary line")
	both(alice, bob, unverified)
}

func TestRequiredPrivacy(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	bob := s.profanity("bob", "alice", testkit.ProfanityOptions{})
	alice := s.culver("alice", "bob")
	bob.says(anOpenLine)
	alice.reads(anOpenLine)
	alice.Switch("require", true)
	s.talk(alice, bob, "a line that has to be a private canary", "and one more canary")
	both(alice, bob, unverified)
	bob.says("this canary is private, too")
	s.private("this canary is private, too")
	alice.reads("this canary is private, too")
	bob.ends()
	alice.sees(ended)
	s.private("the canary after the end")
	alice.says("the canary after the end")
	alice.ExpectState(alice.conv, im.Failed)
	bob.says("a line that everybody can read, " + anOpenLine)
	alice.Expect(alice.conv, "NOT encrypted")
	alice.reads("a line that everybody can read")
}

// Profanity's own setting lets it send nothing in clear, and start whenever the
// other one offers OTR.
func TestPrivacyRequiredByProfanity(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	bob := s.profanity("bob", "alice", testkit.ProfanityOptions{Policy: "always"})
	alice := s.culver("alice", "bob")
	s.private("a canary that it keeps")
	bob.says("a canary that it keeps")
	bob.Sees("policy")
	alice.says(anOpenLine) // with an invisible offer
	bob.reads(anOpenLine)
	both(alice, bob, unverified)
	s.talk(bob, alice, "a canary that it sends")
	s.talk(alice, bob, "a canary to answer that")
}

// Both programs offer OTR in lines in clear, and take such an offer.
func TestInvisibleOffers(t *testing.T) {
	for name, first := range map[string]int{"by Culver": 0, "by Profanity": 1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			bob := s.profanity("bob", "alice", testkit.ProfanityOptions{Policy: "opportunistic"})
			alice := s.culver("alice", "bob")
			both := []person{alice, bob}
			both[first].says(anOpenLine)
			both[1-first].reads(anOpenLine)
			alice.sees(unverified)
			bob.sees(unverified)
			s.talk(alice, bob, "a canary after the offer")
			s.talk(bob, alice, "and the canary that answers")
		})
	}
}
