package storage

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"culver/im"
)

// rescued is a profile of which the database was rescued so many times, and a line that
// all of the damaged databases have.
func rescued(t *testing.T, times int) (*Profile, *Vault) {
	t.Helper()
	p, v := lockedProfile(t)
	db := openDB(t, p, v)
	m := line(withEve, "1")
	m.Text = im.Plain("canaryline of the past")
	check(t, db.Append(m), db.SaveAccount(im.Account{ID: alice}), db.Close())
	for i := range times {
		_, err := p.rescue(t.Context(), v, time.Unix(int64(i)*1000, 0))
		check(t, err)
	}
	return p, v
}

func wantNoneDamaged(t *testing.T, p *Profile) {
	t.Helper()
	for _, name := range filesIn(t, p) {
		if strings.Contains(name, damagedInfix) || strings.Contains(name, destroyInfix) {
			t.Errorf("%s is still there", name)
		}
	}
}

// With the whole history, or an account, damaged databases go, too: their blocks are
// overwritten. What else is erased leaves them.
func TestDamagedDatabasesAreErased(t *testing.T) {
	for what, drop := range map[string]func(db *DB) error{
		"all":     (*DB).DropDamaged,
		"account": func(db *DB) error { return db.DeleteAccount(alice) },
	} {
		t.Run(what, func(t *testing.T) {
			p, v := rescued(t, 2)
			db := openDB(t, p, v)
			same(t, "damaged", got(db.Damaged())(t), 2)
			for got(db.Erase(im.Range{Conv: withEve}))(t) > 0 {
			}
			sweep(t, db)
			same(t, "damaged", got(db.Damaged())(t), 2)
			check(t, drop(db))
			same(t, "damaged", got(db.Damaged())(t), 0)
			sweep(t, db)
			wantNoneDamaged(t, p)
			check(t, db.Close())
			for _, name := range filesIn(t, p) {
				if strings.HasPrefix(name, databaseFile) && bytes.Contains(plainPages(t, p, v, name), []byte("canaryline")) {
					t.Errorf("%s has what was erased", name)
				}
			}
		})
	}
}

func TestDamagedDatabasesAreOverwritten(t *testing.T) {
	p, v := rescued(t, 0)
	big := bytes.Repeat([]byte("canary"), destroyStep)
	path := p.path(databaseFile + damagedInfix + "x")
	check(t, os.WriteFile(path, big, 0o600))
	db := openDB(t, p, v)
	check(t, db.DropDamaged())
	path = p.path(databaseFile + destroyInfix + "x")
	for left := len(big); left > 0; {
		gone := got(db.destroySome(path))(t)
		left -= min(left, destroyStep)
		same(t, fmt.Sprint("gone with ", left, " left"), gone, left == 0)
		if info, err := os.Stat(path); err == nil {
			same(t, "size", info.Size(), int64(left))
		}
	}
	check(t, db.Close())
}

// A program that died while it destroyed one goes on with that. If it died while the
// database was given its second name, the database stays as it is.
func TestDamagedDatabasesAfterACrash(t *testing.T) {
	p, v := rescued(t, 1)
	check(t, os.WriteFile(p.path(databaseFile+damagedInfix+"big"), make([]byte, 30*destroyStep), 0o600))
	if runtime.GOOS == "windows" {
		t.Log("no second names here: none is taken from a file that is open")
	} else {
		check(t, os.Link(p.path(databaseFile), p.path(databaseFile+damagedInfix+"same")))
	}
	db := openDB(t, p, v)
	check(t, db.DropDamaged())
	got(db.Sweep())(t)
	check(t, db.Close())
	db = openDB(t, p, v)
	sweep(t, db)
	wantNoneDamaged(t, p)
	same(t, "lines", ids(got(db.Older(withEve, "", 9))(t)), "1")
	check(t, db.Close())
	same(t, "lines", len(got(openDB(t, p, v).Older(withEve, "", 9))(t)), 1)
}
