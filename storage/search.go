package storage

import (
	"errors"
	"fmt"
	"strings"

	"culver/im"
)

// Search are the newest lines that have all that is looked for, the newest first.
func (db *DB) Search(s im.Search) ([]im.Message, error) {
	q := parseQuery(s.Words)
	if len(q) == 0 || s.Limit <= 0 {
		return nil, db.closed()
	}
	match := q.match()
	if !s.Conv.IsZero() {
		c, err := db.number(s.Conv)
		if err != nil || c == 0 {
			return nil, err
		}
		match += fmt.Sprintf(` AND conversation : c%d`, c)
	}
	var hits []im.Message
	err := db.query("SELECT rowid FROM word WHERE word MATCH ? ORDER BY rowid DESC", func(r *row) error {
		hit, err := db.messages(`SELECT `+columns+`FROM message JOIN conversation ON message.conversation = conversation.seq
			WHERE message.seq = ? AND account <> ''`, r.int64())
		if hits = append(hits, hit...); err == nil && len(hits) == s.Limit {
			return errEnough
		}
		return err
	}, match)
	if err != nil && !errors.Is(err, errEnough) {
		return nil, doing("search the history", err)
	}
	return hits, nil
}

// match is the query in the language of the index. All that it has of the user's are
// words, which consist of letters, marks, digits and symbols, in quotes.
func (q query) match() string {
	var b strings.Builder
	for i, p := range q {
		if i > 0 {
			b.WriteString(" AND ")
		}
		b.WriteString(`text : "` + strings.Join(p.words, " ") + `"`)
		if p.open {
			b.WriteString(" *")
		}
	}
	return b.String()
}
