//go:build unix

package storage

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestProfileClosesAnOpenFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "profile")
	check(t, os.Mkdir(dir, 0o755), os.Chmod(dir, 0o755))
	openProfile(t, dir)
	same(t, "mode", mode(t, dir), fs.FileMode(0o700))
}

func TestProfileRepairsRights(t *testing.T) {
	dir, outside := t.TempDir(), filepath.Join(t.TempDir(), "outside")
	check(t, os.WriteFile(outside, nil, 0o644))
	check(t, os.Chmod(dir, 0o777), os.Chmod(outside, 0o644))
	ours := []string{"lock", "vault.culver", "vault.culver.bak", "keyring.culver.new", "culver.db", "culver.db-wal", "toolkit/fonts"}
	check(t, os.Mkdir(filepath.Join(dir, "toolkit"), 0o755))
	for _, name := range append(ours, "holiday.jpg") {
		path := filepath.Join(dir, name)
		check(t, os.WriteFile(path, nil, 0o666), os.Chmod(path, 0o666))
	}
	check(t, os.Symlink(outside, filepath.Join(dir, "culver.link")))
	check(t, os.Chmod(filepath.Join(dir, "lock"), 0o400)) // too few are repaired as well
	openProfile(t, dir)
	same(t, "the folder", mode(t, dir), fs.FileMode(0o700))
	same(t, "the folder in it", mode(t, filepath.Join(dir, "toolkit")), fs.FileMode(0o700))
	for _, name := range ours {
		same(t, name, mode(t, filepath.Join(dir, name)), fs.FileMode(0o600))
	}
	same(t, "another's file", mode(t, filepath.Join(dir, "holiday.jpg")), fs.FileMode(0o666))
	same(t, "what a link leads to", mode(t, outside), fs.FileMode(0o644))
}

// A folder with other things in it, the user's home for instance, is not closed.
func TestProfileLeavesOthersFoldersAlone(t *testing.T) {
	dir := t.TempDir()
	check(t, os.WriteFile(filepath.Join(dir, "letter.txt"), nil, 0o644), os.Chmod(dir, 0o755))
	if _, err := OpenProfile(dir); err == nil || !strings.Contains(err.Error(), "Others on this computer") {
		t.Errorf("opened: %v", err)
	}
	same(t, "mode", mode(t, dir), fs.FileMode(0o755))
	names := got(os.ReadDir(dir))(t)
	same(t, "files", len(names), 1)
	check(t, os.Chmod(dir, 0o700))
	openProfile(t, dir)
}

func TestDiskWithoutRights(t *testing.T) {
	refuses := func(string, fs.FileMode) error { return fs.ErrPermission }
	for _, keeps := range []bool{false, true} {
		dir := t.TempDir()
		check(t, os.WriteFile(filepath.Join(dir, "culver.db"), nil, 0o644), os.Chmod(dir, 0o755))
		err := makePrivate(dir, disk{chmod: refuses, keepsRights: func(string) bool { return keeps }})
		if keeps != errors.Is(err, errOthers) || !keeps && err != nil {
			t.Errorf("a disk that keeps rights (%v) and refuses to change them: %v", keeps, err)
		}
	}
	dir := t.TempDir()
	same(t, "this disk keeps rights", keepsRights(dir), true)
	same(t, "files that are left", len(got(os.ReadDir(dir))(t)), 0)
	same(t, "no disk at all", keepsRights(filepath.Join(dir, "gone")), false)
}

func mode(t *testing.T, path string) fs.FileMode {
	t.Helper()
	return got(os.Stat(path))(t).Mode().Perm()
}
