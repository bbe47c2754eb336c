package unlock_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"culver/im"
	"culver/storage"
	"culver/unlock"
)

var bob = im.ConvID{Account: "xmpp:alice@example.net", Peer: "bob@example.org"}

// lived is a profile with the passphrase "correct horse" and a history.
func lived(t *testing.T, dir string) {
	t.Helper()
	made(t, dir)
	p, err := storage.OpenProfile(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	v, err := p.UnlockVault([]byte("correct horse"))
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	db, err := p.OpenDB(context.Background(), v)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.SaveAccount(im.Account{ID: bob.Account, Enabled: true}); err != nil {
		t.Fatal(err)
	}
	for i := range 300 {
		m := im.Message{ID: fmt.Sprint(i), Conv: bob, Text: im.Plain(strings.Repeat("a line ", 30)), Time: time.Unix(int64(i), 0)}
		if err := db.Append(m); err != nil {
			t.Fatal(err)
		}
	}
}

func TestRescuing(t *testing.T) {
	dir := t.TempDir()
	lived(t, dir)
	path := filepath.Join(dir, "culver.db")
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	clear(file[100:200]) // within the first page, without which nothing opens
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Run("not wanted", func(t *testing.T) {
		d := open(t, dir)
		d.sees("Unlock Culver")
		d.presses("unlock", "passphrase", "correct horse")
		d.sees("Culver cannot open your profile")
		d.reads("damaged")
		d.presses("afresh")
		d.sees("Start afresh?")
		d.presses("back")
		d.sees("Culver cannot open your profile")
		d.presses("quit")
		if now, err := os.ReadFile(path); err != nil || string(now) != string(file) || d.opened != nil || !d.done {
			t.Errorf("the database was changed, or opened: %v", err)
		}
	})
	t.Run("wanted", func(t *testing.T) {
		d := open(t, dir)
		d.sees("Unlock Culver")
		d.presses("unlock", "passphrase", "correct horse")
		d.sees("Culver cannot open your profile")
		d.presses("rescue")
		d.sees("Your profile was rescued")
		if got := d.form.form.Tabs[0].Fields[0].Label; !strings.Contains(got, "lines of history") {
			t.Errorf("it says %q", got)
		}
		d.presses("continue")
		d.until(func() bool { return d.done })
		if d.opened == nil {
			t.Fatal("not opened")
		}
		lines, err := d.opened.DB.Older(bob, "", 1000)
		if err != nil || len(lines) < 200 {
			t.Errorf("%d lines: %v", len(lines), err)
		}
	})
}

func TestStartingAfresh(t *testing.T) {
	damage := func(t *testing.T, path string, from, until int) []byte {
		t.Helper()
		file, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		clear(file[from:until])
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	kept := func(t *testing.T, path, as string, want []byte) {
		t.Helper()
		names, err := filepath.Glob(path + as + "*")
		if err != nil || len(names) != 1 {
			t.Fatalf("%q is kept: %v", names, err)
		}
		if now, err := os.ReadFile(names[0]); err != nil || string(now) != string(want) {
			t.Errorf("%s is not what it was: %v", names[0], err)
		}
	}
	isEmpty := func(d *desk) {
		d.t.Helper()
		d.until(func() bool { return d.done })
		if d.opened == nil {
			d.t.Fatal("not opened")
		}
		if all, err := d.opened.DB.Accounts(); err != nil || len(all) > 0 {
			d.t.Errorf("%v: %v", all, err)
		}
	}
	t.Run("the database", func(t *testing.T) {
		dir := t.TempDir()
		lived(t, dir)
		path := filepath.Join(dir, "culver.db")
		bad := damage(t, path, 5000, 5001)
		d := open(t, dir)
		d.sees("Unlock Culver")
		d.presses("unlock", "passphrase", "correct horse")
		d.sees("Culver cannot open your profile")
		d.presses("afresh")
		d.sees("Start afresh?")
		d.presses("afresh")
		isEmpty(d)
		kept(t, path, ".damaged-", bad)
	})
	t.Run("the vault", func(t *testing.T) {
		dir := t.TempDir()
		lived(t, dir)
		path := filepath.Join(dir, "vault.culver")
		bad := damage(t, path, 20, 60)
		damage(t, path+".bak", 20, 60)
		db, err := os.ReadFile(filepath.Join(dir, "culver.db"))
		if err != nil {
			t.Fatal(err)
		}
		d := open(t, dir)
		d.sees("Unlock Culver")
		d.presses("unlock", "passphrase", "correct horse")
		d.reads("and so is its copy")
		d.presses("afresh")
		d.sees("Start afresh?")
		d.presses("back")
		d.sees("Unlock Culver")
		d.presses("unlock", "passphrase", "correct horse")
		d.reads("and so is its copy")
		d.presses("afresh")
		d.sees("Start afresh?")
		d.presses("afresh")
		d.sees("Protect Your Profile")
		d.presses("create", "passphrase", "another horse", "again", "another horse")
		isEmpty(d)
		kept(t, path, ".aside-", bad)
		kept(t, filepath.Join(dir, "culver.db"), ".aside-", db)
	})
}

// A database that is gone is asked for.
func TestTheDatabaseIsMissing(t *testing.T) {
	dir := t.TempDir()
	lived(t, dir)
	path := filepath.Join(dir, "culver.db")
	if err := os.Rename(path, path+".elsewhere"); err != nil {
		t.Fatal(err)
	}
	d := open(t, dir)
	d.sees("Unlock Culver")
	d.presses("unlock", "passphrase", "correct horse")
	d.sees("Culver cannot open your profile")
	d.reads("is missing")
	d.presses("afresh")
	d.sees("Start afresh?")
	d.presses("back")
	d.sees("Culver cannot open your profile")
	d.reads("is missing")
	d.presses("retry")
	d.sees("Culver cannot open your profile")
	d.reads("is missing")
	if err := os.Rename(path+".elsewhere", path); err != nil {
		t.Fatal(err)
	}
	d.presses("retry")
	d.until(func() bool { return d.done })
	if d.opened == nil {
		t.Fatal("not opened")
	}
	if all, err := d.opened.DB.Accounts(); err != nil || len(all) != 1 {
		t.Errorf("%v: %v", all, err)
	}
}

// The damage was found when the database was in use: it is rescued at once, or after
// a question.
func TestRescuingWhatWasInUse(t *testing.T) {
	for _, why := range []error{nil, fmt.Errorf("a page: %w", storage.ErrDatabaseDamaged)} {
		dir := t.TempDir()
		lived(t, dir)
		d := open(t, dir)
		d.sees("Unlock Culver")
		d.presses("unlock", "passphrase", "correct horse")
		d.until(func() bool { return d.done })
		vault := d.opened.Vault
		d.opened.DB.Close()
		d.opened, d.done = nil, false
		d.opening = unlock.Damaged(context.Background(), d.profile, vault, why, d.asks, func(f func()) { d.work <- f }, d.has)
		if why != nil {
			d.sees("Culver cannot open your profile")
			d.reads("a page")
			d.presses("rescue")
		}
		d.sees("Your profile was rescued")
		d.presses("continue")
		d.until(func() bool { return d.done })
		if d.opened == nil {
			t.Fatal("not opened")
		}
		if lines, err := d.opened.DB.Older(bob, "", 1000); err != nil || len(lines) != 300 {
			t.Errorf("%d lines: %v", len(lines), err)
		}
	}
}
