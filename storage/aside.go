package storage

import (
	"context"
	"crypto/rand"
	"fmt"

	"golang.org/x/crypto/chacha20poly1305"
)

// Aside is what outlives a vault that is locked, and is not to be on the disk: it
// stays in memory, sealed by XChaCha20-Poly1305 with a key of its own that is in the
// vault for as long.
type Aside struct{ box []byte } // the nonce, then the ciphertext and its tag

// asideKey names that key.
const asideKey = "aside-key"

// PutAside seals b, which is wiped in any case. Close the vault after it. It may
// block like [Vault.Put].
func (v *Vault) PutAside(ctx context.Context, b []byte) (*Aside, error) {
	defer clear(b)
	key := make([]byte, chacha20poly1305.KeySize)
	defer clear(key)
	rand.Read(key)
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return nil, err
	}
	box := make([]byte, aead.NonceSize(), aead.NonceSize()+len(b)+aead.Overhead())
	rand.Read(box)
	box = aead.Seal(box, box, b, []byte(asideKey))
	if err := v.Put(ctx, asideKey, key); err != nil {
		return nil, doing("keep a key", err)
	}
	return &Aside{box}, nil
}

// TakeAside opens what was put aside, once: the key is deleted. It is nil if a is.
// The caller wipes it. It may block like [Vault.Put].
func (v *Vault) TakeAside(ctx context.Context, a *Aside) ([]byte, error) {
	key, err := v.Get(ctx, asideKey)
	if err != nil {
		return nil, doing("read a key", err)
	}
	defer clear(key)
	if key != nil {
		if err := v.Delete(ctx, asideKey); err != nil {
			return nil, doing("delete a key", err)
		}
	}
	if a == nil {
		return nil, nil
	}
	if len(key) != chacha20poly1305.KeySize || len(a.box) < chacha20poly1305.NonceSizeX {
		return nil, fmt.Errorf("open what was put aside: its key is gone")
	}
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return nil, err
	}
	b, err := aead.Open(nil, a.box[:aead.NonceSize()], a.box[aead.NonceSize():], []byte(asideKey))
	if err != nil {
		return nil, fmt.Errorf("open what was put aside: %w", err)
	}
	return b, nil
}
