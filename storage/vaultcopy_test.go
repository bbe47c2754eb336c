package storage

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// Whichever byte of a vault file is changed, and whether its digest is made right
// or not: it is refused with a clear word. Where the copy is whole, it helps.
func TestEveryByteOfAVault(t *testing.T) {
	p, v := lockedProfile(t)
	check(t, v.Close())
	good := got(os.ReadFile(p.path(vaultFile)))(t)
	for i := range good {
		for _, bit := range []byte{0x01, 0x80} {
			bad := slices.Clone(good)
			bad[i] ^= bit
			files := [][]byte{bad}
			if i < len(good)-digestSize {
				files = append(files, resum(bad))
			}
			for _, file := range files {
				if s, err := parseSealed(file); err == nil && s.params.cost().memory > 1<<12 {
					continue // nobody waits for it here; see TestVaultCostLimits
				}
				check(t, os.WriteFile(p.path(vaultFile), file, 0o600))
				v, err := p.UnlockVault(pass)
				if v != nil || !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrWrongPassphrase) {
					t.Fatalf("byte %d: %v", i, err)
				}
				if !strings.HasSuffix(err.Error(), ".") || strings.Contains(err.Error(), "digest") {
					t.Fatalf("not a sentence for people: %q", err)
				}
				if !p.CopyHelps(err) {
					t.Fatalf("byte %d, %v: the copy does not help", i, err)
				}
			}
		}
	}
}

func TestUseCopy(t *testing.T) {
	p, v := lockedProfile(t)
	check(t, v.Close())
	good := got(os.ReadFile(p.path(vaultFile)))(t)
	now := time.Date(2026, 11, 22, 6, 30, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		file, copy []byte // nil: missing
		helps      bool
		kept       string
	}{
		"damaged":              {good[:100], good, true, "vault.culver.damaged-2026-11-22-063000.000"},
		"empty":                {[]byte{}, good, true, "vault.culver.damaged-2026-11-22-063000.000"},
		"missing":              {nil, good, true, ""},
		"both damaged":         {good[:100], good[:99], false, ""},
		"both the same":        {good[:100], good[:100], false, ""},
		"damaged without copy": {good[:100], nil, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			q := newProfile(t)
			for file, data := range map[string][]byte{vaultFile: c.file, vaultCopy: c.copy} {
				if data != nil {
					check(t, os.WriteFile(q.path(file), data, 0o600))
				}
			}
			_, err := q.UnlockVault(pass)
			if !errors.Is(err, ErrDamaged) {
				t.Fatalf("%v, want ErrDamaged", err)
			}
			same(t, "helps", q.CopyHelps(err), c.helps)
			kept, err := q.UseCopy(now)
			if !c.helps {
				if !errors.Is(err, ErrDamaged) {
					t.Errorf("%v, want ErrDamaged", err)
				}
				if c.file != nil {
					same(t, "the file", got(os.ReadFile(q.path(vaultFile)))(t), c.file)
				}
				return
			}
			check(t, err)
			same(t, "kept", kept, c.kept)
			if kept != "" {
				same(t, "what was kept", got(os.ReadFile(q.path(kept)))(t), c.file)
			}
			v := got(q.UnlockVault(pass))(t)
			wantSecret(t, v)
			// A vault that the old passphrase may open goes with that passphrase.
			check(t, v.ChangePassphrase(t.Context(), pass, newPass))
			same(t, "files", filesIn(t, q), []string{lockFile, vaultFile, vaultCopy})
			wantNoOldCopy(t, q)
		})
	}

	// Cut between any two steps, the copy is still there to be used.
	for n := 0; ; n++ {
		q := newProfile(t)
		check(t, os.WriteFile(q.path(vaultFile), good[:100], 0o600), os.WriteFile(q.path(vaultCopy), good, 0o600))
		f := &fate{left: n, end: true}
		f.meets(q, nil)
		_, err := q.UseCopy(now)
		q.files.before = nil
		if err == nil {
			same(t, "done", f.last, "")
			break
		}
		if _, err := q.UnlockVault(pass); err != nil {
			_, err := q.UseCopy(now.Add(time.Second))
			check(t, err)
		}
		wantSecret(t, got(q.UnlockVault(pass))(t))
	}

	// Where the file is whole and its passphrase is wrong, the copy is no help.
	q, v := lockedProfile(t)
	check(t, v.Close())
	_, err := q.UnlockVault(newPass)
	same(t, "a copy of the same helps", q.CopyHelps(err), false)
	// Unless somebody put another vault in the place of the file.
	other, _ := lockedProfile(t)
	check(t, os.WriteFile(q.path(vaultFile), got(os.ReadFile(other.path(vaultFile)))(t), 0o600))
	same(t, "it helps", q.CopyHelps(err), true)
	same(t, "it helps with other errors", q.CopyHelps(ErrNoKeyring), false)
}
