package storage

import (
	"errors"
	"strings"
	"time"
)

// putOff says whether words are only crossed out from now on, because the index is
// going to be written anew; it outlives the program. It is the index itself that keeps
// this, as its setting of that name.
func (db *DB) putOff(on bool) error {
	if is, err := db.isPutOff(); err != nil || is == on {
		return err
	}
	cut := 1
	if on {
		cut = 0
	}
	return db.exec("INSERT INTO word (word, rank) VALUES ('secure-delete', ?)", cut)
}

func (db *DB) isPutOff() (on bool, err error) {
	err = db.query("SELECT v FROM word_config WHERE k = 'secure-delete'", func(r *row) error {
		on = !r.bool()
		return nil
	})
	return on, err
}

// purge writes the index anew, for a moment, if that was put off, and says whether
// there is more to do.
func (db *DB) purge() (more bool, err error) {
	if on, err := db.isPutOff(); err != nil || !on {
		return false, err
	}
	if !db.purging {
		// An index of one part is not written anew: with these it has more.
		for _, sql := range []string{
			"INSERT INTO word (rowid, text, conversation) VALUES (-1, '', 'purge')",
			"INSERT INTO word (word, rowid, text, conversation) VALUES ('delete', -1, '', 'purge')",
		} {
			if err := db.exec(sql); err != nil {
				return false, err
			}
		}
		db.purging = true
	}
	for end := time.Now().Add(eraseTime); time.Now().Before(end); {
		before := db.conn.TotalChanges()
		if err := db.exec("INSERT INTO word (word, rank) VALUES ('merge', -8)"); err != nil {
			return false, err
		}
		if db.conn.TotalChanges()-before < 2 { // what SQLite's documentation says of the end of it
			db.purging, db.erased = false, true
			return false, db.putOff(false)
		}
	}
	return true, nil
}

// minGone is from how many bytes on the beginning of a word tells anything.
const minGone = 3

// checkGone puts off the writing of the index if something of a word that is no
// longer in it has stayed there. When words are cut out of a page, the signpost to
// that page stays as it is, and that is the beginning of a word, one in some hundreds.
func (db *DB) checkGone(words map[string]bool) error {
	if on, err := db.isPutOff(); err != nil || on {
		return err
	}
	begins := map[string]bool{}
	for w := range words {
		for i := minGone; i <= len(w); i++ {
			begins[w[:i]] = true
		}
	}
	var posts []string
	err := db.query("SELECT DISTINCT substr(term, 2) FROM word_idx", func(r *row) error {
		if post := r.string(); begins[post] {
			posts = append(posts, post)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, post := range posts {
		used := false
		err := db.query("SELECT rowid FROM word WHERE word MATCH ? LIMIT 1", func(*row) error {
			used = true
			return nil
		}, `text : "`+strings.ToValidUTF8(post, "")+`" *`)
		if err != nil {
			return err
		}
		if !used {
			return db.putOff(true)
		}
	}
	return nil
}

// fold brings all that the log has into the database and empties it, if anything was
// erased: what is not there any more is written over in the database only then, and
// the log has it still.
func (db *DB) fold() error {
	if !db.erased {
		return db.closed()
	}
	err := db.query("PRAGMA wal_checkpoint(truncate)", func(r *row) error {
		if r.int() != 0 {
			return errors.New("the log cannot be folded in")
		}
		return nil
	})
	if err != nil {
		return err
	}
	db.erased = false
	return nil
}
