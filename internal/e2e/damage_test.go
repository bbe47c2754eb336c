//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"culver/im"
	"culver/internal/pilot"
	"culver/storage"
)

// damagedProfile is a profile with a history of so many lines of the length, of which
// the database was damaged.
func damagedProfile(t *testing.T, lines, length int, damage func(file []byte)) (profile string) {
	t.Helper()
	profile = filepath.Join(t.TempDir(), "profile")
	p, err := storage.OpenProfile(profile)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	v, err := p.CreateVault([]byte("correct horse battery"))
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	db, err := p.OpenDB(t.Context(), v)
	if err != nil {
		t.Fatal(err)
	}
	bob := im.ConvID{Account: "xmpp:alice@example.invalid", Peer: "bob@example.invalid"}
	err = db.SaveAccount(im.Account{ID: bob.Account})
	if err == nil {
		err = db.SaveRoster(bob.Account, []im.Buddy{{Bare: bob.Peer, Subscription: im.SubscriptionBoth}})
	}
	for from := 0; err == nil && from < lines; from += 500 {
		var all []im.Message
		for i := from; i < min(from+500, lines); i++ {
			all = append(all, im.Message{ID: fmt.Sprint(i), Conv: bob, Time: time.Date(2026, 1, 1, 0, i, 0, 0, time.UTC),
				Text: im.Plain(fmt.Sprint("line ", i, " ", strings.Repeat("kettle ", length/7)))})
		}
		_, err = db.Import(all)
	}
	if err == nil {
		err = db.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(profile, "culver.db")
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	damage(file)
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	return profile
}

// seesHistory looks whether the lines are there again.
func seesHistory(p *pilot.Person) {
	p.Sees("menu", "Tools")
	p.Fronts("Buddy List")
	p.Presses("ctrl+l")
	p.Sees("past", "bob@example.invalid")
	p.Sees("line", "line ")
	looks(p, "History", "rescued-history")
}

func rescues(p *pilot.Person) {
	p.Clicks("button", "Rescue what can be read")
	p.Sees("note", "Rescued: 1 account")
	looks(p, "Your profile was rescued", "rescued")
	p.Clicks("button", "Continue")
	seesHistory(p)
}

func TestADamagedDatabaseIsRescuedAtTheStart(t *testing.T) {
	t.Parallel()
	profile := damagedProfile(t, 3000, 70, func(file []byte) {
		for at := 4*4096 + 100; at < len(file); at += 6 * 4096 {
			file[at] ^= 1
		}
	})
	p, d := somebody(t, "damaged")
	if err := p.Start(d, culver(t), profile, "DBUS_SESSION_BUS_ADDRESS="); err != nil {
		t.Fatal(err)
	}
	p.UnlocksProfile()
	p.Sees("button", "Rescue what can be read")
	looks(p, "Culver cannot open your profile", "offer")
	p.Clicks("button", "Start afresh…")
	p.Sees("button", "Start afresh")
	looks(p, "Start afresh?", "afresh")
	p.Clicks("button", "Back")
	rescues(p)
}

func TestADamageIsFoundWhileCulverRuns(t *testing.T) {
	t.Parallel()
	profile := damagedProfile(t, 10_000, 1000, func(file []byte) { file[len(file)/2] ^= 1 })
	p, d := somebody(t, "large")
	if err := p.Start(d, culver(t), profile, "DBUS_SESSION_BUS_ADDRESS="); err != nil {
		t.Fatal(err)
	}
	p.UnlocksProfile()
	p.Sees("button", "Go on as it is")
	looks(p, "Part of the database is damaged", "found")
	rescues(p)
}

// The file with what a passphrase locks is damaged: its copy is used, and what is
// typed next is the passphrase again, below all that is said.
func TestADamagedVaultOpensByItsCopy(t *testing.T) {
	t.Parallel()
	profile := damagedProfile(t, 1, 10, func([]byte) {})
	path := filepath.Join(profile, "vault.culver")
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	file[len(file)-3] ^= 1
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	p, d := somebody(t, "vault")
	if err := p.Start(d, culver(t), profile, "DBUS_SESSION_BUS_ADDRESS="); err != nil {
		t.Fatal(err)
	}
	p.UnlocksProfile()
	p.Sees("button", "Use the copy")
	looks(p, "Unlock Culver", "damaged")
	p.Clicks("button", "Use the copy")
	words := p.Sees("note", "The copy of the vault is in use now")
	line := p.Sees("entry", "Passphrase")
	looks(p, "Unlock Culver", "copy")
	if words.Y+words.Height > line.Y {
		t.Errorf("the words end at %v, and the line begins at %v", words.Y+words.Height, line.Y)
	}
	p.TypesSecret("correct horse battery")
	p.Clicks("button", "Unlock") // it waits for a moment, since it was another button
	p.Sees("menu", "Tools")
}
