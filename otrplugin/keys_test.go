package otrplugin

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"testing"

	"culver/im"
	"culver/otrplugin/otr"
	"culver/plugin/plugintest"
)

// keyless is a world where alice has no key yet.
func keyless(t *testing.T) *world {
	w := newWorld(t)
	delete(w.alice.host.Keyring.Data, vaultName(w.alice.id.Account))
	return w
}

func TestAKeyIsMadeAtFirstNeedAndKept(t *testing.T) {
	w := keyless(t)
	w.alice.plugin.AccountOnline(w.alice.id.Account, true)
	w.run()
	if len(w.alice.host.Keyring.Data) != 0 {
		t.Error("a key was made before it was needed")
	}
	w.alice.types("hello")
	if l := w.alice.last(); l.state != im.Waiting || !strings.Contains(l.why, "key") {
		t.Errorf("the line is %+v", l)
	}
	if len(w.alice.sent) != 0 {
		t.Errorf("sent %q before the key was there", w.alice.sent)
	}
	w.run()
	if l := w.bob.lines[0]; l.text != "hello" {
		t.Errorf("bob reads %+v", l)
	}
	kept := w.alice.host.Keyring.Data[vaultName(w.alice.id.Account)]
	k, err := otr.ParsePrivateKey(kept)
	if err != nil || k.Fingerprint() != w.alice.plugin.accounts[w.alice.id.Account].key.Fingerprint() {
		t.Errorf("the vault has another key: %v", err)
	}
	w.alice.restart()
	w.does(w.alice, actionStart)
	if got := w.alice.plugin.accounts[w.alice.id.Account].key.Fingerprint(); got != k.Fingerprint() {
		t.Error("after a restart, the key is another one")
	}
	w.alice.wantNotSaid(plugintest.Alarm, "key")
	w.bob.wantNotSaid(plugintest.Alarm, "key")
}

func TestTheKeyIsReadOnce(t *testing.T) {
	w := newWorld(t)
	w.alice.types("one")
	w.alice.types("two")
	w.alice.does(actionStart)
	w.alice.plugin.AccountOnline(w.alice.id.Account, true)
	w.alice.plugin.Configure()
	if n := w.alice.host.Jobs(); n != 1 {
		t.Errorf("%d jobs wait, want one", n)
	}
	w.run()
	if n := w.alice.host.Keyring.Reads; n != 1 {
		t.Errorf("the vault was read %d times", n)
	}
	if got := []string{w.bob.lines[0].text, w.bob.lines[1].text}; got[0] != "one" || got[1] != "two" {
		t.Errorf("bob reads %q", got)
	}
}

func TestWhatComesWhileTheKeyIsMadeIsKept(t *testing.T) {
	w := keyless(t)
	w.bob.does(actionStart)
	w.bob.host.Run()
	w.deliver(w.bob, w.alice)
	w.alice.takes("B", "hello"+offerBase+"  \t\t  \t\t")
	if l := w.alice.last(); l.text != "hello" || len(w.alice.lines) != 1 {
		t.Errorf("alice reads %+v", w.alice.lines)
	}
	w.run()
	w.wantLevel(im.Private, im.Private)
	if len(w.alice.lines) != 1 {
		t.Errorf("alice reads %+v", w.alice.lines)
	}
}

func TestWhatIsKeptIsBounded(t *testing.T) {
	w := keyless(t)
	for range 1000 {
		w.alice.takes("B", "?OTRv23?")
	}
	if n := len(w.alice.plugin.chats[w.alice.id].pending); n != maxPending {
		t.Errorf("%d messages are kept", n)
	}
}

func TestStartWaitsForTheKey(t *testing.T) {
	w := keyless(t)
	w.alice.does(actionStart)
	w.alice.wantSaid(plugintest.Notice, "Preparing your private key")
	w.run()
	w.wantLevel(im.Private, im.Private)
}

func TestALockedVaultIsToldAndNothingLeavesInClear(t *testing.T) {
	w := newWorld(t)
	w.alice.host.Keyring.Err = errors.New("the keyring is locked")
	w.alice.types("one-secret")
	w.alice.types("two-secret")
	w.alice.does(actionStart)
	w.run()
	for _, l := range w.alice.lines {
		if l.state != im.Failed || !strings.Contains(l.why, "the keyring is locked. Unlock the keyring and try again") {
			t.Errorf("the line is %+v", l)
		}
	}
	if len(w.alice.sent) != 0 {
		t.Errorf("sent %q", w.alice.sent)
	}
	n := 0
	for _, o := range w.alice.host.Ops() {
		if o.Kind == plugintest.Alarm {
			n++
		}
	}
	if n != 1 {
		t.Errorf("told %d times:\n%s", n, w.alice.transcript())
	}
	w.alice.types("three-secret")
	if l := w.alice.last(); l.state != im.Failed || w.alice.host.Jobs() != 0 {
		t.Errorf("right after the failure: %+v", l)
	}

	// Unlocked, a while later, it works by itself.
	w.alice.host.Keyring.Err = nil
	w.alice.host.Advance(retryKey)
	w.says(w.alice, "four")
	if l := w.bob.lines[0]; l.text != "four" {
		t.Errorf("bob reads %+v", l)
	}
}

func TestAVaultThatRefusesTheNewKey(t *testing.T) {
	w := keyless(t)
	w.alice.types("secret")
	vault := w.alice.host.Keyring
	w.alice.host.Go(func(context.Context) error { return nil }, func(error) { vault.Err = errors.New("the keyring is full") }) // after the reading
	w.run()
	if l := w.alice.last(); l.state != im.Failed || !strings.Contains(l.why, "the keyring is full") {
		t.Errorf("the line is %+v", l)
	}
	if a := w.alice.plugin.accounts[w.alice.id.Account]; a.key != nil {
		t.Error("a key that could not be kept is in use")
	}
}

func TestADamagedKeyIsNotReplaced(t *testing.T) {
	w := newWorld(t)
	name := vaultName(w.alice.id.Account)
	damaged := bytes.Clone(w.alice.host.Keyring.Data[name])[:100]
	w.alice.host.Keyring.Data[name] = damaged
	w.says(w.alice, "secret")
	if l := w.alice.last(); l.state != im.Failed || !strings.Contains(l.why, "damaged") {
		t.Errorf("the line is %+v", l)
	}
	if !bytes.Equal(w.alice.host.Keyring.Data[name], damaged) {
		t.Error("the damaged key was overwritten")
	}
}

func TestRandomnessThatFails(t *testing.T) {
	w := keyless(t)
	w.alice.plugin.rand = failingReader{}
	w.says(w.alice, "secret")
	if l := w.alice.last(); l.state != im.Failed || len(w.alice.host.Keyring.Data) != 0 {
		t.Errorf("the line is %+v", l)
	}
}

type failingReader struct{}

func (failingReader) Read([]byte) (int, error) { return 0, errors.New("no randomness") }

func TestARemovedAccountLeavesNothingBehind(t *testing.T) {
	w := newWorld(t)
	w.verified()
	w.says(w.alice, "x")
	other := &knownKey{Account: "xmpp:other@example.net", Peer: bobAddr, fingerprint: otr.Fingerprint{7}}
	other.Fingerprint = other.fingerprint.Hex()
	w.alice.plugin.known[other.conv()] = []*knownKey{other}
	if err := w.alice.plugin.saveKnown(other); err != nil {
		t.Fatal(err)
	}
	w.alice.host.RemoveAccount(w.alice.id.Account)
	w.alice.plugin.AccountRemoved(w.alice.id.Account)
	w.run()
	if n := len(w.alice.host.Keyring.Data); n != 0 {
		t.Errorf("%d secrets are left", n)
	}
	if len(w.alice.host.Disk.Data) != 1 {
		t.Errorf("left on disk: %v", w.alice.host.Disk.Data)
	}
	if got := w.bob.level(); got != im.Ended {
		t.Errorf("bob sees %v", got)
	}
}

// A keyring that is locked when an account is removed: the user is told, and the
// key goes as soon as it can.
func TestTheKeyOfARemovedAccountGoesLater(t *testing.T) {
	w := newWorld(t)
	w.private()
	id, vault := w.alice.id.Account, w.alice.host.Keyring
	vault.Err = errOffline
	w.alice.host.RemoveAccount(id)
	w.alice.plugin.AccountRemoved(id)
	w.alice.host.Run()
	d := w.alice.host.Dialog("A private key is still there")
	wantText(t, d, id.Bare())
	d.CloseWindow()
	w.alice.restart()
	w.alice.host.Run()
	if len(vault.Data) != 1 || len(w.alice.host.Dialogs()) != 0 {
		t.Fatalf("at the next start, %d keys, and it asks %v", len(vault.Data), w.alice.host.Dialogs())
	}
	vault.Err = nil
	w.alice.restart()
	w.alice.host.Run()
	if n := len(vault.Data); n != 0 {
		t.Errorf("%d secrets are left", n)
	}
	if rows, err := w.alice.host.Disk.List(gravePrefix); err != nil || len(rows) != 0 {
		t.Errorf("it is noted for ever: %v, %v", rows, err)
	}
}

// The account is made anew before the old key has gone: it gets a key of its own,
// which stays.
func TestAnAccountMadeAnewDoesNotGetTheOldKey(t *testing.T) {
	w := newWorld(t)
	w.private()
	id, vault := w.alice.id.Account, w.alice.host.Keyring
	old := bytes.Clone(vault.Data[vaultName(id)])
	vault.Err = errOffline
	w.alice.plugin.AccountRemoved(id)
	w.alice.host.Run()
	w.alice.plugin.needKey(id)
	w.alice.host.Run()
	if a := w.alice.plugin.accounts[id]; a.key != nil || a.state != keyFailed {
		t.Fatalf("the key is %v", a.state)
	}
	vault.Err = nil
	w.alice.host.Advance(retryKey)
	w.alice.plugin.needKey(id)
	w.alice.host.Run()
	now := vault.Data[vaultName(id)]
	if a := w.alice.plugin.accounts[id]; a.key == nil || len(now) == 0 || bytes.Equal(now, old) {
		t.Fatalf("the key is %v, the old one %v", a.state, bytes.Equal(now, old))
	}
	w.alice.restart()
	w.alice.host.Run()
	if !bytes.Equal(vault.Data[vaultName(id)], now) {
		t.Error("the new key went with the old one")
	}
}

func TestAnAccountRemovedWhileItsKeyIsMade(t *testing.T) {
	w := keyless(t)
	w.alice.types("x")
	w.alice.plugin.AccountRemoved(w.alice.id.Account)
	w.alice.host.Run()
	if n := len(w.alice.host.Keyring.Data); n != 0 {
		t.Errorf("%d secrets are left", n)
	}
}

func TestClosedWhileAKeyIsMade(t *testing.T) {
	w := keyless(t)
	w.alice.types("x")
	if err := w.alice.plugin.Close(); err != nil {
		t.Fatal(err)
	}
	w.alice.host.Stop()
	w.alice.host.Run()
	if w.alice.last().state != im.Waiting || len(w.alice.sent) != 0 {
		t.Error("something was sent after Close")
	}
}

func TestTheInstanceTagStays(t *testing.T) {
	w := newWorld(t)
	w.private()
	first := w.alice.plugin.accounts[w.alice.id.Account].tag
	w.alice.restart()
	w.private()
	if got := w.alice.plugin.accounts[w.alice.id.Account].tag; got != first || got < 0x100 {
		t.Errorf("the tag was %x and is %x", first, got)
	}
	for _, bad := range []string{"", "0", "ff", "zzz", "123456789"} {
		w.alice.host.Disk.Data[tagName(w.alice.id.Account)] = []byte(bad)
		if got := w.alice.plugin.instanceTag(w.alice.id.Account, &account{}); got < 0x100 {
			t.Errorf("%q gives the tag %x", bad, got)
		}
	}
}

func TestKeysFitIntoAVault(t *testing.T) {
	k, err := otr.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(k.Marshal()); n == 0 || n > 2000 {
		t.Errorf("a key takes %d bytes", n)
	}
}
