//go:build e2e

package e2e

import (
	"strings"
	"testing"

	"culver/internal/pilot"
	"culver/internal/testkit"
)

const (
	aliceSecret = "canary secret"
	wrongSecret = "canary mistake"
	answer      = "canary answer"
)

// turnsOffAutomatic lets the user decide when a conversation becomes private.
func turnsOffAutomatic(p *pilot.Person) {
	p.Fronts("Buddy List")
	p.Presses("ctrl+u")
	p.Clicks("row", "Off-the-Record Messaging")
	p.Clicks("button", "Configure…")
	p.Clicks("switch", "Automatically initiate private messaging")
	p.SeesValue("switch", "Automatically initiate private messaging", "")
	p.Clicks("tab", "Known fingerprints")
	p.Sees("column", "Fingerprint")
	p.Presses("Escape")
	p.Misses("tab", "Known fingerprints")
	p.Fronts("Plugins")
	p.Presses("Escape")
	p.Misses("button", "Configure…")
}

func TestTwoPeopleByMouseAndKeyboard(t *testing.T) {
	t.Parallel()
	server := testkit.StartProsody(t, testkit.ProsodyOptions{
		Users: map[string]string{"alice": "canary-password-a", "bob": "canary-password-b"}})
	keyring := testkit.StartKeyring(t)
	trust := "SSL_CERT_FILE=" + server.CAFile
	alice, aliceProfile := person(t, "alice", trust, "DBUS_SESSION_BUS_ADDRESS="+keyring.Address)
	bob, bobProfile := person(t, "bob", "DBUS_SESSION_BUS_ADDRESS=")

	bob.ProtectsProfile(func(string, string) {})
	signsIn(alice, server, "alice", "canary-password-a")
	alice.Sees("button", "Add a Buddy…")

	// Nobody vouched to bob for the server: he is asked, and compares the fingerprint.
	signsIn(bob, server, "bob", "canary-password-b")
	if shown := bob.Sees("code", "SHA-256").Value; strings.Join(strings.Fields(shown), "") != server.SHA256 {
		t.Errorf("bob is shown the fingerprint %q of %q", shown, server.SHA256)
	}
	looks(bob, "Certificate of localhost", "certificate")
	looks(bob, "Buddy List", "not-connected")
	bob.Clicks("button", "Accept for this account")
	bob.Sees("button", "Add a Buddy…")
	turnsOffAutomatic(alice)
	turnsOffAutomatic(bob)

	alice.Fronts("Buddy List")
	alice.Presses("ctrl+b")
	alice.Fills("Buddy's address", "bob@localhost")
	alice.Presses("Return")
	alice.Sees("buddy", "bob@localhost")
	bob.ClicksOn("request", "alice@localhost")
	bob.Sees("button", "Accept")
	looks(bob, "Request from alice@localhost", "request")
	bob.Clicks("button", "Accept")
	alice.ClicksOn("request", "bob@localhost")
	alice.Clicks("button", "Authorise")
	alice.SeesValue("buddy", "bob@localhost", "Available")
	bob.SeesValue("buddy", "alice@localhost", "Available")

	alice.DoubleClicks("buddy", "bob@localhost")
	says(alice, "an open line")
	bob.Sees("line", "an open line")
	bob.Sees("menubutton", "Not private")

	alice.Clicks("menubutton", "Not private")
	alice.Clicks("menuitem", "Start private conversation")
	alice.Sees("menubutton", "Unverified")
	bob.Sees("menubutton", "Unverified")
	says(alice, "canary line one")
	bob.Sees("line", "canary line one")
	says(bob, "canary line two")
	alice.Sees("line", "canary line two")

	secret := func(typed string) {
		alice.Clicks("menubutton", "Unverified")
		alice.Clicks("menuitem", "Authenticate buddy")
		alice.Clicks("choice", "Shared secret")
		alice.Clicks("entry", "Secret")
		alice.TypesSecret(aliceSecret)
		alice.Clicks("button", "Authenticate")
		bob.Clicks("entry", "Secret")
		bob.TypesSecret(typed)
		looks(bob, "Authentication from alice@localhost", "asked")
		bob.Clicks("button", "Authenticate")
	}
	secret(wrongSecret)
	alice.Sees("problem", "Authentication failed")
	bob.Sees("problem", "Authentication failed")
	alice.Clicks("button", "Close")
	bob.Clicks("button", "Close")
	secret(aliceSecret)
	alice.Sees("menubutton", "Private")
	bob.Sees("menubutton", "Private")
	alice.Clicks("button", "Close")
	bob.Clicks("button", "Close")

	bob.Clicks("menubutton", "Private")
	bob.Clicks("menuitem", "Reauthenticate buddy")
	bob.Fills("Question", "Where did we meet?")
	bob.Clicks("entry", "Secret answer")
	bob.TypesSecret(answer)
	bob.Clicks("button", "Authenticate")
	alice.Sees("note", "Where did we meet?")
	alice.Clicks("entry", "Answer")
	alice.TypesSecret(answer)
	alice.Clicks("button", "Authenticate")
	bob.Sees("note", "successful")
	alice.Clicks("button", "Close")
	bob.Clicks("button", "Close")

	says(alice, "canary line three")
	bob.Sees("line", "canary line three")
	bob.Clicks("menubutton", "Private")
	bob.Clicks("menuitem", "End private conversation")
	bob.Sees("menubutton", "Not private")
	alice.Sees("menubutton", "Finished")
	alice.Clicks("entry", "Message")
	alice.Types("canary line four")
	alice.Presses("Return")
	alice.Sees("line", "Not sent")
	looks(alice, "bob@localhost", "not-sent")
	looks(alice, "Buddy List", "buddy-list")
	alice.ClicksLast("link", "Discard") // or it is asked for at the end
	alice.MissesPart("line", "canary line four")

	alice.Fronts("Buddy List")
	alice.Clicks("menubutton", "Available")
	alice.Clicks("menuitem", "Offline")
	bob.SeesValue("buddy", "alice@localhost", "Offline")
	for _, p := range []*pilot.Person{alice, bob} {
		p.Fronts("Buddy List")
		p.Presses("ctrl+q")
		p.WaitEnd()
		if strings.Contains(p.Log(), "Error in Fyne call thread") {
			t.Errorf("%s: the toolkit was called from the wrong thread:\n%s", p.Name, p.Log())
		}
	}

	canaries := []string{"canary", "correct horse battery"}
	seen := server.Stanzas()
	if !strings.Contains(seen, "an open line") {
		t.Error("the record does not even hold the open line: it cannot be trusted")
	}
	for _, c := range canaries {
		if strings.Contains(strings.ToLower(seen), c) {
			t.Errorf("the server saw %q", c)
		}
	}
	for _, dir := range []string{aliceProfile, bobProfile} {
		testkit.NoTrace(t, dir, append(canaries, "an open line")...)
	}
}
