package storage

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// writeFile puts data in place of the file at path, so that after a crash at any
// moment the file is either the old or the new one, whole. When it returns nil
// the new one is on the disk and was read back.
func writeFile(path string, data []byte) error {
	fresh := path + newSuffix
	if err := os.Remove(fresh); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(fresh, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return diskError(err)
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(fresh, path)
	}
	if err != nil {
		return diskError(errors.Join(err, os.Remove(fresh)))
	}
	if err := syncDir(filepath.Dir(path)); err != nil {
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

// diskError marks an error that means that there is no room.
func diskError(err error) error {
	if isFull(err) {
		return diskFull(err)
	}
	return err
}

func diskFull(err error) error {
	return sentence(ErrFull, err, "The disk is full or takes no more, so this could not be saved. Make room and try again.")
}
