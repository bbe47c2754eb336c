package storage

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// MaxSecret is the longest secret that a vault takes, in bytes. Windows allows
// 2,560 characters for one, macOS a command line of 4,096, and what is kept
// there is base64 (twice, on macOS).
const MaxSecret = 1900

// maxName is the longest name of a secret, in bytes: room for a word and the
// longest address there is (RFC 7622, section 3.1: 3,071).
const maxName = 4096

// Kind says where a profile keeps its secrets.
type Kind int

// The kinds of vault.
const (
	Fresh      Kind = iota // nowhere yet: the profile is new
	Keyring                // in the system's keyring
	Passphrase             // in a file locked by a passphrase
)

// String is for logs.
func (k Kind) String() string {
	switch k {
	case Keyring:
		return "keyring"
	case Passphrase:
		return "passphrase"
	default:
		return "fresh"
	}
}

// Vault keeps small secrets: in the system's keyring, or in a file locked by a
// passphrase. Any goroutine may use it; see [Profile.OpenKeyring],
// [Profile.CreateVault] and [Profile.UnlockVault]. Where the secrets are kept can
// change while it is used.
type Vault struct {
	profile *Profile
	gate    gate       // those who use the backend are in it; alone is who changes it
	moving  sync.Mutex // held while it is moved, or its passphrase changed
	life    context.Context
	end     context.CancelFunc
	tidying sync.WaitGroup // what is done beside, as long as life lasts

	mu     sync.Mutex
	in     backend
	closed bool
}

// backend is one kind of vault. Names and secrets were checked.
type backend interface {
	get(ctx context.Context, name string) ([]byte, error)
	put(ctx context.Context, name string, secret []byte) error
	delete(ctx context.Context, name string) error
	close() error
}

func (p *Profile) newVault(in backend) *Vault {
	v := &Vault{profile: p, in: in}
	v.life, v.end = context.WithCancel(context.Background())
	return v
}

// Get returns the secret, or nil and no error if there is none of that name.
// The caller owns the bytes, and wipes them. A keyring may block for as long as
// the system asks the user for a password; ctx ends the waiting.
func (v *Vault) Get(ctx context.Context, name string) (secret []byte, err error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	err = v.use(ctx, func(b backend) (err error) {
		secret, err = b.get(ctx, name)
		return err
	})
	return secret, err
}

// Put keeps a secret of at most MaxSecret bytes, in place of the one before. An
// empty secret is none: the name is forgotten. When Put returns nil the secret
// is on the disk. It may block like Get.
func (v *Vault) Put(ctx context.Context, name string, secret []byte) error {
	if err := checkSecret(name, secret); err != nil {
		return err
	}
	return v.use(ctx, func(b backend) error {
		if len(secret) == 0 {
			return b.delete(ctx, name)
		}
		return b.put(ctx, name, secret)
	})
}

// Delete forgets a secret. It is no error if there is none. It may block like Get.
func (v *Vault) Delete(ctx context.Context, name string) error {
	if err := checkName(name); err != nil {
		return err
	}
	return v.use(ctx, func(b backend) error { return b.delete(ctx, name) })
}

// Close wipes what is in memory. It is no error to close twice.
func (v *Vault) Close() error {
	v.end()
	v.tidying.Wait()
	v.mu.Lock()
	defer v.mu.Unlock()
	v.closed = true
	return v.in.close()
}

func (v *Vault) use(ctx context.Context, f func(backend) error) error {
	if err := v.gate.enter(ctx); err != nil {
		return err
	}
	defer v.gate.leave()
	return f(v.backend())
}

func (v *Vault) backend() backend {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.in
}

// swap puts another backend in place. Who calls it is alone in the gate.
func (v *Vault) swap(in backend) {
	v.mu.Lock()
	defer v.mu.Unlock()
	_ = v.in.close()
	v.in = in
	if v.closed {
		_ = in.close()
	}
}

func checkName(name string) error {
	if name == "" {
		return errors.New("a secret needs a name")
	}
	if len(name) > maxName {
		return fmt.Errorf("the name of a secret has %d bytes, more than %d", len(name), maxName)
	}
	return nil
}

func checkSecret(name string, secret []byte) error {
	if len(secret) > MaxSecret {
		return sentence(ErrTooLarge, nil,
			"A secret of %d bytes cannot be kept; at most %d are possible.", len(secret), MaxSecret)
	}
	return checkName(name)
}
