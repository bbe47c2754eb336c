package storage

import (
	"errors"
	"slices"
	"time"

	"github.com/ncruces/go-sqlite3"

	"culver/im"
)

// Append adds a message to the history of its conversation. When it returns nil
// the message is on the disk. A message with the same ID there is never
// written over: that is ErrExists.
func (db *DB) Append(m im.Message) error {
	err := db.transact(func() error {
		err := db.exec("INSERT INTO conversation (account, peer) VALUES (?, ?) ON CONFLICT DO NOTHING",
			string(m.Conv.Account), m.Conv.Peer)
		if err != nil {
			return err
		}
		// Seconds and nanoseconds apart: together they would hold the years
		// 1678 to 2262 only, and peers may claim any.
		return db.exec(`INSERT INTO message (conversation, id, kind, out, bare, resource, text, format,
				seconds, nanos, level, sealed_by, state, reason, late, private)
			VALUES ((SELECT seq FROM conversation WHERE account = ? AND peer = ?),
				?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			string(m.Conv.Account), m.Conv.Peer,
			m.ID, int(m.Kind), m.Out, m.From.Bare, m.From.Resource, m.Text.String(), format(m.Text),
			m.Time.Unix(), m.Time.Nanosecond(), int(m.Seal.Level), m.Seal.By, int(m.State), m.Reason, m.Late, m.Private)
	})
	if errors.Is(err, sqlite3.CONSTRAINT_UNIQUE) {
		return ErrExists
	}
	if err != nil {
		return doing("keep the message", err)
	}
	return nil
}

// format is encodeFormat as a value to bind.
func format(t im.Text) any {
	if b := encodeFormat(t); b != nil {
		return b
	}
	return nil
}

// Update says how far a message has come, and how it travels: its state and
// reason, its seal, and whether it is private. A message that is not in the
// history, because it is not to be kept, is no error.
func (db *DB) Update(m im.Message) error {
	err := db.exec(`UPDATE message SET state = ?, reason = ?, level = ?, sealed_by = ?, private = ?
		WHERE conversation = (SELECT seq FROM conversation WHERE account = ? AND peer = ?) AND id = ?`,
		int(m.State), m.Reason, int(m.Seal.Level), m.Seal.By, m.Private, string(m.Conv.Account), m.Conv.Peer, m.ID)
	if err != nil {
		return doing("keep the message's state", err)
	}
	return nil
}

// columns are those that readMessage reads.
const columns = `account, peer, id, kind, out, bare, resource, text, format,
	seconds, nanos, level, sealed_by, state, reason, late, private `

func readMessage(r *row) (im.Message, error) {
	m := im.Message{
		Conv: im.ConvID{Account: im.AccountID(r.string()), Peer: r.string()},
		ID:   r.string(), Kind: im.Kind(r.int()), Out: r.bool(),
		From: im.Addr{Bare: r.string(), Resource: r.string()},
	}
	text, err := decodeFormat(r.string(), r.bytes())
	if err != nil {
		return m, err
	}
	m.Text = text
	m.Time = time.Unix(r.int64(), r.int64()).UTC()
	m.Seal = im.Seal{Level: im.Level(r.int()), By: r.string()}
	m.State, m.Reason, m.Late, m.Private = im.State(r.int()), r.string(), r.bool(), r.bool()
	return m, nil
}

// Recent are the last n messages that were appended to the conversation, the
// oldest first.
func (db *DB) Recent(c im.ConvID, n int) ([]im.Message, error) {
	all, err := db.messages(`SELECT `+columns+`FROM conversation JOIN message ON message.conversation = conversation.seq
		WHERE account = ? AND peer = ? ORDER BY message.seq DESC LIMIT ?`,
		string(c.Account), c.Peer, max(n, 0)) // to SQLite, less than 0 is all
	slices.Reverse(all)
	return all, err
}

// Unsent are the user's messages of all conversations of the account that are
// Waiting or Sending, the oldest first.
func (db *DB) Unsent(id im.AccountID) ([]im.Message, error) {
	return db.messages(`SELECT `+columns+`FROM message INDEXED BY message_unsent
		JOIN conversation ON message.conversation = conversation.seq
		WHERE out = 1 AND state IN (1, 2) AND account = ? ORDER BY message.seq`, string(id))
}

// Stranded are the user's private messages of all conversations of the account that
// Failed, the oldest first.
func (db *DB) Stranded(id im.AccountID) ([]im.Message, error) {
	return db.messages(`SELECT `+columns+`FROM message INDEXED BY message_stranded
		JOIN conversation ON message.conversation = conversation.seq
		WHERE out = 1 AND state = 3 AND private = 1 AND account = ? ORDER BY message.seq`, string(id))
}

func (db *DB) messages(sql string, values ...any) ([]im.Message, error) {
	var all []im.Message
	err := db.query(sql, func(r *row) error {
		m, err := readMessage(r)
		all = append(all, m)
		return err
	}, values...)
	if err != nil {
		return nil, doing("read the history", err)
	}
	return all, nil
}

// Remove forgets a message. It is no error if there is none.
func (db *DB) Remove(c im.ConvID, id string) error {
	err := db.exec(`DELETE FROM message
		WHERE conversation = (SELECT seq FROM conversation WHERE account = ? AND peer = ?) AND id = ?`,
		string(c.Account), c.Peer, id)
	if err != nil {
		return doing("remove the message", err)
	}
	return nil
}
