package gui

import (
	"fyne.io/fyne/v2"

	"culver/im"
	"culver/lang"
)

// newLines are those that came while the user did not look. They stay marked as such when
// the user has seen them, until they write, or until more come while they do not look.
type newLines struct {
	id     string // of the first one; empty: there are none
	count  int
	passed bool // the user has looked
	met    bool // the first one was in sight
}

// newLine counts a line that came, if the user does not look.
func (p *page) newLine(m im.Message) {
	if m.Out || m.Kind == im.Notice || p.inFront() && p.lines.atEnd() {
		return
	}
	if p.fresh.id == "" || p.fresh.passed {
		p.newFrom(m.ID)
		return
	}
	p.fresh.count++
	p.lines.update()
}

// newFrom says which line is the first one that is new; empty: none is.
func (p *page) newFrom(id string) {
	before := p.fresh.id
	p.fresh = newLines{id: id, count: 1}
	for _, id := range []string{before, id} {
		if i := p.timeline.Index(id); i >= 0 {
			p.lines.changed(i)
		}
	}
}

// newAtStart marks the last n lines of others as new.
func (p *page) newAtStart(n int) {
	for i := p.timeline.Len() - 1; i >= 0 && n > 0; i-- {
		if m := p.timeline.At(i); !m.Out && m.Kind != im.Notice {
			n--
			p.fresh.id = m.ID
			p.fresh.count++
		}
	}
}

// landmark is the first new line, for the transcript: -1 if the user need not be told.
func (p *page) landmark() (line, count int) {
	if p.fresh.id == "" || p.fresh.met {
		return -1, 0
	}
	return p.timeline.Index(p.fresh.id), p.fresh.count
}

// metNew is told that the first new line is in sight.
func (p *page) metNew() {
	if p.inFront() {
		p.fresh.met = true
	}
}

// newHeading stands above the first new line.
func (p *page) newHeading(i int) []heading {
	if i == 0 || p.fresh.id == "" || p.timeline.At(i).ID != p.fresh.id {
		return nil
	}
	return []heading{{text: lang.T("New since you looked"), quiet: true, strong: true}}
}

// toNew goes to the first new line.
func (p *page) toNew() {
	if i := p.timeline.Index(p.fresh.id); p.fresh.id != "" && i >= 0 {
		p.lines.show(i)
		p.lines.scrolled()
	}
}

// goItems are the entries of the menu that lead somewhere in the lines.
func (p *page) goItems() []*fyne.MenuItem {
	fresh := possible(p.fresh.id != "", lang.T("New Lines"), p.toNew)
	fresh.Shortcut = control(fyne.KeyJ)
	end := fyne.NewMenuItem(lang.T("The End"), p.lines.toEnd)
	end.Shortcut = control(fyne.KeyEnd)
	return []*fyne.MenuItem{fresh, end}
}
