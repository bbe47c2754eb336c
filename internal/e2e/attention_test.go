//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"culver/internal/testkit"
)

// A message comes while alice looks elsewhere: the desktop tells her from whom, never what;
// a click leads to it. The Buddy List goes behind the icon beside the clock, and comes back.
func TestAttention(t *testing.T) {
	t.Parallel()
	server := testkit.StartProsody(t, testkit.ProsodyOptions{
		Users: map[string]string{"alice": "canary-password-a", "bob": "canary-password-b"}, Friends: [][2]string{{"alice", "bob"}}})
	bus := testkit.StartKeyring(t)
	desk := bus.StartDesktop("body", "body-markup", "actions")
	desk.ShowIcons(true)
	heard := filepath.Join(t.TempDir(), "heard")
	speakers := t.TempDir()
	if err := os.WriteFile(filepath.Join(speakers, "pacat"), []byte("#!/bin/sh\ncat >/dev/null; echo \"$*\" >>"+heard+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	trust := "SSL_CERT_FILE=" + server.CAFile
	alice, _ := person(t, "alice", trust, "DBUS_SESSION_BUS_ADDRESS="+bus.Address, "PATH="+speakers+":"+os.Getenv("PATH"))
	bob, _ := person(t, "bob", trust, "DBUS_SESSION_BUS_ADDRESS=")
	bob.ProtectsProfile(func(string, string) {})
	signsIn(alice, server, "alice", "canary-password-a")
	signsIn(bob, server, "bob", "canary-password-b")
	alice.SeesValue("buddy", bobAddress, "Available")
	bob.SeesValue("buddy", aliceAddress, "Available")
	icon := desk.UntilIcon()

	opens(bob, aliceAddress)
	says(bob, "a first canary")
	alice.Sees("line", "a first canary")
	bob.Sees("menubutton", "Unverified")
	alice.Fronts("Buddy List")
	before := len(desk.Notes())
	says(bob, "a second canary")
	note := desk.UntilNote(before)
	if note.Title != bobAddress || note.Text != "New message" {
		t.Errorf("she is told %+v", note)
	}
	desk.UntilBadge("count:@x 1")
	if got := icon.Menu(); !strings.Contains(got, "Unread Messages [bob@localhost (1)]") || icon.Property("Status") != "NeedsAttention" {
		t.Errorf("the menu is %s", got)
	}
	desk.Clicks(note.ID)
	alice.HasInFront(bobAddress)
	desk.UntilClosed(note.ID)
	desk.UntilBadge("count:@x 0")

	// Who is not to be disturbed is not; the icon says so.
	icon.Chooses("Change Status", "Do not disturb")
	bob.SeesValue("buddy", aliceAddress, "Do not disturb")
	alice.Fronts("Buddy List")
	looks(alice, "Buddy List", "attention")
	before = len(desk.Notes())
	says(bob, "a third canary")
	desk.UntilBadge("count:@x 1")
	if n := len(desk.Notes()); n != before {
		t.Errorf("she is disturbed: %+v", desk.Notes()[before:])
	}
	icon.Presses()
	alice.HasInFront(bobAddress)
	desk.UntilBadge("count:@x 0")

	alice.Closes("Buddy List")
	alice.Misses("buddy", bobAddress)
	if got := icon.Menu(); !strings.HasPrefix(got, "Show Buddy List, ") {
		t.Errorf("the menu is %s", got)
	}
	icon.Presses()
	alice.HasInFront("Buddy List")
	alice.Clicks("menu", "Tools")
	looks(alice, "Buddy List", "attention-tools")
	alice.Clicks("menuitem", "Sounds…")
	alice.Sees("switch", "A message comes")
	looks(alice, "Sounds", "sounds")
	alice.Clicks("button", "Play")
	alice.Presses("Escape")
	icon.Chooses("Quit")
	alice.WaitEnd()
	desk.UntilNoIcon()
	if strings.Contains(alice.Log(), "Error in Fyne call thread") {
		t.Errorf("the toolkit was called from the wrong thread:\n%s", alice.Log())
	}
	if played, err := os.ReadFile(heard); err != nil || !strings.Contains(string(played), "--playback --raw") {
		t.Errorf("nothing was played: %q, %v", played, err)
	}
	for _, n := range desk.Notes() {
		testkit.NoTraceIn(t, "what the desktop was told", []byte(fmt.Sprintf("%+v", n)), "canary")
	}
}
