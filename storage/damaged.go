package storage

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// A damaged database stays beside the one that Rescue made of it, under the same key.
// What is erased from the new one, it still has: with the whole history, or with an
// account, it is deleted as well. It may be large. Its files get names that say so, which
// is done at once and outlives the program; Sweep overwrites and removes them.
const destroyInfix = ".erasing-"

// destroyStep is how much of a file is overwritten, and cut off, at once.
const destroyStep = 1 << 20

// Damaged is how many damaged databases are kept since Rescue made new ones of them.
func (db *DB) Damaged() (n int, err error) {
	names, err := db.beside(damagedInfix)
	if err != nil {
		return 0, doing("look for damaged databases", err)
	}
	for _, name := range names {
		if !strings.HasSuffix(name, logSuffix) {
			n++
		}
	}
	return n, nil
}

// DropDamaged forgets the damaged databases. Their files are gone when Sweep has no
// more to do.
func (db *DB) DropDamaged() error {
	names, err := db.beside(damagedInfix)
	for _, name := range names {
		db.destroying = true
		kept := strings.TrimPrefix(name, filepath.Base(db.path)+damagedInfix)
		err = errors.Join(err, os.Rename(db.sibling(name), db.path+destroyInfix+kept))
	}
	if len(names) > 0 {
		err = errors.Join(err, syncDir(filepath.Dir(db.path)))
	}
	if err != nil {
		return doing("remove the damaged database", err)
	}
	return nil
}

// destroy overwrites and removes the files that DropDamaged named, for a moment, and
// says whether there is more to do.
func (db *DB) destroy() (more bool, err error) {
	if !db.destroying {
		return false, nil
	}
	names, err := db.beside(destroyInfix)
	if err != nil || len(names) == 0 {
		db.destroying = err != nil
		return false, err
	}
	for end := time.Now().Add(eraseTime); len(names) > 0 && time.Now().Before(end); {
		gone, err := db.destroySome(db.sibling(names[0]))
		if err != nil {
			return false, err
		}
		if gone {
			names = names[1:]
		}
	}
	return true, nil
}

// destroySome overwrites and cuts off the end of a file, and removes it when it is empty.
// The database itself may have that name, too, if the program died while Rescue was
// giving it: it keeps its own.
func (db *DB) destroySome(path string) (gone bool, err error) {
	info, err := os.Lstat(path)
	if err != nil {
		return errors.Is(err, fs.ErrNotExist), err
	}
	left := info.Size()
	if info.Mode().IsRegular() && left > 0 && !db.isInUse(info) {
		n := min(left, destroyStep)
		left -= n
		err = overwriteEnd(path, left, n)
	} else {
		left = 0
	}
	if err != nil || left > 0 {
		return false, err
	}
	return true, os.Remove(path)
}

func overwriteEnd(path string, at, n int64) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	noise := make([]byte, n)
	rand.Read(noise)
	_, err = f.WriteAt(noise, at)
	if err == nil {
		err = f.Sync()
	}
	if err == nil {
		err = f.Truncate(at)
	}
	return errors.Join(err, f.Close())
}

// isInUse reports whether a file is the database, or its log.
func (db *DB) isInUse(info fs.FileInfo) bool {
	for _, name := range []string{db.path, db.path + logSuffix} {
		if own, err := os.Lstat(name); err == nil && os.SameFile(own, info) {
			return true
		}
	}
	return false
}

// beside are the names of the files beside the database that begin with its name and
// infix.
func (db *DB) beside(infix string) (names []string, err error) {
	if err := db.closed(); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(filepath.Dir(db.path))
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), filepath.Base(db.path)+infix) {
			names = append(names, e.Name())
		}
	}
	return names, err
}

func (db *DB) sibling(name string) string { return filepath.Join(filepath.Dir(db.path), name) }
