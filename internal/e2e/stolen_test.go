//go:build e2e

package e2e

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"culver/internal/pilot"
	"culver/internal/testkit"
	"culver/otrplugin/otr/libotr"
)

// Whoever steals the disk, at whatever moment, finds nothing that was said, written or
// looked for, no password and no key: not in the profile, nor in what programs keep in a
// home, in the folder for temporary files, or in what Culver printed. It was never
// written either, to a file that is there no more. That the lines are there again
// afterwards shows that they were on the disk.
func TestAStolenDisk(t *testing.T) {
	for _, mode := range []string{"passphrase", "keyring", "portable"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			theft{mode}.isOfNoUse(t)
		})
	}
}

// theft is of a disk with a profile that is protected in a way.
type theft struct{ mode string }

// canaries are what is looked for, beside the private key: what is said, typed, chosen
// and imported. The first ones, who it is that talks, stand in the titles of windows.
var canaries = []string{
	aliceAddress, bobAddress, "dave@example.com", "Dave from the office",
	"canary", "an open line, with a", "correct horse battery", "canary-password-a",
	"a private canary", "a canary from bob", "a canary behind her back", "private canary", "canary that never sang", "a canary that is not sent",
	"Where did the canary sing?", "canary on the roof", "a canary of the backup",
	"canary line 17", "canary-password", // of Pidgin: see home
}

func (th theft) isOfNoUse(t *testing.T) {
	c := &pair{t: t, server: testkit.StartProsody(t, testkit.ProsodyOptions{
		Users:   map[string]string{"alice": "canary-password-a", "bob": "canary-password-b"},
		Friends: [][2]string{{"alice", "bob"}},
	})}
	c.bob = c.comes("bob", "bob", "canary-password-b", "")
	disk, trace, notes := t.TempDir(), filepath.Join(t.TempDir(), "trace"), func() string { return "" }
	env := []string{"SSL_CERT_FILE=" + c.server.CAFile, "DBUS_SESSION_BUS_ADDRESS="}
	if th.mode == "keyring" {
		bus := testkit.StartKeyring(t)
		env[1] += bus.Address
		notes = bus.Notifications()
		defer func() { testkit.NoTrace(t, bus.Files(), canaries...) }()
	}
	pidgins := home(t)
	env = append(env, "HOME="+pidgins)
	for name, folder := range map[string]string{"TMPDIR": "tmp", "XDG_CONFIG_HOME": "config",
		"XDG_CACHE_HOME": "cache", "XDG_DATA_HOME": "data", "XDG_STATE_HOME": "state"} {
		path := filepath.Join(disk, folder)
		if err := os.Mkdir(path, 0o700); err != nil {
			t.Fatal(err)
		}
		env = append(env, name+"="+path)
	}
	profile, program := filepath.Join(disk, "profile"), []string{culver(t)}
	if th.mode == "portable" {
		beside, portable := stick(t)
		profile, program = filepath.Join(beside, "Data"), []string{portable}
	} else {
		program = append(program, "--profile", profile)
	}
	alice, d := somebody(t, "alice")
	if err := alice.StartCommand(d, append(testkit.StraceWritten(t, trace), program...), env...); err != nil {
		t.Fatal(err)
	}
	if th.mode != "keyring" {
		alice.ProtectsProfile(func(string, string) {})
	}
	signsIn(alice, c.server, "alice", "canary-password-a")
	alice.SeesValue("buddy", bobAddress, "Available")
	key := exportsKeyAndKeeps(t, alice)
	secrets := slices.Concat(key, canaries)

	// stolen looks at the disk, and at what was written to it since the program started.
	stolen := func() {
		t.Helper()
		testkit.NoTraceIn(t, "what Culver printed", []byte(alice.Log()), secrets...)
		for _, dir := range []string{profile, disk} {
			testkit.NoTrace(t, dir, secrets...)
		}
		all := written(t, trace)
		for path, data := range all {
			if filepath.Base(filepath.Dir(path)) != unencrypted {
				testkit.NoTraceIn(t, path, data, secrets...)
			}
		}
		if len(all[filepath.Join(profile, "culver.db-wal")]) == 0 {
			t.Errorf("the trace does not even hold the log of the database, but %q", slices.Collect(maps.Keys(all)))
		}
	}

	opens(alice, bobAddress)
	says(alice, "an open line, with a canary")
	c.bob.Sees("line", "an open line, with a canary")
	alice.Sees("menubutton", "Unverified")
	says(alice, "a private canary")
	c.bob.Sees("line", "a private canary")
	says(c.bob, "a canary from bob")
	alice.Sees("line", "a canary from bob")
	asks(alice, "Unverified", "Where did the canary sing?", "canary on the roof")
	alice.Clicks("button", "Authenticate")
	answers(c.bob, "Answer", "canary on the roof")
	alice.Sees("menubutton", "Private")
	both(alice, c.bob, "Close")
	alice.Fronts("Buddy List")
	says(c.bob, "a canary behind her back")
	alice.Sees("line", "a canary behind her back")

	alice.Fronts(bobAddress)
	alice.Presses("ctrl+shift+f")
	alice.Clicks("entry", "Search")
	alice.Types("private canary")
	alice.Sees("hit", "a private canary")
	looks(alice, "History", "found")
	alice.Presses("ctrl+a")
	alice.Types("canary that never sang")
	alice.Sees("note", "No line")
	testkit.NoTraceIn(t, "what others can read of windows", []byte(alice.Public()), slices.Concat(key, canaries[4:])...)
	alice.Closes("History")
	alice.Fronts(bobAddress)
	alice.Clicks("entry", "Message")
	alice.Types("a canary that is not sent")
	alice.Presses("ctrl+w")
	alice.Misses("entry", "Message")

	backs(alice, filepath.Join(disk, "backup.age"), "a canary of the backup")
	imports(alice)
	if err := os.RemoveAll(filepath.Join(pidgins, ".purple")); err != nil {
		t.Fatal(err)
	}

	if th.mode != "keyring" { // it is stolen while it is locked
		alice.Fronts("Buddy List")
		alice.Presses("ctrl+alt+l")
		alice.Sees("note", "Culver is locked")
		stolen()
		testkit.NoTraceIn(t, "what others can read of a locked program", []byte(alice.Public()), secrets...)
		alice.UnlocksProfile()
		alice.SeesValue("buddy", bobAddress, "Available")
	} else if heard := notes(); !strings.Contains(heard, "New message from") {
		t.Errorf("nobody was notified of anything: %s", heard)
	} else {
		testkit.NoTraceIn(t, "what was notified", []byte(heard), slices.Concat(key, canaries[4:])...)
	}
	alice.Kill() // as if the power failed
	stolen()

	start := func() {
		t.Helper()
		if err := alice.StartAgain(); err != nil {
			t.Fatal(err)
		}
		if th.mode != "keyring" {
			alice.UnlocksProfile()
		}
	}
	ends := func() {
		t.Helper()
		alice.Fronts("Buddy List")
		alice.Presses("ctrl+q")
		alice.WaitEnd()
		stolen()
	}
	start()
	alice.SeesValue("buddy", bobAddress, "Available")
	opens(alice, bobAddress)
	for _, line := range []string{"an open line, with a canary", "a private canary", "a canary from bob", "a canary behind her back"} {
		alice.Sees("line", line)
	}
	alice.SeesValue("entry", "Message", "a canary that is not sent")
	looks(alice, bobAddress, "after-theft")
	ends()

	// Its last page is damaged, and it is rescued: there are two databases then.
	database := filepath.Join(profile, "culver.db")
	file, err := os.ReadFile(database)
	if err != nil {
		t.Fatal(err)
	}
	file[len(file)-1000] ^= 1
	if err := os.WriteFile(database, file, 0o600); err != nil {
		t.Fatal(err)
	}
	start()
	alice.Clicks("button", "Rescue what can be read")
	alice.Clicks("button", "Continue")
	alice.SeesValue("buddy", bobAddress, "Available")
	ends()
	if left, err := os.ReadDir(pidgins); err != nil || len(left) > 0 {
		t.Errorf("in the home there is %v, %v", left, err)
	}
}

// written is what the program wrote since it started.
func written(t *testing.T, trace string) map[string][]byte {
	t.Helper()
	f, err := os.Open(trace)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := testkit.Written(f)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// backs makes a backup, and looks into it.
func backs(p *pilot.Person, path, passphrase string) {
	p.Fronts("Buddy List")
	p.Clicks("menu", "Tools")
	p.Clicks("menuitem", "Back Up…")
	p.Fills("File", path)
	for _, entry := range []string{"Passphrase", "Once more"} {
		p.Clicks("entry", entry)
		p.TypesSecret(passphrase)
	}
	p.Clicks("button", "Back Up")
	p.Clicks("button", "Close")
	p.Misses("button", "Close")
	p.Fronts("Buddy List")
	p.Clicks("menu", "Tools")
	p.Clicks("menuitem", "Restore Backup…")
	p.Fills("File", path)
	p.Clicks("entry", "Passphrase")
	p.TypesSecret(passphrase)
	p.Clicks("button", "Next")
	p.Sees("button", "Leave out")
	p.Clicks("button", "Cancel")
	p.Misses("button", "Cancel")
}

// imports takes all of what Pidgin has.
func imports(p *pilot.Person) {
	p.Fronts("Buddy List")
	p.Clicks("menu", "Tools")
	p.Clicks("menuitem", "Import…")
	p.Clicks("button", "Next")
	p.Sees("button", "Leave out")
	p.Clicks("button", "Import")
	p.Sees("note", "401 lines of your conversations.")
	p.Clicks("button", "Close")
	p.Misses("button", "Close")
}

// unencrypted is the folder of what is exported like that.
const unencrypted = "unencrypted"

// exportsKeyAndKeeps chooses that private conversations are kept, and exports the
// private key to a file, so that it is known: as bytes, and in hex.
func exportsKeyAndKeeps(t *testing.T, p *pilot.Person) (secrets []string) {
	p.Fronts("Buddy List")
	p.Presses("ctrl+u")
	p.Clicks("row", "Off-the-Record Messaging")
	p.Clicks("button", "Configure…")
	p.Clicks("button", "Generate")
	p.Clicks("button", "Export…")
	path := filepath.Join(t.TempDir(), unencrypted, "otr.private_key")
	if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
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
	accounts, skipped, err := libotr.ParseKeys(file)
	if err != nil || len(accounts) == 0 || len(skipped) > 0 {
		t.Fatal(len(accounts), skipped, err)
	}
	found := map[string]bool{}
	for _, a := range accounts {
		_, _, _, _, x := a.Key.Numbers()
		found[strings.TrimLeft(string(x), "\x00")] = true
	}
	return slices.Collect(maps.Keys(found))
}
