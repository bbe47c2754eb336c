package storage

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// files changes files. Its zero value, or nil, does so plainly; tests make it fail, or stop
// as if the program had died, before any of the steps that it takes.
type files struct {
	before func(step, file string) error
}

func (d *files) step(name, path string, do func() error) error {
	if d != nil && d.before != nil {
		if err := d.before(name, filepath.Base(path)); err != nil {
			return err
		}
	}
	return do()
}

// write puts data in place of the file at path, so that after a crash at any
// moment the file is either the old or the new one, whole. When it returns nil
// the new one is on the disk and was read back.
func (d *files) write(path string, data []byte) error { return d.put(path, data, false) }

// replace is like write, and destroys what the file was before, which no passphrase
// is to open later: until then it is beside it, under the name with oldSuffix. Left
// says that the new file is in its place and the old one could not be destroyed;
// dropUnfinished tries that again. A crash may leave the old one only, with that name:
// see takeBack.
func (d *files) replace(path string, data []byte) (left, err error) {
	if _, err := os.Lstat(path); err == nil {
		_ = d.shred(path + oldSuffix) // left by another time
	}
	if err := d.put(path, data, true); err != nil {
		return nil, err
	}
	return d.shred(path + oldSuffix), nil
}

// put is write or, if what was there is to be kept, the first part of replace.
func (d *files) put(path string, data []byte, keep bool) error {
	fresh := path + newSuffix
	if err := d.remove(fresh); err != nil {
		return err
	}
	var f *os.File
	err := d.step("create", fresh, func() (err error) {
		f, err = os.OpenFile(fresh, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		return err
	})
	if err != nil {
		return diskError(path, err)
	}
	err = d.step("write", fresh, func() error {
		_, err := f.Write(data)
		return err
	})
	if err == nil {
		err = d.step("sync", fresh, f.Sync)
	}
	if e := f.Close(); err == nil {
		err = e
	}
	kept := false
	if err == nil && keep {
		err = d.step("put aside", path, func() error { return os.Rename(path, path+oldSuffix) })
		if kept = err == nil; errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
	}
	if err == nil {
		err = d.step("rename", path, func() error { return os.Rename(fresh, path) })
		if err != nil && kept {
			err = errors.Join(err, d.step("put back", path, func() error { return os.Rename(path+oldSuffix, path) }))
		}
	}
	if err != nil {
		return diskError(path, errors.Join(err, d.remove(fresh)))
	}
	if err := d.step("sync folder", path, func() error { return syncDir(filepath.Dir(path)) }); err != nil {
		return err
	}
	back, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if !bytes.Equal(back, data) {
		return fmt.Errorf("%s reads differently from what was written", filepath.Base(path))
	}
	return nil
}

// remove takes a file away, if it is there.
func (d *files) remove(path string) error {
	err := d.step("remove", path, func() error { return os.Remove(path) })
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// drop takes a file away for good: when it returns nil, it is gone after a power
// failure as well.
func (d *files) drop(path string) error {
	if err := d.remove(path); err != nil {
		return err
	}
	return d.step("sync folder", path, func() error { return syncDir(filepath.Dir(path)) })
}

// shred overwrites a file and takes it away for good. What a flash disk, or a file
// system that never writes in place, keeps of it is beyond its reach.
func (d *files) shred(path string) error {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if info.Mode().IsRegular() {
		err := d.step("overwrite", path, func() error { return overwrite(path, info.Size()) })
		if err != nil {
			return err
		}
	}
	return d.drop(path)
}

// takeBack gives a file that replace put aside its name back, if the program died
// before there was a new one.
func (p *Profile) takeBack() error {
	for _, name := range []string{vaultFile, vaultCopy} {
		there, err := p.has(name)
		if err != nil {
			return err
		}
		if there {
			continue
		}
		err = os.Rename(p.path(name+oldSuffix), p.path(name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err := errors.Join(err, syncDir(p.dir)); err != nil {
			return err
		}
	}
	return nil
}

// dropUnfinished takes away what a crash left of files that were being written or
// destroyed. The vault was opened: the files that took their place are good.
func (p *Profile) dropUnfinished() {
	if p.files.step("sync folder", p.dir, func() error { return syncDir(p.dir) }) == nil {
		for _, name := range []string{vaultFile, vaultCopy} {
			_ = p.files.shred(p.path(name + oldSuffix))
		}
	}
	for _, name := range []string{vaultFile, vaultCopy, keyringFile, namesFile, moveFile} {
		_ = p.files.shred(p.path(name + newSuffix))
	}
}

func overwrite(path string, size int64) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = io.CopyN(f, rand.Reader, size)
	return errors.Join(err, f.Sync(), f.Close())
}

// readFile is the content of a file of at most limit bytes.
func readFile(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("%s is larger than %d bytes: %w", filepath.Base(path), limit, ErrDamaged)
	}
	return data, nil
}

// syncDir brings the names in a folder to the disk: a file that was renamed is
// only then where it belongs after the power failed. Windows needs and has no
// such call.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
