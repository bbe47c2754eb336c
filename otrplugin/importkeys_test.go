package otrplugin

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"culver/im"
	"culver/otrplugin/otr/libotr"
	"culver/plugin/plugintest"
)

// importsFrom opens the window of Import, and chooses a file.
func (w *world) importsFrom(path string) *plugintest.Dialog {
	w.t.Helper()
	d := w.alice.configures()
	w.alice.host.Run()
	d.Press(fieldImport)
	i := w.alice.host.Dialog("Import Private Keys")
	i.Type(fieldPath, path)
	i.Press(buttonImport)
	w.alice.host.Run()
	return i
}

func aliceField() string { return "key/xmpp:" + aliceAddr }

func TestImportingAKeyWhereThereIsNone(t *testing.T) {
	w := keyless(t)
	theirs := pidgin(t, aliceAddr+"/", 2)
	i := w.importsFrom(keyFileOf(t, "otr.private_key", pidgin(t, "carol@example.net/Pidgin", 3), theirs))
	f := i.Field(aliceField())
	if f.Choices[0].Label != theirs.Key.Fingerprint().String() || f.Hint != "There is no key yet" || !strings.Contains(i.Text(), "carol@example.net") {
		t.Errorf("offered is %+v, %v", f, i)
	}
	i.Press(buttonImport)
	w.alice.host.Run()
	if !strings.Contains(i.Text(), "was imported") || w.alice.key().Fingerprint() != theirs.Key.Fingerprint() {
		t.Errorf("after that: %v", i)
	}
	w.alice.wantKept()
	i.Press(buttonClose)
	w.private()
	if f := w.bob.plugin.known[w.bob.id][0].fingerprint; f != theirs.Key.Fingerprint() {
		t.Errorf("bob sees %v", f)
	}
}

func TestImportingReplacesOnlyAfterAQuestion(t *testing.T) {
	w := newWorld(t)
	w.verified()
	old := w.alice.key().Fingerprint()
	theirs := pidgin(t, strings.ToUpper(aliceAddr)+"/home", 2)
	path := keyFileOf(t, "otr.private_key", theirs)
	i := w.importsFrom(path)
	if !strings.Contains(i.Field(aliceField()).Hint, old.String()) {
		t.Errorf("offered is %v", i)
	}
	i.Press(buttonImport)
	w.alice.host.Run()
	if !strings.Contains(i.Text(), "Replace the keys") || i.Field("lost/xmpp:"+aliceAddr).Value != old.String() {
		t.Errorf("the question is %v", i)
	}
	if w.alice.key().Fingerprint() != old || w.alice.level() != im.Verified {
		t.Error("the key was replaced without a word")
	}
	i.Press(buttonCancel)
	w.run()
	if w.alice.key().Fingerprint() != old {
		t.Error("the key was replaced though the user cancelled")
	}
	i = w.importsFrom(path)
	i.Press(buttonImport)
	i.Press(buttonImport)
	w.run()
	if w.alice.key().Fingerprint() != theirs.Key.Fingerprint() || !strings.Contains(i.Text(), "was imported") {
		t.Errorf("after that: %v", i)
	}
	w.alice.wantKept()
	w.wantLevel(im.Open, im.Ended)
	w.says(w.alice, "canary")
	w.wantNoClear("canary")
	// The same again is nothing to do.
	i.Press(buttonClose)
	i = w.importsFrom(path)
	i.Press(buttonImport)
	if !strings.Contains(i.Form.Problem, "nothing to import") {
		t.Errorf("again: %v", i)
	}
}

func TestImportingOneOfSeveralKeys(t *testing.T) {
	w := newWorld(t)
	path := keyFileOf(t, "k",
		pidgin(t, aliceAddr+"/a", 0), pidgin(t, aliceAddr+"/b", 2), pidgin(t, aliceAddr+"/c", 2), pidgin(t, aliceAddr, 3))
	i := w.importsFrom(path)
	f := i.Field(aliceField())
	if len(f.Choices) != 4 || !strings.Contains(f.Choices[0].Label, "already") || !strings.Contains(f.Choices[1].Label, "/b)") {
		t.Errorf("offered is %+v", f)
	}
	i.Type(aliceField(), f.Choices[2].Value)
	i.Press(buttonImport)
	i.Press(buttonImport)
	w.run()
	if want := pidgin(t, "x", 3).Key.Fingerprint(); w.alice.key().Fingerprint() != want {
		t.Errorf("the key is %v", w.alice.key().Fingerprint())
	}
	w.alice.wantKept()
}

func TestImportingForSeveralAccounts(t *testing.T) {
	const second = im.AccountID("xmpp:second@example.net")
	h := plugintest.New(t, "xmpp:"+aliceAddr, second, "xmpp:third@example.net", "practice:second@example.net")
	h.Keyring.Data[vaultName(second)] = testKeys()[0]
	p := New(nil)
	if err := p.Init(h); err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, alice: &end{t: t, host: h, plugin: p}}
	i := w.importsFrom(keyFileOf(t, "k", pidgin(t, aliceAddr+"/", 1), pidgin(t, second.Bare()+"/", 2), pidgin(t, "third@example.net/", 3)))
	i.Type("key/xmpp:third@example.net", choiceKeep)
	i.Press(buttonImport)
	if i.Has("lost/xmpp:"+aliceAddr) || !i.Has("lost/"+string(second)) {
		t.Errorf("the question is %v", i)
	}
	i.Press(buttonImport)
	h.Run()
	for id, key := range map[im.AccountID]int{"xmpp:" + aliceAddr: 1, second: 2} {
		if !bytes.Equal(h.Keyring.Data[vaultName(id)], testKeys()[key]) {
			t.Errorf("%s has another key", id)
		}
	}
	if len(h.Keyring.Data) != 2 {
		t.Errorf("%d keys are kept", len(h.Keyring.Data))
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestFilesThatCannotBeImported(t *testing.T) {
	dir := t.TempDir()
	good, _ := libotr.MarshalKeys([]libotr.Account{pidgin(t, "carol@example.net/", 2)})
	for name, content := range map[string][]byte{
		"empty": nil, "text": []byte("hello"), "open": bytes.Repeat([]byte("("), 1<<17), "none": []byte("(privkeys)"),
		"big": bytes.Repeat([]byte(" "), 1<<20), "others": good,
		"hostile": []byte("(privkeys (account (name \"\u202e<b>\x1b[31m" + strings.Repeat("x", 5000) + "\") (protocol prpl-jabber) (private-key (dsa (p #00#)))))"),
		"bad":     bytes.Replace(good, []byte("carol@example.net"), []byte("alice@example.net"), 1)[:600],
	} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w := newWorld(t)
	for _, name := range []string{"empty", "text", "open", "none", "big", "others", "hostile", "bad", "missing", "", "no/such"} {
		i := w.importsFrom(filepath.Join(dir, name))
		if i.Form.Problem == "" || !i.Has(fieldPath) || strings.ContainsAny(i.Text(), "\u202e\x1b") || len(i.Text()) > 2000 {
			t.Errorf("%q: %.500s", name, i)
		}
		i.CloseWindow()
	}
	i := w.importsFrom(filepath.Join(dir, "others"))
	if !strings.Contains(i.Form.Problem, "carol@example.net, but of none of your accounts") {
		t.Errorf("%v", i)
	}
	i.Type(fieldPath, keyFileOf(t, "k", pidgin(t, aliceAddr+"/", 2))) // another try in the same window
	i.Press(buttonImport)
	w.alice.host.Run()
	if !i.Has(aliceField()) || i.Form.Problem != "" {
		t.Errorf("the second file: %v", i)
	}
}

func TestAHostileFileWithManyKeys(t *testing.T) {
	var all []libotr.Account
	for n := range 10 {
		all = append(all, pidgin(t, fmt.Sprintf("x%d\u202e@example.net/", n), 2))
		all = append(all, pidgin(t, fmt.Sprintf("%s/%d\u202e", aliceAddr, n), n%4))
	}
	b, err := libotr.MarshalKeys(all)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "k")
	if err := os.WriteFile(path, b[:len(b)-10], 0o600); err != nil { // it breaks off
		t.Fatal(err)
	}
	w := newWorld(t)
	i := w.importsFrom(path)
	f := i.Field(aliceField())
	if len(f.Choices) > maxCandidates+1 || strings.Contains(i.Text()+fmt.Sprint(f), "\u202e") || len(i.Text()) > 2000 {
		t.Errorf("%d choices: %.3000v", len(f.Choices), i)
	}
	if !strings.Contains(i.Text(), "makes no sense") || !strings.Contains(i.Text(), "others") {
		t.Errorf("%v", i)
	}
}

func TestImportingIntoALockedVault(t *testing.T) {
	w := newWorld(t)
	w.private()
	old := w.alice.key().Fingerprint()
	i := w.importsFrom(keyFileOf(t, "k", pidgin(t, aliceAddr+"/", 2)))
	i.Press(buttonImport)
	w.alice.host.Keyring.Err = errOffline
	i.Press(buttonImport)
	w.run()
	w.alice.host.Keyring.Err = nil
	if !strings.Contains(i.Text(), "nothing has changed") || w.alice.key().Fingerprint() != old {
		t.Errorf("after that: %v", i)
	}
	w.wantLevel(im.Private, im.Private)
	w.alice.wantKept()
}

// A line that needs a key waits for the one that is being imported.
func TestALineTypedWhileAKeyIsImported(t *testing.T) {
	for _, locked := range []bool{false, true} {
		w := keyless(t)
		i := w.importsFrom(keyFileOf(t, "k", pidgin(t, aliceAddr+"/", 2)))
		i.Press(buttonImport)
		w.alice.types("hello")
		if locked {
			w.alice.host.Keyring.Err = errOffline
		}
		w.run()
		if locked {
			if l := w.alice.last(); l.state != im.Failed {
				t.Errorf("the line is %+v", l)
			}
			continue
		}
		if w.alice.key().Fingerprint() != pidgin(t, "x", 2).Key.Fingerprint() || w.bob.lines[0].text != "hello" {
			t.Errorf("bob reads %+v", w.bob.lines)
		}
		w.alice.wantKept()
	}
}

func TestAnAccountRemovedWhileItsKeyIsImported(t *testing.T) {
	for _, pressed := range []int{0, 1, 2} {
		w := newWorld(t)
		i := w.importsFrom(keyFileOf(t, "k", pidgin(t, aliceAddr+"/", 2)))
		for range pressed {
			i.Press(buttonImport)
		}
		w.alice.host.RemoveAccount(w.alice.id.Account)
		w.alice.plugin.AccountRemoved(w.alice.id.Account)
		w.alice.host.Run()
		if pressed < 2 {
			i.Press(buttonImport)
			w.alice.host.Run()
			if !strings.Contains(i.Form.Problem, "not there any more") {
				t.Errorf("%v", i)
			}
		}
		if n := len(w.alice.host.Keyring.Data); n != 0 {
			t.Errorf("%d: %d secrets are left", pressed, n)
		}
	}
}

func TestKeysThatWereNotImportedAreWiped(t *testing.T) {
	for _, taken := range []int{0, 1, 2} {
		w := newWorld(t)
		w.alice.configures()
		w.alice.host.Run()
		i := new(importing)
		w.alice.plugin.openImport(w.alice.plugin.config, i)
		d := w.alice.host.Dialog("Import")
		d.Type(fieldPath, keyFileOf(t, "k", pidgin(t, aliceAddr+"/", 2), pidgin(t, aliceAddr+"/x", 3), pidgin(t, "x@y/", 3)))
		d.Press(buttonImport)
		w.alice.host.Run()
		read := append([]libotr.Account(nil), i.read...)
		for range taken {
			d.Press(buttonImport)
		}
		if taken < 2 {
			d.CloseWindow()
		}
		w.run()
		for n, a := range read {
			_, _, _, _, x := a.Key.Numbers()
			wiped := len(bytes.Trim(x, "\x00")) == 0
			if wiped == (taken == 2 && n == 0) {
				t.Errorf("%d: key %d: wiped is %v", taken, n, wiped)
			}
		}
	}
}
