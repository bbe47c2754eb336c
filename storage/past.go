package storage

import (
	"slices"
	"time"

	"culver/im"
)

const (
	selectLines = `SELECT ` + columns + `FROM conversation JOIN message ON message.conversation = conversation.seq
		WHERE account = ?1 AND peer = ?2 `
	placeOfLine = `(SELECT seq FROM message WHERE conversation =
		(SELECT seq FROM conversation WHERE account = ?1 AND peer = ?2) AND id = ?3) `
)

// Older are the n lines before the one with this ID, the oldest first; without an
// ID, the newest. There are none before a line that is not there.
func (db *DB) Older(c im.ConvID, id string, n int) ([]im.Message, error) {
	n = max(n, 0) // to SQLite, less than 0 is all
	var all []im.Message
	var err error
	if id == "" {
		all, err = db.messages(selectLines+`ORDER BY message.seq DESC LIMIT ?3`, string(c.Account), c.Peer, n)
	} else {
		all, err = db.messages(selectLines+`AND message.seq < `+placeOfLine+`ORDER BY message.seq DESC LIMIT ?4`,
			string(c.Account), c.Peer, id, n)
	}
	slices.Reverse(all)
	return all, err
}

// Newer are the n lines after the one with this ID, the oldest first; without an
// ID, the oldest of all. There are none after a line that is not there.
func (db *DB) Newer(c im.ConvID, id string, n int) ([]im.Message, error) {
	n = max(n, 0)
	if id == "" {
		return db.messages(selectLines+`ORDER BY message.seq LIMIT ?3`, string(c.Account), c.Peer, n)
	}
	return db.messages(selectLines+`AND message.seq > `+placeOfLine+`ORDER BY message.seq LIMIT ?4`,
		string(c.Account), c.Peer, id, n)
}

// Since are the first n lines that took their place at t or later, the oldest
// first.
func (db *DB) Since(c im.ConvID, t time.Time, n int) ([]im.Message, error) {
	return db.messages(selectLines+`AND message.seq >= ?3 ORDER BY message.seq LIMIT ?4`,
		string(c.Account), c.Peer, firstFrom(t), max(n, 0))
}

// Page are the first n lines of a part of one conversation's history from a place on,
// the oldest first, and the place behind them: whoever goes on from there misses
// nothing, whatever is erased meanwhile. From 0 is the beginning.
func (db *DB) Page(r im.Range, from int64, n int) (lines []im.Message, next int64, err error) {
	first, behind := bounds(r.From, r.Until)
	next = max(from, first)
	err = db.query(`SELECT `+columns+`, message.seq FROM conversation JOIN message ON message.conversation = conversation.seq
		WHERE account = ? AND peer = ? AND message.seq >= ? AND message.seq < ? ORDER BY message.seq LIMIT ?`,
		func(row *row) error {
			m, err := readMessage(row)
			lines, next = append(lines, m), row.int64()+1
			return err
		}, string(r.Conv.Account), r.Conv.Peer, next, behind, max(n, 0))
	if err != nil {
		return nil, 0, doing("read the history", err)
	}
	return lines, next, nil
}

// Gone are those of the lines that the history does not have.
func (db *DB) Gone(c im.ConvID, ids []string) (gone []string, err error) {
	for _, id := range ids {
		there := false
		err := db.query(`SELECT 1 FROM message WHERE seq = `+placeOfLine, func(*row) error {
			there = true
			return nil
		}, string(c.Account), c.Peer, id)
		if err != nil {
			return nil, doing("read the history", err)
		}
		if !there {
			gone = append(gone, id)
		}
	}
	return gone, nil
}

// Pasts say what the history holds of each conversation of which it holds
// anything, the one with the newest line first.
func (db *DB) Pasts() ([]im.Past, error) {
	var all []im.Past
	err := db.query("SELECT account, peer, lines, first, last FROM conversation WHERE lines > 0 AND account <> ''", func(r *row) error {
		all = append(all, im.Past{Conv: im.ConvID{Account: im.AccountID(r.string()), Peer: r.string()},
			Lines: r.int(), First: momentOf(r.int64()), Last: momentOf(r.int64())})
		return nil
	})
	if err != nil {
		return nil, doing("read the history", err)
	}
	slices.SortFunc(all, func(a, b im.Past) int { return b.Last.Compare(a.Last) })
	return all, nil
}

// Count is how many lines there are in a part of the history; more than the most
// are not counted.
func (db *DB) Count(r im.Range, most int) (lines int, err error) {
	first, behind := bounds(r.From, r.Until)
	read := func(row *row) error {
		lines = row.int()
		return nil
	}
	if r.Conv.IsZero() {
		err = db.query("SELECT count(*) FROM (SELECT 1 FROM message WHERE seq >= ? AND seq < ? LIMIT ?)", read, first, behind, most)
	} else {
		err = db.query(`SELECT count(*) FROM (SELECT 1 FROM message WHERE conversation =
			(SELECT seq FROM conversation WHERE account = ? AND peer = ?) AND seq >= ? AND seq < ? LIMIT ?)`,
			read, string(r.Conv.Account), r.Conv.Peer, first, behind, most)
	}
	if err != nil {
		return 0, doing("read the history", err)
	}
	return lines, nil
}

// Days are the days between the two times at which lines took their place, each
// as its midnight where from is; of one conversation, or of all if c is zero.
func (db *DB) Days(c im.ConvID, from, until time.Time) (days []time.Time, err error) {
	lines := "FROM message WHERE "
	number := int64(0)
	if !c.IsZero() {
		if number, err = db.number(c); err != nil || number == 0 {
			return nil, err
		}
		lines += "conversation = ?1 AND "
	}
	where := from.Location()
	first, behind := bounds(from, until)
	for first < behind && err == nil {
		place := int64(-1)
		read := func(r *row) error { place = r.int64(); return nil }
		err = db.query("SELECT seq "+lines+"?1 IS NOT NULL AND seq >= ?2 ORDER BY seq LIMIT 1", read, number, first)
		if place < 0 || place >= behind {
			break
		}
		// SQLite goes from day to day, up to where the clocks change.
		t := momentOf(place).In(where)
		_, offset := t.Zone()
		until := behind
		if _, changed := t.ZoneBounds(); !changed.IsZero() {
			until = min(until, firstFrom(changed))
		}
		err = db.query(`WITH RECURSIVE day (place) AS (
				SELECT ?2
				UNION ALL
				SELECT (SELECT seq `+lines+`seq >= (place + ?4) / 86400000 * 86400000 + 86400000 - ?4 ORDER BY seq LIMIT 1) FROM day WHERE place < ?3
			) SELECT place FROM day WHERE place < ?3 AND ?1 IS NOT NULL`, func(r *row) error {
			midnight, _ := nextDay(momentOf(r.int64()).In(where))
			if n := len(days); n == 0 || !days[n-1].Equal(midnight) { // the day on which the clocks change comes twice
				days = append(days, midnight)
			}
			return nil
		}, number, place, until, offset*1000)
		first = until
	}
	if err != nil {
		return nil, doing("read the history", err)
	}
	return days, nil
}

// daysBetween asks for the first line from a place on (0 if there is none), and
// goes on from the end of its day.
func daysBetween(first, behind int64, where *time.Location, next func(first int64) (int64, error)) ([]time.Time, error) {
	var days []time.Time
	for first < behind {
		place, err := next(first)
		if err != nil || place == 0 || place < first || place >= behind {
			return days, err
		}
		midnight, tomorrow := nextDay(momentOf(place).In(where))
		if n := len(days); n == 0 || !days[n-1].Equal(midnight) { // where the clocks change at midnight it is there twice
			days = append(days, midnight)
		}
		first = max(firstFrom(tomorrow), place+1)
	}
	return days, nil
}
