//go:build unix && !darwin

package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"culver/internal/testkit"
)

// keyringChild uses the real keyring. The arguments are the folder of a profile
// and what is to be seen there.
func keyringChild(args []string) error {
	ctx := context.Background()
	p, err := OpenProfile(args[0])
	if err != nil {
		return err
	}
	defer p.Close()
	before, err := p.VaultKind()
	if err != nil {
		return err
	}
	v, err := p.OpenKeyring(ctx)
	if want := map[string]error{"locked": ErrKeyringLocked, "none": ErrNoKeyring}[args[1]]; want != nil {
		if !errors.Is(err, want) {
			return fmt.Errorf("OpenKeyring: %v, want %w", err, want)
		}
		after, err := p.VaultKind()
		if err != nil || after != before {
			return fmt.Errorf("the profile is %v, was %v: %w", after, before, err)
		}
		return nil
	}
	if err != nil {
		return err
	}
	defer v.Close()
	if kind, err := p.VaultKind(); err != nil || kind != Keyring {
		return fmt.Errorf("the profile is %v: %w", kind, err)
	}
	for _, name := range oddNames {
		secret, err := v.Get(ctx, name)
		if err != nil {
			return fmt.Errorf("get %q: %w", name, err)
		}
		switch args[1] {
		case "first":
			if secret != nil {
				return fmt.Errorf("%q is there in a fresh profile", name)
			}
			if err := v.Put(ctx, name, oddSecret(name)); err != nil {
				return fmt.Errorf("put %q: %w", name, err)
			}
		case "again":
			if !bytes.Equal(secret, oddSecret(name)) {
				return fmt.Errorf("%q reads as %x", name, secret)
			}
			if err := errors.Join(v.Put(ctx, name, []byte("new")), v.Delete(ctx, name), v.Delete(ctx, name)); err != nil {
				return fmt.Errorf("delete %q: %w", name, err)
			}
		}
	}
	return nil
}

func runKeyring(t *testing.T, env []string, dir, want string) {
	t.Helper()
	if out, err := child(t, env, "keyring", dir, want).CombinedOutput(); err != nil {
		t.Errorf("%s: %v\n%s", want, err, out)
	}
}

func TestRealKeyring(t *testing.T) {
	bus := testkit.StartKeyring(t)
	one, two := t.TempDir(), t.TempDir()
	runKeyring(t, bus.Env(), one, "first")
	runKeyring(t, bus.Env(), two, "first") // does not see the secrets of the other
	runKeyring(t, bus.Env(), one, "again")
	runKeyring(t, bus.Env(), two, "again")

	// Now the profile is one with a keyring, and finds none, or a locked one.
	runKeyring(t, testkit.StartBus(t).Env(), one, "none")
	runKeyring(t, testkit.StartLockedKeyring(t).Env(), one, "locked")
	runKeyring(t, bus.Env(), one, "first") // nothing was lost: it is empty as it was left
}

func TestLockedKeyring(t *testing.T) {
	runKeyring(t, testkit.StartLockedKeyring(t).Env(), t.TempDir(), "locked")
}

func TestBusWithoutKeyring(t *testing.T) {
	runKeyring(t, testkit.StartBus(t).Env(), t.TempDir(), "none")
}

// Without a bus the D-Bus library starts one, and another with each call.
func TestNoBusIsStarted(t *testing.T) {
	if _, err := os.Stat(fmt.Sprintf("/run/user/%d/bus", os.Getuid())); err == nil {
		t.Log("this system has a bus for every program of the user: only an address that is wrong can be tested")
		runKeyring(t, append(testkit.EnvWithoutBus(), "DBUS_SESSION_BUS_ADDRESS=unix:path=/nowhere"), t.TempDir(), "none")
		return
	}
	bin, trace := t.TempDir(), filepath.Join(t.TempDir(), "started")
	script := fmt.Sprintf("#!/bin/sh\necho \"$0\" >> '%s'\nexit 1\n", trace)
	for _, name := range []string{"dbus-launch", "dbus-daemon"} {
		check(t, os.WriteFile(filepath.Join(bin, name), []byte(script), 0o700))
	}
	for _, address := range []string{"", "autolaunch:", "autolaunch:scope=install", "unix:path=/nowhere", "nonsense"} {
		env := append(testkit.EnvWithoutBus(), "PATH="+bin, "DBUS_SESSION_BUS_ADDRESS="+address)
		runKeyring(t, env, t.TempDir(), "none")
	}
	if started, err := os.ReadFile(trace); err == nil {
		t.Errorf("looking for a keyring started: %s", started)
	}
}
