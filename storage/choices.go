package storage

import (
	"culver/im"
)

// Drafts are the texts that stand unsent in the entries of conversations.
func (db *DB) Drafts() (map[im.ConvID]im.Draft, error) {
	all := map[im.ConvID]im.Draft{}
	err := db.query("SELECT account, peer, text, private FROM draft", func(r *row) error {
		c := im.ConvID{Account: im.AccountID(r.string()), Peer: r.string()}
		all[c] = im.Draft{Text: r.string(), Private: r.bool()}
		return nil
	})
	if err != nil {
		return nil, doing("read the drafts", err)
	}
	return all, nil
}

// SetDraft keeps what stands unsent in a conversation's entry; nothing of one that
// is empty, once Sweep has been called.
func (db *DB) SetDraft(c im.ConvID, d im.Draft) error {
	var err error
	if d.Text == "" {
		db.erased = true // when Sweep is called next
		err = db.exec("DELETE FROM draft WHERE account = ? AND peer = ?", string(c.Account), c.Peer)
	} else {
		err = db.exec(`INSERT INTO draft (account, peer, text, private) VALUES (?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET text = excluded.text, private = excluded.private`,
			string(c.Account), c.Peer, d.Text, d.Private)
	}
	if err != nil {
		return doing("keep the draft", err)
	}
	return nil
}

// Logging says for which conversations the user chose that their lines are to be
// kept, or not; the others are as the program's setting says.
func (db *DB) Logging() (map[im.ConvID]bool, error) {
	all := map[im.ConvID]bool{}
	err := db.query("SELECT account, peer, keep FROM conversation WHERE keep IS NOT NULL", func(r *row) error {
		all[im.ConvID{Account: im.AccountID(r.string()), Peer: r.string()}] = r.bool()
		return nil
	})
	if err != nil {
		return nil, doing("read what is to be logged", err)
	}
	return all, nil
}

// SetLogging keeps such a choice.
func (db *DB) SetLogging(c im.ConvID, on bool) error {
	err := db.exec(`INSERT INTO conversation (account, peer, keep) VALUES (?, ?, ?)
		ON CONFLICT (account, peer) DO UPDATE SET keep = excluded.keep`, string(c.Account), c.Peer, on)
	if err != nil {
		return doing("keep what is to be logged", err)
	}
	return nil
}

// Choices are what the user chose for single conversations, by the keys of who asked.
func (db *DB) Choices() (map[im.ConvID]map[string]string, error) {
	all := map[im.ConvID]map[string]string{}
	err := db.query("SELECT account, peer, key, value FROM choice", func(r *row) error {
		c := im.ConvID{Account: im.AccountID(r.string()), Peer: r.string()}
		if all[c] == nil {
			all[c] = map[string]string{}
		}
		key := r.string()
		all[c][key] = r.string()
		return nil
	})
	if err != nil {
		return nil, doing("read what was chosen for conversations", err)
	}
	return all, nil
}

// SetChoice keeps such a choice; DropChoice forgets it.
func (db *DB) SetChoice(c im.ConvID, key, value string) error {
	err := db.exec(`INSERT INTO choice (account, peer, key, value) VALUES (?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET value = excluded.value`, string(c.Account), c.Peer, key, value)
	if err != nil {
		return doing("keep what was chosen for the conversation", err)
	}
	return nil
}

// DropChoice forgets a choice. It is no error if there is none.
func (db *DB) DropChoice(c im.ConvID, key string) error {
	db.erased = true // when Sweep is called next
	err := db.exec("DELETE FROM choice WHERE account = ? AND peer = ? AND key = ?", string(c.Account), c.Peer, key)
	if err != nil {
		return doing("forget what was chosen for the conversation", err)
	}
	return nil
}
