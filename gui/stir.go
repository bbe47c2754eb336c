package gui

import (
	"fmt"
	"slices"
	"strings"

	"culver/im"
	"culver/lang"
)

// stir is one quiet line about who came into a room and who left it since somebody last
// said something. Who did both is not named: they are where they were.
type stir struct {
	came, left []string
	whole      bool // all of them are named
}

// coming is somebody who came in or went out.
type coming struct {
	name string
	came bool
}

// take adds one. Long lists of names are cut off at mostStirred.
func (s *stir) take(c coming) {
	to, from := &s.left, &s.came
	if c.came {
		to, from = &s.came, &s.left
	}
	if i := slices.Index(*from, c.name); i >= 0 {
		*from = slices.Delete(*from, i, i+1)
		return
	}
	if len(*to) < mostStirred {
		*to = append(*to, c.name)
	}
}

const (
	mostStirred = 500
	fewStirred  = 4 // how many are named unasked
)

// names lists people; more reports that there are more than are named.
func (s stir) names(all []string) (text string, more bool) {
	if len(all) > fewStirred+1 && !s.whole {
		rest := len(all) - fewStirred
		return lang.N(rest, "%s and %s other", "%s and %s others", strings.Join(all[:fewStirred], ", "), im.Number(rest)), true
	}
	if n := len(all); n > 1 {
		return lang.F("%s and %s", strings.Join(all[:n-1], ", "), all[n-1]), false
	}
	return all[0], false
}

// text is the line.
func (s stir) text() (text string, more bool) {
	var parts []string
	if n := len(s.came); n > 0 {
		names, cut := s.names(s.came)
		parts, more = append(parts, lang.N(n, "%s came in.", "%s came in.", names)), cut
	}
	if n := len(s.left); n > 0 {
		names, cut := s.names(s.left)
		parts, more = append(parts, lang.N(n, "%s left.", "%s left.", names)), more || cut
	}
	return strings.Join(parts, " "), more
}

// tellStirs shows who came and went since it was told last. As long as nothing is said
// between, it is one line.
func (r *roomPane) tellStirs() {
	news := r.news
	r.news = nil
	if len(news) == 0 || !r.showsStirs() || r.crowded() {
		return
	}
	p := r.page
	n := p.timeline.Len()
	s := r.stirs[r.stirring]
	if s == nil || n == 0 || p.timeline.At(n-1).ID != r.stirring {
		s = &stir{}
	}
	fresh := len(s.came)+len(s.left) == 0
	for _, c := range news {
		s.take(c)
	}
	text, _ := s.text()
	line := im.Message{ID: r.stirring, Conv: p.conv, Kind: im.Notice, Text: im.Plain(text), Time: p.gui.now()}
	switch {
	case fresh && text == "":
	case fresh:
		r.stirred++
		line.ID = fmt.Sprintf("comings %d", r.stirred)
		r.stirring = line.ID
		r.stirs[line.ID] = s
		p.added(line)
	case text == "":
		p.removed(line.ID)
		delete(r.stirs, line.ID)
		r.stirring = ""
	default:
		p.changed(line)
	}
}

// unfold names all of them, or few again.
func (r *roomPane) unfold(id string) {
	if s := r.stirs[id]; s != nil {
		s.whole = !s.whole
		if i := r.page.timeline.Index(id); i >= 0 {
			r.page.lines.changed(i)
		}
	}
}

// stirred draws such a line.
func (c *chatLines) stirred(l *line, id string, s stir) {
	text, more := s.text()
	l.spans = append(l.spans, span{text: drawable(text), style: im.Italic, colour: colorSubtle})
	label := lang.T("Show all")
	if s.whole {
		label = lang.T("Show fewer")
	}
	if more || s.whole {
		l.spans = append(l.spans, span{text: "  ", quiet: true}, span{text: label, act: func() { c.room.whole(id) }, quiet: true})
	}
}
