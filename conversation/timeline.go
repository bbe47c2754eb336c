package conversation

import "culver/im"

// Timeline is the lines of one conversation in the order in which they are
// shown. The zero value is empty.
type Timeline struct {
	lines []im.Message
	index map[string]int // by message ID
}

// NewTimeline returns a timeline of these lines.
func NewTimeline(lines []im.Message) *Timeline {
	t := &Timeline{}
	for _, m := range lines {
		t.Add(m)
	}
	return t
}

// Add appends a line. One that is already there is changed instead, so that
// adding twice does no harm.
func (t *Timeline) Add(m im.Message) {
	if t.Change(m) {
		return
	}
	if t.index == nil {
		t.index = map[string]int{}
	}
	t.index[m.ID] = len(t.lines)
	t.lines = append(t.lines, m)
}

// Change replaces the line with m's ID, in its place. It reports whether there
// was one.
func (t *Timeline) Change(m im.Message) bool {
	i, ok := t.index[m.ID]
	if ok {
		t.lines[i] = m
	}
	return ok
}

// Remove takes a line away. It reports whether there was one.
func (t *Timeline) Remove(id string) bool {
	i, ok := t.index[id]
	if !ok {
		return false
	}
	t.lines = append(t.lines[:i], t.lines[i+1:]...)
	delete(t.index, id)
	for ; i < len(t.lines); i++ {
		t.index[t.lines[i].ID] = i
	}
	return true
}

// Len is how many lines there are.
func (t *Timeline) Len() int { return len(t.lines) }

// At returns the line at place i, 0 being the oldest.
func (t *Timeline) At(i int) im.Message { return t.lines[i] }

// Find returns the line with this ID.
func (t *Timeline) Find(id string) (im.Message, bool) {
	i, ok := t.index[id]
	if !ok {
		return im.Message{}, false
	}
	return t.lines[i], true
}

// Lines returns a copy of the last n lines, oldest first; all of them if n is 0.
func (t *Timeline) Lines(n int) []im.Message {
	from := 0
	if n > 0 && n < len(t.lines) {
		from = len(t.lines) - n
	}
	return append([]im.Message(nil), t.lines[from:]...)
}
