package testkit

import "testing"

func TestPidginTalks(t *testing.T) {
	server := StartProsody(t, ProsodyOptions{
		Users:   map[string]string{"alice": "password-of-alice", "bob": "password-of-bob"},
		Friends: [][2]string{{"alice", "bob"}},
	})
	alice := StartPidgin(t, server, PidginOptions{User: "alice", Password: "password-of-alice"})
	bob := StartPidgin(t, server, PidginOptions{User: "bob", Password: "password-of-bob"})
	alice.Say(bob.Name, "hello & <welcome>")
	bob.Sees(alice.Name, "hello & <welcome>")
	bob.Say(alice.Name, "one")
	alice.Sees(bob.Name, "one")
	bob.Quit()
	alice.Quit()
}
