package storage

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Where a program that finds the profile in use leaves a file, so that the one
// that uses it shows itself and takes the file away. A folder of files works on
// every system and disk, where sockets and pipes do not: on FAT, on Windows, in
// folders with long names.
const knockDir = "knock"

const (
	knockPatience = 10 * time.Second // for the other program to show itself, however busy the computer is
	knockLook     = 50 * time.Millisecond
)

// Knock asks the program that has the profile open to show itself, and to see to word
// unless that is empty. It returns when that is done. An error means that it does not
// answer, or that it cannot be told.
func (place Place) Knock(ctx context.Context, word string) error {
	ctx, stop := context.WithTimeout(ctx, knockPatience)
	defer stop()
	door, err := openDoor(place.Dir)
	if err != nil {
		return fmt.Errorf("knock: %w", err)
	}
	defer door.Close()
	name, err := leave(door, word)
	if err != nil {
		return fmt.Errorf("knock: %w", err)
	}
	// The file may be on a disk that tells nobody of changes: look again and again.
	tick := time.NewTicker(knockLook)
	defer tick.Stop()
	for {
		if _, err := door.Lstat(name); errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			_ = door.Remove(name) // one that is left behind does no harm
			return fmt.Errorf("knock: no answer: %w", ctx.Err())
		}
	}
}

// Attend calls knocked each time that another program finds the profile in use,
// until ctx ends, with the words that were left. The other is told when knocked returns.
func (p *Profile) Attend(ctx context.Context, knocked func(words []string)) error {
	door, err := openDoor(p.dir)
	if err != nil {
		return fmt.Errorf("attend to the door: %w", err)
	}
	defer door.Close()
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("attend to the door: %w", err)
	}
	defer w.Close()
	if err := w.Add(p.path(knockDir)); err != nil {
		return fmt.Errorf("attend to the door: %w", err)
	}
	removeParts(door)
	// Who knocked before there was anybody to hear it waits still.
	answer(door, knocked)
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case e, ok := <-w.Events:
			if !ok {
				return errors.New("attend to the door: the watch has ended")
			}
			if e.Has(fsnotify.Create) {
				answer(door, knocked)
			}
		case err, ok := <-w.Errors:
			if !ok {
				return errors.New("attend to the door: the watch has ended")
			}
			if errors.Is(err, fsnotify.ErrEventOverflow) {
				answer(door, knocked)
			}
		}
	}
}

// openDoor opens the folder of knocks, and makes it if need be. What a link of its
// name leads to is not opened: what lies there is no knock.
func openDoor(profile string) (*os.Root, error) {
	dir := filepath.Join(profile, knockDir)
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	door, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	named, err := os.Lstat(dir)
	if err == nil {
		var opened fs.FileInfo
		if opened, err = door.Stat("."); err == nil && !(named.IsDir() && os.SameFile(named, opened)) {
			err = errStrange{dir}
		}
	}
	if err != nil {
		return nil, errors.Join(err, door.Close())
	}
	return door, nil
}

// A knock is a file of which the name is this many random bytes, in hexadecimal digits.
// It is empty, or holds a word: see knockword.go. More at once than maxKnocks are not
// looked at.
const (
	knockSize = 8
	maxKnocks = 1000
)

func isKnock(e fs.DirEntry) bool { return isKnockName(e.Name()) && e.Type().IsRegular() }

func isKnockName(name string) bool {
	random, err := hex.DecodeString(name)
	return err == nil && len(random) == knockSize && hex.EncodeToString(random) == name
}

// answer calls knocked if anybody has knocked, and takes away what they left.
func answer(door *os.Root, knocked func(words []string)) {
	dir, err := door.Open(".")
	if err != nil {
		return
	}
	defer dir.Close()
	entries, _ := dir.ReadDir(maxKnocks)
	entries = slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return !isKnock(e) })
	if len(entries) == 0 {
		return
	}
	var words []string
	for _, e := range entries {
		if word, ok := readWord(door, e.Name()); ok {
			words = append(words, word)
		}
	}
	knocked(words)
	for _, e := range entries {
		// Another program may be looking at it, for which Windows refuses: the one
		// who left it takes it away in the end.
		_ = door.Remove(e.Name())
	}
}
