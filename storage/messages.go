package storage

import (
	"errors"
	"time"

	"github.com/ncruces/go-sqlite3"

	"culver/im"
)

// Append adds a message to the end of the history. When it returns nil the
// message is on the disk. A message with the same ID in its conversation is never
// written over: that is ErrExists.
func (db *DB) Append(m im.Message) error {
	err := db.transact(func() error {
		last, err := db.lastPlace()
		if err != nil {
			return err
		}
		place := max(placeOf(m.Moment(), time.Now()), last+1, db.top+1)
		lines := addition{db: db}
		if err := lines.put(m, place); err != nil {
			return err
		}
		return lines.end()
	})
	if errors.Is(err, sqlite3.CONSTRAINT_UNIQUE) {
		return ErrExists
	}
	if err != nil {
		return doing("keep the message", err)
	}
	return nil
}

// conversation is the number of a conversation, which gets one if it has none.
func (db *DB) conversation(c im.ConvID) (int64, error) {
	if number, err := db.number(c); err != nil || number != 0 {
		return number, err
	}
	if err := db.exec("INSERT INTO conversation (account, peer) VALUES (?, ?)", string(c.Account), c.Peer); err != nil {
		return 0, err
	}
	return db.number(c)
}

// number is the number of a conversation, or 0.
func (db *DB) number(c im.ConvID) (number int64, err error) {
	err = db.query("SELECT seq FROM conversation WHERE account = ? AND peer = ?", func(r *row) error {
		number = r.int64()
		return nil
	}, string(c.Account), c.Peer)
	return number, err
}

// lastPlace is that of the newest line of all, or 0.
func (db *DB) lastPlace() (place int64, err error) {
	err = db.query("SELECT max(seq) FROM message", func(r *row) error {
		place = r.int64()
		return nil
	})
	return place, err
}

// format is encodeFormat as a value to bind.
func format(t im.Text) any {
	if b := encodeFormat(t); b != nil {
		return b
	}
	return nil
}

// Update says how far a message has come, and how it travels: its state and
// reason, its seal, whether it is private, and its ID in the server's archive, if that
// is known now; of all of the messages or of none. One that is not in the history,
// because it is not to be kept, is no error.
func (db *DB) Update(all ...im.Message) error {
	if len(all) == 1 {
		return db.update(all[0])
	}
	return db.transact(func() error {
		for _, m := range all {
			if err := db.update(m); err != nil {
				return err
			}
		}
		return nil
	})
}

func (db *DB) update(m im.Message) error {
	err := db.exec(`UPDATE message SET state = ?, reason = ?, level = ?, sealed_by = ?, private = ?,
		archive = CASE ?6 WHEN '' THEN archive ELSE ?6 END
		WHERE conversation = (SELECT seq FROM conversation WHERE account = ? AND peer = ?) AND id = ?`,
		int(m.State), m.Reason, int(m.Seal.Level), m.Seal.By, m.Private, m.Archive, string(m.Conv.Account), m.Conv.Peer, m.ID)
	if err != nil {
		return doing("keep the message's state", err)
	}
	return nil
}

// columns are those that readMessage reads.
const columns = `account, peer, id, kind, out, bare, resource, text, format,
	seconds, nanos, level, sealed_by, state, reason, late, private, origin, archive, edited, nick `

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
	m.Origin, m.Archive, m.Edited, m.Nick = r.string(), r.string(), r.bool(), r.string()
	return m, nil
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
