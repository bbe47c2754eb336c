//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestHistoryByMouseAndKeyboard(t *testing.T) {
	t.Parallel()
	c := acquainted(t)
	alice, bob := c.alice, c.bob
	turnsOffAutomatic(alice)
	turnsOffAutomatic(bob)

	// They talk in the open, which is kept, and in private, which is not.
	opens(alice, bobAddress)
	says(alice, "an open line")
	bob.Sees("line", "an open line")
	says(bob, "a red kettle for everybody")
	alice.Sees("line", "a red kettle")
	says(alice, "no, a blue one")
	alice.Clicks("menubutton", "Not private")
	alice.Clicks("menuitem", "Start private conversation")
	alice.Sees("menubutton", "Unverified")
	says(alice, "canary line one")
	bob.Sees("line", "canary line one")
	alice.Clicks("menubutton", "Unverified")
	alice.Clicks("menuitem", "End private conversation")
	alice.Sees("menubutton", "Not private")
	bob.Clicks("menubutton", "Finished")
	bob.Clicks("menuitem", "End private conversation")
	bob.Sees("menubutton", "Not private")
	alice.Clicks("entry", "Message")
	alice.Types("half a thought")
	alice.Presses("ctrl+w")

	// The history has what was open, and no more.
	alice.Fronts("Buddy List")
	alice.Clicks("buddy", bobAddress)
	alice.Presses("ctrl+l")
	alice.Sees("past", bobAddress)
	alice.Sees("line", "a red kettle for everybody")
	alice.Sees("heading", "Beginning of the history")
	alice.MissesPart("line", "canary")
	looks(alice, "History", "history")

	// What is typed is searched for.
	alice.Types("kettle every")
	alice.Sees("hit", "a red kettle for everybody")
	alice.Presses("Return")
	looks(alice, "History", "history-found")
	alice.Presses("ctrl+shift+f")
	alice.Types("canary")
	alice.Sees("note", "No line in all conversations has these words.")
	alice.Presses("Escape")
	alice.MissesPart("note", "No line")

	// It follows what is said meanwhile.
	bob.Fills("Message", "one more open line")
	bob.Presses("Return")
	alice.Sees("line", "one more open line")

	file := filepath.Join(t.TempDir(), "kept.txt")
	alice.Clicks("button", "Export…")
	alice.Fills("File", file)
	looks(alice, "Export from the history", "history-export")
	alice.Clicks("button", "Export unencrypted")
	alice.Sees("note", "holds")
	alice.Presses("Escape")
	alice.Misses("button", "Close")
	out, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(out), "a red kettle for everybody") || strings.Contains(string(out), "canary") {
		t.Errorf("%v: exported:\n%s", err, out)
	}

	// What was not said stands in the entry, also tomorrow.
	opens(alice, bobAddress)
	alice.SeesValue("entry", "Message", "half a thought")
	alice.Fronts("Buddy List")
	alice.Presses("ctrl+q")
	alice.WaitEnd()
	if err := alice.StartAgain(); err != nil {
		t.Fatal(err)
	}
	alice.UnlocksProfile()
	alice.SeesValue("buddy", bobAddress, "Available")
	opens(alice, bobAddress)
	alice.SeesValue("entry", "Message", "half a thought")
	looks(alice, bobAddress, "draft")
	alice.Clicks("entry", "Message")
	alice.Presses("ctrl+a")
	alice.Presses("BackSpace")

	// A day is deleted, here and there.
	alice.Presses("ctrl+shift+f")
	alice.Sees("line", "no, a blue one")
	alice.Clicks("menubutton", "Delete")
	alice.ClicksOn("menuitem", "This Day")
	alice.Sees("button", "Delete")
	looks(alice, "Delete from the history?", "history-delete")
	alice.Clicks("button", "Delete")
	alice.Sees("note", "Nothing is kept of conversations with "+bobAddress)
	looks(alice, "History", "history-empty")
	alice.MissesPart("line", "a red kettle")
	alice.Presses("Escape")
	alice.Misses("past", bobAddress)
	c.leave("an open line", alice, bob)
}
