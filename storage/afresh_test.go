package storage

import (
	"bytes"
	"maps"
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
		databaseFile + ".aside-20261122-075000", databaseFile + ".aside-20261122-075000-wal", lockFile, vaultFile, vaultCopy})
	db := openDB(t, p, v)
	same(t, "accounts", len(got(db.Accounts())(t)), 0)
	check(t, db.Close())

	// Once more, at the same time: nothing is overwritten.
	check(t, p.StartAfresh(now, true), v.Close())
	after := filesOf(t, p)
	same(t, "files", slices.Sorted(maps.Keys(after)), []string{
		databaseFile + ".aside-20261122-075000", databaseFile + ".aside-20261122-075000-2", databaseFile + ".aside-20261122-075000-wal",
		lockFile, vaultFile + ".aside-20261122-075000-2", vaultCopy + ".aside-20261122-075000-2"})
	same(t, "the first database", bytes.Equal(after[databaseFile+".aside-20261122-075000"], files[databaseFile]), true)
	same(t, "kind", got(p.VaultKind())(t), Fresh)
	for name := range after {
		if !isOurs(name) {
			t.Errorf("%s is not taken for a file of the profile", name)
		}
	}
	check(t, p.StartAfresh(now, true)) // of nothing
}
