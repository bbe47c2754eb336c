package storage

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// isOurs reports whether a file of the profile folder is one that Culver made: no
// other has exactly such a name.
func isOurs(name string) bool {
	switch {
	case slices.Contains([]string{lockFile, toolkitDir, knockDir, rightsFile}, name),
		strings.HasPrefix(name, vaultFile+damagedInfix),
		strings.HasPrefix(name, databaseFile+damagedInfix), strings.HasPrefix(name, databaseFile+destroyInfix),
		strings.HasPrefix(name, tryPrefix) && strings.HasSuffix(name, newSuffix):
		return true
	}
	if original, _, aside := strings.Cut(name, asideInfix); aside {
		return isOurs(original)
	}
	for _, log := range []string{logSuffix, journalSuffix, "-shm"} {
		name = strings.TrimSuffix(name, log)
	}
	for _, suffix := range []string{newSuffix, oldSuffix, rescuingSuffix, rescuedSuffix} {
		name = strings.TrimSuffix(name, suffix)
	}
	return slices.Contains([]string{vaultFile, vaultCopy, keyringFile, namesFile, moveFile, databaseFile}, name)
}

// errStrange: something that has the name of one of Culver's files is none.
type errStrange struct{ path string }

func (e errStrange) Error() string { return e.path + " is a link, or no file of Culver's" }

// wantReal looks through the profile: what has the name of a file or folder of
// Culver's must be one. Links are refused, also in the folder of the toolkit: what is
// written, overwritten or removed under their names may be anything of the user's. Some
// systems know no capital letters in names.
func wantReal(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		path, name := filepath.Join(dir, e.Name()), strings.ToLower(e.Name())
		folder, link := name == toolkitDir || name == knockDir, !e.IsDir() && !e.Type().IsRegular()
		switch {
		case !isOurs(name):
		case link, name == e.Name() && folder != e.IsDir():
			return errStrange{path}
		case name == toolkitDir && e.IsDir():
			if err := wantNoLinks(path); err != nil {
				return err
			}
		}
	}
	return nil
}

// wantNoLinks makes sure that a folder has files and folders only.
func wantNoLinks(dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err == nil && !d.IsDir() && !d.Type().IsRegular():
			return errStrange{path}
		}
		return err
	})
}
