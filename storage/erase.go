package storage

import (
	"time"

	"culver/im"
)

// What is erased is to be nowhere any more, in no file, though all of them are
// encrypted. The rows are written over by SQLite (secure_delete). The words of a few
// lines are cut out of the index at once. To cut out those of many would take long:
// they are crossed out, and the index is written anew behind the scenes, see purge.
// The log has the old pages until it is folded in.

const (
	eraseTime  = 20 * time.Millisecond // how long one call goes on
	sweepTime  = eraseTime             // and one of Sweep
	eraseLines = 50                    // how many lines are forgotten at once
	eraseFew   = 200                   // up to how many lines are cut out of the index
)

// Remove forgets a message, and Sweep what is left of it. It is no error if there is
// none.
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
// and says how many lines it forgot; the caller repeats it until it says 0, and then
// Sweep until there is no more: no file has anything of them then. Lines of the
// user's that are Waiting or Sending stay: they are not past.
func (db *DB) Erase(r im.Range) (lines int, err error) {
	first, behind := bounds(r.From, r.Until)
	if r.Conv.IsZero() {
		lines, err = db.eraseSome("SELECT seq FROM message WHERE seq >= ?2 AND seq < ?3 AND "+erasable+" ORDER BY seq LIMIT ?1", first, behind)
	} else {
		lines, err = db.eraseSome(`SELECT seq FROM message WHERE conversation =
			(SELECT seq FROM conversation WHERE account = ?2 AND peer = ?3) AND seq >= ?4 AND seq < ?5 AND `+erasable+` ORDER BY seq LIMIT ?1`,
			string(r.Conv.Account), r.Conv.Peer, first, behind)
	}
	if err != nil {
		return lines, doing("erase the history", err)
	}
	return lines, nil
}

// erasable are all lines but those of the user's that are Waiting or Sending.
const erasable = "NOT (out = 1 AND state IN (1, 2))"

// Sweep goes on with what was put off, for a moment, and says whether there is
// more to do: the lines of accounts that were deleted are forgotten, what was erased,
// or deleted elsewhere, is taken out of all files, damaged databases are destroyed, and
// the index is tidied up after lines that were added.
func (db *DB) Sweep() (more bool, err error) {
	lines, err := db.eraseSome(`SELECT seq FROM message WHERE conversation =
		(SELECT seq FROM conversation WHERE account = '' LIMIT 1) ORDER BY seq LIMIT ?1`)
	if err == nil && lines == 0 {
		more, err = db.purge()
	}
	if err == nil && lines == 0 && !more && db.erased {
		if err = db.fold(); err == nil {
			more, err = db.isPutOff()
		}
	}
	if err == nil && lines == 0 && !more {
		more, err = db.destroy()
	}
	if err == nil && lines == 0 && !more {
		more, err = db.tidy()
	}
	if err != nil {
		return false, doing("erase the history", err)
	}
	return lines > 0 || more, nil
}

// eraseSome forgets lines for a moment, some at a time. The query says which are
// left, as many as its first value; values are the others.
func (db *DB) eraseSome(query string, values ...any) (lines int, err error) {
	left := func(n int) ([]int64, error) { return db.places(query, append([]any{n}, values...)...) }
	end := time.Now().Add(eraseTime)
	all, err := left(eraseFew + 1)
	if err != nil {
		return 0, err
	}
	if len(all) > eraseFew {
		if err := db.putOff(true); err != nil {
			return 0, err
		}
	}
	for {
		places, err := left(eraseLines)
		if err != nil {
			return lines, err
		}
		if err := db.transact(func() error { return db.forget(places) }); err != nil {
			return lines, err
		}
		if len(places) > 0 {
			db.top = max(db.top, places[len(places)-1])
		}
		if lines += len(places); len(places) == 0 || time.Now().After(end) {
			return lines, nil
		}
	}
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
	if len(places) == 0 {
		return nil
	}
	db.erased = true
	gone, said := map[int64]int{}, map[string]bool{}
	var lines []entry
	for _, place := range places {
		err := db.query("DELETE FROM message WHERE seq = ? RETURNING conversation, text", func(r *row) error {
			e := entry{place, r.int64(), r.string()}
			lines = append(lines, e)
			gone[e.conversation]++
			for _, w := range words(e.text) {
				said[w] = true
			}
			return nil
		}, place)
		if err != nil {
			return err
		}
	}
	if err := db.recount(gone); err != nil {
		return err
	}
	for _, e := range lines {
		if err := db.unindex(e); err != nil {
			return err
		}
	}
	return db.checkGone(said)
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
