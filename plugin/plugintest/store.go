package plugintest

import (
	"bytes"
	"context"
	"errors"
	"strings"

	"culver/plugin"
)

// Store is a plugin.Store in memory. With Err set, every call fails with it.
type Store struct {
	Data map[string][]byte
	Err  error
}

var _ plugin.Store = (*Store)(nil)

// Get returns a copy of the value.
func (s *Store) Get(key string) ([]byte, bool, error) {
	v, ok := s.Data[key]
	return bytes.Clone(v), ok && s.Err == nil, s.Err
}

// Put keeps a copy of the value.
func (s *Store) Put(key string, value []byte) error {
	if s.Err == nil {
		s.Data[key] = bytes.Clone(value)
	}
	return s.Err
}

// Delete removes the key.
func (s *Store) Delete(key string) error {
	if s.Err == nil {
		delete(s.Data, key)
	}
	return s.Err
}

// List returns copies of what lies under the prefix.
func (s *Store) List(prefix string) (map[string][]byte, error) {
	if s.Err != nil {
		return nil, s.Err
	}
	found := make(map[string][]byte)
	for k, v := range s.Data {
		if strings.HasPrefix(k, prefix) {
			found[k] = bytes.Clone(v)
		}
	}
	return found, nil
}

// Vault is a plugin.Vault in memory. With Err set, every call fails with it; a
// call outside the work of Go fails the test, for a real vault may block.
type Vault struct {
	Data map[string][]byte
	Err  error
	// Reads counts the calls of Get.
	Reads int
	host  *Host
}

var _ plugin.Vault = (*Vault)(nil)

// maxSecret is the limit that the contract names.
const maxSecret = 2000

func (v *Vault) check(ctx context.Context) error {
	if !v.host.inWork {
		v.host.tb.Errorf("the vault was called outside the work of Go")
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return v.Err
}

// Get returns a copy of the secret.
func (v *Vault) Get(ctx context.Context, name string) ([]byte, error) {
	v.Reads++
	if err := v.check(ctx); err != nil {
		return nil, err
	}
	return bytes.Clone(v.Data[name]), nil
}

// Put keeps a copy of the secret.
func (v *Vault) Put(ctx context.Context, name string, secret []byte) error {
	if err := v.check(ctx); err != nil {
		return err
	}
	if len(secret) > maxSecret {
		return errors.New("the secret is too big for a keyring")
	}
	v.Data[name] = bytes.Clone(secret)
	return nil
}

// Delete removes the secret.
func (v *Vault) Delete(ctx context.Context, name string) error {
	if err := v.check(ctx); err != nil {
		return err
	}
	delete(v.Data, name)
	return nil
}
