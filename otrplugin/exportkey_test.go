package otrplugin

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"culver/im"
	"culver/otrplugin/otr"
	"culver/otrplugin/otr/libotr"
	"culver/plugin/plugintest"
)

// keyFileOf writes a file of private keys as Pidgin does.
func keyFileOf(t *testing.T, name string, accounts ...libotr.Account) string {
	t.Helper()
	b, err := libotr.MarshalKeys(accounts)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func pidgin(t *testing.T, name string, key int) libotr.Account {
	t.Helper()
	k, err := otr.ParsePrivateKey(testKeys()[key])
	if err != nil {
		t.Fatal(err)
	}
	return libotr.Account{Name: name, Protocol: "prpl-jabber", Key: k}
}

// keysIn reads a file that was written.
func keysIn(t *testing.T, path string) map[string]otr.Fingerprint {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	accounts, skipped, err := libotr.ParseKeys(b)
	if err != nil || len(skipped) > 0 {
		t.Fatal(skipped, err)
	}
	all := make(map[string]otr.Fingerprint)
	for _, a := range accounts {
		if a.Protocol != "prpl-jabber" {
			t.Errorf("protocol %q", a.Protocol)
		}
		all[a.Name] = a.Key.Fingerprint()
	}
	return all
}

// exports opens the window of Export.
func (w *world) exports() *plugintest.Dialog {
	w.t.Helper()
	d := w.alice.configures()
	w.alice.host.Run()
	d.Press(fieldExport)
	return w.alice.host.Dialog("Export the private key of " + aliceAddr)
}

func (w *world) exportsTo(path string) *plugintest.Dialog {
	w.t.Helper()
	e := w.exports()
	e.Type(fieldPath, path)
	e.Press(buttonGo)
	w.alice.host.Run()
	return e
}

func TestExportingAKey(t *testing.T) {
	w := newWorld(t)
	e := w.exports()
	if !strings.Contains(e.Text(), "NOT be encrypted") || !strings.Contains(e.Text(), "pretend to be you") || !e.Field(fieldPath).Save {
		t.Errorf("the window is %v", e)
	}
	path := filepath.Join(t.TempDir(), "keys")
	e.Type(fieldPath, "  "+path+" ")
	e.Press(buttonGo)
	w.alice.host.Run()
	if got := keysIn(t, path); len(got) != 1 || got[aliceAddr+"/"] != w.alice.key().Fingerprint() {
		t.Errorf("the file has %v", got)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file is %v, %v", info.Mode(), err)
	}
	if !strings.Contains(e.Text(), "was exported") || !strings.Contains(e.Text(), "NOT encrypted") {
		t.Errorf("the window is %v", e)
	}
	if b, err := os.ReadFile(path); err != nil || bytes.Contains(b, []byte("tag")) {
		t.Errorf("the instance tag may be in the file: %v", err)
	}
	e.Press(buttonClose)
	w.does(w.alice, actionStart) // the key is still of use
	w.wantLevel(im.Private, im.Private)
}

func TestExportingIntoAFileOfKeys(t *testing.T) {
	for _, row := range []struct {
		name   string
		there  libotr.Account
		label  string
		as     string
		others int
	}{
		{"of another account", pidgin(t, "carol@example.net/", 2), "is added to them", aliceAddr + "/", 2},
		{"with another key of ours", pidgin(t, "Alice@Example.net/Home", 2), "REPLACED", "Alice@Example.net/Home", 1},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t)
			path := keyFileOf(t, "otr.private_key", row.there)
			before, _ := os.ReadFile(path)
			e := w.exportsTo(path)
			if now, _ := os.ReadFile(path); !bytes.Equal(now, before) {
				t.Error("the file was changed without a word")
			}
			if !strings.Contains(e.Text(), row.label) || !strings.Contains(e.Text(), strings.ToLower("otr.private_key.bak")) {
				t.Errorf("the question is %v", e)
			}
			e.Press(buttonGo)
			w.alice.host.Run()
			got := keysIn(t, path)
			if len(got) != row.others || got[row.as] != w.alice.key().Fingerprint() {
				t.Errorf("the file has %v", got)
			}
			if backup, _ := os.ReadFile(path + ".bak"); !bytes.Equal(backup, before) {
				t.Error("the former content is not kept")
			}
			e.CloseWindow()
			// Again: it is there already.
			e = w.exportsTo(path)
			if !strings.Contains(e.Text(), "holds this key already") {
				t.Errorf("again: %v", e)
			}
		})
	}
}

func TestExportingOverwritesNothingElse(t *testing.T) {
	dir := t.TempDir()
	half, _ := libotr.MarshalKeys([]libotr.Account{pidgin(t, "a@b/", 2)})
	files := map[string][]byte{
		"notes":   []byte("my notes"),
		"empty":   nil,
		"half":    half[:len(half)/2],
		"bad":     []byte("(privkeys (account (name a) (protocol b)))"),
		"big":     bytes.Repeat([]byte("x"), 1<<19),
		"mixture": append(bytes.Clone(half), "more"...),
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(dir, "nowhere"), filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	for _, name := range []string{"notes", "empty", "half", "bad", "big", "mixture", "link", "", ".", "no/such/folder", "\x00"} {
		e := w.exportsTo(filepath.Join(dir, name))
		if e.Form.Problem == "" || e.Has(fieldPath) == false {
			t.Errorf("%q: %v", name, e)
		}
		e.Press(buttonCancel)
	}
	for _, path := range []string{"", "  ", "relative", "../x", "~"} {
		e := w.exportsTo(path)
		if e.Form.Problem == "" {
			t.Errorf("%q: %v", path, e)
		}
		e.CloseWindow()
	}
	for name, content := range files {
		if now, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !bytes.Equal(now, content) {
			t.Errorf("%s was changed: %v", name, err)
		}
	}
	if entries, _ := os.ReadDir(dir); len(entries) != len(files)+1 {
		t.Errorf("left behind: %v", entries)
	}
}

// What is in the file when the user agrees is what he agreed to.
func TestAFileThatChangesBeforeTheUserAgrees(t *testing.T) {
	w := newWorld(t)
	path := keyFileOf(t, "otr.private_key", pidgin(t, "carol@example.net/", 2))
	e := w.exportsTo(path)
	other := keyFileOf(t, "x", pidgin(t, "carol@example.net/", 2), pidgin(t, "dave@example.net/", 3))
	if err := os.Rename(other, path); err != nil {
		t.Fatal(err)
	}
	e.Press(buttonGo)
	w.alice.host.Run()
	if got := keysIn(t, path); len(got) != 2 || !strings.Contains(e.Text(), "dave@example.net") {
		t.Errorf("the file has %v: %v", got, e)
	}
	e.Press(buttonGo)
	w.alice.host.Run()
	if got := keysIn(t, path); len(got) != 3 {
		t.Errorf("the file has %v: %v", got, e)
	}
}

func TestWhatGoesWhileAKeyIsExported(t *testing.T) {
	w := newWorld(t)
	path := filepath.Join(t.TempDir(), "keys")
	e := w.exports()
	e.Type(fieldPath, path)
	e.Press(buttonGo)
	e.CloseWindow()
	w.alice.host.Run()
	e = w.exports()
	w.alice.host.RemoveAccount(w.alice.id.Account)
	w.alice.plugin.AccountRemoved(w.alice.id.Account)
	if e.Open {
		t.Error("the window outlived the account")
	}
}

func TestOnlyAccountsThatOthersKnowAreExported(t *testing.T) {
	h := plugintest.New(t, "practice:me")
	h.Keyring.Data[vaultName("practice:me")] = testKeys()[0]
	p := New(nil)
	if err := p.Init(h); err != nil {
		t.Fatal(err)
	}
	p.Configure()
	h.Run()
	d := h.Dialog("Off-the-Record")
	if d.Has(fieldExport) || d.Has(fieldImport) || !d.Has(fieldRegenerate) {
		t.Errorf("the form is %v", d)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
}
