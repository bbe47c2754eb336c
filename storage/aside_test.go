package storage

import (
	"bytes"
	"context"
	"testing"
)

func TestAside(t *testing.T) {
	ctx := context.Background()
	p, v := lockedProfile(t)
	text := []byte("canary line that waits")
	a, err := v.PutAside(ctx, text)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(text, make([]byte, len(text))) {
		t.Errorf("not wiped: %q", text)
	}
	if bytes.Contains(a.box, []byte("canary")) {
		t.Error("it is readable")
	}
	v.Close()
	if _, err := v.TakeAside(ctx, a); err == nil {
		t.Error("opened without the vault")
	}
	v = got(p.UnlockVault(pass))(t)
	defer v.Close()
	b, err := v.TakeAside(ctx, a)
	if err != nil || string(b) != "canary line that waits" {
		t.Fatalf("%q, %v", b, err)
	}
	if key, err := v.Get(ctx, asideKey); key != nil || err != nil {
		t.Errorf("the key is still there: %v", err)
	}
	if b, err := v.TakeAside(ctx, a); err == nil {
		t.Errorf("opened twice: %q", b)
	}
	if b, err := v.TakeAside(ctx, nil); b != nil || err != nil {
		t.Errorf("of nothing: %q, %v", b, err)
	}
	// A key that was left by a program that died while it was locked goes.
	if _, err := v.PutAside(ctx, nil); err != nil {
		t.Fatal(err)
	}
	v.TakeAside(ctx, nil)
	if key, _ := v.Get(ctx, asideKey); key != nil {
		t.Error("a key is left")
	}
}

func TestAsideIsForTheNextKeyOnly(t *testing.T) {
	ctx := context.Background()
	_, v := lockedProfile(t)
	defer v.Close()
	first, err := v.PutAside(ctx, []byte("one"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.PutAside(ctx, []byte("two")); err != nil {
		t.Fatal(err)
	}
	if b, err := v.TakeAside(ctx, first); err == nil {
		t.Errorf("another key opens it: %q", b)
	}
	v.Close()
	text := []byte("three")
	if _, err := v.PutAside(ctx, text); err == nil || !bytes.Equal(text, make([]byte, 5)) {
		t.Errorf("%q, %v", text, err)
	}
}

// What was put aside outlives a change of where the secrets are.
func TestAsideMoves(t *testing.T) {
	ctx := context.Background()
	p, v := lockedProfile(t)
	p.ring = fakeRing{}
	defer func() { v.Close() }()
	a, err := v.PutAside(ctx, []byte("a line"))
	check(t, err, v.UseKeyring(ctx, pass), v.Close())
	v = got(p.OpenKeyring(ctx))(t)
	if b, err := v.TakeAside(ctx, a); err != nil || string(b) != "a line" {
		t.Errorf("%q, %v", b, err)
	}
	if key, err := v.Get(ctx, asideKey); key != nil || err != nil {
		t.Errorf("the key is still there: %v", err)
	}
}
