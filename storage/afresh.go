package storage

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// asideInfix stands between the name of a file that StartAfresh put aside and the
// time when it did, if nothing opens it any more. A database of which the key is there
// is kept as a damaged one, which goes with the history: see [DB.DropDamaged].
const asideInfix = ".aside-"

// StartAfresh puts the database aside, and with it the vault, or the note on which
// keyring has it, if that opens no more: the profile is as new then. Nothing is
// deleted: each file is kept beside its place, under its name and the time. Neither
// may be open. If it is cut off, it can be done again.
func (p *Profile) StartAfresh(now time.Time, vault bool) error {
	if err := p.finishRescue(); err != nil {
		return doing("start afresh", err)
	}
	// The log goes first: it must not be taken for that of a new database.
	names, infix := []string{databaseFile + logSuffix, databaseFile}, damagedInfix
	if vault {
		infix = asideInfix
		names = append(names, keyringFile, namesFile, moveFile, vaultFile, vaultCopy)
	} else if err := p.beginDatabase(); err != nil { // its key stays in the vault
		return err
	}
	stamp, err := p.freeStamp(names, infix, now)
	if err != nil {
		return doing("start afresh", err)
	}
	for _, name := range names {
		aside := p.path(name) + infix + stamp
		if name == databaseFile+logSuffix { // so that the two still belong together
			aside = p.path(databaseFile) + infix + stamp + logSuffix
		}
		if err := os.Rename(p.path(name), aside); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return doing("put a file aside", diskError(p.path(name), err))
		}
	}
	return syncDir(p.dir)
}

// freeStamp is the time, in a form that no file was put aside with.
func (p *Profile) freeStamp(names []string, infix string, now time.Time) (string, error) {
	stamp := now.Format("20060102-150405")
	for n := 2; ; n++ {
		taken := false
		for _, name := range names {
			there, err := p.has(name + infix + stamp)
			if err != nil {
				return "", err
			}
			taken = taken || there
		}
		if !taken {
			return stamp, nil
		}
		stamp = fmt.Sprintf("%s-%d", now.Format("20060102-150405"), n)
	}
}
