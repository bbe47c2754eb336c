//go:build unix && !darwin

package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"reflect"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"culver/im"
)

// A disk without room, for the files themselves: the system lets none grow
// beyond a limit, which is then lifted.
func TestDiskFull(t *testing.T) {
	if out, err := child(t, os.Environ(), "full", t.TempDir()).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func fullChild(args []string) error {
	ctx := context.Background()
	signal.Ignore(syscall.SIGXFSZ)
	p, err := OpenProfile(args[0])
	if err != nil {
		return err
	}
	p.cost, p.cheapest = cheap, cheap()
	v, err := p.CreateVault(pass)
	if err != nil {
		return err
	}
	if err := v.Put(ctx, "canary", []byte("the canary sings")); err != nil {
		return err
	}

	// Too little for a database: none is there, and the next try makes one.
	if err := limitFiles(20_000); err != nil {
		return err
	}
	if _, err := p.OpenDB(ctx, v); !errors.Is(err, ErrFull) {
		return fmt.Errorf("making a database: %v, want ErrFull", err)
	}
	if there, err := p.has(databaseFile); there || err != nil {
		return fmt.Errorf("half a database is there: %w", err)
	}
	if err := limitFiles(1 << 20); err != nil {
		return err
	}
	db, err := p.OpenDB(ctx, v)
	if err != nil {
		return err
	}

	kept := 0
	for ; kept < 10_000; kept++ {
		m := line(withBob, fmt.Sprint(kept))
		m.Text = im.Plain(strings.Repeat("x", 3000))
		if err = db.Append(m); err != nil {
			break
		}
	}
	if !errors.Is(err, ErrFull) {
		return fmt.Errorf("after %d messages: %v, want ErrFull", kept, err)
	}
	before, err := everything(db)
	if err != nil {
		return err
	}
	if err := limitFiles(100); err != nil {
		return err
	}
	if err := v.Put(ctx, "canary", bytes.Repeat([]byte("x"), MaxSecret)); !errors.Is(err, ErrFull) {
		return fmt.Errorf("a secret: %v, want ErrFull", err)
	}
	if err := limitFiles(1 << 30); err != nil {
		return err
	}
	secret, err := v.Get(ctx, "canary")
	if err != nil || string(secret) != "the canary sings" {
		return fmt.Errorf("the secret is %q: %w", secret, err)
	}
	if err := db.Append(line(withBob, fmt.Sprint(kept))); err != nil {
		return fmt.Errorf("with room again: %w", err)
	}
	if err := db.Close(); err != nil {
		return err
	}
	if db, err = p.OpenDB(ctx, v); err != nil {
		return err
	}
	messages, err := db.Older(withBob, "", 1<<30)
	if err != nil || len(messages) != kept+1 {
		return fmt.Errorf("%d messages, want %d: %w", len(messages), kept+1, err)
	}
	if err := db.Remove(withBob, fmt.Sprint(kept)); err != nil {
		return err
	}
	if after, err := everything(db); err != nil || !reflect.DeepEqual(after, before) {
		return fmt.Errorf("it changed: %w", err)
	}
	return db.Close()
}

// limitFiles makes the system refuse to let a file of this process grow beyond n bytes.
func limitFiles(n uint64) error {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	limit.Cur = min(n, limit.Max)
	return unix.Setrlimit(unix.RLIMIT_FSIZE, &limit)
}
