package testkit

import (
	"strings"
	"testing"
)

func TestTwoProfanitiesTalk(t *testing.T) {
	server := StartProsody(t, ProsodyOptions{
		Users: map[string]string{"alice": "pw", "bob": "pw"}, Friends: [][2]string{{"alice", "bob"}}})
	alice := StartProfanity(t, server, ProfanityOptions{User: "alice", Password: "pw"})
	bob := StartProfanity(t, server, ProfanityOptions{User: "bob", Password: "pw"})
	alice.Chat(bob.Name)
	bob.Chat(alice.Name)
	alice.Command("an open line, ünïcödé 🙂")
	bob.Sees("an open line, ünïcödé 🙂")
	bob.Shows("[unencrypted]")

	alice.Command("/otr start")
	alice.Shows("[OTR]", "[untrusted]")
	bob.Shows("[OTR]", "[untrusted]")
	alice.Command("a private line")
	bob.Sees("a private line")
	bob.Command("a private line")
	alice.Sees("a private line")
	alice.Sees("a private line") // her own, and his

	if f := bob.Fingerprint(); len(f) != 44 || f == alice.Fingerprint() {
		t.Errorf("the fingerprint of bob is %q", f)
	}
	before := bob.Fingerprint()
	bob.Kill()
	bob.ForgetKeys()
	bob.Start()
	bob.MakeKey()
	if bob.Fingerprint() == before {
		t.Error("the key is the same after it was forgotten")
	}
	bob.Quit()
	if seen := server.Stanzas(); strings.Contains(seen, "a private line") || !strings.Contains(seen, "an open line") {
		t.Error("the record does not tell what was private")
	}
}
