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
	for end := time.Now().Add(sweepTime); time.Now().Before(end); {
		before := db.conn.TotalChanges()
		if err := db.merge(-tidyPages); err != nil {
			return false, err
		}
		if db.conn.TotalChanges()-before < minMerged {
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
	posts, err := db.posts(words)
	if err != nil || len(posts) == 0 {
		return err
	}
	// All words of the index, in their order. It is no table of its own: it is there
	// as long as the connection.
	if err := db.exec("CREATE VIRTUAL TABLE IF NOT EXISTS temp.indexed USING fts5vocab (main, word, instance)"); err != nil {
		return err
	}
	for _, post := range posts {
		used := false
		err := db.query("SELECT term FROM temp.indexed WHERE term >= ? LIMIT 1", func(r *row) error {
			used = strings.HasPrefix(r.string(), post)
			return nil
		}, post)
		if err != nil {
			return err
		}
		if !used {
			return db.putOff(true)
		}
	}
	return nil
}

// selectPosts are the signposts between two terms, in each part of the index.
const selectPosts = `WITH RECURSIVE part (id) AS (
		SELECT min(segid) FROM word_idx
		UNION ALL
		SELECT (SELECT min(segid) FROM word_idx WHERE segid > id) FROM part WHERE id IS NOT NULL
	) SELECT substr(term, 2) FROM part CROSS JOIN word_idx ON segid = id AND term >= ? AND term < ?`

// posts are the signposts that are beginnings of words. They are looked up by part of
// the index and beginning, in the list of all words and in that of their first letters:
// there are tens of thousands, but few that begin alike.
func (db *DB) posts(words map[string]bool) (posts []string, err error) {
	heads, begins := map[string]bool{}, map[string]bool{}
	for w := range words {
		for i := minGone; i <= len(w); i++ {
			heads[w[:minGone]], begins[w[:i]] = true, true
		}
	}
	for head := range heads {
		for _, list := range []string{"0", "1"} {
			first := list + head
			err := db.query(selectPosts, func(r *row) error {
				if post := r.string(); begins[post] {
					delete(begins, post)
					posts = append(posts, post)
				}
				return nil
			}, []byte(first), []byte(first+"\xff"))
			if err != nil {
				return nil, err
			}
		}
	}
	return posts, nil
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
