package storage

import "github.com/ncruces/go-sqlite3"

// meeting finds the places at which all of some terms are, from the newest down, and
// can be stopped and begun anew anywhere.
type meeting struct {
	db    *DB
	lists []*placeList
}

// placeList goes down the places at which one term is.
type placeList struct {
	s    *sqlite3.Stmt
	term string
	at   int64 // where it stands; -1: at the end
	set  bool  // it stands anywhere
}

// meet begins. The caller closes it, before anything is written.
func (db *DB) meet(terms []string) (*meeting, error) {
	m := &meeting{db: db}
	for _, term := range terms {
		s, _, err := db.conn.Prepare("SELECT rowid FROM word WHERE word MATCH ? AND rowid <= ? ORDER BY rowid DESC")
		if err != nil {
			m.close()
			return nil, db.explain(err)
		}
		m.lists = append(m.lists, &placeList{s: s, term: term})
	}
	return m, nil
}

func (m *meeting) close() {
	for _, l := range m.lists {
		_ = l.s.Close() // it repeats the error of the last step
	}
}

// next is the highest place below another that none of the terms rules out, and whether
// all of them were asked about it. It is -1 if there is none.
func (m *meeting) next(below int64) (place int64, all bool, err error) {
	place, all = below-1, true
	for i, l := range m.lists {
		if err := l.lower(place); err != nil {
			return 0, false, m.db.explain(err)
		}
		if l.at < 0 {
			return -1, false, nil
		}
		if l.at < place {
			place, all = l.at, i == 0
		}
	}
	return place, all, nil
}

// maxSteps is about how many steps down a list take as long as to look at a line. A list
// that is longer than the others falls behind, and then it rules nothing out: to look at
// the lines where the others are takes less.
const maxSteps = 16

// lower goes down to the first place that is not above another, if that is near.
func (l *placeList) lower(place int64) error {
	if !l.set {
		l.set = true
		if err := l.s.BindText(1, l.term); err != nil {
			return err
		}
		if err := l.s.BindInt64(2, place); err != nil {
			return err
		}
		return l.step()
	}
	for n := 0; l.at > place && n < maxSteps; n++ {
		if err := l.step(); err != nil {
			return err
		}
	}
	return nil
}

func (l *placeList) step() error {
	if l.at = -1; l.s.Step() {
		l.at = l.s.ColumnInt64(0)
		return nil
	}
	return l.s.Err()
}
