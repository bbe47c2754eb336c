package unlock_test

import (
	"bytes"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"culver/storage"
)

// ends breaks the opening off, and does what it still had to do: nothing comes of it.
func (d *desk) ends() {
	d.t.Helper()
	d.opening.End()
	before := d.form
	for {
		select {
		case f := <-d.work:
			f()
			continue
		default:
		}
		break
	}
	if d.done || d.opened != nil || d.form != before {
		d.t.Errorf("it goes on after its end: done %v, opened %v, form %+v", d.done, d.opened, d.form)
	}
	if err := d.profile.Close(); err != nil {
		d.t.Error(err)
	}
}

// files are the names of those in the folder, but for the lock.
func files(t *testing.T, dir string) (names []string) {
	t.Helper()
	all, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		if !f.IsDir() && !strings.Contains(f.Name(), "lock") {
			names = append(names, f.Name())
		}
	}
	return names
}

// The user quits while the database is opened, or when it just was: the lock of the
// profile is given back when nothing of it is open any more.
func TestEndWhileTheDatabaseIsOpened(t *testing.T) {
	for _, just := range []bool{false, true} {
		dir := t.TempDir()
		lived(t, dir)
		want := files(t, dir)
		d := open(t, dir)
		d.sees("Unlock Culver")
		d.presses("unlock", "passphrase", "correct horse")
		d.until(func() bool { return d.form == nil })
		if just {
			then := <-d.work
			d.ends()
			then()
			if d.done {
				t.Error("it goes on after its end")
			}
		} else {
			d.ends()
		}
		if now := files(t, dir); !slices.Equal(now, want) { // an open database has its log beside it
			t.Errorf("just %v: there is %q, not %q", just, now, want)
		}
		again := open(t, dir)
		again.sees("Unlock Culver")
		again.presses("unlock", "passphrase", "correct horse")
		again.until(func() bool { return again.done })
		if again.opened == nil {
			t.Fatal("not opened")
		}
	}
}

// The vault is made for good, or not at all.
func TestEndWhileTheVaultIsMade(t *testing.T) {
	dir := t.TempDir()
	d := open(t, dir)
	d.sees("Protect Your Profile")
	d.presses("create", "passphrase", "correct horse", "again", "correct horse")
	d.ends()
	if now := files(t, dir); len(now) > 0 && !slices.Contains(now, "vault.culver") {
		t.Errorf("left: %q", now)
	}
}

func TestEndWhileRescuing(t *testing.T) {
	dir := t.TempDir()
	lived(t, dir)
	path := filepath.Join(dir, "culver.db")
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	clear(file[100:200])
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	want := files(t, dir)
	d := open(t, dir)
	d.sees("Unlock Culver")
	d.presses("unlock", "passphrase", "correct horse")
	d.sees("Culver cannot open your profile")
	d.presses("rescue")
	d.ends()
	now, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	left := files(t, dir)
	if !bytes.Equal(now, file) { // it was done before it was told to end
		left = slices.DeleteFunc(left, func(name string) bool { return strings.Contains(name, ".damaged-") })
	}
	if !slices.Equal(left, want) {
		t.Errorf("there is %q, not %q", left, want)
	}
}

// A keyring that never answers does not keep the program from ending, and nothing
// is written to the profile.
func TestEndWithAKeyringThatHangs(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // its keyring is behind no bus
	}
	bus := hangingBus(t)
	for _, told := range []bool{false, true} {
		dir := t.TempDir()
		d := openAt(t, storage.Place{Dir: dir}, bus)
		if told {
			d.sees("Culver")
		}
		d.ends()
		if now := files(t, dir); len(now) > 0 {
			t.Errorf("left: %q", now)
		}
	}
}

// hangingBus takes calls, and answers none until the test is over.
func hangingBus(t *testing.T) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "bus")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	over := make(chan struct{})
	t.Cleanup(func() { // the D-Bus library waits as well, and lets nobody else try meanwhile
		l.Close()
		<-over
	})
	go func() {
		defer close(over)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			defer c.Close()
		}
	}()
	return path
}
