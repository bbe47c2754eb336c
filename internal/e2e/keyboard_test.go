//go:build e2e

package e2e

import (
	"strconv"
	"testing"

	"culver/internal/pilot"
	"culver/internal/testkit"
)

// picks opens a menu button by the keyboard, and chooses an entry.
func picks(p *pilot.Person, level, entry string) {
	p.StepsTo("F6", "menubutton", level)
	p.Presses("Return")
	p.StepsTo("Down", "menuitem", entry)
	p.Presses("Return")
}

// Nobody needs a mouse: from the first start to a private conversation with somebody who
// has been verified, alice never touches it.
func TestByKeyboardAlone(t *testing.T) {
	t.Parallel()
	server := testkit.StartProsody(t, testkit.ProsodyOptions{
		Users:   map[string]string{"alice": "canary-password-a", "bob": "canary-password-b"},
		Friends: [][2]string{{"alice", "bob"}}})
	trust := "SSL_CERT_FILE=" + server.CAFile
	alice, _ := person(t, "alice", trust, "DBUS_SESSION_BUS_ADDRESS=")
	bob, _ := person(t, "bob", trust, "DBUS_SESSION_BUS_ADDRESS=")
	bob.ProtectsProfile(func(string, string) {})
	signsIn(bob, server, "bob", "canary-password-b")

	alice.HasInFront("Protect Your Profile")
	alice.StepsTo("Tab", "entry", "Passphrase")
	alice.TypesSecret("correct horse battery")
	alice.Presses("Tab")
	alice.TypesSecret("correct horse battery")
	alice.Presses("Return")
	alice.HasInFront("Welcome to Culver")
	for _, page := range []string{"Culver is a messenger", "Where your keys are kept"} {
		alice.Sees("note", page)
		alice.StepsTo("Tab", "button", "Next")
		alice.Presses("Return")
	}
	alice.StepsTo("Tab", "button", "Sign in (XMPP)…")
	looks(alice, "Welcome to Culver", "keyboard-ways")
	alice.Presses("space")
	alice.HasInFront("Add Account")
	alice.StepsTo("Tab", "entry", "Address")
	alice.Types("alice@" + server.Host)
	alice.StepsTo("Tab", "entry", "Password")
	alice.Types("canary-password-a")
	alice.Presses("ctrl+Next")
	alice.StepsTo("Tab", "entry", "Connect to server")
	alice.Types(server.Address)
	alice.StepsTo("Tab", "entry", "Port")
	alice.Presses("ctrl+a")
	alice.Types(strconv.Itoa(server.C2S))
	looks(alice, "Add Account", "keyboard-account")
	alice.Presses("Return")

	alice.SeesValue("buddy", bobAddress, "Available")
	alice.HasInFront("Buddy List")
	alice.StepsTo("F6", "menubutton", "Available")
	alice.Presses("shift+F6")
	alice.StepsTo("Down", "buddy", bobAddress)
	alice.Presses("shift+F10")
	alice.StepsTo("Down", "menuitem", "Get Info")
	looks(alice, "Buddy List", "keyboard-buddy-menu")
	alice.Presses("Escape")
	alice.Misses("menuitem", "Get Info")
	alice.Presses("F10")
	alice.Sees("menuitem", "New Instant Message…")
	looks(alice, "Buddy List", "keyboard-menu-bar")
	alice.Presses("Escape")
	alice.Misses("menuitem", "New Instant Message…")
	alice.StepsTo("Down", "buddy", bobAddress)
	alice.Presses("Return")

	alice.HasInFront(bobAddress)
	picks(alice, "Not private", "Start private conversation")
	alice.Sees("menubutton", "Unverified")
	looks(alice, bobAddress, "keyboard-unverified")
	picks(alice, "Unverified", "Authenticate buddy")
	alice.HasInFront("Authenticate " + bobAddress)
	alice.StepsTo("Tab", "entry", "Question")
	alice.Types("Where did we meet?")
	alice.StepsTo("Tab", "entry", "Secret answer")
	alice.TypesSecret(answer)
	looks(alice, "Authenticate "+bobAddress, "keyboard-authenticate")
	alice.Presses("Return")
	bob.Sees("note", "Where did we meet?")
	bob.Clicks("entry", "Answer")
	bob.TypesSecret(answer)
	bob.Clicks("button", "Authenticate")
	alice.Sees("note", "successful")
	alice.Presses("Return")
	alice.Misses("note", "successful")
	alice.Sees("menubutton", "Private")
	alice.HasInFront(bobAddress)
	alice.StepsTo("F6", "entry", "Message")
	alice.Types("canary line")
	alice.Presses("Return")
	bob.Sees("line", "canary line")
	alice.Presses("ctrl+q")
	alice.WaitEnd()
}
