package storage

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"sync"
)

// CreateVault makes a fresh profile keep its secrets in a file that the
// passphrase unlocks. It takes a second or two. The passphrase stays the
// caller's, who wipes it.
func (p *Profile) CreateVault(passphrase []byte) (*Vault, error) {
	kind, err := p.VaultKind()
	if err != nil {
		return nil, err
	}
	if kind != Fresh {
		return nil, sentence(ErrNotFresh, nil, "This profile has a vault already. Unlock that one.")
	}
	if len(passphrase) == 0 {
		return nil, sentence(ErrWrongPassphrase, nil, "An empty passphrase protects nothing. Choose one, best of several words.")
	}
	params := newLockParams(p.cost())
	v := &fileVault{path: p.path(vaultFile), copy: p.path(vaultCopy), params: params, keys: params.derive(passphrase)}
	if err := v.save(nil); err != nil {
		v.keys.wipe()
		return nil, doing("make the vault", err)
	}
	return &Vault{in: v}, nil
}

// UnlockVault opens the vault of a profile that CreateVault made. It takes a
// second or two. The passphrase stays the caller's, who wipes it. Errors are
// ErrWrongPassphrase or ErrDamaged, with a sentence for people; the file is
// left as it is.
func (p *Profile) UnlockVault(passphrase []byte) (*Vault, error) {
	kind, err := p.VaultKind()
	if err != nil {
		return nil, err
	}
	if kind != Passphrase {
		return nil, sentence(fs.ErrNotExist, nil, "This profile is not protected by a passphrase.")
	}
	v := &fileVault{path: p.path(vaultFile), copy: p.path(vaultCopy)}
	s, err := v.read()
	if err != nil {
		return nil, err
	}
	v.params, v.keys = s.params, s.params.derive(passphrase)
	plain, _, err := v.decrypt(s)
	clear(plain)
	if err != nil {
		v.keys.wipe()
		return nil, err
	}
	v.repairCopy()
	return &Vault{in: v}, nil
}

// fileVault keeps the secrets in a file. Between calls only the keys are in
// memory, not the secrets.
type fileVault struct {
	path   string // the file
	copy   string // the same as it was when it was last written and read back
	params lockParams

	mu   sync.Mutex
	keys *sealKeys // nil: closed
}

var _ backend = (*fileVault)(nil)

func (v *fileVault) get(ctx context.Context, name string) (secret []byte, err error) {
	err = v.with(ctx, func(secrets map[string][]byte) error {
		secret = bytes.Clone(secrets[name])
		return nil
	})
	return secret, err
}

func (v *fileVault) put(ctx context.Context, name string, secret []byte) error {
	return v.with(ctx, func(secrets map[string][]byte) error {
		secrets[name] = secret
		return v.save(secrets)
	})
}

func (v *fileVault) delete(ctx context.Context, name string) error {
	return v.with(ctx, func(secrets map[string][]byte) error {
		if _, ok := secrets[name]; !ok {
			return nil
		}
		delete(secrets, name)
		return v.save(secrets)
	})
}

func (v *fileVault) close() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.keys != nil {
		v.keys.wipe()
		v.keys = nil
	}
	return nil
}

// with reads the secrets, calls f with them and wipes them. f runs under the lock.
func (v *fileVault) with(ctx context.Context, f func(map[string][]byte) error) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.keys == nil {
		return ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	s, err := v.read()
	if err != nil {
		return err
	}
	plain, secrets, err := v.decrypt(s)
	defer clear(plain)
	if err != nil {
		return err
	}
	return f(secrets)
}

// save writes the secrets to the disk: the file, then its copy. The secrets are
// safe with the file; a copy that fails is tried again when the vault is next
// saved or unlocked.
func (v *fileVault) save(secrets map[string][]byte) error {
	plain := encodeSecrets(secrets)
	defer clear(plain)
	file, err := v.keys.seal(v.params, plain)
	if err != nil {
		return err
	}
	if err := writeFile(v.path, file); err != nil {
		return doing("write the vault", err)
	}
	_ = writeFile(v.copy, file)
	return nil
}

// repairCopy makes the copy the same as the file, which was just found good.
func (v *fileVault) repairCopy() {
	file, err := readFile(v.path, maxSealed)
	if err != nil {
		return
	}
	if old, err := readFile(v.copy, maxSealed); err == nil && bytes.Equal(old, file) {
		return
	}
	_ = writeFile(v.copy, file)
}

// read reads the file and checks its form.
func (v *fileVault) read() (sealed, error) {
	file, err := readFile(v.path, maxSealed)
	if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, ErrDamaged) {
		return sealed{}, doing("read the vault", err)
	}
	var s sealed
	if err == nil {
		s, err = parseSealed(file)
	}
	if err != nil {
		return sealed{}, v.damaged(err)
	}
	return s, nil
}

// decrypt opens the file; what it returns shares the memory of plain.
func (v *fileVault) decrypt(s sealed) (plain []byte, secrets map[string][]byte, err error) {
	if plain, err = s.open(v.keys); err == nil {
		secrets, err = decodeSecrets(plain)
	}
	switch {
	case errors.Is(err, ErrWrongPassphrase):
		return nil, nil, sentence(ErrWrongPassphrase, nil, "This is not the passphrase of this profile. Try again.")
	case err != nil:
		clear(plain)
		return nil, nil, v.damaged(err)
	}
	return plain, secrets, nil
}

// damaged says what to do about the file.
func (v *fileVault) damaged(err error) error {
	return sentence(ErrDamaged, err,
		"The vault file %s is damaged or missing. Culver keeps a copy beside it: put %s in its place, then try again.",
		v.path, filepath.Base(v.copy))
}
