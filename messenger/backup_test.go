package messenger_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"culver/im"
	"culver/messenger"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/protocol"
	"culver/storage"
)

// home is a profile in memory.
type home struct {
	net   *fakenet
	store *storage.Memory
	vault *storage.MemoryVault
}

func newHome() *home { return &home{newFakenet(), storage.NewMemory(), storage.NewMemoryVault()} }

// lived is a home with something of everything in it.
func lived(t *testing.T) *home {
	t.Helper()
	h := newHome()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(h.store.SaveAccount(im.Account{ID: "fake:alice@x", Alias: "Home", Enabled: true, Options: map[string]string{"server": "s", "pin": "p", "later": "v"}}))
	must(h.store.SaveAccount(im.Account{ID: "fake:work@x", Options: map[string]string{}}))
	must(h.store.SaveRoster("fake:alice@x", []im.Buddy{
		{Account: "fake:alice@x", Bare: "bob@x", Name: "Bob", Groups: []string{"A", "B"}, Subscription: im.SubscriptionBoth, Asking: true},
		{Account: "fake:alice@x", Bare: "eve@x", Subscription: im.SubscriptionNone},
	}))
	must(h.store.SetSetting("theme", "dark"))
	must(h.store.SetSetting("lock.idle", "5"))
	must(h.vault.Put(context.Background(), "password/fake:alice@x", []byte("hunter2")))
	must(h.store.SetChoice(im.ConvID{Account: "fake:alice@x", Peer: "eve@x"}, messenger.TellTyping, ""))
	must(h.store.SetLogging(im.ConvID{Account: "fake:alice@x", Peer: "eve@x"}, false))
	for i := range 450 {
		m := im.Message{ID: fmt.Sprint("m", i), Conv: bobAtX, From: im.Addr{Bare: "bob@x", Resource: "r"}, Text: im.Plain(fmt.Sprint("line ", i)),
			Time: time.Date(1999, 1, 1, 0, i, 0, 0, time.UTC)}
		switch i % 4 {
		case 1:
			m.Out, m.From, m.State = true, im.Addr{Bare: "alice@x"}, im.Delivered
			m.Text = im.Text{{Text: "see ", Style: im.Bold}, {Text: "https://x.example/", Link: "https://x.example/"}}
		case 2:
			m.Seal, m.Private = im.Seal{Level: im.Verified, By: "otr"}, true
		case 3:
			m.Late, m.Origin, m.Archive, m.Edited, m.Nick = true, fmt.Sprint("o", i), fmt.Sprint("a", i), true, "Nick"
		}
		must(h.store.Append(m))
	}
	must(h.store.Append(im.Message{ID: "failed", Conv: bobAtX, Out: true, From: im.Addr{Bare: "alice@x"}, Text: im.Plain("not sent"),
		Time: time.Date(1999, 2, 1, 0, 0, 0, 0, time.UTC), State: im.Failed, Reason: "No."}))
	return h
}

// keeper is a plugin that keeps something in its store, and knows of no moving.
type keeper struct{ read string }

func (*keeper) Info() plugin.Info {
	return plugin.Info{ID: "keeper", Name: "Keeper", Title: "Keeping Things"}
}
func (k *keeper) Init(h plugin.Host) error {
	b, _, err := h.Store().Get("a")
	k.read = string(b)
	return err
}
func (*keeper) Close() error { return nil }

// enter runs a messenger at home.
func (h *home) enter(t *testing.T, plugins ...plugin.Plugin) *scenetest.Actor {
	m := messenger.New(messenger.Config{Store: h.store, Vault: h.vault, NoFirstRun: true, Version: "1.2.3",
		Spaces: func(id string) plugin.Store { return h.store.Space(id) }, Networks: []protocol.Protocol{h.net}, Plugins: plugins})
	m.EasyBackups()
	return scenetest.Join(t, "somebody", m)
}

const passphrase = "correct horse battery"

// backUp makes a backup by the window for it.
func backUp(a *scenetest.Actor, path string, fields ...string) {
	a.M.ShowBackup()
	a.Answer("Back Up", "backup", append([]string{"file=" + path, "new=" + passphrase, "again=" + passphrase}, fields...)...)
	a.Reads("Back Up", "The backup is in")
	a.Answer("Back Up", "close")
}

// What is deleted meanwhile ends no backup.
func TestBackupWhileLinesAreDeleted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "b.age")
	h := lived(t)
	store := &crumbling{Memory: h.store}
	synctest.Test(t, func(t *testing.T) {
		h.net = newFakenet()
		m := messenger.New(messenger.Config{Store: store, Vault: h.vault, NoFirstRun: true,
			Spaces: func(id string) plugin.Store { return h.store.Space(id) }, Networks: []protocol.Protocol{h.net}})
		m.EasyBackups()
		a := scenetest.Join(t, "somebody", m)
		defer a.Quit()
		a.M.ShowBackup()
		a.Answer("Back Up", "backup", "file="+path, "new="+passphrase, "again="+passphrase)
		a.Reads("Back Up", "447 lines of your conversations") // of 451: each of four pages ended before a line that was deleted
	})
}

// restore opens a backup by the window for it; what is in it is then on show.
func restore(a *scenetest.Actor, path string) {
	a.M.ShowRestore()
	a.Answer("Restore", "open", "file="+path, "old="+passphrase)
	a.Form("Restore", "take")
}

// all is what a home holds.
func (h *home) all(t *testing.T) (out []any) {
	t.Helper()
	add := func(v any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
	accounts, err := h.store.Accounts()
	add(accounts, err)
	for _, a := range accounts {
		roster, err := h.store.Roster(a.ID)
		add(roster, err)
		password, err := h.vault.Get(context.Background(), "password/"+string(a.ID))
		add(string(password), err)
	}
	settings, err := h.store.Settings()
	delete(settings, "presence")
	delete(settings, "status")
	add(settings, err)
	logging, err := h.store.Logging()
	add(logging, err)
	choices, err := h.store.Choices()
	add(choices, err)
	drafts, err := h.store.Drafts()
	add(drafts, err)
	pasts, err := h.store.Pasts()
	add(len(pasts), err)
	for _, p := range pasts {
		lines, err := h.store.Newer(p.Conv, "", 10000)
		add(lines, err)
	}
	return out
}

func TestABackupBringsEverythingToANewHome(t *testing.T) {
	path := filepath.Join(t.TempDir(), "b.age")
	old, fresh := lived(t), newHome()
	synctest.Test(t, func(t *testing.T) {
		old.net = newFakenet()
		if err := errors.Join(old.store.Space("keeper").Put("a", []byte("\x00kept")),
			old.store.SetSetting("plugin.keeper.removed", "fake:alice@x"), old.store.SetSetting("later", "x"),
			old.store.SetDraft(im.ConvID{Account: "fake:alice@x", Peer: "dave@x"}, im.Draft{Text: "psst", Private: true})); err != nil {
			t.Fatal(err)
		}
		a := old.enter(t, new(keeper))
		defer a.Quit()
		backUp(a, path)
		a.Quit()
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", info, err)
		}
		fresh.net = newFakenet()
		k := new(keeper)
		b := fresh.enter(t, k)
		defer b.Quit()
		restore(b, path)
		b.Reads("Restore", "The backup was made on")
		b.Answer("Restore", "take")
		if s := fresh.net.online(); s.password != "hunter2" {
			t.Errorf("signed in with %q", s.password)
		}
		b.Reads("Restore", "451 lines of your conversations.")
		if k.read != "\x00kept" {
			t.Errorf("the plugin has read %q", k.read)
		}
		if left, _ := fresh.store.Settings(); left["plugin.keeper.removed"]+left["later"] != "" {
			t.Errorf("settings that belong to the old copy came in: %q", left)
		}
		for _, key := range []string{"plugin.keeper.removed", "later"} { // which do not move
			if err := errors.Join(old.store.SetSetting(key, ""), fresh.store.SetSetting(key, "")); err != nil {
				t.Fatal(err)
			}
		}
		if err := old.store.SaveAccount(im.Account{ID: "fake:alice@x", Alias: "Home", Enabled: true, Options: map[string]string{"server": "s"}}); err != nil {
			t.Fatal(err) // neither does what nobody asked for, nor the certificate
		}
		want, got := old.all(t), fresh.all(t)
		if len(want) != len(got) {
			t.Fatalf("%d things, want %d", len(got), len(want))
		}
		for i := range want {
			if !reflect.DeepEqual(want[i], got[i]) {
				t.Errorf("got  %.800v\nwant %.800v", got[i], want[i])
			}
		}
		b.Answer("Restore", "close")
		restore(b, path)
		b.Answer("Restore", "take")
		b.Reads("Restore", "0 lines of your conversations; 451 were here already.")
		if again := fresh.all(t); !reflect.DeepEqual(again, got) {
			t.Error("the second time, something changed")
		}
	})
}

// tryout is a network that can be tried out.
type tryout struct{ *fakenet }

func (tryout) Scheme() string         { return "tryout" }
func (tryout) Trial() protocol.Tryout { return protocol.Tryout{} }

// packer is a plugin that tells whose data a backup takes along.
type packer struct{ whose []im.AccountID }

func (*packer) Info() plugin.Info      { return plugin.Info{ID: "packer", Name: "Packer", Title: "Packing"} }
func (*packer) Init(plugin.Host) error { return nil }
func (*packer) Close() error           { return nil }
func (p *packer) Pack(whose []im.AccountID, done func([]plugin.File, error)) {
	p.whose = whose
	done(nil, nil)
}
func (*packer) Unpack(string, []plugin.File, func(string, string) (im.AccountID, bool), func(plugin.Parcel, error)) {
}

// What plugins know of a trial's peer stays: in the next profile that peer has
// another key, and the old one would raise an alarm.
func TestABackupLeavesTheTrialsKeysBehind(t *testing.T) {
	path := filepath.Join(t.TempDir(), "b.age")
	h := lived(t)
	if err := h.store.SaveAccount(im.Account{ID: "tryout:you@x"}); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		h.net = newFakenet()
		p := new(packer)
		m := messenger.New(messenger.Config{Store: h.store, Vault: h.vault, NoFirstRun: true, Plugins: []plugin.Plugin{p},
			Spaces:   func(id string) plugin.Store { return h.store.Space(id) },
			Networks: []protocol.Protocol{h.net, tryout{newFakenet()}}})
		m.EasyBackups()
		a := scenetest.Join(t, "somebody", m)
		defer a.Quit()
		backUp(a, path)
		synctest.Wait()
		if want := []im.AccountID{"fake:alice@x", "fake:work@x"}; !slices.Equal(p.whose, want) {
			t.Errorf("packed for %q, want %q", p.whose, want)
		}
	})
}

func TestABackupHoldsWhatWasChosen(t *testing.T) {
	dir := t.TempDir()
	for name, c := range map[string]struct {
		fields []string
		check  func(got []string) bool
	}{
		"all": {nil, func(got []string) bool {
			return slices.Contains(got, "Yes|What you had begun to write||In 2 conversations")
		}},
		"public": {[]string{"history=public", "passwords="}, func(got []string) bool {
			return !slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, "Password") }) && slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, "339 lines") })
		}},
		"none": {[]string{"history=none"}, func(got []string) bool {
			return !slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, "lines") }) && slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, "Password") })
		}},
	} {
		t.Run(name, func(t *testing.T) {
			h := lived(t)
			synctest.Test(t, func(t *testing.T) {
				h.net = newFakenet()
				for peer, private := range map[string]bool{"bob@x": true, "eve@x": false} {
					if err := h.store.SetDraft(im.ConvID{Account: "fake:alice@x", Peer: peer}, im.Draft{Text: "psst", Private: private}); err != nil {
						t.Fatal(err)
					}
				}
				a := h.enter(t)
				defer a.Quit()
				path := filepath.Join(dir, name)
				backUp(a, path, c.fields...)
				restore(a, path)
				var got []string
				for _, r := range a.Form("Restore", "take").Form.Tabs[0].Fields[0].Rows {
					got = append(got, strings.Join(r.Cells, "|"))
				}
				if !c.check(got) || name != "all" && !slices.Contains(got, "Yes|What you had begun to write||In 1 conversation") {
					t.Errorf("it holds\n%s", strings.Join(got, "\n"))
				}
			})
		})
	}
}

func TestABackupIsNotMadeOfBadAnswers(t *testing.T) {
	dir := t.TempDir()
	there := filepath.Join(dir, "there")
	if err := os.WriteFile(there, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	h := lived(t)
	synctest.Test(t, func(t *testing.T) {
		h.net = newFakenet()
		a := h.enter(t)
		defer a.Quit()
		a.M.ShowBackup()
		try := func(want string, fields ...string) {
			t.Helper()
			a.Answer("Back Up", "backup", append([]string{"file=" + filepath.Join(dir, "new"), "new=" + passphrase, "again=" + passphrase}, fields...)...)
			a.Reads("Back Up", want)
		}
		try("choose a folder for it", "file=")
		try("whole path", "file=x.age")
		try("This is a folder", "file="+dir)
		try("no such folder", "file="+filepath.Join(dir, "no", "x"))
		try("longer passphrase", "new=short", "again=short")
		try("not the same", "again=other passphrase")
		if left, _ := os.ReadDir(dir); len(left) != 1 {
			t.Errorf("left: %v", left)
		}
		try("of that name already", "file="+there)
		if b, _ := os.ReadFile(there); string(b) != "mine" {
			t.Error("the file was replaced without a question")
		}
		a.Answer("Back Up", "replace", "file="+there, "new="+passphrase, "again="+passphrase)
		a.Reads("Back Up", "The backup is in")
		if b, _ := os.ReadFile(there); !strings.HasPrefix(string(b), "age-encryption.org/v1") {
			t.Errorf("the file begins with %.30q", b)
		}
	})
}

func TestABackupIsNotRestoredFromOtherFiles(t *testing.T) {
	dir := t.TempDir()
	path, text, cut, fifo := filepath.Join(dir, "b.age"), filepath.Join(dir, "text"), filepath.Join(dir, "cut"), dir
	h := lived(t)
	synctest.Test(t, func(t *testing.T) {
		h.net = newFakenet()
		a := h.enter(t)
		defer a.Quit()
		backUp(a, path)
		b, err := os.ReadFile(path)
		if err = errors.Join(err, os.WriteFile(text, []byte("hello"), 0o600), os.WriteFile(cut, b[:len(b)-1], 0o600)); err != nil {
			t.Fatal(err)
		}
		a.M.ShowRestore()
		for _, c := range []struct{ want, file, passphrase string }{
			{"or choose it", "", "x"}, {"whole path", "b.age", "x"}, {"no such file", filepath.Join(dir, "no"), "x"}, {"This is a folder", fifo, "x"},
			{"Type the passphrase", path, ""}, {"not a backup", text, "x"}, {"passphrase does not open", path, "wrong"}, {"damaged", cut, passphrase},
		} {
			d := a.Form("Restore", "open")
			a.M.Answer(d.ID, plugin.Answers{Action: "open", Values: map[string]string{"file": c.file, "old": c.passphrase}})
			a.Reads("Restore", c.want)
		}
		f := a.Form("Restore", "open").Form
		if v := f.Tabs[0].Fields[1].Value; v != "" {
			t.Errorf("the passphrase is still there: %q", v)
		}
		a.Answer("Restore", "cancel")
		a.Until("the end of the window", func() bool { return len(a.Dialogs) == 0 })
	})
}

// slowPlugin packs when it is told to.
type slowPlugin struct {
	movee
	pack func(done func([]plugin.File, error))
}

func (p *slowPlugin) Pack(_ []im.AccountID, done func([]plugin.File, error)) { p.pack(done) }

func TestABackupThatIsStoppedLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	secret := []byte("secret")
	packing := &slowPlugin{pack: func(func([]plugin.File, error)) {}}
	failing := &slowPlugin{pack: func(done func([]plugin.File, error)) {
		done([]plugin.File{{Name: "x", Data: secret}}, errors.New("the vault is locked"))
	}}
	broken := &slowPlugin{pack: func(func([]plugin.File, error)) { panic("x") }}
	for name, c := range map[string]struct {
		p    plugin.Plugin
		do   func(a *scenetest.Actor)
		want string
	}{
		"stopped":  {packing, func(a *scenetest.Actor) { a.Answer("Back Up", "stop") }, "Stopped. Nothing was written."},
		"disabled": {packing, func(a *scenetest.Actor) { a.Plugin("movee", "disable") }, "was disabled meanwhile"},
		"failed":   {failing, func(*scenetest.Actor) {}, "The vault is locked."},
		"panics":   {broken, func(*scenetest.Actor) {}, "failed inside Culver"},
		"ended":    {packing, func(a *scenetest.Actor) { a.Form("Back Up", "stop"); a.Quit() }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			h := lived(t)
			synctest.Test(t, func(t *testing.T) {
				h.net = newFakenet()
				a := h.enter(t, c.p)
				defer a.Quit()
				a.M.ShowBackup()
				a.Answer("Back Up", "backup", "file="+filepath.Join(dir, "b"), "new="+passphrase, "again="+passphrase)
				c.do(a)
				if c.want != "" {
					a.Reads("Back Up", c.want)
				}
				if left, _ := os.ReadDir(dir); len(left) > 0 {
					t.Errorf("left: %v", left)
				}
			})
		})
	}
	if string(secret) == "secret" {
		t.Error("what was packed was not wiped")
	}
}
