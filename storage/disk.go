package storage

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// diskError makes an error of the disk's own a sentence for people: path is what
// could not be written or read. Others stay as they are.
func diskError(path string, err error) error {
	switch {
	case isFull(err):
		return diskFull(err)
	case isReadOnly(err):
		return diskReadOnly(path, err)
	case isGone(err):
		return diskGone(path, err)
	case errors.Is(err, fs.ErrNotExist):
		if _, e := os.Lstat(filepath.Dir(path)); e != nil {
			return diskGone(path, err)
		}
	}
	return err
}

// askDisk says what keeps the disk from writing or reading path, when the error does
// not. full is whether it may as well be full.
func askDisk(path string, full bool, err error) error {
	state := tryDisk(path)
	for _, e := range []error{err, state} {
		if told := diskError(path, e); errors.Is(told, ErrDisk) || errors.Is(told, ErrFull) {
			return told
		}
	}
	switch {
	case full:
		return diskFull(err)
	case errors.Is(state, fs.ErrPermission):
		return sentence(ErrDisk, err,
			"Culver may no longer write to the folder %s, so nothing more can be saved. Make it yours again, then start Culver again.", filepath.Dir(path))
	case state != nil:
		return diskGone(path, err)
	}
	return sentence(ErrDisk, err,
		"The disk fails to read or write %s. Make a copy of its folder on another disk, and have this one checked.", path)
}

// tryPrefix begins the names of the files that tryDisk makes for a moment.
const tryPrefix = "try-"

// tryDisk looks for path, and makes a file beside it that is gone at once.
func tryDisk(path string) error {
	if _, err := os.Lstat(path); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), tryPrefix+"*"+newSuffix)
	if err != nil {
		return err
	}
	_, err = f.Write([]byte{0})
	return errors.Join(err, f.Close(), os.Remove(f.Name()))
}

func diskFull(err error) error {
	return sentence(ErrFull, err, "The disk is full or takes no more, so this could not be saved. Make room and try again.")
}

func diskReadOnly(path string, err error) error {
	return sentence(ErrDisk, err,
		"The disk with %s has become read-only, so nothing more can be saved. If it is a stick, look for its switch; else have the disk checked. Then start Culver again.", filepath.Dir(path))
}

func diskGone(path string, err error) error {
	return sentence(ErrDisk, err,
		"The disk with %s does not answer. If it was taken out, quit Culver, put it back, and start Culver again: all that was saved before is still there.", filepath.Dir(path))
}
