package storage

import (
	"errors"

	"culver/im"
)

// Search are the newest lines that have all that is looked for, the newest first.
func (db *DB) Search(s im.Search) ([]im.Message, error) {
	q := parseQuery(s.Words)
	var hits []im.Message
	if len(q) == 0 || s.Limit <= 0 {
		return nil, nil
	}
	err := db.query(`SELECT `+columns+`FROM message JOIN conversation ON message.conversation = conversation.seq
		WHERE ?1 OR account = ?2 AND peer = ?3 ORDER BY message.seq DESC`, func(r *row) error {
		m, err := readMessage(r)
		if err != nil || !q.matches(m.Text.String()) {
			return err
		}
		if hits = append(hits, m); len(hits) == s.Limit {
			return errEnough
		}
		return nil
	}, s.Conv.IsZero(), string(s.Conv.Account), s.Conv.Peer)
	if err != nil && !errors.Is(err, errEnough) {
		return nil, doing("search the history", err)
	}
	return hits, nil
}
