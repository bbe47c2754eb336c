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
		d.presses("retry")
		d.sees("Unlock Culver")
		d.presses("unlock", "passphrase", "correct horse")
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
