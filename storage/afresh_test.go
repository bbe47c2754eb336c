package storage

import (
	"bytes"
	"maps"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

func TestStartAfresh(t *testing.T) {
	files, _ := crashed(t) // with a log
	now := time.Date(2026, 11, 22, 7, 50, 0, 0, time.UTC)
	p, v := profileWith(t, files)
	check(t, p.StartAfresh(now, false))
	same(t, "files", slices.Sorted(maps.Keys(filesOf(t, p))), []string{
		databaseFile + ".damaged-20261122-075000", databaseFile + ".damaged-20261122-075000-wal", databaseFile + newSuffix, lockFile, vaultFile, vaultCopy})
	db := openDB(t, p, v)
	same(t, "accounts", len(got(db.Accounts())(t)), 0)
	check(t, db.Close())

	// Now all of it.
	check(t, p.StartAfresh(now, true), v.Close())
	after := filesOf(t, p)
	same(t, "files", slices.Sorted(maps.Keys(after)), []string{
		databaseFile + ".aside-20261122-075000", databaseFile + ".damaged-20261122-075000", databaseFile + ".damaged-20261122-075000-wal",
		lockFile, vaultFile + ".aside-20261122-075000", vaultCopy + ".aside-20261122-075000"})
	same(t, "the first database", bytes.Equal(after[databaseFile+".damaged-20261122-075000"], files[databaseFile]), true)
	same(t, "kind", got(p.VaultKind())(t), Fresh)
	for name := range after {
		if !isOurs(name) {
			t.Errorf("%s is not taken for a file of the profile", name)
		}
	}
	check(t, p.StartAfresh(now, true)) // of nothing

	q, u := profileWith(t, files)
	for n := range 2 { // at the same time: nothing is overwritten
		check(t, openDB(t, q, u).Close(), q.StartAfresh(now, false))
		same(t, "damaged ones", len(got(filepath.Glob(q.path(databaseFile+damagedInfix+"*")))(t)), n+1)
	}
	same(t, "known as such", got(openDB(t, q, u).Damaged())(t), 2)
}
