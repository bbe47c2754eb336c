package gui

import (
	"sort"

	"culver/conversation"
	"culver/im"
)

// finding is what the user looks for in the lines of a page, and where it is: the newest
// place is the first.
type finding struct {
	lines *chatLines
	what  conversation.Sought
	in    []foundLine // from above
	at    foundPlace  // where the user is
	id    string      // of the line that this is in
	stale bool        // lines came or went
}

// foundLine is a line with something in it, and how many places there are above.
type foundLine struct{ line, count, above int }

// wording is what line i says that can be looked for.
func (c *chatLines) wording(i int) string {
	m := c.timeline.At(i)
	if m.Kind != im.Chat {
		l := c.draw(m, neighbours{}) // it may be about something else than it says
		text, _ := l.wording()
		return text
	}
	text := m.Text
	if does, ok := conversation.Action(text); ok {
		text = does
	}
	return drawable(text.String())
}

// seek looks for something else. The user is then at the newest place that is not below
// line last.
func (f *finding) seek(what conversation.Sought, last int) {
	f.what, f.at = what, foundPlace{}
	f.count()
	if len(f.in) > 0 {
		i := sort.Search(len(f.in), func(i int) bool { return f.in[i].line > last }) - 1
		f.reach(max(i, 0), -1)
	}
}

// count looks again.
func (f *finding) count() {
	f.in, f.stale = f.in[:0], false
	for i := range f.lines.timeline.Len() {
		f.add(i)
	}
	if !f.at.on {
		return
	}
	line := f.lines.timeline.Index(f.id)
	if line >= 0 {
		f.at.line = line
	}
	i, there := f.index()
	switch {
	case there && line >= 0:
		f.at.nth = min(f.at.nth, f.in[i].count-1)
	case len(f.in) > 0:
		f.reach(min(i, len(f.in)-1), -1)
	default:
		f.at = foundPlace{}
	}
}

// add looks into line i, which is below all others.
func (f *finding) add(i int) {
	if f.what.Empty() {
		return
	}
	if n := f.what.Count(f.lines.wording(i)); n > 0 {
		f.in = append(f.in, foundLine{i, n, f.total()})
	}
}

// total is how many places there are.
func (f *finding) total() int {
	if len(f.in) == 0 {
		return 0
	}
	last := f.in[len(f.in)-1]
	return last.above + last.count
}

// index is which of the lines the user is at.
func (f *finding) index() (i int, there bool) {
	i = sort.Search(len(f.in), func(i int) bool { return f.in[i].line >= f.at.line })
	return i, i < len(f.in) && f.in[i].line == f.at.line
}

// reach goes to a place in one of the lines; -1 is its last.
func (f *finding) reach(i, nth int) {
	l := f.in[i]
	if nth < 0 {
		nth = l.count - 1
	}
	f.at, f.id = foundPlace{true, l.line, nth}, f.lines.timeline.At(l.line).ID
}

// number is which of the places the user is at, 1 being the newest; 0: at none.
func (f *finding) number() int {
	i, there := f.index()
	if !f.at.on || !there {
		return 0
	}
	return f.total() - f.in[i].above - f.at.nth
}

// step goes to the next older place, or newer one; behind the last one it begins again.
func (f *finding) step(older bool) {
	n := len(f.in)
	i, there := f.index()
	switch {
	case n == 0:
	case !f.at.on || !there:
		f.reach(n-1, -1)
	case older && f.at.nth > 0:
		f.reach(i, f.at.nth-1)
	case older:
		f.reach((i+n-1)%n, -1)
	case f.at.nth+1 < f.in[i].count:
		f.reach(i, f.at.nth+1)
	default:
		f.reach((i+1)%n, 0)
	}
}
