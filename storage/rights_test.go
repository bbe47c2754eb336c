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

// The program itself, its source or a folder of the user's are not Culver's because of
// their names.
func TestProfileKnowsItsFilesByTheirNames(t *testing.T) {
	dir := t.TempDir()
	bin := filepath.Join(dir, "culver-src", "bin")
	program, tool := filepath.Join(dir, "culver"), filepath.Join(bin, "tool")
	check(t, os.MkdirAll(bin, 0o755))
	for _, path := range []string{program, tool} {
		check(t, os.WriteFile(path, nil, 0o755), os.Chmod(path, 0o755))
	}
	check(t, os.WriteFile(filepath.Join(dir, "report.new"), nil, 0o644), os.Chmod(dir, 0o755))
	if _, err := OpenProfile(dir); err == nil || !strings.Contains(err.Error(), "Others on this computer") {
		t.Errorf("opened: %v", err)
	}
	same(t, "the folder", mode(t, dir), fs.FileMode(0o755))
	check(t, os.WriteFile(filepath.Join(dir, "culver.db"), nil, 0o644), os.Chmod(dir, 0o700))
	openProfile(t, dir)
	for _, path := range []string{program, tool} {
		same(t, path, mode(t, path), fs.FileMode(0o755))
	}
	same(t, "the report", mode(t, filepath.Join(dir, "report.new")), fs.FileMode(0o644))
	same(t, "the database", mode(t, filepath.Join(dir, "culver.db")), fs.FileMode(0o600))
}

// Nothing is read, written or destroyed through a link that has the name of one of
// Culver's files.
func TestProfileRefusesLinks(t *testing.T) {
	for _, name := range []string{
		"lock", "vault.culver", "vault.culver.bak", "vault.culver.new", "vault.culver.old", "vault.culver.damaged-2026-11-22-063000.000",
		"keyring.culver", "names.culver", "move.culver", "culver.db", "culver.db-wal", "culver.db-journal", "culver.db.new",
		"culver.db.rescuing-wal", "culver.db.rescued", "culver.db.damaged-20261122-063000", "culver.db.damaged-20261122-063000-wal",
		"knock", "toolkit", "toolkit/config", "toolkit/cache/icon.png",
		"KNOCK", "Culver.db.new", "Toolkit", "Toolkit/config",
	} {
		for what, target := range map[string]string{"file": "thesis.odt", "folder": "", "nothing": "gone"} {
			dir, victim := t.TempDir(), t.TempDir()
			check(t, os.WriteFile(filepath.Join(victim, "thesis.odt"), []byte("x"), 0o644))
			check(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700))
			check(t, os.Symlink(filepath.Join(victim, target), filepath.Join(dir, name)), os.Chmod(dir, 0o700))
			p, err := OpenProfile(dir)
			if err == nil || !strings.Contains(err.Error(), "is a link") || !strings.Contains(err.Error(), name) {
				t.Errorf("%s is a link to a %s: %v", name, what, err)
			}
			if p != nil {
				p.Close()
			}
			same(t, "files behind the link", len(got(os.ReadDir(victim))(t)), 1)
		}
	}
	dir := t.TempDir()
	check(t, os.Chmod(dir, 0o700), os.Symlink(t.TempDir(), filepath.Join(dir, "culver.link")))
	check(t, os.WriteFile(filepath.Join(dir, "Toolkit"), nil, 0o600), os.Mkdir(filepath.Join(dir, "Lock"), 0o700))
	check(t, openProfile(t, dir).Close()) // the link is the user's, and so are these
	check(t, os.Mkdir(filepath.Join(dir, "vault.culver"), 0o700))
	if _, err := OpenProfile(dir); err == nil || !strings.Contains(err.Error(), "did not make") {
		t.Errorf("a folder in the place of the vault: %v", err)
	}
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
