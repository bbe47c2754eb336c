package otrplugin

import (
	"context"
	"strings"
	"testing"

	"culver/im"
)

func TestWhatEndsWhenThePluginIsSwitchedOff(t *testing.T) {
	w := newWorld(t)
	if got := w.alice.plugin.Loses(); got != "" {
		t.Errorf("nothing is private, and it keeps %q", got)
	}
	w.alice.host.SetName(w.alice.id, "Bob\u202e\nevil")
	w.private()
	if got := w.alice.plugin.Loses(); got != "Your private conversation with Bob evil ends if you disable it." {
		t.Errorf("got %q", got)
	}
	w.does(w.bob, actionEnd)
	if got := w.alice.plugin.Loses(); got != "" {
		t.Errorf("nothing is private any more, and it keeps %q", got)
	}
}

func TestThePluginIsAsNewAfterItWasSwitchedOff(t *testing.T) {
	w := newWorld(t)
	w.verified()
	a := w.alice
	key := a.plugin.accounts[a.id.Account].key.Fingerprint()
	a.plugin.Configure()
	a.does(actionAuthenticate)
	if err := a.plugin.Close(); err != nil {
		t.Fatal(err)
	}
	if n := len(a.host.Dialogs()); n != 0 {
		t.Errorf("%d dialogs are left", n)
	}
	if n := a.host.Timers(); n != 0 {
		t.Errorf("%d timers are left", n)
	}
	w.run()
	if got := w.bob.level(); got != im.Ended {
		t.Errorf("bob sees %v", got)
	}
	if err := a.plugin.Close(); err != nil {
		t.Errorf("the second time: %v", err)
	}
	if err := a.plugin.Init(a.host); err != nil {
		t.Fatal(err)
	}
	a.plugin.AccountOnline(a.id.Account, true)
	w.run()
	if got := a.level(); got != im.Open {
		t.Errorf("the new life begins with %v", got)
	}
	w.does(a, actionStart)
	w.wantLevel(im.Verified, im.Verified)
	if got := a.plugin.accounts[a.id.Account].key.Fingerprint(); got != key {
		t.Error("the key is another one")
	}
	w.says(a, "as before")
	if l := w.bob.last(); l.text != "as before" || l.seal.Level != im.Verified {
		t.Errorf("bob reads %+v", l)
	}
	w.wantNoClear("as before")
}

// Work of an earlier life comes back into the next one.
func TestAKeyMadeForAnEarlierLifeIsKept(t *testing.T) {
	w := keyless(t)
	a := w.alice
	a.plugin.AccountOnline(a.id.Account, true)
	w.run()
	a.types("hello") // makes a key, which is to be kept next
	a.host.Go(func(context.Context) error { return nil }, func(error) {
		if err := a.plugin.Close(); err != nil {
			t.Fatal(err)
		}
		if err := a.plugin.Init(a.host); err != nil {
			t.Fatal(err)
		}
	})
	w.run()
	a.plugin.AccountOnline(a.id.Account, true)
	w.run()
	kept := a.host.Keyring.Data[vaultName(a.id.Account)]
	if len(kept) == 0 {
		t.Fatal("the key was deleted")
	}
	w.does(a, actionStart)
	if got := string(a.host.Keyring.Data[vaultName(a.id.Account)]); got != string(kept) {
		t.Error("the key is another one")
	}
	if strings.Contains(strings.Join(a.sent, " "), "hello") {
		t.Error("a line of the earlier life was sent")
	}
}
