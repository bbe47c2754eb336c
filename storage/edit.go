package storage

import (
	"bytes"

	"culver/im"
)

// Edit gives a message another wording, which its sender corrected: its text, whether
// it is edited, and what [DB.Update] writes. It keeps its place. The old wording is
// nowhere any more then, as if it had been erased, after [DB.Sweep] at the latest. A
// message that is not in the history is no error.
func (db *DB) Edit(m im.Message) error {
	err := db.transact(func() error { return db.reword(m) })
	if err == nil {
		err = db.fold()
	}
	if err != nil {
		return doing("keep the correction", err)
	}
	return nil
}

func (db *DB) reword(m im.Message) error {
	var old entry
	same := false
	err := db.query("SELECT seq, conversation, text, format, edited FROM message WHERE seq = "+placeOfLine, func(r *row) error {
		old = entry{r.int64(), r.int64(), r.string()}
		same = old.text == m.Text.String() && bytes.Equal(r.bytes(), encodeFormat(m.Text)) && r.bool() == m.Edited
		return nil
	}, string(m.Conv.Account), m.Conv.Peer, m.ID)
	if err != nil || old.conversation == 0 {
		return err
	}
	if same {
		return db.update(m)
	}
	fresh := entry{old.place, old.conversation, m.Text.String()}
	if err := db.exec("UPDATE message SET text = ?, format = ?, edited = ? WHERE seq = ?",
		fresh.text, format(m.Text), m.Edited, old.place); err != nil {
		return err
	}
	if err := db.update(m); err != nil {
		return err
	}
	db.erased = true
	if err := db.unindex(old); err != nil {
		return err
	}
	if err := db.index(fresh); err != nil {
		return err
	}
	if err := db.added(1); err != nil {
		return err
	}
	said := map[string]bool{}
	for _, w := range words(old.text) {
		said[w] = true
	}
	return db.checkGone(said)
}
