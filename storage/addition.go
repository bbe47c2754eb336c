package storage

import (
	"cmp"
	"slices"

	"culver/im"
)

// addition is what one transaction adds to the history.
type addition struct {
	db    *DB
	lines []entry
}

// put writes a message down at a place that is free. Nobody finds it before end.
func (a *addition) put(m im.Message, place int64) error {
	c, err := a.db.conversation(m.Conv)
	if err != nil {
		return err
	}
	text := m.Text.String()
	// Seconds and nanoseconds apart: together they would hold the years
	// 1678 to 2262 only, and peers may claim any.
	err = a.db.exec(`INSERT INTO message (seq, conversation, id, kind, out, bare, resource, text, format,
			seconds, nanos, level, sealed_by, state, reason, late, private, origin, archive, edited, nick)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		place, c, m.ID, int(m.Kind), m.Out, m.From.Bare, m.From.Resource, text, format(m.Text),
		m.Time.Unix(), m.Time.Nanosecond(), int(m.Seal.Level), m.Seal.By, int(m.State), m.Reason, m.Late, m.Private,
		m.Origin, m.Archive, m.Edited, m.Nick)
	a.lines = append(a.lines, entry{place, c, text})
	return err
}

// end has the conversations say what they have got, and the lines be found by their
// words. The index comes last, and in the order of the places: else SQLite would write
// the words of each line by themselves.
func (a *addition) end() error {
	if len(a.lines) == 0 {
		return nil
	}
	slices.SortFunc(a.lines, func(x, y entry) int { return cmp.Compare(x.place, y.place) })
	of := map[int64][]entry{}
	for _, e := range a.lines {
		of[e.conversation] = append(of[e.conversation], e)
	}
	for c, lines := range of {
		err := a.db.exec(`UPDATE conversation SET lines = lines + ?2, last = max(last, ?4),
			first = CASE lines WHEN 0 THEN ?3 ELSE min(first, ?3) END WHERE seq = ?1`,
			c, len(lines), lines[0].place, lines[len(lines)-1].place)
		if err != nil {
			return err
		}
	}
	for _, e := range a.lines {
		if err := a.db.index(e); err != nil {
			return err
		}
	}
	return a.db.added(len(a.lines))
}
