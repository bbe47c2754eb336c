package storage

import (
	"bytes"
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zalando/go-keyring"
)

// fakeRing is a keyring in memory, by service and user. It is not for several
// goroutines at once.
type fakeRing map[[2]string]string

func (fakeRing) Available() error { return nil }

func (r fakeRing) Get(service, user string) (string, error) {
	if s, ok := r[[2]string{service, user}]; ok {
		return s, nil
	}
	return "", keyring.ErrNotFound
}

func (r fakeRing) Set(service, user, password string) error {
	r[[2]string{service, user}] = password
	return nil
}

func (r fakeRing) Delete(service, user string) error {
	if _, ok := r[[2]string{service, user}]; !ok {
		return keyring.ErrNotFound
	}
	delete(r, [2]string{service, user})
	return nil
}

// oddRing does before every call what the test wants.
type oddRing struct {
	fakeRing
	before func(what, user string) error
}

func (r oddRing) Get(service, user string) (string, error) {
	if err := r.before("get", user); err != nil {
		return "", err
	}
	return r.fakeRing.Get(service, user)
}

func (r oddRing) Set(service, user, password string) error {
	if err := r.before("set", user); err != nil {
		return err
	}
	return r.fakeRing.Set(service, user, password)
}

func (r oddRing) Delete(service, user string) error {
	if err := r.before("delete", user); err != nil {
		return err
	}
	return r.fakeRing.Delete(service, user)
}

// forgetful is a keyring that says yes to everything and keeps nothing.
type forgetful struct{ fakeRing }

func (forgetful) Set(string, string, string) error { return nil }

// sticky is a keyring that cannot forget.
type sticky struct{ fakeRing }

func (sticky) Delete(string, string) error { return nil }

func TestKeyringErrors(t *testing.T) {
	fail := func(text string) ring {
		return oddRing{fakeRing{}, func(string, string) error { return errors.New(text) }}
	}
	for name, c := range map[string]struct {
		ring ring
		want error
	}{
		"no service": {fail("The name org.freedesktop.secrets was not provided by any .service files"), ErrNoKeyring},
		"locked":     {fail("failed to unlock correct collection '/org/freedesktop/secrets/aliases/default'"), ErrKeyringLocked},
		"dismissed":  {fail("the prompt was dismissed"), ErrKeyringLocked},
		"unknown":    {fail("exit status 51"), ErrNoKeyring},
		"too big":    {oddRing{fakeRing{}, func(string, string) error { return keyring.ErrSetDataTooBig }}, ErrTooLarge},
		"panic":      {oddRing{fakeRing{}, func(string, string) error { panic("bus gone") }}, ErrNoKeyring},
		"forgetful":  {forgetful{fakeRing{}}, ErrNoKeyring},
		"sticky":     {sticky{fakeRing{}}, ErrNoKeyring},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProfile(t)
			p.ring = c.ring
			v, err := p.OpenKeyring(t.Context())
			if !errors.Is(err, c.want) || v != nil {
				t.Errorf("got %v, want %v", err, c.want)
			}
			if !strings.HasSuffix(err.Error(), ".") || strings.Contains(err.Error(), "freedesktop") {
				t.Errorf("not a sentence for people: %q", err)
			}
			same(t, "kind", got(p.VaultKind())(t), Fresh)
			same(t, "files", len(got(os.ReadDir(p.Dir()))(t)), 1)
		})
	}
}

// A keyring that asks the user for a password blocks. Nobody waits longer than
// they want to, and what comes later happens later.
func TestKeyringThatBlocks(t *testing.T) { synctest.Test(t, keyringThatBlocks) }

func keyringThatBlocks(t *testing.T) {
	entered, release := make(chan string, 10), make(chan struct{})
	ring := oddRing{fakeRing{}, func(what, user string) error {
		entered <- what + " " + user
		<-release
		return nil
	}}
	k := newKeyringVault(ring, "id")
	v := (&Profile{}).newVault(k)
	short, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if err := v.Put(short, "a", []byte("1")); !errors.Is(err, ErrKeyringLocked) {
		t.Errorf("time-out: %v, want ErrKeyringLocked", err)
	}
	<-entered
	if _, err := v.Get(short, "a"); !errors.Is(err, ErrKeyringLocked) {
		t.Errorf("waiting for one's turn: %v, want ErrKeyringLocked", err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := v.Delete(gone, "a"); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v, want context.Canceled", err)
	}
	close(release)
	same(t, "the late call was done first", string(got(v.Get(t.Context(), "a"))(t)), "1")
	same(t, "calls", <-entered, "get a")
	same(t, "calls that were given up before their turn", len(entered), 0)
	check(t, v.Close(), v.Close())
	if _, err := v.Get(t.Context(), "a"); !errors.Is(err, ErrClosed) {
		t.Errorf("after Close: %v, want ErrClosed", err)
	}
}

func TestKeyringFileDamaged(t *testing.T) {
	p := newProfile(t)
	got(p.OpenKeyring(t.Context()))(t)
	good := got(os.ReadFile(p.path(keyringFile)))(t)
	for i, text := range [][]byte{nil, good[:len(good)-1], append(slices.Clone(good), 'x'), bytes.ToUpper(good),
		[]byte("culver keyring 1\n\n"), bytes.Repeat([]byte("x"), 1<<20)} {
		check(t, os.WriteFile(p.path(keyringFile), text, 0o600))
		if _, err := p.OpenKeyring(t.Context()); !errors.Is(err, ErrDamaged) {
			t.Errorf("damage %d: %v, want ErrDamaged", i, err)
		}
	}
	check(t, os.WriteFile(p.path(keyringFile), good, 0o600))
	got(p.OpenKeyring(t.Context()))(t)
	if _, err := p.CreateVault([]byte("pass")); !errors.Is(err, ErrNotFresh) {
		t.Errorf("a second vault: %v, want ErrNotFresh", err)
	}
	if _, err := p.UnlockVault([]byte("pass")); err == nil {
		t.Error("a keyring was unlocked by a passphrase")
	}
}

func TestKeyringEntryChanged(t *testing.T) {
	ring := fakeRing{}
	v := (&Profile{}).newVault(newKeyringVault(ring, "id"))
	check(t, v.Put(t.Context(), "a", []byte("1")))
	for entry := range ring {
		ring[entry] = "no base64!"
	}
	if _, err := v.Get(t.Context(), "a"); !errors.Is(err, ErrDamaged) {
		t.Errorf("got %v, want ErrDamaged", err)
	}
}
