package storage

import (
	"errors"
	"fmt"
	"time"
)

// entry is a line as the index knows it.
type entry struct {
	place, conversation int64
	text                string
}

// index adds the words of the line to those that are searched.
func (db *DB) index(e entry) error {
	return db.exec("INSERT INTO word (rowid, text, conversation) VALUES (?, ?, ?)", e.place, indexed(e.text), e.token())
}

// unindex takes the words out that index added.
func (db *DB) unindex(e entry) error {
	return db.exec("INSERT INTO word (word, rowid, text, conversation) VALUES ('delete', ?, ?, ?)", e.place, indexed(e.text), e.token())
}

// token is what the index knows the conversation by.
func (e entry) token() string { return fmt.Sprint("c", e.conversation) }

// The index is written in parts, one a transaction, which have to be merged, or the
// search would have to look into thousands. SQLite would do so now and then and all at
// once, which takes seconds where the index is large. To merge takes longer than to
// write, so Sweep does it, a few pages at a time; if nobody calls that, or lines come
// faster, so do the transactions that add many lines or come after many.
const (
	maxLoose   = 64 // from how many lines on
	linesAPage = 4  // for how many of them a page is merged
	tidyPages  = 8  // that Sweep merges at a time
)

// added notes how many lines the index has got.
func (db *DB) added(lines int) error {
	db.untidy = true
	if db.loose += lines; db.loose < maxLoose {
		return nil
	}
	pages := db.loose / linesAPage
	db.loose = 0
	return db.merge(pages)
}

// tidy merges for a moment, and says whether there is more to do. It can wait until the
// disk has room.
func (db *DB) tidy() (more bool, err error) {
	for end := time.Now().Add(sweepTime); db.untidy && time.Now().Before(end); {
		before := db.conn.TotalChanges()
		if err := db.merge(tidyPages); errors.Is(err, ErrFull) {
			return false, nil
		} else if err != nil {
			return false, err
		}
		if db.conn.TotalChanges()-before < minMerged {
			db.untidy, db.loose = false, 0
		}
	}
	return db.untidy, nil
}

// merge merges about so many pages. If there are less than 0, parts are merged that
// would be left alone otherwise.
func (db *DB) merge(pages int) error {
	return db.exec("INSERT INTO word (word, rank) VALUES ('merge', ?)", pages)
}

// minMerged is from how many changes on SQLite did merge anything, as its documentation
// of FTS5 says.
const minMerged = 2
