//go:build e2e && linux

package e2e

import (
	"slices"
	"testing"
	"time"

	"culver/internal/pilot"
)

// What the user typed and read is in the program's memory while it is unlocked, so
// that the look can fail. Passphrase and password are gone soon after it was locked.
// Of what was drawn the toolkit keeps some, which is told and not judged.
func TestMemoryOfALockedProgram(t *testing.T) {
	t.Parallel()
	c := acquainted(t, "CULVER_DUMPS=1")
	alice, bob := c.alice, c.bob
	secrets := []string{"correct horse battery", "canary-password-a"}
	lines := []string{"canary from alice", "canary from bob", "canary half a li"}
	opens(alice, bobAddress)
	says(alice, "an open line")
	bob.Sees("line", "an open line")
	alice.Sees("menubutton", "Unverified")
	bob.Sees("menubutton", "Unverified")
	says(alice, lines[0])
	bob.Sees("line", lines[0])
	says(bob, lines[1])
	alice.Sees("line", lines[1])
	alice.Clicks("entry", "Message")
	alice.Types(lines[2])
	if n := alice.Remembers(lines...); slices.Contains(n, 0) {
		t.Errorf("while it is unlocked the program remembers %q %v times: the look cannot be trusted", lines, n)
	}
	alice.Fronts("Buddy List")
	alice.Presses("ctrl+alt+l")
	alice.Sees("note", "Culver is locked")
	if n := alice.Remembers("Unlock"); n[0] == 0 {
		t.Error("the look finds nothing at all")
	}
	forgets(t, alice, pilot.Patience, secrets)
	t.Logf("of what was drawn it still remembers %v: see docs/design.md", alice.Remembers(lines...))
	alice.TypesSecret("correct horse battery")
	alice.Presses("Return")
	alice.Sees("line", lines[1])
	alice.SeesValue("entry", "Message", lines[2])
	alice.Clicks("entry", "Message")
	alice.Presses("ctrl+a")
	alice.Presses("BackSpace") // else she is asked what is to become of it
	alice.SeesValue("entry", "Message", "")
	c.leave("an open line", alice, bob)
}

// forgets waits until the texts are nowhere in somebody's program.
func forgets(t *testing.T, p *pilot.Person, within time.Duration, texts []string) {
	t.Helper()
	late := time.After(within)
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	begun := time.Now()
	for {
		n := p.Remembers(texts...)
		if slices.Max(n) == 0 {
			t.Logf("after %v %q are gone", time.Since(begun).Round(time.Second), texts)
			return
		}
		select {
		case <-tick.C:
		case <-late:
			t.Errorf("%v after it was locked the program remembers %q %v times", within, texts, n)
			return
		}
	}
}
