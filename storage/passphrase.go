package storage

import (
	"bytes"
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
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
	if err := checkPassphrase(passphrase); err != nil {
		return nil, err
	}
	params := newLockParams(p.cost())
	v := p.newFileVault(params, params.derive(passphrase))
	if err := v.save(nil); err != nil {
		v.keys.wipe()
		return nil, doing("make the vault", err)
	}
	return p.newVault(v), nil
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
		return nil, errNoPassphrase()
	}
	f := p.newFileVault(lockParams{}, nil)
	s, err := f.read()
	if err != nil {
		return nil, err
	}
	f.params, f.keys = s.params, s.params.derive(passphrase)
	plain, _, err := f.decrypt(s)
	clear(plain)
	if err != nil {
		f.keys.wipe()
		return nil, err
	}
	f.repairCopy()
	p.dropUnfinished()
	v := p.newVault(f)
	v.tidy(f)
	return v, nil
}

// fileVault keeps the secrets in a file. Between calls only the keys are in
// memory, not the secrets.
type fileVault struct {
	files    *files
	path     string // the file
	copy     string // the same as it was when it was last written and read back
	cheapest cost   // that the file may have

	mu     sync.Mutex
	params lockParams
	keys   *sealKeys // nil: closed
}

var _ backend = (*fileVault)(nil)

// newFileVault takes over the keys.
func (p *Profile) newFileVault(params lockParams, keys *sealKeys) *fileVault {
	return &fileVault{files: p.files, path: p.path(vaultFile), copy: p.path(vaultCopy), cheapest: p.cheapest, params: params, keys: keys}
}

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

// all are copies of the secrets. The caller wipes them.
func (v *fileVault) all(ctx context.Context) (copies map[string][]byte, err error) {
	copies = map[string][]byte{}
	err = v.with(ctx, func(secrets map[string][]byte) error {
		for name, s := range secrets {
			copies[name] = bytes.Clone(s)
		}
		return nil
	})
	return copies, err
}

// names are the names of the secrets.
func (v *fileVault) names(ctx context.Context) (names []string, err error) {
	err = v.with(ctx, func(secrets map[string][]byte) error {
		names = slices.Sorted(maps.Keys(secrets))
		return nil
	})
	return names, err
}

// fill makes the file, with these secrets, reads it back and compares.
func (v *fileVault) fill(secrets map[string][]byte) error {
	v.mu.Lock()
	err := v.save(secrets)
	v.mu.Unlock()
	if err != nil {
		return err
	}
	return v.with(context.Background(), func(back map[string][]byte) error {
		if !maps.EqualFunc(secrets, back, func(a, b []byte) bool { return subtle.ConstantTimeCompare(a, b) == 1 }) {
			return errors.New("the vault reads differently from what was written")
		}
		return nil
	})
}

// provedBy returns nil if the passphrase is the one that unlocks the file. It takes
// as long as unlocking.
func (v *fileVault) provedBy(passphrase []byte) error {
	s, err := v.read()
	if err != nil {
		return err
	}
	keys := s.params.derive(passphrase)
	defer keys.wipe()
	v.mu.Lock()
	defer v.mu.Unlock()
	switch {
	case v.keys == nil:
		return ErrClosed
	case s.params != v.params || subtle.ConstantTimeCompare(keys.check[:], v.keys.check[:]) != 1:
		return wrongPassphrase()
	}
	return nil
}

// relock makes other keys open the file. It takes over the keys. What the old ones
// open is destroyed first, but for the file itself: after a crash at any moment the
// file opens by the old passphrase or the new, and its copy, if there is one, by
// the same. After an error it opens by the old one, unless the error says that
// nobody knows.
func (v *fileVault) relock(params lockParams, keys *sealKeys, shredOld func(also ...string) error) (err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	defer func() {
		if v.keys != keys {
			keys.wipe()
		}
	}()
	if v.keys == nil {
		return ErrClosed
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
	if err := shredOld(vaultFile + newSuffix); err != nil {
		v.repairCopy()
		return sentence(err, err,
			"The passphrase was not changed: a copy of the vault that the old one opens could not be removed from %s. Check that the disk is not read-only, then try again.", filepath.Dir(v.path))
	}
	again := encodeSecrets(secrets)
	defer clear(again)
	file, err := keys.seal(params, again)
	if err != nil {
		return err
	}
	left, err := v.files.replace(v.path, file)
	if err != nil {
		if now, e := readFile(v.path, maxSealed); e != nil || !bytes.Equal(now, file) {
			v.repairCopy()
			return doing("write the vault", err)
		}
		err = sentence(err, err,
			"The disk did not confirm that it has the new passphrase. Keep both in mind until Culver has started with the new one.")
		v.take(params, keys)
		return err
	}
	v.take(params, keys)
	_ = v.files.write(v.copy, file) // missing, it is made when the vault is next saved or unlocked
	if left != nil {
		return sentence(left, left,
			"The passphrase was changed. But the file %s, which the old one still opens, could not be removed; Culver tries again when it is next started.", filepath.Base(v.path)+oldSuffix)
	}
	return nil
}

func (v *fileVault) take(params lockParams, keys *sealKeys) {
	v.keys.wipe()
	v.params, v.keys = params, keys
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

// save writes the secrets to the disk: the file, then its copy, and destroys what
// they were before. The secrets are safe with the file; a copy that fails is tried
// again when the vault is next saved or unlocked, and so is what could not be destroyed.
func (v *fileVault) save(secrets map[string][]byte) error {
	plain := encodeSecrets(secrets)
	defer clear(plain)
	file, err := v.keys.seal(v.params, plain)
	if err != nil {
		return err
	}
	if _, err := v.files.replace(v.path, file); err != nil {
		return doing("write the vault", err)
	}
	_, _ = v.files.replace(v.copy, file)
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
	_, _ = v.files.replace(v.copy, file)
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
	if err == nil && s.params.cost().below(v.cheapest) {
		err = fmt.Errorf("it is easier to guess than any vault of Culver's: %w", ErrDamaged)
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
		return nil, nil, wrongPassphrase()
	case err != nil:
		clear(plain)
		return nil, nil, v.damaged(err)
	}
	return plain, secrets, nil
}

func wrongPassphrase() error {
	return sentence(ErrWrongPassphrase, nil, "This is not the passphrase of this profile. Try again.")
}

// damaged says what to do about the file.
func (v *fileVault) damaged(err error) error {
	if told := diskError(v.path, err); errors.Is(told, ErrDisk) {
		return told // it is somewhere, and whole
	}
	if copy, e := readFile(v.copy, maxSealed); e == nil {
		if _, e := parseSealed(copy); e == nil {
			return sentence(ErrDamaged, err,
				"The vault file %s is damaged or missing. Culver keeps a copy beside it, %s, which can take its place.",
				v.path, filepath.Base(v.copy))
		}
	}
	return sentence(ErrDamaged, err,
		"The vault file %s is damaged or missing, and so is its copy %s. Without one of them nobody can read your passwords, keys and history. If you have copies of these files elsewhere, quit Culver, put them back into their folder and start it again.",
		v.path, filepath.Base(v.copy))
}
