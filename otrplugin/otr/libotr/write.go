package libotr

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// BackupSuffix is what WriteFile adds to the name for the file's previous content.
const BackupSuffix = ".bak"

// WriteFile replaces a file by data, or makes it, readable by its owner alone.
// At every moment, also when the machine stops or the disk is full, the old
// content or the new is there as a whole: data goes to a new file beside it,
// which takes its place when it is on the disk. (libotr writes in place: a
// crash can cost all keys.) What the file held before is kept under its name
// with [BackupSuffix]. If the name is a link, what it leads to is replaced.
//
// After an error the file is as it was, unless the error says that it was replaced.
func WriteFile(name string, data []byte) error {
	return disk{write: writeSync, rename: os.Rename, sync: syncFolder}.replace(name, data)
}

// disk is what can fail while a file is replaced.
type disk struct {
	write  func(*os.File, []byte) error // and have it on the disk
	rename func(from, to string) error
	sync   func(folder string) error
}

func (d disk) replace(name string, data []byte) error {
	if to, err := filepath.EvalSymlinks(name); err == nil {
		name = to
	}
	unchanged := func(err error) error {
		return fmt.Errorf("write %s: %w (the file is as it was)", filepath.Base(name), err)
	}
	next, err := d.temporary(name, data)
	if err != nil {
		return unchanged(err)
	}
	if err := d.backup(name); err != nil {
		return unchanged(errors.Join(fmt.Errorf("keep a backup: %w", err), os.Remove(next)))
	}
	if err := d.rename(next, name); err != nil {
		return unchanged(errors.Join(err, os.Remove(next)))
	}
	if err := d.sync(filepath.Dir(name)); err != nil {
		return fmt.Errorf("write %s: the file was replaced, but a crash might undo it: %w", filepath.Base(name), err)
	}
	return nil
}

// temporary puts data into a new file in the folder of name.
func (d disk) temporary(name string, data []byte) (string, error) {
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*.part") // mode 0600
	if err != nil {
		return "", err
	}
	if err := errors.Join(d.write(f, data), f.Close()); err != nil {
		return "", errors.Join(err, os.Remove(f.Name()))
	}
	return f.Name(), nil
}

// backup copies the file called name, if there is one, to its backup.
func (d disk) backup(name string) error {
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	old, err := readAll(f, maxFingerprints)
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	defer clear(old)
	part, err := d.temporary(name+BackupSuffix, old)
	if err != nil {
		return err
	}
	if err := d.rename(part, name+BackupSuffix); err != nil {
		return errors.Join(err, os.Remove(part))
	}
	return nil
}

// writeSync writes to a file and waits until it is on the disk.
func writeSync(f *os.File, data []byte) error {
	if _, err := f.Write(data); err != nil {
		return err
	}
	return f.Sync()
}

// syncFolder waits until the names in a folder are on the disk. Windows knows
// no such thing: there, renaming has done it.
func syncFolder(name string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	err = f.Sync()
	return errors.Join(err, f.Close())
}
