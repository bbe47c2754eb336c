package storage

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"sync"

	"golang.org/x/crypto/chacha20poly1305"
)

// namesMagic begins names.culver. A nonce of XChaCha20-Poly1305 and the ciphertext
// follow; the magic is its additional data. The plaintext is that of a vault file,
// each name with a secret that says nothing.
const namesMagic = "CULVERN1"

const namesKeySize = chacha20poly1305.KeySize

// nameList is the names of all secrets in the keyring, which cannot list them, in
// a file encrypted by a key that is in the keyring, too. A name is on the list
// before its secret is in the keyring, and until it is no longer. Any goroutine
// may use it.
type nameList struct {
	files *files
	path  string

	mu    sync.Mutex
	key   [namesKeySize]byte
	names map[string]bool
}

// newNames makes the list of a keyring that has no secret yet.
func (p *Profile) newNames(ctx context.Context, k *keyringVault) (*nameList, error) {
	l := &nameList{files: p.files, path: p.path(namesFile), names: map[string]bool{}}
	rand.Read(l.key[:])
	if err := k.write(ctx, namesEntry, l.key[:]); err != nil {
		return nil, err
	}
	if err := l.add(databaseKey); err != nil {
		return nil, doing("write "+namesFile, err)
	}
	return l, nil
}

// readNames reads the list; nil: it is missing or damaged. It is not made anew then: it
// would look as if it were complete.
func (p *Profile) readNames(ctx context.Context, k *keyringVault) (*nameList, error) {
	key, err := k.read(ctx, namesEntry)
	if err != nil {
		return nil, err
	}
	defer clear(key)
	if len(key) != namesKeySize {
		return nil, nil
	}
	l := &nameList{files: p.files, path: p.path(namesFile), key: [namesKeySize]byte(key)}
	file, err := readFile(l.path, maxSealed)
	if err == nil {
		l.names, err = l.open(file)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, ErrDamaged):
		return nil, nil
	case err != nil:
		return nil, doing("read "+namesFile, err)
	}
	return l, nil
}

func (l *nameList) all() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Sorted(maps.Keys(l.names))
}

func (l *nameList) add(names ...string) error {
	return l.change(func(all map[string]bool) {
		for _, name := range names {
			all[name] = true
		}
	})
}

func (l *nameList) remove(name string) error {
	return l.change(func(all map[string]bool) {
		if name != databaseKey {
			delete(all, name)
		}
	})
}

// change writes the list, if f changes it.
func (l *nameList) change(f func(map[string]bool)) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	names := maps.Clone(l.names)
	f(names)
	if maps.Equal(names, l.names) {
		return nil
	}
	file, err := l.seal(names)
	if err != nil {
		return err
	}
	if err := l.files.write(l.path, file); err != nil {
		return err
	}
	l.names = names
	return nil
}

func (l *nameList) seal(names map[string]bool) ([]byte, error) {
	aead, err := chacha20poly1305.NewX(l.key[:])
	if err != nil {
		return nil, err
	}
	nothing := map[string][]byte{}
	for name := range names {
		nothing[name] = []byte{1}
	}
	file := make([]byte, len(namesMagic)+aead.NonceSize())
	copy(file, namesMagic)
	rand.Read(file[len(namesMagic):])
	file = aead.Seal(file, file[len(namesMagic):], encodeSecrets(nothing), []byte(namesMagic))
	if len(file) > maxSealed {
		return nil, errors.New("there is no room for more names of secrets")
	}
	return file, nil
}

// open reads the file. Each error is ErrDamaged.
func (l *nameList) open(file []byte) (map[string]bool, error) {
	aead, err := chacha20poly1305.NewX(l.key[:])
	if err != nil {
		return nil, err
	}
	start := len(namesMagic) + aead.NonceSize()
	if len(file) < start || string(file[:len(namesMagic)]) != namesMagic {
		return nil, fmt.Errorf("no list of names: %w", ErrDamaged)
	}
	plain, err := aead.Open(nil, file[len(namesMagic):start], file[start:], []byte(namesMagic))
	if err != nil {
		return nil, fmt.Errorf("decrypt the list of names: %w", ErrDamaged)
	}
	secrets, err := decodeSecrets(plain)
	if err != nil {
		return nil, err
	}
	names := map[string]bool{databaseKey: true}
	for name := range secrets {
		names[name] = true
	}
	return names, nil
}
