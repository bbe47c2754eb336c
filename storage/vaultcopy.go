package storage

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"time"
)

// damagedInfix stands between the name of a vault file, or a database, that was put
// aside and the time when it was.
const damagedInfix = ".damaged-"

// damagedVaults are the names of the vault files that were put aside.
func (p *Profile) damagedVaults() (names []string, err error) {
	entries, err := os.ReadDir(p.dir)
	if err != nil {
		return nil, doing("look through the profile", err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), vaultFile+damagedInfix) {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

// CopyHelps reports that the copy of the vault file may open where UnlockVault
// returned err: the copy is whole, and differs from the file in what matters.
func (p *Profile) CopyHelps(err error) bool {
	damaged, wrong := errors.Is(err, ErrDamaged), errors.Is(err, ErrWrongPassphrase)
	if !damaged && !wrong {
		return false
	}
	copy, e := readFile(p.path(vaultCopy), maxSealed)
	if e != nil {
		return false
	}
	if _, e := parseSealed(copy); e != nil {
		return false
	}
	file, e := readFile(p.path(vaultFile), maxSealed)
	if e != nil {
		return damaged
	}
	if damaged {
		return !bytes.Equal(copy, file)
	}
	return len(file) < nonceStart || !bytes.Equal(copy[:nonceStart], file[:nonceStart])
}

// UseCopy puts the copy of the vault file in its place. The file is kept beside
// it, under the name that is returned; empty: there was none.
func (p *Profile) UseCopy(now time.Time) (kept string, err error) {
	copy, err := readFile(p.path(vaultCopy), maxSealed)
	if err == nil {
		_, err = parseSealed(copy)
	}
	if err != nil {
		return "", sentence(ErrDamaged, err, "The copy of the vault file is damaged or missing, too. If you have copies of these files elsewhere, quit Culver, put them back into their folder and start it again.")
	}
	there, err := p.has(vaultFile)
	if err != nil {
		return "", err
	}
	if there {
		kept = vaultFile + damagedInfix + now.Format("2006-01-02-150405.000")
		err := p.files.step("rename", p.path(kept), func() error { return os.Rename(p.path(vaultFile), p.path(kept)) })
		if err != nil {
			return "", doing("put the damaged vault file aside", err)
		}
	}
	if err := p.files.write(p.path(vaultFile), copy); err != nil {
		return "", doing("put the copy in the place of the vault file", err)
	}
	return kept, nil
}
