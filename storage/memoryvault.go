package storage

import (
	"bytes"
	"context"
	"sync"
)

// MemoryVault is a [Vault] without a disk or a keyring: for the practice buddy
// and for tests. Any goroutine may use it.
type MemoryVault struct {
	mu      sync.Mutex
	secrets map[string][]byte
	closed  bool
}

// NewMemoryVault returns an empty vault.
func NewMemoryVault() *MemoryVault {
	return &MemoryVault{secrets: map[string][]byte{}}
}

// Get is like [Vault.Get].
func (v *MemoryVault) Get(ctx context.Context, name string) ([]byte, error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.closed {
		return nil, ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return bytes.Clone(v.secrets[name]), nil
}

// Put is like [Vault.Put].
func (v *MemoryVault) Put(ctx context.Context, name string, secret []byte) error {
	if err := checkSecret(name, secret); err != nil {
		return err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.closed {
		return ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	clear(v.secrets[name])
	delete(v.secrets, name)
	if len(secret) > 0 {
		v.secrets[name] = bytes.Clone(secret)
	}
	return nil
}

// Delete is like [Vault.Delete].
func (v *MemoryVault) Delete(ctx context.Context, name string) error {
	if err := checkName(name); err != nil {
		return err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.closed {
		return ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	clear(v.secrets[name])
	delete(v.secrets, name)
	return nil
}

// Close wipes all secrets.
func (v *MemoryVault) Close() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, secret := range v.secrets {
		clear(secret)
	}
	v.secrets, v.closed = nil, true
	return nil
}
