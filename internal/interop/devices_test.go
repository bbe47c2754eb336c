package interop

import (
	"testing"

	"culver/internal/testkit"
)

// Bob has Profanity on two devices, each with a key of its own. Culver goes on with
// the one that asked last, once its key is accepted. What the other one sends
// with the keys of before is not read, and Culver's user is told.
func TestTwoProfanities(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	desk := s.profanity("bob", "alice", testkit.ProfanityOptions{Resource: "desk"})
	alice := s.culver("alice", "bob")
	s.secretly(alice, desk)
	s.talk(alice, desk, "a canary for the desk")
	s.talk(desk, alice, "a canary from the desk")
	phone := s.profanity("bob", "alice", testkit.ProfanityOptions{Resource: "phone"})
	phone.starts()
	phone.sees(unverified)
	s.talk(phone, alice, "a canary from the phone")
	s.private("a canary for the phone", "a canary with old keys")
	alice.says("a canary for the phone")
	alice.Reads(newKey, phone.fingerprint())
	alice.Answer(newKey, "accept")
	phone.reads("a canary for the phone")
	desk.says("a canary with old keys")
	alice.Expect(alice.conv, "could not be read")
	desk.Sees("could not be read")
	// The desk can have it back, without a question: its key is known.
	desk.ends()
	desk.sees(open)
	desk.starts()
	desk.sees(unverified)
	s.talk(desk, alice, "another canary from the desk")
	s.talk(alice, desk, "another canary for the desk")
}

// Alice has Culver on two devices. The server gives both what Profanity sends, and
// only one can read it.
func TestTwoCulvers(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	bob := s.profanity("bob", "alice", testkit.ProfanityOptions{})
	desk := s.culver("alice", "bob")
	s.secretly(desk, bob)
	s.talk(bob, desk, "a canary for the desk")
	phone := s.culver("alice", "bob")
	s.server.WaitStanza(t, "< bob@", "<presence", phone.Accounts[phone.Self].Self.String()) // he writes to both from here on
	s.talk(bob, desk, "a canary for the desk again")
	phone.Expect(phone.conv, "cannot be read here")
}

// The same with a program that knows devices apart: both can be talked to.
func TestTwoCulversAndAThird(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	bob := s.culver("bob", "alice")
	desk := s.culver("alice", "bob")
	s.secretly(desk, bob)
	s.talk(bob, desk, "a canary for the desk")
	phone := s.culver("alice", "bob")
	phone.starts()
	phone.sees(unverified)
	s.talk(phone, bob, "a canary from the phone")
	s.talk(desk, bob, "a canary from the desk")
}
