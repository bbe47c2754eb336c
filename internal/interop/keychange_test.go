package interop

import (
	"testing"

	"culver/im"
	"culver/internal/testkit"
)

// renewed is a private conversation of Culver's, alice's, with bob's Profanity,
// after which bob made a new key and started another one. Alice has typed a line.
func renewed(t *testing.T, known level) (s *stage, alice *culver, bob *profanity) {
	t.Helper()
	s = newStage(t)
	bob = s.profanity("bob", "alice", testkit.ProfanityOptions{})
	alice = s.culver("alice", "bob")
	s.secretly(alice, bob)
	if known == verified {
		shareSecret(alice, bob)
	}
	former := bob.fingerprint()
	bob.Quit()
	alice.sees(ended)
	bob.ForgetKeys()
	bob.Start()
	bob.MakeKey()
	bob.Chat(bob.with)
	bob.starts()
	both(alice, bob, unverified)

	s.private("the canary that waits")
	alice.says("the canary that waits")
	alice.ExpectState(alice.conv, im.Waiting)
	for _, f := range []string{former, bob.fingerprint()} {
		alice.Reads(newKey, f)
	}
	// He can be read meanwhile.
	s.talk(bob, alice, "a canary line by the new key")
	return s, alice, bob
}

// newKey begins the title of the question about a key.
const newKey = "New key of"

func TestNewKeyAccepted(t *testing.T) {
	t.Parallel()
	s, alice, bob := renewed(t, unverified)
	alice.Answer(newKey, "accept")
	bob.reads("the canary that waits")
	alice.sees(unverified)
	s.talk(alice, bob, "another canary after that")
}

func TestNewKeyAcceptedInPlaceOfAVerifiedOne(t *testing.T) {
	t.Parallel()
	_, alice, bob := renewed(t, verified)
	alice.Reads(newKey, "WARNING")
	alice.Answer(newKey, "accept")
	alice.Reads(newKey, "without verifying it?")
	alice.ExpectState(alice.conv, im.Waiting)
	alice.Answer(newKey, "sure")
	bob.reads("the canary that waits")
	alice.sees(unverified)
}

func TestNewKeyVerified(t *testing.T) {
	t.Parallel()
	_, alice, bob := renewed(t, verified)
	alice.Answer(newKey, "authenticate")
	alice.Answer("Authenticate ", "authenticate", "method=secret", "secret="+rightSecret)
	bob.isAsked("")
	bob.answers(rightSecret)
	bob.hasAuthenticated()
	alice.hasAuthenticated()
	bob.reads("the canary that waits")
	both(alice, bob, verified)
}

func TestNewKeyRefused(t *testing.T) {
	t.Parallel()
	s, alice, bob := renewed(t, verified)
	alice.Answer(newKey, "refuse")
	bob.sees(ended)
	alice.Expect(alice.conv, "You refused a key")
	// Whatever bob does with that key, the line stays.
	bob.starts()
	bob.sees(unverified)
	s.talk(bob, alice, "a canary line by the refused key")
	alice.ExpectState(alice.conv, im.Waiting)
	bob.ends()
	alice.sees(ended)
	alice.ExpectState(alice.conv, im.Waiting)
}
