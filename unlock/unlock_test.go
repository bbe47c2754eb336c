package unlock_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"culver/plugin"
	"culver/storage"
	"culver/unlock"
)

// desk is a user before the forms of one Open. Everything that do is handed runs
// on the test's goroutine, in until.
type desk struct {
	t      *testing.T
	work   chan func()
	form   *shown
	opened *unlock.Opened
	done   bool

	profile *storage.Profile
	opening *unlock.Opening
}

// shown is a form that is open.
type shown struct {
	desk   *desk
	form   plugin.Form
	answer func(plugin.Answers)
}

func (s *shown) Update(f plugin.Form) { s.form = f }
func (s *shown) Close()               { s.desk.form = nil }

func open(t *testing.T, dir string) *desk {
	t.Helper()
	// Windows always has a keyring: there, only what is portable goes without.
	return openPlace(t, storage.Place{Dir: dir, Portable: runtime.GOOS == "windows"})
}

func openPlace(t *testing.T, place storage.Place) *desk {
	t.Helper()
	return openAt(t, place, filepath.Join(place.Dir, "no-bus"))
}

func openAt(t *testing.T, place storage.Place, bus string) *desk {
	t.Helper()
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+bus)
	p, err := place.Open()
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{t: t, work: make(chan func(), 8), profile: p}
	d.opening = unlock.Open(context.Background(), p, d.asks, func(f func()) { d.work <- f }, d.has)
	t.Cleanup(func() {
		d.opening.End()
		if d.opened != nil {
			d.opened.DB.Close()
			d.opened.Vault.Close()
		}
		p.Close()
	})
	return d
}

func (d *desk) asks(f plugin.Form, answer func(plugin.Answers)) plugin.Dialog {
	d.form = &shown{d, f, answer}
	return d.form
}

func (d *desk) has(o *unlock.Opened) { d.opened, d.done = o, true }

// until lets things happen until ok.
func (d *desk) until(ok func() bool) {
	for !ok() {
		(<-d.work)()
	}
}

func (d *desk) sees(title string) {
	d.t.Helper()
	d.until(func() bool { return d.form != nil && d.form.form.Title == title || d.done })
	if d.form == nil || d.form.form.Title != title {
		d.t.Fatalf("no form %q", title)
	}
}

func (d *desk) presses(button string, values ...string) {
	v := map[string]string{}
	for i := 0; i < len(values); i += 2 {
		v[values[i]] = values[i+1]
	}
	d.form.answer(plugin.Answers{Action: button, Values: v})
}

func (d *desk) reads(text string) {
	d.t.Helper()
	d.until(func() bool { return d.form == nil || d.form.form.Doing == "" })
	if d.form == nil || !strings.Contains(d.form.form.Warning+d.form.form.Problem, text) {
		d.t.Fatalf("does not say %q: %+v", text, d.form)
	}
}

func TestAPassphraseIsMadeAndUnlocks(t *testing.T) {
	dir := t.TempDir()
	t.Run("made", func(t *testing.T) {
		d := open(t, dir)
		d.sees("Protect Your Profile")
		d.presses("create", "passphrase", "short", "again", "short")
		d.reads("longer")
		d.presses("create", "passphrase", "          ", "again", "          ")
		d.reads("longer")
		d.presses("create", "passphrase", "aaaaaaaaaaaa", "again", "aaaaaaaaaaaa")
		d.reads("longer")
		d.presses("create", "passphrase", "correct horse", "again", "correct hose")
		d.reads("not the same")
		d.presses("create", "passphrase", "correct horse", "again", "correct horse")
		d.until(func() bool { return d.done })
		if d.opened == nil {
			t.Fatal("not opened")
		}
		if err := d.opened.DB.SetSetting("theme", "dark"); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("unlocks", func(t *testing.T) {
		d := open(t, dir)
		d.sees("Unlock Culver")
		d.presses("unlock", "passphrase", "")
		d.reads("Type your passphrase")
		d.presses("unlock", "passphrase", "wrong horse")
		d.reads("not the passphrase")
		d.presses("unlock", "passphrase", "correct horse")
		d.until(func() bool { return d.done })
		if d.opened == nil {
			t.Fatal("not opened")
		}
		if v, _, err := d.opened.DB.Setting("theme"); v != "dark" || err != nil {
			t.Fatalf("what was kept is gone: %q %v", v, err)
		}
	})
	t.Run("damaged", func(t *testing.T) {
		if err := os.WriteFile(filepath.Join(dir, "culver.db"), []byte(strings.Repeat("garbage!", 1024)), 0o600); err != nil {
			t.Fatal(err)
		}
		d := open(t, dir)
		d.sees("Unlock Culver")
		d.presses("unlock", "passphrase", "correct horse")
		d.until(func() bool { return d.form == nil })
		d.sees("Culver cannot open your profile")
		d.presses("quit")
		if !d.done || d.opened != nil {
			t.Fatal("a damaged database was opened")
		}
	})
}

// What was typed is gone from the form while it is at work, and after it failed.
func TestATypedPassphraseGoes(t *testing.T) {
	dir := t.TempDir()
	made(t, dir)
	d := open(t, dir)
	d.sees("Unlock Culver")
	d.presses("unlock", "passphrase", "wrong horse")
	if f := d.form.form.Tabs[0].Fields[0]; !f.Off || f.Value == "" || strings.Contains(f.Value, "wrong") {
		t.Errorf("at work it shows %+v", f)
	}
	d.presses("quit") // which waits
	d.reads("not the passphrase")
	if f := d.form.form.Tabs[0].Fields[0]; f.Off || f.Value != "" {
		t.Errorf("after that it shows %+v", f)
	}
	if d.offers("copy") {
		t.Error("a copy is offered for a wrong passphrase")
	}
}

func TestTheCopyOfADamagedVault(t *testing.T) {
	dir := t.TempDir()
	made(t, dir)
	file, copy := filepath.Join(dir, "vault.culver"), filepath.Join(dir, "vault.culver.bak")
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	write := func(path string, data []byte) {
		t.Helper()
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("both are damaged", func(t *testing.T) {
		write(file, good[:50])
		write(copy, good[:60])
		d := open(t, dir)
		d.sees("Unlock Culver")
		d.presses("unlock", "passphrase", "correct horse")
		d.reads("and so is its copy")
		if d.offers("copy") {
			t.Error("a damaged copy is offered")
		}
		d.presses("quit")
	})
	t.Run("the copy is whole", func(t *testing.T) {
		write(copy, good)
		d := open(t, dir)
		d.sees("Unlock Culver")
		d.presses("unlock", "passphrase", "correct horse")
		d.reads("damaged")
		if !d.offers("copy") {
			t.Fatal("the copy is not offered")
		}
		d.presses("unlock", "passphrase", "")
		d.reads("Type your passphrase")
		if !d.offers("copy") {
			t.Fatal("the copy is not offered any more")
		}
		if b := d.form.form.Buttons; !slices.ContainsFunc(b, func(b plugin.Button) bool { return b.ID == "copy" && b.Role == plugin.Default }) {
			t.Errorf("where no passphrase helps Enter does not use the copy: %+v", b)
		}
		d.presses("copy")
		d.reads("")
		if d.offers("copy") {
			t.Error("the copy is offered again")
		}
		kept, err := filepath.Glob(file + ".damaged-*")
		if err != nil || len(kept) != 1 || !strings.Contains(d.form.form.Intro, filepath.Base(kept[0])) {
			t.Fatalf("%q is kept, and the form says %q", kept, d.form.form.Intro)
		}
		if damaged, err := os.ReadFile(kept[0]); err != nil || string(damaged) != string(good[:50]) {
			t.Errorf("%q: %v", damaged, err)
		}
		d.presses("unlock", "passphrase", "correct horse")
		d.until(func() bool { return d.done })
		if d.opened == nil {
			t.Fatal("not opened")
		}
	})
}

// A keyring that does not answer: the user is told, and may leave, or do without
// it in a profile that is new.
func TestAKeyringThatHangs(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // its keyring is behind no bus
	}
	d := openAt(t, storage.Place{Dir: t.TempDir()}, hangingBus(t))
	d.sees("Culver")
	if !strings.Contains(d.form.form.Tabs[0].Fields[0].Label, "keyring") || !d.offers("instead") {
		t.Fatalf("%+v", d.form.form)
	}
	d.presses("instead")
	d.sees("Protect Your Profile")
	d.presses("retry")
	d.sees("Culver")
	d.presses("quit")
	d.until(func() bool { return d.done })
	if d.opened != nil || d.form != nil {
		t.Error("not given up")
	}
}

// made makes a profile with the passphrase "correct horse".
func made(t *testing.T, dir string) {
	t.Helper()
	p, err := storage.OpenProfile(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	v, err := p.CreateVault([]byte("correct horse"))
	if err != nil {
		t.Fatal(err)
	}
	v.Close()
}

func (d *desk) offers(button string) bool {
	return slices.ContainsFunc(d.form.form.Buttons, func(b plugin.Button) bool { return b.ID == button && !b.Off })
}

func TestGivingUpOpensNothing(t *testing.T) {
	d := open(t, t.TempDir())
	d.sees("Protect Your Profile")
	d.presses(plugin.Closed)
	if !d.done || d.opened != nil {
		t.Fatal("not given up")
	}
}

// What was not sent and may not be on the disk is gone with the program.
func TestGivingUpWhenSomethingWouldBeLost(t *testing.T) {
	for _, unsent := range []bool{false, true} {
		dir := t.TempDir()
		made(t, dir)
		d := open(t, dir)
		d.opening.End()
		d.opening = unlock.Again(context.Background(), d.profile, unsent, d.asks, func(f func()) { d.work <- f }, d.has)
		if d.sees("Unlock Culver"); unsent {
			d.presses("quit")
			d.sees("Quit Culver?")
			d.presses(plugin.Closed)
			d.sees("Unlock Culver")
			d.presses("quit")
			d.sees("Quit Culver?")
		}
		d.presses("quit")
		if !d.done || d.opened != nil || d.form != nil {
			t.Errorf("unsent %v: not given up", unsent)
		}
	}
}

func TestTryingTheKeyringAgain(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // where there is always one
	}
	d := open(t, t.TempDir())
	d.sees("Protect Your Profile")
	d.presses("retry")
	d.sees("Protect Your Profile")
	d.presses("quit")
}

// A portable profile is for a passphrase: no keyring is offered.
func TestPortableProfileOffersNoKeyring(t *testing.T) {
	d := openPlace(t, storage.Place{Dir: t.TempDir(), Portable: true})
	d.sees("Protect Your Profile")
	for _, b := range d.form.form.Buttons {
		if b.ID == "retry" {
			t.Errorf("it offers %q", b.Label)
		}
	}
	d.presses("quit")
}
