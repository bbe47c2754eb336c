package storage

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ncruces/go-sqlite3"

	"culver/im"
)

// searchTime is how long one step of a search goes on.
const searchTime = 20 * time.Millisecond

// Search are the newest lines below a place (0: of all) that have all that is looked
// for, the newest first. It works for a moment: next is the place below which to go on
// for the rest, with a limit that is lower by what was found, or 0 if there is no more.
//
// Nearly all searches need one step, in which the index does all of the work. But it
// cannot stop and go on, and two common words that never meet, or a phrase that nobody
// says, take it long. So what needs more steps goes on word by word, see meeting.
func (db *DB) Search(s im.Search, below int64) (hits []im.Message, next int64, err error) {
	return db.search(s, below, searchTime)
}

func (db *DB) search(s im.Search, below int64, moment time.Duration) (hits []im.Message, next int64, err error) {
	q := parseQuery(s.Words)
	if err := db.closed(); err != nil || len(q) == 0 || s.Limit <= 0 {
		return nil, 0, err
	}
	var here int64
	if !s.Conv.IsZero() {
		if here, err = db.number(s.Conv); err != nil || here == 0 {
			return nil, 0, err
		}
	}
	if below != 0 {
		hits, next, err = db.searchOn(q, here, s.Limit, below, moment, math.MaxInt)
	} else {
		next = math.MaxInt64
		if q.isLongOpen() {
			// The index gathers all that begins like the word before it says anything,
			// which takes long if much does. Then the newest are found soon like this.
			hits, next, err = db.searchOn(q, here, s.Limit, next, moment, firstLooks)
		}
		if err == nil && next != 0 {
			var more []im.Message
			more, next, err = db.searchAtOnce(q, here, s.Limit-len(hits), next, moment)
			hits = append(hits, more...)
		}
	}
	if err != nil {
		return nil, 0, doing("search the history", err)
	}
	return hits, next, nil
}

// firstLooks is how many of the newest lines with the first letters of a word are looked
// at before the index is asked for all with more of them.
const firstLooks = 75

// searchAtOnce leaves the search below a place to the index, for a moment.
func (db *DB) searchAtOnce(q query, here int64, limit int, below int64, moment time.Duration) (hits []im.Message, next int64, err error) {
	match := q.match()
	if here != 0 {
		match += " AND " + termOf(here)
	}
	ctx, cancel := context.WithTimeout(context.Background(), moment)
	defer cancel()
	defer db.conn.SetInterrupt(db.conn.SetInterrupt(ctx))
	err = db.query("SELECT rowid FROM word WHERE word MATCH ? AND rowid < ? ORDER BY rowid DESC", func(r *row) error {
		place := r.int64()
		hit, err := db.lineAt(place)
		if err != nil {
			return err
		}
		below = place
		if hits = append(hits, hit...); len(hits) == limit {
			return errEnough
		}
		return nil
	}, match, below)
	switch {
	case err == nil, errors.Is(err, errEnough):
		return hits, 0, nil
	case errors.Is(err, sqlite3.INTERRUPT):
		return hits, below, nil
	}
	return nil, 0, err
}

// searchOn searches below a place, for a moment or until it has looked at so many lines.
func (db *DB) searchOn(q query, here int64, limit int, below int64, moment time.Duration, looks int) (hits []im.Message, next int64, err error) {
	terms := q.terms()
	if here != 0 {
		terms = append(terms, termOf(here))
	}
	m, err := db.meet(terms)
	if err != nil {
		return nil, 0, err
	}
	defer m.close()
	for end := time.Now().Add(moment); ; {
		place, all, err := m.next(below)
		if err != nil || place < 0 {
			return hits, 0, err
		}
		below = place + 1
		if all {
			below = place
			looks--
			hit, err := db.look(q, here, place)
			if err != nil {
				return nil, 0, err
			}
			if hits = append(hits, hit...); len(hits) == limit {
				return hits, 0, nil
			}
		}
		if looks == 0 || time.Now().After(end) {
			return hits, below, nil
		}
	}
}

// look is the line at a place if it has all that is looked for, and is in the
// conversation; 0: in any.
func (db *DB) look(q query, here, place int64) (hit []im.Message, err error) {
	found := false
	err = db.query("SELECT conversation, text FROM message WHERE seq = ?", func(r *row) error {
		c := r.int64()
		found = (here == 0 || c == here) && q.matches(r.string())
		return nil
	}, place)
	if err != nil || !found {
		return nil, err
	}
	return db.lineAt(place)
}

// termOf is what the lines of a conversation have, in the language of the index.
func termOf(conversation int64) string { return fmt.Sprintf("conversation : c%d", conversation) }

// lineAt is the line at a place, if there is one of an account that was not deleted.
func (db *DB) lineAt(place int64) ([]im.Message, error) {
	return db.messages(`SELECT `+columns+`FROM message JOIN conversation ON message.conversation = conversation.seq
		WHERE message.seq = ? AND account <> ''`, place)
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

// isLongOpen reports whether the query is the beginning of one word, longer than those
// of which the index has lists.
func (q query) isLongOpen() bool {
	return len(q) == 1 && len(q[0].words) == 1 && q[0].open && utf8.RuneCountInString(q[0].words[0]) > minOpen
}

// terms are the words of the query, in the language of the index: a line that matches
// has all of them. Of the beginning of a word it is the first letters, as many as the
// index has a list for.
func (q query) terms() (all []string) {
	for _, p := range q {
		for i, w := range p.words {
			term := `text : "` + w + `"`
			if p.open && i == len(p.words)-1 {
				term = `text : "` + string([]rune(w)[:minOpen]) + `" *`
			}
			if !slices.Contains(all, term) {
				all = append(all, term)
			}
		}
	}
	return all
}
