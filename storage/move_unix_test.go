//go:build unix && !darwin

package storage

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"culver/internal/testkit"
)

// canaries are secrets and their names, of which nothing is to be found where they
// are not kept.
var canaries = map[string]string{
	"password/xmpp:canary.address@example.net": "canary password Zoë 4711",
	"plugin/otr/key/canary.key":                "canary key that nobody has",
}

// moverChild moves the secrets of a profile. The arguments are its folder and what
// to do.
func moverChild(args []string) error {
	ctx := context.Background()
	p, err := OpenProfile(args[0])
	if err != nil {
		return err
	}
	defer p.Close()
	p.cost, p.cheapest = cheap, cheap()
	kind, err := p.VaultKind()
	if err != nil {
		return err
	}
	var v *Vault
	if kind == Passphrase {
		v, err = p.UnlockVault(pass)
	} else {
		v, err = p.OpenKeyring(ctx)
	}
	if err != nil {
		return err
	}
	defer v.Close()
	db, err := p.OpenDB(ctx, v)
	if err != nil {
		return err
	}
	defer db.Close()
	switch args[1] {
	case "fill":
		for name, secret := range canaries {
			err = errors.Join(err, v.Put(ctx, name, []byte(secret)))
		}
		err = errors.Join(err, db.SetSetting("canary", "sings"))
	case "to passphrase":
		err = v.UsePassphrase(ctx, pass)
	case "to keyring":
		err = v.UseKeyring(ctx, pass)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", args[1], err)
	}
	for name, secret := range canaries {
		if b, err := v.Get(ctx, name); err != nil || string(b) != secret {
			return fmt.Errorf("after %s %s is %q: %w", args[1], name, b, err)
		}
	}
	if s, _, err := db.Setting("canary"); err != nil || s != "sings" {
		return fmt.Errorf("after %s the database says %q: %w", args[1], s, err)
	}
	return nil
}

// There and back with a real keyring, which keeps its files in the open here: no
// byte of a secret is anywhere but where it is kept.
func TestMovesWithARealKeyring(t *testing.T) {
	bus, dir := testkit.StartPlainKeyring(t), t.TempDir()
	do := func(what string) {
		t.Helper()
		if out, err := child(t, bus.Env(), "mover", dir, what).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", what, err, out)
		}
	}
	var all []string
	for name, secret := range canaries {
		// The keyring is handed base64, which testkit looks for as well.
		all = append(all, name, secret, base64.StdEncoding.EncodeToString([]byte(secret)))
	}
	inKeyring := func() {
		t.Helper()
		var kept []byte
		files, err := filepath.Glob(filepath.Join(bus.Files(), "*.keyring"))
		check(t, err)
		for _, f := range files {
			kept = append(kept, got(os.ReadFile(f))(t)...)
		}
		for name, secret := range canaries {
			if !bytes.Contains(kept, []byte(base64.StdEncoding.EncodeToString([]byte(secret)))) {
				t.Errorf("the keyring does not have %s where this test looks", name)
			}
		}
		testkit.NoTrace(t, dir, all...)
	}
	do("fill")
	inKeyring()
	do("to passphrase")
	testkit.NoTrace(t, bus.Files(), append(all, keyringService)...)
	testkit.NoTrace(t, dir, all...)
	do("look")
	do("to keyring")
	inKeyring()
	do("look")
	do("to passphrase")
	testkit.NoTrace(t, bus.Files(), append(all, keyringService)...)

	// No keyring to move to: nothing changes.
	for _, other := range []*testkit.Bus{testkit.StartBus(t), testkit.StartLockedKeyring(t)} {
		if out, err := child(t, other.Env(), "mover", dir, "to keyring").CombinedOutput(); err == nil || !bytes.Contains(out, []byte("keyring")) {
			t.Errorf("moved to a keyring that is not there: %v\n%s", err, out)
		}
		do("look")
	}
}

// The blocks of a vault file that is no longer in use are overwritten: what the old
// passphrase opened, and secrets that were deleted.
func TestOldVaultsAreDestroyed(t *testing.T) {
	for what, do := range map[string]func(v *Vault) error{
		"passphrase changed": func(v *Vault) error { return v.ChangePassphrase(t.Context(), pass, newPass) },
		"secret kept":        func(v *Vault) error { return v.Put(t.Context(), "new", []byte("x")) },
		"secret deleted":     func(v *Vault) error { return v.Delete(t.Context(), databaseKey) },
		"moved":              func(v *Vault) error { return v.UseKeyring(t.Context(), pass) },
	} {
		t.Run(what, func(t *testing.T) {
			p, _, v := fullVault(t, Passphrase)
			var old []*os.File
			for _, name := range []string{vaultFile, vaultCopy} {
				f := got(os.Open(p.path(name)))(t)
				defer f.Close()
				old = append(old, f)
			}
			check(t, do(v))
			for _, f := range old {
				if opens(got(io.ReadAll(f))(t), pass) {
					t.Errorf("the blocks of the old %s are as they were", filepath.Base(f.Name()))
				}
			}
		})
	}
}
