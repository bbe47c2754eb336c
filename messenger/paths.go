package messenger

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"culver/backup"
	"culver/lang"
)

// Why a file cannot be used, in sentences.
const (
	errNoPath       = formError("Type where the file is, or choose it.")
	errNewPath      = formError("Type where the file is to be, or choose a folder for it.")
	errRelative     = formError("Type the whole path, from the root of the disk on.")
	errFolder       = formError("This is a folder. Choose a file in it.")
	errNoName       = formError("This is a folder. Add a name for the file.")
	errNotFile      = formError("This is not an ordinary file.")
	errTaken        = formError("There is something else of this name. Choose another name.")
	errNoFile       = formError("There is no such file.")
	errNoSuchFolder = formError("There is no such folder. Choose another one. If it is on a stick, put it in again.")
	errMayNot       = formError("You may not read this file.")
	errMayNotHere   = formError("You may not write into this folder. Choose another one.")
	errFull         = formError("There is not enough room on that disk. Make room, or choose another disk.")
)

// wholePath is the path of a file that is there, as the user typed it.
func wholePath(typed string) (string, error) {
	path := strings.TrimSpace(typed)
	switch {
	case path == "":
		return "", errNoPath
	case !filepath.IsAbs(path) || strings.ContainsRune(path, 0):
		return "", errRelative
	}
	return filepath.Clean(path), nil
}

// newPath is the path of a file that is to be written, as the user typed it, and
// whether there is a file of that name.
func newPath(typed string) (path string, there bool, err error) {
	path, err = wholePath(typed)
	switch {
	case errors.Is(err, errNoPath):
		return "", false, errNewPath
	case err != nil:
		return "", false, err
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if _, err := os.Lstat(path); err == nil {
			return "", false, errTaken // a link to nowhere
		}
		return path, false, nil
	case err != nil:
		return "", false, cannotWrite(err)
	case info.IsDir():
		return "", false, errNoName
	case !info.Mode().IsRegular():
		return "", false, errTaken
	}
	return path, true, nil
}

// cannotRead is an error of the system's in a sentence.
func cannotRead(err error) error {
	switch {
	case errors.Is(err, fs.ErrPermission):
		return errMayNot
	case errors.Is(err, fs.ErrNotExist):
		return errNoFile
	}
	return formError(lang.F("The file cannot be read: %s", asSentence(reason(err))))
}

// cannotWrite is that of a file that is to be written.
func cannotWrite(err error) error {
	switch {
	case errors.Is(err, fs.ErrPermission), isReadOnly(err):
		return errMayNotHere
	case errors.Is(err, fs.ErrNotExist):
		return errNoSuchFolder
	case backup.IsFull(err):
		return errFull
	}
	return formError(lang.F("The file could not be written. Choose another disk, or try again. (%s)", reason(err).Error()))
}

// isReadOnly reports a disk that nobody may write to.
func isReadOnly(err error) bool {
	if runtime.GOOS == "windows" {
		const writeProtected = syscall.Errno(19)
		return errors.Is(err, writeProtected)
	}
	return errors.Is(err, syscall.EROFS)
}

// reason is an error of the system's without what was tried with which file.
func reason(err error) error {
	var file *fs.PathError
	var two *os.LinkError
	switch {
	case errors.As(err, &file):
		return file.Err
	case errors.As(err, &two):
		return two.Err
	}
	return err
}
