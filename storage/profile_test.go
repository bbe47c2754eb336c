package storage

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestProfileIsPrivate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	p := openProfile(t, dir)
	v := got(p.CreateVault([]byte("pass")))(t)
	check(t, v.Put(t.Context(), "name", []byte("secret")))
	files, err := os.ReadDir(dir)
	check(t, err)
	for _, f := range append(files, got(os.ReadDir(filepath.Dir(dir)))(t)...) {
		info, err := f.Info()
		check(t, err)
		if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s can be read by others: %v", f.Name(), info.Mode())
		}
	}
	same(t, "files", len(files), 3)
}

func TestProfileIsOpenedOnce(t *testing.T) {
	dir := t.TempDir()
	p := openProfile(t, dir)
	_, err := OpenProfile(dir)
	if !errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), "already running") {
		t.Errorf("opened twice: %v", err)
	}
	check(t, p.Close())
	openProfile(t, dir)
}

func TestProfileThatIsNoFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	check(t, os.WriteFile(file, nil, 0o600))
	for _, dir := range []string{file, filepath.Join(file, "below")} {
		if _, err := OpenProfile(dir); err == nil || !strings.Contains(err.Error(), "folder") {
			t.Errorf("OpenProfile(%s): %v", dir, err)
		}
	}
}

func TestVaultKind(t *testing.T) {
	for files, want := range map[string]Kind{
		"":                                Fresh,
		"lock":                            Fresh,
		"vault.culver.new":                Fresh,
		"vault.culver":                    Passphrase,
		"vault.culver.bak":                Passphrase,
		"vault.culver.bak culver.db":      Passphrase,
		"keyring.culver":                  Keyring,
		"keyring.culver culver.db":        Keyring,
		"keyring.culver vault.culver.new": Keyring,
	} {
		p := profileOf(t, files)
		same(t, files, got(p.VaultKind())(t), want)
	}
	for _, files := range []string{"culver.db", "keyring.culver vault.culver", "keyring.culver vault.culver.bak culver.db"} {
		p := profileOf(t, files)
		if _, err := p.VaultKind(); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v, want ErrDamaged", files, err)
		}
		_, e1 := p.OpenKeyring(t.Context())
		_, e2 := p.CreateVault([]byte("pass"))
		_, e3 := p.UnlockVault([]byte("pass"))
		for i, err := range []error{e1, e2, e3} {
			if !errors.Is(err, ErrDamaged) {
				t.Errorf("%s, opening %d: %v, want ErrDamaged", files, i, err)
			}
		}
	}
}

// profileOf is a profile with these files, all empty.
func profileOf(t *testing.T, files string) *Profile {
	t.Helper()
	p := newProfile(t)
	for _, name := range strings.Fields(files) {
		check(t, os.WriteFile(p.path(name), nil, 0o600))
	}
	return p
}
