package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"culver/plugin"
)

// secretKeeper is what all vaults have in common.
type secretKeeper interface {
	Get(ctx context.Context, name string) ([]byte, error)
	Put(ctx context.Context, name string, secret []byte) error
	Delete(ctx context.Context, name string) error
	Close() error
}

// What plugins expect is what main hands them.
var (
	_ plugin.Vault = (*Vault)(nil)
	_ plugin.Vault = (*MemoryVault)(nil)
	_ plugin.Store = (*Space)(nil)
)

func TestVaults(t *testing.T) {
	for name, open := range map[string]func(t *testing.T) secretKeeper{
		"memory":     func(*testing.T) secretKeeper { return NewMemoryVault() },
		"keyring":    func(t *testing.T) secretKeeper { return got(newProfile(t).OpenKeyring(t.Context()))(t) },
		"passphrase": func(t *testing.T) secretKeeper { return got(newProfile(t).CreateVault([]byte("pass")))(t) },
	} {
		t.Run(name, func(t *testing.T) { testVault(t, open(t)) })
	}
}

func testVault(t *testing.T, v secretKeeper) {
	ctx := t.Context()
	secret := []byte{0, 1, 255}
	check(t, v.Put(ctx, "a", secret), v.Put(ctx, "b", []byte("other")))
	secret[0] = 9
	b := got(v.Get(ctx, "a"))(t)
	same(t, "secret", b, []byte{0, 1, 255})
	clear(b)
	same(t, "secret again", got(v.Get(ctx, "a"))(t), []byte{0, 1, 255})
	check(t, v.Put(ctx, "a", []byte("new")))
	same(t, "new", string(got(v.Get(ctx, "a"))(t)), "new")
	check(t, v.Delete(ctx, "a"), v.Delete(ctx, "a"), v.Put(ctx, "b", nil))
	for _, name := range []string{"a", "b", "never"} {
		if s := got(v.Get(ctx, name))(t); s != nil {
			t.Errorf("%s is there: %x", name, s)
		}
	}

	check(t, v.Put(ctx, "long", bytes.Repeat([]byte{7}, MaxSecret)))
	err := v.Put(ctx, "long", make([]byte, MaxSecret+1))
	if !errors.Is(err, ErrTooLarge) || !strings.Contains(err.Error(), "1901") {
		t.Errorf("too long: %v, want ErrTooLarge", err)
	}
	same(t, "long", got(v.Get(ctx, "long"))(t), bytes.Repeat([]byte{7}, MaxSecret))

	for _, name := range []string{"", strings.Repeat("x", maxName+1)} {
		_, e1 := v.Get(ctx, name)
		for _, err := range []error{e1, v.Put(ctx, name, []byte("s")), v.Delete(ctx, name)} {
			if err == nil {
				t.Errorf("a name of %d bytes was taken", len(name))
			}
		}
	}

	gone, cancel := context.WithCancel(ctx)
	cancel()
	_, e1 := v.Get(gone, "long")
	for _, err := range []error{e1, v.Put(gone, "long", []byte("s")), v.Delete(gone, "long")} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled: %v", err)
		}
	}

	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			name := fmt.Sprint("parallel ", i)
			err := v.Put(ctx, name, []byte(name))
			s, err2 := v.Get(ctx, name)
			if err != nil || err2 != nil || string(s) != name {
				t.Errorf("%s: %q, %v, %v", name, s, err, err2)
			}
		})
	}
	all.Wait()

	check(t, v.Close(), v.Close())
	_, e1 = v.Get(ctx, "long")
	for _, err := range []error{e1, v.Put(ctx, "long", []byte("s")), v.Delete(ctx, "long")} {
		if !errors.Is(err, ErrClosed) {
			t.Errorf("after Close: %v, want ErrClosed", err)
		}
	}
}

// oddNames are names that a keyring might stumble over.
var oddNames = []string{
	databaseKey, "password:xmpp:alice@example.net", "Grüße, Zoë", "line\nbreak", "nul\x00", "'quoted' \"twice\" \\ `$(x)`",
	strings.Repeat("long", 800), digestPrefix + "x", "broken \xff",
}

// oddSecret is the secret of a name: bytes of all kinds, as long as may be.
func oddSecret(name string) []byte {
	secret := make([]byte, MaxSecret)
	for i := range secret {
		secret[i] = byte(i + len(name))
	}
	return secret
}
