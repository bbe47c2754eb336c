package storage

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// rightsFile is made for a moment, to see whether a disk keeps rights at all.
const rightsFile = "rights" + newSuffix

// errOthers: others may look into the profile, and Culver cannot or should not
// change that.
var errOthers = errors.New("others may read it")

// disk is what makePrivate asks of the one that the profile lies on.
type disk struct {
	chmod func(path string, mode fs.FileMode) error
	// keepsRights reports whether a file has the rights that it was made with. FAT
	// has none, and shows the same ones for all.
	keepsRights func(dir string) bool
}

// makePrivate makes sure that dir is a folder which only the user may enter, and
// that what Culver has in it is the user's alone. What lies there besides stays as
// it is. On a disk that keeps no rights there is nothing to do.
func makePrivate(dir string, on disk) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return fmt.Errorf("%s is no folder", dir)
	}
	if runtime.GOOS == "windows" {
		return nil // who may enter is inherited from the folder above
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	known, strange := false, false
	for _, e := range entries {
		if isOurs(e.Name()) {
			known = true
		} else {
			strange = true
		}
	}
	if !strange || known {
		err = on.narrow(dir, info)
	} else if wide(info) && on.keepsRights(dir) {
		return errOthers // the user's home, /tmp: not ours to close
	}
	for _, e := range entries {
		if isOurs(e.Name()) {
			err = errors.Join(err, on.narrowAll(filepath.Join(dir, e.Name())))
		}
	}
	if err != nil && on.keepsRights(dir) {
		return errors.Join(errOthers, err)
	}
	return nil
}

// narrowAll takes the rights of others away from a file, or a folder and all in it.
// Links are not followed.
func (on disk) narrowAll(path string) error {
	var failed error
	err := filepath.WalkDir(path, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		if !d.IsDir() && !d.Type().IsRegular() {
			return nil
		}
		info, err := d.Info()
		if err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			return err
		}
		failed = errors.Join(failed, on.narrow(path, info))
		return nil
	})
	return errors.Join(failed, err)
}

func (on disk) narrow(path string, info fs.FileInfo) error {
	want := fs.FileMode(0o600)
	if info.IsDir() {
		want = 0o700
	}
	if !wide(info) && info.Mode().Perm()&want == want {
		return nil
	}
	return on.chmod(path, want)
}

// wide reports whether others than the user have any rights.
func wide(info fs.FileInfo) bool { return info.Mode().Perm()&0o077 != 0 }

// keepsRights makes a file in dir to see what rights it has. If none can be made
// it is no matter: the profile will not open.
func keepsRights(dir string) bool {
	path := filepath.Join(dir, rightsFile)
	_ = os.Remove(path) // left behind by a crash
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return false
	}
	info, err := f.Stat()
	_ = f.Close()
	_ = os.Remove(path)
	return err == nil && !wide(info)
}
