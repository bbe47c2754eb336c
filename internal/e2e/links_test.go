//go:build e2e

package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"culver/internal/testkit"
)

// A link comes from another program: while Culver runs, while it is locked, and while it
// does not run. It shows something each time, and the server hears nothing of it.
func TestLinksFromOtherPrograms(t *testing.T) {
	t.Parallel()
	server := testkit.StartProsody(t, testkit.ProsodyOptions{Users: map[string]string{"alice": "canary-password-a"}})
	profile := filepath.Join(t.TempDir(), "profile")
	alice, d := somebody(t, "alice")
	env := []string{"SSL_CERT_FILE=" + server.CAFile, "DBUS_SESSION_BUS_ADDRESS="}
	if err := alice.StartCommand(d, []string{culver(t), "-c", profile}, env...); err != nil {
		t.Fatal(err)
	}
	follows := func(link string) {
		t.Helper()
		second := exec.Command(culver(t), "--config="+profile, "open", link)
		second.Env = append(append(os.Environ(), "DISPLAY="+d.Name, "WAYLAND_DISPLAY=", "LANG=en_US.UTF-8"), env...)
		if out, err := second.CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("%s: %v: %s", link, err, out)
		}
	}
	alice.ProtectsProfile(func(string, string) {})
	signsIn(alice, server, "alice", "canary-password-a")
	alice.Sees("button", "Add a Buddy…")

	follows("xmpp:carol@localhost?message;body=canary%20of%20a%20link")
	alice.SeesValue("entry", "Buddy's address", "carol@localhost")
	alice.Sees("note", "The link proposes to write “canary of a link”")
	looks(alice, "New Instant Message", "link-stranger")
	alice.Clicks("button", "Open")
	alice.SeesValue("entry", "Message", "canary of a link")
	alice.HasInFront("carol@localhost")
	looks(alice, "carol@localhost", "link-entry")

	follows("xmpp:dave@localhost?roster;name=Dave;group=Friends")
	alice.SeesValue("entry", "Name", "Dave")
	looks(alice, "Add Buddy", "link-add")
	alice.Presses("Escape")
	alice.Misses("entry", "Name")
	follows("xmpp:cooks@rooms.localhost?join")
	alice.SeesValue("entry", "Room", "cooks@rooms.localhost")
	looks(alice, "Join a Chat", "link-join")
	alice.Presses("Escape")
	alice.Misses("entry", "Room")
	follows("xmpp:new.example?register")
	alice.SeesValue("entry", "Name of the server", "new.example")
	looks(alice, "Create an Account", "link-register")
	alice.Presses("Escape")
	alice.Misses("entry", "Name of the server")

	// Locked: the question for the passphrase comes to the front, and nothing else.
	alice.Fronts("Buddy List")
	alice.Presses("ctrl+alt+l")
	alice.Sees("note", "Culver is locked")
	follows("xmpp:erin@localhost?subscribe")
	alice.HasInFront("Unlock Culver")
	if out := alice.Windows(); len(out) != 1 {
		t.Errorf("while it is locked there are the windows %q", out)
	}
	alice.UnlocksProfile()
	alice.SeesValue("entry", "Buddy's address", "erin@localhost")
	alice.Presses("Escape")
	alice.Misses("entry", "Buddy's address")
	alice.Fronts("Buddy List")
	alice.Presses("ctrl+q")
	alice.WaitEnd()

	if err := alice.StartCommand(d, []string{culver(t), "-c", profile, "xmpp:frank@localhost?message;body=later"}, env...); err != nil {
		t.Fatal(err)
	}
	alice.UnlocksProfile()
	alice.SeesValue("entry", "Buddy's address", "frank@localhost")
	alice.Presses("Escape")
	alice.Misses("entry", "Buddy's address")
	alice.Fronts("Buddy List")
	alice.Presses("ctrl+q")
	alice.WaitEnd()

	for line := range strings.Lines(server.Stanzas()) {
		for _, name := range []string{"carol", "dave", "erin", "frank", "cooks", "canary of"} {
			if strings.Contains(line, name) {
				t.Errorf("the server was told: %s", line)
			}
		}
	}
	testkit.NoTrace(t, profile, "canary of a link", "erin@localhost")
}

// What cannot be understood at the start is said in one sentence, and ends with 2.
func TestWrongArguments(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"--no-such-thing"}, {"open", "xmpp:a%2Fb@c"}, {"-d"}, {"bob@example.net"}} {
		out, err := exec.Command(culver(t), args...).CombinedOutput()
		if exit, ok := err.(*exec.ExitError); !ok || exit.ExitCode() != 2 || !strings.HasPrefix(string(out), "culver: ") || strings.Count(string(out), "\n") > 2 {
			t.Errorf("%q: %v: %s", args, err, out)
		}
	}
	for _, arg := range []string{"--help", "-v"} {
		if out, err := exec.Command(culver(t), arg).Output(); err != nil || !strings.Contains(string(out), "culver") {
			t.Errorf("%s: %v: %s", arg, err, out)
		}
	}
}
