package storage

import "fmt"

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
// once, which takes seconds where the index is large. So each transaction that adds to
// the index merges a few pages of it.
const (
	tidyAppend = 8  // for a line that arrived
	tidyImport = 96 // for some hundreds that were imported
)

func (db *DB) tidy(pages int) error {
	return db.exec("INSERT INTO word (word, rank) VALUES ('merge', ?)", pages)
}
