package conversation

import (
	"slices"

	"culver/im"
)

// Timeline is the lines of one conversation in the order in which they are
// shown. The zero value is empty.
type Timeline struct {
	lines []im.Message
	index map[string]int      // by message ID: its place in lines, less above
	above int                 // how many lines were put in front of the first that was added
	named map[string][]string // the IDs of the lines with an Origin
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
	t.index[m.ID] = len(t.lines) - t.above
	t.lines = append(t.lines, m)
	t.name(m)
}

// Prepend puts lines above all others, the oldest first. Those that are there
// already stay as they are, where they are. It returns those that were put there:
// nil for none.
func (t *Timeline) Prepend(older []im.Message) []im.Message {
	fresh := make([]im.Message, 0, len(older)+len(t.lines))
	if t.index == nil {
		t.index = map[string]int{}
	}
	for _, m := range older {
		if _, there := t.index[m.ID]; !there {
			t.index[m.ID] = 0 // its place follows; it may be in older twice
			fresh = append(fresh, m)
		}
	}
	n := len(fresh)
	if n == 0 {
		return nil
	}
	t.above += n
	for i, m := range fresh {
		t.index[m.ID] = i - t.above
		t.name(m)
	}
	t.lines = append(fresh, t.lines...)
	return slices.Clone(t.lines[:n])
}

// Change replaces the line with m's ID, in its place. It reports whether there
// was one.
func (t *Timeline) Change(m im.Message) bool {
	i, ok := t.place(m.ID)
	if ok {
		if was := t.lines[i]; was.Origin != m.Origin {
			t.unname(was)
			t.name(m)
		}
		t.lines[i] = m
	}
	return ok
}

// Remove takes a line away. It reports whether there was one.
func (t *Timeline) Remove(id string) bool {
	i, ok := t.place(id)
	if !ok {
		return false
	}
	t.unname(t.lines[i])
	t.lines = append(t.lines[:i], t.lines[i+1:]...)
	delete(t.index, id)
	for ; i < len(t.lines); i++ {
		t.index[t.lines[i].ID] = i - t.above
	}
	return true
}

// place is where in lines the one with this ID is.
func (t *Timeline) place(id string) (i int, ok bool) {
	i, ok = t.index[id]
	return i + t.above, ok
}

// Index is where the line with this ID is, -1 if it is not there.
func (t *Timeline) Index(id string) int {
	if i, ok := t.place(id); ok {
		return i
	}
	return -1
}

// Len is how many lines there are.
func (t *Timeline) Len() int { return len(t.lines) }

// At returns the line at place i, 0 being the oldest.
func (t *Timeline) At(i int) im.Message { return t.lines[i] }

// Find returns the line with this ID.
func (t *Timeline) Find(id string) (im.Message, bool) {
	i, ok := t.place(id)
	if !ok {
		return im.Message{}, false
	}
	return t.lines[i], true
}

func (t *Timeline) name(m im.Message) {
	if m.Origin == "" {
		return
	}
	if t.named == nil {
		t.named = map[string][]string{}
	}
	t.named[m.Origin] = append(t.named[m.Origin], m.ID)
}

func (t *Timeline) unname(m im.Message) {
	rest := slices.DeleteFunc(t.named[m.Origin], func(id string) bool { return id == m.ID })
	if len(rest) == 0 {
		delete(t.named, m.Origin)
	} else {
		t.named[m.Origin] = rest
	}
}

// ByOrigin returns the newest line that the one with the bare address sent under an
// ID, see [im.Message.Origin]: with a resource, from there; or that of ours if from is
// empty.
func (t *Timeline) ByOrigin(from im.Addr, origin string) (im.Message, bool) {
	by := func(m im.Message) bool {
		if from == (im.Addr{}) || m.Out {
			return from == (im.Addr{}) && m.Out
		}
		return m.From.Bare == from.Bare && (from.Resource == "" || m.From.Resource == from.Resource)
	}
	last := -1
	for _, id := range t.named[origin] {
		i, _ := t.place(id)
		if i > last && by(t.lines[i]) {
			last = i
		}
	}
	if last < 0 {
		return im.Message{}, false
	}
	return t.lines[last], true
}

// Lines returns a copy of the last n lines, oldest first; all of them if n is 0.
func (t *Timeline) Lines(n int) []im.Message {
	from := 0
	if n > 0 && n < len(t.lines) {
		from = len(t.lines) - n
	}
	return append([]im.Message(nil), t.lines[from:]...)
}
