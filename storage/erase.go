package storage

import (
	"errors"
	"time"

	"culver/im"
)

// Remove forgets a message. It is no error if there is none.
func (db *DB) Remove(c im.ConvID, id string) error {
	err := db.transact(func() error {
		places, err := db.places(`SELECT seq FROM message WHERE seq = `+placeOfLine, string(c.Account), c.Peer, id)
		if err != nil {
			return err
		}
		return db.forget(places)
	})
	if err == nil {
		err = db.fold()
	}
	if err != nil {
		return doing("remove the message", err)
	}
	return nil
}

// Erase forgets lines for good. It does so in steps: one call works for a moment
// and says how many lines it forgot; the caller repeats it until it says 0. From
// then on no file has anything of them. Lines of the user's that are Waiting or
// Sending stay: they are not past.
func (db *DB) Erase(r im.Range) (lines int, err error) {
	first, behind := bounds(r.From, r.Until)
	lines, err = db.eraseSome(func() ([]int64, error) { return db.placesIn(r.Conv, first, behind) })
	if err == nil && lines == 0 {
		err = db.fold()
	}
	if err != nil {
		return lines, doing("erase the history", err)
	}
	return lines, nil
}

// Sweep goes on with what was put off, for a moment, and says whether there is
// more to do: the lines of accounts that were deleted are taken off the disk.
func (db *DB) Sweep() (more bool, err error) {
	lines, err := db.eraseSome(func() ([]int64, error) {
		return db.places(`SELECT seq FROM message WHERE conversation =
			(SELECT seq FROM conversation WHERE account = '' LIMIT 1) ORDER BY seq LIMIT ?`, eraseLines)
	})
	if err == nil && lines == 0 {
		err = db.fold()
	}
	if err != nil {
		return false, doing("erase the history", err)
	}
	return lines > 0, nil
}

// eraseSome forgets lines for a moment, some at a time.
func (db *DB) eraseSome(some func() ([]int64, error)) (lines int, err error) {
	end := time.Now().Add(eraseTime)
	for {
		n := 0
		err := db.transact(func() error {
			places, err := some()
			if err != nil {
				return err
			}
			n = len(places)
			return db.forget(places)
		})
		if err != nil {
			return lines, err
		}
		if lines += n; n == 0 || time.Now().After(end) {
			return lines, nil
		}
	}
}

// fold brings all that the log has into the database and empties it, if anything was
// erased: what is not there any more is written over in the database only then, and
// the log has it still.
func (db *DB) fold() error {
	if !db.erased {
		return db.closed()
	}
	if err := db.query("PRAGMA wal_checkpoint(truncate)", func(r *row) error {
		if r.int() != 0 {
			return errors.New("the log cannot be folded in")
		}
		return nil
	}); err != nil {
		return err
	}
	db.erased = false
	return nil
}

const (
	eraseTime  = 20 * time.Millisecond // how long one call goes on
	eraseLines = 50                    // how many lines are forgotten at once
)

// erasable are all lines but those of the user's that are Waiting or Sending.
const erasable = "NOT (out = 1 AND state IN (1, 2))"

// placesIn are the oldest places of what can be erased in a part of the history.
func (db *DB) placesIn(c im.ConvID, first, behind int64) ([]int64, error) {
	if c.IsZero() {
		return db.places("SELECT seq FROM message WHERE seq >= ? AND seq < ? AND "+erasable+" ORDER BY seq LIMIT ?", first, behind, eraseLines)
	}
	return db.places(`SELECT seq FROM message WHERE conversation =
		(SELECT seq FROM conversation WHERE account = ? AND peer = ?) AND seq >= ? AND seq < ? AND `+erasable+` ORDER BY seq LIMIT ?`,
		string(c.Account), c.Peer, first, behind, eraseLines)
}

func (db *DB) places(sql string, values ...any) (all []int64, err error) {
	err = db.query(sql, func(r *row) error {
		all = append(all, r.int64())
		return nil
	}, values...)
	return all, err
}

// forget deletes the lines at these places, and the conversations of which nothing
// else is known.
func (db *DB) forget(places []int64) error {
	db.erased = db.erased || len(places) > 0
	gone := map[int64]int{}
	for _, place := range places {
		err := db.exec(`INSERT INTO word (word, rowid, text, conversation)
			SELECT 'delete', seq, words(text), 'c' || conversation FROM message WHERE seq = ?`, place)
		if err != nil {
			return err
		}
		err = db.query("DELETE FROM message WHERE seq = ? RETURNING conversation", func(r *row) error {
			gone[r.int64()]++
			return nil
		}, place)
		if err != nil {
			return err
		}
	}
	if len(places) == 0 {
		return nil
	}
	return db.recount(gone)
}

// recount brings what conversations say of their lines up to date, of which so many
// are gone.
func (db *DB) recount(gone map[int64]int) error {
	for c, n := range gone {
		err := db.exec(`UPDATE conversation SET lines = lines - ?2,
			first = ifnull((SELECT min(seq) FROM message WHERE conversation = ?1), 0),
			last = ifnull((SELECT max(seq) FROM message WHERE conversation = ?1), 0) WHERE seq = ?1`, c, n)
		if err != nil {
			return err
		}
		if err := db.exec("DELETE FROM conversation WHERE seq = ? AND lines = 0 AND keep IS NULL", c); err != nil {
			return err
		}
	}
	return nil
}
