package storage

import (
	"bytes"
	"testing"
)

// The Credential Manager keeps what the longest secret is.
func TestCredentialManager(t *testing.T) {
	ctx := t.Context()
	p, err := OpenProfile(t.TempDir())
	check(t, err)
	defer p.Close()
	secret := bytes.Repeat([]byte{0, 0xff, 'x'}, MaxSecret)[:MaxSecret]
	v := got(p.OpenKeyring(ctx))(t)
	defer func() { check(t, v.Delete(ctx, "canary"), v.Close()) }()
	check(t, v.Put(ctx, "canary", secret))
	same(t, "kind", got(p.VaultKind())(t), Keyring)
	again := got(p.OpenKeyring(ctx))(t)
	defer again.Close()
	if back := got(again.Get(ctx, "canary"))(t); !bytes.Equal(back, secret) {
		t.Errorf("%d bytes came back", len(back))
	}
}
