package storage

import (
	"context"
	"fmt"
	"time"

	"lukechampine.com/adiantum/hbsh"
)

// SQLite checks a page when it reads it. So that a damage is known while there is the
// most to rescue, all pages are checked: those of a small database before it is opened,
// which takes no time that anybody notices, those of a large one beside, while it is in
// use.

// smallDatabase is how long one may be to be checked before it is opened: that takes
// some 20 ms.
const smallDatabase = 8 << 20

// checkSmall checks a database that is not open, if it is small, and in any case its
// log: it is folded in when the database is opened, and nobody could tell any more.
func checkSmall(ctx context.Context, path string, key []byte) (all bool, err error) {
	p, err := openPages(path, key)
	if err != nil {
		return false, err
	}
	defer p.close()
	if int64(p.count)*pageSize > smallDatabase {
		return false, p.checkLog()
	}
	return true, p.check(ctx.Err)
}

// The pages of a database that is in use are checked some at a time.
const (
	checkAtOnce = 32
	checkPause  = 5 * time.Millisecond
	maxSuspects = 100
	checkTries  = 3 // of a page, which is being written, perhaps
)

// Suspects reads the whole file beside, without haste, and returns the pages that do
// not look like what was written: see Confirm. It returns none at once if that was
// done when the database was opened. Unlike all else it may be called on another
// goroutine; end it, by ctx, before Close.
func (db *DB) Suspects(ctx context.Context) (suspects []uint32, err error) {
	cipher := db.unchecked
	if cipher == nil {
		return nil, nil
	}
	p, err := openPagesWith(db.path, cipher, false)
	if err != nil {
		return nil, doing("check the database", err)
	}
	defer p.close()
	tick := time.NewTicker(checkPause)
	defer tick.Stop()
	for n := uint32(1); n <= p.count && len(suspects) < maxSuspects; n++ {
		sound := n == lockedPage
		for try := 0; !sound && try < checkTries; try++ {
			if n%checkAtOnce == 0 || try > 0 {
				select {
				case <-tick.C:
				case <-ctx.Done():
				}
				if err := ctx.Err(); err != nil { // also if both have come
					return nil, err
				}
			}
			sound = p.page(n) != nil
		}
		if !sound {
			suspects = append(suspects, n)
		}
	}
	return suspects, nil
}

// Confirm says whether one of the suspects is damaged indeed: ErrDatabaseDamaged. A page
// may have been read while it was being written, or the log may have a newer one.
func (db *DB) Confirm(suspects []uint32) error {
	if len(suspects) == 0 {
		return nil
	}
	db.erased = true // so that it is folded
	err := db.fold()
	if err == nil {
		err = confirm(db.path, db.unchecked, suspects)
	}
	if err != nil {
		return doing("check the database", db.explain(err))
	}
	return nil
}

// confirm looks at a file that nobody writes to, and that has no log.
func confirm(path string, cipher *hbsh.HBSH, suspects []uint32) error {
	p, err := openPagesWith(path, cipher, false)
	if err != nil {
		return err
	}
	defer p.close()
	size := p.size()
	for _, n := range suspects {
		if n <= size && p.page(n) == nil {
			return fmt.Errorf("page %d is not what was written: %w", n, ErrDatabaseDamaged)
		}
	}
	return nil
}

// Check reads the whole database and says whether it is sound: ErrDamaged if it is
// not. With a long history that takes seconds.
func (db *DB) Check() error {
	err := db.query("PRAGMA integrity_check(1)", func(r *row) error {
		if found := r.string(); found != "ok" {
			return fmt.Errorf("%s: %w", found, ErrDamaged)
		}
		return nil
	})
	if err == nil {
		err = db.exec("INSERT INTO word (word, rank) VALUES ('integrity-check', 0)")
	}
	if err != nil {
		return doing("check the database", err)
	}
	return nil
}
