package storage

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Where a program that finds the profile in use leaves a file, so that the one
// that uses it shows itself and takes the file away. A folder of files works on
// every system and disk, where sockets and pipes do not: on FAT, on Windows, in
// folders with long names.
const knockDir = "knock"

const (
	knockPatience = 4 * time.Second // for the other program to show itself
	knockLook     = 50 * time.Millisecond
)

// Knock asks the program that has the profile open to show itself, and returns
// when it has. An error means that it does not answer.
func (place Place) Knock(ctx context.Context) error {
	ctx, stop := context.WithTimeout(ctx, knockPatience)
	defer stop()
	dir := filepath.Join(place.Dir, knockDir)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("knock: %w", err)
	}
	random := make([]byte, 8)
	rand.Read(random)
	path := filepath.Join(dir, hex.EncodeToString(random))
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("knock: %w", err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("knock: %w", err)
	}
	// The file may be on a disk that tells nobody of changes: look again and again.
	tick := time.NewTicker(knockLook)
	defer tick.Stop()
	for {
		if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			_ = os.Remove(path) // one that is left behind does no harm
			return fmt.Errorf("knock: no answer: %w", ctx.Err())
		}
	}
}

// Attend calls knocked each time that another program finds the profile in use,
// until ctx ends. The other is told when knocked returns.
func (p *Profile) Attend(ctx context.Context, knocked func()) error {
	dir := p.path(knockDir)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("attend to the door: %w", err)
	}
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("attend to the door: %w", err)
	}
	defer w.Close()
	if err := w.Add(dir); err != nil {
		return fmt.Errorf("attend to the door: %w", err)
	}
	// Who knocked before there was anybody to hear it waits still.
	p.answer(knocked)
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case e, ok := <-w.Events:
			if !ok {
				return errors.New("attend to the door: the watch has ended")
			}
			if e.Has(fsnotify.Create) {
				p.answer(knocked)
			}
		case err, ok := <-w.Errors:
			if !ok {
				return errors.New("attend to the door: the watch has ended")
			}
			if errors.Is(err, fsnotify.ErrEventOverflow) {
				p.answer(knocked)
			}
		}
	}
}

// answer calls knocked if anybody has knocked, and takes away what they left.
func (p *Profile) answer(knocked func()) {
	entries, err := os.ReadDir(p.path(knockDir))
	if err != nil || len(entries) == 0 {
		return
	}
	knocked()
	for _, e := range entries {
		// Another program may be looking at it, for which Windows refuses: the one
		// who left it takes it away in the end.
		_ = os.Remove(filepath.Join(p.path(knockDir), e.Name()))
	}
}
