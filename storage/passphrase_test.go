package storage

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var pass = []byte("correct horse battery staple")

// lockedProfile is a profile with a vault that has one secret.
func lockedProfile(t *testing.T) (*Profile, *Vault) {
	t.Helper()
	p := newProfile(t)
	v := got(p.CreateVault(pass))(t)
	check(t, v.Put(t.Context(), "canary", []byte("the canary sings")))
	return p, v
}

func wantSecret(t *testing.T, v *Vault) {
	t.Helper()
	same(t, "secret", string(got(v.Get(t.Context(), "canary"))(t)), "the canary sings")
}

func TestUnlock(t *testing.T) {
	p, v := lockedProfile(t)
	check(t, v.Close(), p.Close())
	p = openProfile(t, p.Dir())
	same(t, "kind", got(p.VaultKind())(t), Passphrase)
	for _, wrong := range []string{"", "x", string(pass) + " ", string(pass[:len(pass)-1])} {
		v, err := p.UnlockVault([]byte(wrong))
		if !errors.Is(err, ErrWrongPassphrase) || v != nil {
			t.Errorf("%q: %v, want ErrWrongPassphrase", wrong, err)
		}
	}
	v = got(p.UnlockVault(pass))(t)
	wantSecret(t, v)
	if _, err := p.CreateVault(pass); !errors.Is(err, ErrNotFresh) {
		t.Errorf("a second vault: %v, want ErrNotFresh", err)
	}
	if _, err := p.OpenKeyring(t.Context()); !errors.Is(err, ErrNotFresh) {
		t.Errorf("a keyring beside the vault: %v, want ErrNotFresh", err)
	}
	fresh := newProfile(t)
	if _, err := fresh.CreateVault(nil); err == nil {
		t.Error("an empty passphrase was taken")
	}
	if _, err := fresh.UnlockVault(pass); err == nil {
		t.Error("a fresh profile was unlocked")
	}
	same(t, "files of a fresh profile", len(got(os.ReadDir(fresh.Dir()))(t)), 1)
}

func TestVaultFileTellsNothing(t *testing.T) {
	p, v := lockedProfile(t)
	for _, name := range []string{vaultFile, vaultCopy} {
		file := got(os.ReadFile(p.path(name)))(t)
		for _, canary := range append(forms("canary"), forms("the canary sings")...) {
			if bytes.Contains(file, canary) {
				t.Errorf("%s contains %q", name, canary)
			}
		}
	}
	before := got(os.Stat(p.path(vaultFile)))(t).Size()
	check(t, v.Put(t.Context(), "canary", []byte("a longer password than the one before")))
	same(t, "length of the file", got(os.Stat(p.path(vaultFile)))(t).Size(), before)
}

// forms are the ways in which a text may lie in a file.
func forms(text string) [][]byte {
	var wide []byte
	for _, r := range text {
		wide = append(wide, byte(r), 0)
	}
	all := [][]byte{[]byte(text), wide, []byte(hex.EncodeToString([]byte(text))), []byte(strings.ToUpper(hex.EncodeToString([]byte(text))))}
	for skip := range 3 {
		coded := base64.StdEncoding.EncodeToString([]byte(text[skip:]))
		all = append(all, []byte(coded[:len(coded)/4*4-4]))
	}
	return all
}

// resum is the file with a digest that is right.
func resum(file []byte) []byte {
	body := file[:len(file)-digestSize]
	sum := sha256.Sum256(body)
	return append(slices.Clone(body), sum[:]...)
}

func TestVaultTampered(t *testing.T) {
	p, v := lockedProfile(t)
	check(t, v.Close())
	good := got(os.ReadFile(p.path(vaultFile)))(t)
	sound := got(parseSealed(good))(t)
	keys := sound.params.derive(pass)
	for i := range good {
		for bit := range 8 {
			bad := slices.Clone(good)
			bad[i] ^= 1 << bit
			// By accident: seen without the passphrase.
			if _, err := parseSealed(bad); !errors.Is(err, ErrDamaged) {
				t.Fatalf("byte %d: %v, want ErrDamaged", i, err)
			}
			if i >= len(good)-digestSize {
				continue
			}
			// On purpose: with a digest that is right.
			s, err := parseSealed(resum(bad))
			if err == nil {
				_, err = s.open(keys)
			}
			want := ErrDamaged
			if i >= 8 && i < nonceStart && !(i >= 17 && i < 20) && errors.Is(err, ErrWrongPassphrase) {
				want = ErrWrongPassphrase // the parameters, the salt and the check value decide about the passphrase
			}
			if !errors.Is(err, want) {
				t.Fatalf("byte %d with a new digest: %v, want %v", i, err, want)
			}
		}
	}
	for name, bad := range map[string][]byte{
		"empty":                        {},
		"one byte less":                good[:len(good)-1],
		"one byte more":                append(slices.Clone(good), 0),
		"header only":                  good[:headerSize],
		"zeros":                        make([]byte, len(good)),
		"shorter, with its own digest": resum(good[:len(good)-100]),
		"longer, with its own digest":  resum(append(slices.Clone(good), make([]byte, 100)...)),
		"too large":                    make([]byte, maxSealed+1),
	} {
		check(t, os.WriteFile(p.path(vaultFile), bad, 0o600))
		_, err := p.UnlockVault(pass)
		if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), vaultCopy) {
			t.Errorf("%s: %v, want ErrDamaged", name, err)
		}
		same(t, name+" was left as it is", bytes.Equal(got(os.ReadFile(p.path(vaultFile)))(t), bad), true)
	}
	check(t, os.Remove(p.path(vaultFile)))
	if _, err := p.UnlockVault(pass); !errors.Is(err, ErrDamaged) {
		t.Errorf("missing: %v, want ErrDamaged", err)
	}
	// What the sentence says helps.
	check(t, os.Rename(p.path(vaultCopy), p.path(vaultFile)))
	wantSecret(t, got(p.UnlockVault(pass))(t))
	same(t, "the copy is there again", got(os.ReadFile(p.path(vaultCopy)))(t), good)
}

// A file that asks for the moon is refused before any work is done.
func TestVaultCostLimits(t *testing.T) {
	_, v := lockedProfile(t)
	f := v.in.(*fileVault)
	for _, c := range []cost{
		{}, {64, 0, 1}, {64, 1, 0}, {7, 1, 1}, {64, 1, 255}, {64, 1 << 31, 1}, {1 << 31, 1, 1}, {^uint32(0), ^uint32(0), 255},
	} {
		params := newLockParams(c)
		if _, err := parseSealed(got(f.keys.seal(params, make([]byte, secretsBlock)))(t)); !errors.Is(err, ErrDamaged) {
			t.Errorf("%v: %v, want ErrDamaged", c, err)
		}
	}
	if c := calibrate(); !c.valid() || c.memory < 64<<10 || c.passes < 3 {
		t.Errorf("a new vault would have the cost %+v", c)
	}
}

func TestVaultTamperedWhileOpen(t *testing.T) {
	p, v := lockedProfile(t)
	good := got(os.ReadFile(p.path(vaultFile)))(t)
	check(t, os.WriteFile(p.path(vaultFile), good[:100], 0o600))
	_, err := v.Get(t.Context(), "canary")
	for _, err := range []error{err, v.Put(t.Context(), "x", []byte("y")), v.Delete(t.Context(), "canary")} {
		if !errors.Is(err, ErrDamaged) {
			t.Errorf("got %v, want ErrDamaged", err)
		}
	}
	// Another vault in its place: the keys do not fit.
	other, _ := lockedProfile(t)
	check(t, os.WriteFile(p.path(vaultFile), got(os.ReadFile(other.path(vaultFile)))(t), 0o600))
	if _, err := v.Get(t.Context(), "canary"); !errors.Is(err, ErrWrongPassphrase) {
		t.Errorf("got %v, want ErrWrongPassphrase", err)
	}
}

// A crash while saving leaves the old or the new file, and the vault opens.
func TestVaultCrash(t *testing.T) {
	p, v := lockedProfile(t)
	old := got(os.ReadFile(p.path(vaultFile)))(t)
	check(t, v.Put(t.Context(), "second", []byte("x")), v.Close())
	fresh := got(os.ReadFile(p.path(vaultFile)))(t)
	for name, c := range map[string]struct {
		files  map[string][]byte
		second string
	}{
		"before writing":                   {map[string][]byte{vaultFile: old, vaultCopy: old}, ""},
		"in the middle of the new file":    {map[string][]byte{vaultFile: old, vaultCopy: old, vaultFile + newSuffix: fresh[:500]}, ""},
		"before the new file has its name": {map[string][]byte{vaultFile: old, vaultCopy: old, vaultFile + newSuffix: fresh}, ""},
		"before the copy":                  {map[string][]byte{vaultFile: fresh, vaultCopy: old}, "x"},
		"in the middle of the copy":        {map[string][]byte{vaultFile: fresh, vaultCopy: old, vaultCopy + newSuffix: fresh[:7]}, "x"},
		"before the first copy":            {map[string][]byte{vaultFile: fresh}, "x"},
	} {
		t.Run(name, func(t *testing.T) {
			q := newProfile(t)
			for file, data := range c.files {
				check(t, os.WriteFile(q.path(file), data, 0o600))
			}
			v := got(q.UnlockVault(pass))(t)
			wantSecret(t, v)
			same(t, "second", string(got(v.Get(t.Context(), "second"))(t)), c.second)
			check(t, v.Put(t.Context(), "third", []byte("y")), v.Close())
			wantSecret(t, got(q.UnlockVault(pass))(t))
			same(t, "the copy", got(os.ReadFile(q.path(vaultCopy)))(t), got(os.ReadFile(q.path(vaultFile)))(t))
			left, err := filepath.Glob(q.path("*" + newSuffix))
			check(t, err)
			same(t, "left over", len(left), 0)
		})
	}
}

func TestVaultCloseWipes(t *testing.T) {
	_, v := lockedProfile(t)
	keys := v.in.(*fileVault).keys
	check(t, v.Close())
	same(t, "keys", *keys, sealKeys{})
}

func TestSecretsWithOddNames(t *testing.T) {
	p, v := lockedProfile(t)
	for _, name := range oddNames {
		check(t, v.Put(t.Context(), name, oddSecret(name)))
	}
	check(t, v.Close())
	v = got(p.UnlockVault(pass))(t)
	for _, name := range oddNames {
		same(t, name, got(v.Get(context.Background(), name))(t), oddSecret(name))
	}
	wantSecret(t, v)
}

// FuzzVault reads files as they may lie in a profile. The first input is the
// file; the second, as a plaintext that was encrypted with the right key.
func FuzzVault(f *testing.F) {
	params := newLockParams(cheap())
	copy(params[20:], "0123456789abcdef")
	keys := params.derive(pass)
	for _, secrets := range []map[string][]byte{nil, {"a": {1}}, {"a": {1}, "b": bytes.Repeat([]byte{2}, MaxSecret)}} {
		plain := encodeSecrets(secrets)
		file, err := keys.seal(params, plain)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(file, plain)
	}
	f.Add([]byte(sealMagic), binary.BigEndian.AppendUint32(nil, ^uint32(0)))
	f.Fuzz(func(t *testing.T, file, plain []byte) {
		fuzzFile(t, file, keys)
		if len(file) >= digestSize {
			fuzzFile(t, resum(file), keys)
		}
		secrets, err := decodeSecrets(plain)
		if err != nil {
			if !errors.Is(err, ErrDamaged) {
				t.Fatal(err)
			}
			return
		}
		// There is one plaintext for a set of secrets.
		if !bytes.Equal(encodeSecrets(secrets), plain) {
			t.Fatalf("%q decodes, and encodes differently", slices.Sorted(maps.Keys(secrets)))
		}
	})
}

// fuzzFile reads a file as far as the keys open it.
func fuzzFile(t *testing.T, file []byte, keys *sealKeys) {
	t.Helper()
	s, err := parseSealed(file)
	if err != nil {
		if !errors.Is(err, ErrDamaged) {
			t.Fatal(err)
		}
		return
	}
	if !s.params.cost().valid() {
		t.Fatal("a cost beyond the limits was accepted")
	}
	plain, err := s.open(keys)
	if err != nil {
		if !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrWrongPassphrase) {
			t.Fatal(err)
		}
		return
	}
	if _, err := decodeSecrets(plain); err != nil {
		t.Fatalf("the file is authentic and does not decode: %v", err)
	}
}
