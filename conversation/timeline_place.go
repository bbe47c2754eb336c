package conversation

import (
	"slices"

	"culver/im"
)

// Place puts a line where its moment says: behind the last one that is not later. It
// returns its place. One that is there already is changed instead, and stays where it is.
func (t *Timeline) Place(m im.Message) int {
	if t.Change(m) {
		i, _ := t.place(m.ID)
		return i
	}
	i := len(t.lines)
	for i > 0 && t.lines[i-1].Moment().After(m.Moment()) {
		i--
	}
	if i == len(t.lines) {
		t.Add(m)
		return i
	}
	for _, later := range t.lines[i:] {
		t.index[later.ID]++
	}
	t.index[m.ID] = i - t.above
	t.lines = slices.Insert(t.lines, i, m)
	t.name(m)
	return i
}
