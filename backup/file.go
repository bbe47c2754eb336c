package backup

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
)

// WriteFile makes a file that only its owner may read, with what fill writes: all
// of it, or none. One of that name is replaced at the very end. Its errors are
// those of the system, and of fill.
func WriteFile(path string, fill func(io.Writer) error) error {
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, filepath.Base(path)+".*.part")
	if err != nil {
		return err
	}
	err = fill(f)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, ignoreMissing(os.Remove(f.Name())))
	}
	if d, err := os.Open(dir); err == nil { // so that the name outlives a power cut, where the system has that
		d.Sync()
		d.Close()
	}
	return nil
}

// IsFull reports whether an error of WriteFile means that the disk, or the user's
// share of it, is full.
func IsFull(err error) bool {
	const diskFull, handleDiskFull, quotaExceeded = syscall.Errno(112), syscall.Errno(39), syscall.Errno(1295) // of Windows
	if runtime.GOOS == "windows" {
		return errors.Is(err, diskFull) || errors.Is(err, handleDiskFull) || errors.Is(err, quotaExceeded)
	}
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
