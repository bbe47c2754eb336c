package storage

import (
	"errors"
	"time"

	"culver/im"
)

// Import adds lines of the past, each at the place of its time; a line that was
// there at that time keeps its place. One whose ID is in its conversation already
// is left out. All are added or none: the caller gives some hundreds at once.
func (db *DB) Import(lines []im.Message) (n int, err error) {
	now := time.Now()
	err = db.transact(func() error {
		fresh := addition{db: db}
		for _, m := range lines {
			if there, err := db.has(m); err != nil {
				return err
			} else if there {
				continue
			}
			place, err := db.free(placeOf(m.Time, now))
			if err != nil {
				return err
			}
			if err := fresh.put(m, place); err != nil {
				return err
			}
		}
		n = len(fresh.lines)
		return fresh.end()
	})
	if err != nil {
		return 0, doing("keep the history", err)
	}
	return n, nil
}

// free is the first place from here on that no line has. Many lines may want the
// same, where another program kept no time of day: the end of the places that
// were found taken is kept, so that not all of them are looked at each time.
func (db *DB) free(place int64) (int64, error) {
	if place < db.taken.from || place > db.taken.until {
		db.taken = taken{place, place}
	}
	at := db.taken.until
	err := db.query("SELECT seq FROM message WHERE seq >= ? ORDER BY seq", func(r *row) error {
		if r.int64() != at {
			return errEnough
		}
		at++
		return nil
	}, at)
	if err != nil && !errors.Is(err, errEnough) {
		return 0, err
	}
	db.taken.until = at
	return at, nil
}

// errEnough ends a query.
var errEnough = errors.New("enough")

// taken are places that all have lines, or had: from the first up to the one
// before the last.
type taken struct{ from, until int64 }
