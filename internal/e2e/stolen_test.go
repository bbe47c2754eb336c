//go:build e2e

package e2e

import (
	"encoding/hex"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"culver/internal/pilot"
	"culver/internal/testkit"
)

// Whoever steals the disk, at whatever moment, finds nothing that was said, written
// or looked for, no password and no key: not in the profile, nor in what programs
// keep in a home, in the folder for temporary files, or in what Culver printed.
// That the lines are there again afterwards shows that they were on the disk.
func TestAStolenDisk(t *testing.T) {
	for mode, bus := range map[string]func(t *testing.T) string{
		"passphrase": func(*testing.T) string { return "" },
		"keyring":    func(t *testing.T) string { return testkit.StartKeyring(t).Address },
	} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			c := &pair{t: t, server: testkit.StartProsody(t, testkit.ProsodyOptions{
				Users:   map[string]string{"alice": "canary-password-a", "bob": "canary-password-b"},
				Friends: [][2]string{{"alice", "bob"}},
			})}
			c.bob = c.comes("bob", "bob", "canary-password-b", "")
			disk := t.TempDir()
			env := []string{"SSL_CERT_FILE=" + c.server.CAFile, "DBUS_SESSION_BUS_ADDRESS=" + bus(t)}
			for name, folder := range map[string]string{"HOME": "home", "TMPDIR": "tmp", "XDG_CONFIG_HOME": "config",
				"XDG_CACHE_HOME": "cache", "XDG_DATA_HOME": "data", "XDG_STATE_HOME": "state"} {
				path := filepath.Join(disk, folder)
				if err := os.Mkdir(path, 0o700); err != nil {
					t.Fatal(err)
				}
				env = append(env, name+"="+path)
			}
			alice, profile := person(t, "alice", env...)
			if mode == "passphrase" {
				alice.ProtectsProfile(func(string, string) {})
			}
			signsIn(alice, c.server, "alice", "canary-password-a")
			alice.SeesValue("buddy", bobAddress, "Available")
			key := exportsKeyAndKeeps(t, alice)

			opens(alice, bobAddress)
			says(alice, "an open line, with a canary")
			c.bob.Sees("line", "an open line, with a canary")
			alice.Sees("menubutton", "Unverified")
			says(alice, "a private canary")
			c.bob.Sees("line", "a private canary")
			says(c.bob, "a canary from bob")
			alice.Sees("line", "a canary from bob")
			alice.Presses("ctrl+f")
			alice.Clicks("entry", "Search")
			alice.Types("private canary")
			alice.Sees("hit", "a private canary")
			looks(alice, "History", "found")
			alice.Closes("History")
			alice.Fronts(bobAddress)
			alice.Clicks("entry", "Message")
			alice.Types("a canary that is not sent")
			alice.Presses("ctrl+w")
			alice.Misses("entry", "Message")

			stolen := func() {
				t.Helper()
				logged := filepath.Join(disk, "log")
				if err := os.WriteFile(logged, []byte(alice.Log()+"\n"), 0o600); err != nil {
					t.Fatal(err)
				}
				for _, dir := range []string{profile, disk} {
					testkit.NoTrace(t, dir, slices.Concat(key, []string{"canary", "an open line", "correct horse battery"})...)
				}
			}
			alice.Kill() // as if the power failed
			stolen()

			if err := alice.StartAgain(); err != nil {
				t.Fatal(err)
			}
			if mode == "passphrase" {
				alice.UnlocksProfile()
			}
			alice.SeesValue("buddy", bobAddress, "Available")
			opens(alice, bobAddress)
			for _, line := range []string{"an open line, with a canary", "a private canary", "a canary from bob"} {
				alice.Sees("line", line)
			}
			alice.SeesValue("entry", "Message", "a canary that is not sent")
			looks(alice, bobAddress, "after-theft")
			alice.Fronts("Buddy List")
			alice.Presses("ctrl+q")
			alice.WaitEnd()
			stolen()
		})
	}
}

// exportsKeyAndKeeps chooses that private conversations are kept, and exports the
// private key to a file, so that it is known: as bytes, and in hex.
func exportsKeyAndKeeps(t *testing.T, p *pilot.Person) (secrets []string) {
	p.Fronts("Buddy List")
	p.Presses("ctrl+u")
	p.Clicks("row", "Off-the-Record Messaging")
	p.Clicks("button", "Configure…")
	p.Clicks("button", "Generate")
	p.Clicks("button", "Export…")
	path := filepath.Join(t.TempDir(), "otr.private_key")
	p.Fills("File", path)
	p.Clicks("button", "Export unencrypted")
	p.Sees("window", "The private key was exported")
	p.Presses("Escape")
	p.Misses("window", "The private key was exported")
	p.Clicks("choice", "Keep them, encrypted")
	p.SeesValue("choice", "Keep them, encrypted", "on")
	looks(p, "Off-the-Record Messaging", "keeps")
	p.Presses("Escape")
	p.Misses("tab", "Known fingerprints")
	p.Fronts("Plugins")
	p.Presses("Escape")
	p.Misses("button", "Configure…")

	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, m := range regexp.MustCompile(`\(x #([0-9A-F]+)#\)`).FindAllSubmatch(file, -1) {
		x, err := hex.DecodeString(string(m[1]))
		if err != nil {
			t.Fatal(err)
		}
		found[string(x)] = true
	}
	if len(found) == 0 {
		t.Fatalf("no private key in %s", file)
	}
	return slices.Collect(maps.Keys(found))
}
