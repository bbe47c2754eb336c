package gui

import (
	"time"

	"fyne.io/fyne/v2/theme"

	"culver/conversation"
	"culver/im"
	"culver/lang"
)

// pastLines is a part of the history of one conversation: the source of the
// transcript of the history window. Above the first line of each day stands the
// day, and lines show the time of day only.
type pastLines struct {
	chatLines
	days         []date // by line: the day that it stands under
	older, newer bool   // the history has lines above the first, or below the last
	slow         bool   // those above are on their way for long
	found        string // the line that was searched for, if any
}

var _ lineSource = (*pastLines)(nil)

// take takes over other lines.
func (p *pastLines) take(lines []im.Message, older, newer bool) {
	p.timeline = conversation.NewTimeline(lines)
	p.older, p.newer, p.slow, p.found = older, newer, false, ""
	p.dated()
}

// dated finds the day of each line. A line that came late stands where it took its
// place, under a later day than that on which it was written.
func (p *pastLines) dated() {
	n := p.timeline.Len()
	p.days = make([]date, n)
	for i := range n {
		p.days[i] = dateOf(p.timeline.At(i).Time.Local())
		if i > 0 && p.days[i].before(p.days[i-1]) {
			p.days[i] = p.days[i-1]
		}
	}
}

// index is the place of a line, -1 if it is not there.
func (p *pastLines) index(id string) int {
	for i := range p.timeline.Len() {
		if p.timeline.At(i).ID == id {
			return i
		}
	}
	return -1
}

// Line implements lineSource.
func (p *pastLines) Line(i int) line {
	m := p.timeline.At(i)
	day := p.days[i]
	p.stamp = func(t time.Time) string {
		if t = t.Local(); dateOf(t) != day {
			return t.Format("(2006-01-02 15:04:05) ")
		}
		return t.Format("(15:04:05) ")
	}
	l := p.chatLines.Line(i)
	if i == 0 {
		switch {
		case p.slow:
			l.above = append(l.above, heading{text: lang.T("Loading…"), quiet: true})
		case !p.older:
			l.above = append(l.above, heading{text: lang.T("Beginning of the history"), quiet: true})
		}
	}
	if i == 0 || p.days[i-1] != day {
		l.above = append(l.above, heading{text: day.long()})
	}
	if m.ID == p.found {
		l.back, l.bar = colorFound, theme.ColorNamePrimary
	}
	return l
}
