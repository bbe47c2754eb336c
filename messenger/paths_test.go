package messenger

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

func TestWhatTheSystemSaysOfFilesIsASentence(t *testing.T) {
	at := func(err error) error {
		return fmt.Errorf("while: %w", &fs.PathError{Op: "open", Path: "/home/alice/b", Err: err})
	}
	type row struct {
		err         error
		read, write string
	}
	rows := []row{
		{at(fs.ErrPermission), string(errMayNot), string(errMayNotHere)},
		{at(fs.ErrNotExist), string(errNoFile), string(errNoSuchFolder)},
		{at(errors.New("bad block")), "The file cannot be read: Bad block.", "The file could not be written. Choose another disk, or try again. (bad block)"},
		{&os.LinkError{Op: "rename", Old: "/a", New: "/b", Err: errors.New("busy")}, "The file cannot be read: Busy.", "The file could not be written. Choose another disk, or try again. (busy)"},
	}
	if runtime.GOOS != "windows" {
		rows = append(rows, row{at(syscall.ENOSPC), "The file cannot be read: No space left on device.", string(errFull)},
			row{at(syscall.EROFS), "The file cannot be read: Read-only file system.", string(errMayNotHere)})
	}
	for _, r := range rows {
		if got := cannotRead(r.err).Error(); got != r.read {
			t.Errorf("reading, %v is %q", r.err, got)
		}
		if got := cannotWrite(r.err).Error(); got != r.write {
			t.Errorf("writing, %v is %q", r.err, got)
		}
	}
}

func TestThePathOfANewFile(t *testing.T) {
	dir := t.TempDir()
	there := filepath.Join(dir, "there")
	if err := os.WriteFile(there, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for typed, want := range map[string]error{
		"": errNewPath, "  ": errNewPath, "x.age": errRelative, dir + "\x00": errRelative, dir: errNoName, os.DevNull: errTaken,
		filepath.Join(there, "below"): nil,
	} {
		if _, _, err := newPath(typed); want != nil && !errors.Is(err, want) || want == nil && err == nil {
			t.Errorf("%q is %v, want %v", typed, err, want)
		}
	}
	for typed, want := range map[string]bool{there: true, " " + there + "\n": true, filepath.Join(dir, "new"): false} {
		if path, is, err := newPath(typed); err != nil || is != want || path != strings.TrimSpace(typed) {
			t.Errorf("%q is %q, %v, %v", typed, path, is, err)
		}
	}
}
