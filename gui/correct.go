package gui

import (
	"fyne.io/fyne/v2"

	"culver/im"
	"culver/lang"
	"culver/messenger"
)

// Lines that were sent are corrected in the entry: by Up in an empty one, or by their
// menu. Until that is sent, or given up by Escape, what stands there is not a new line.

// correcting is the line that is being corrected.
type correcting struct {
	id     string // empty: none
	text   string // what it says
	before string // what stood in the entry
}

// correctable reports whether the user can correct line i. While the conversation is private
// none is: those before it were read on their way as they were, and a correction would look
// as if they had not been.
func (p *page) correctable(i int) bool {
	return !p.seal.Level.Encrypted() && messenger.Correctable(p.timeline.At(i), p.gui.now())
}

// correct puts a line into the entry, to be corrected; text is how it is to read.
func (p *page) correct(m im.Message, text string) {
	p.keepDraft()
	before := p.entry.Text
	if p.mending.id != "" {
		before = p.mending.before
	}
	p.redrawn(func() { p.mending = correcting{m.ID, m.Text.String(), before} })
	p.entry.set(text)
	p.window.window.Canvas().Focus(p.entry)
	p.draw()
}

// corrected ends that. In the entry stands what stood there before.
func (p *page) corrected() {
	before := p.mending.before
	p.redrawn(func() { p.mending = correcting{} })
	p.entry.set(before)
	p.draw()
}

// redrawn changes which line is corrected.
func (p *page) redrawn(change func()) {
	before := p.mending.id
	change()
	for _, id := range []string{before, p.mending.id} {
		if i := p.timeline.Index(id); id != "" && i >= 0 {
			p.lines.changed(i)
		}
	}
}

// up begins to correct the last line, or goes on to the one before. It reports whether
// the key meant that.
func (p *page) up() bool {
	from := p.timeline.Len()
	switch {
	case p.mending.id == "" && p.entry.Text == "":
	case p.mending.id != "" && p.entry.Text == p.mending.text:
		from = p.timeline.Index(p.mending.id)
	default:
		return false
	}
	if i := p.lastCorrectable(from); i >= 0 {
		m := p.timeline.At(i)
		p.correct(m, m.Text.String())
		return true
	}
	return p.mending.id != ""
}

// lastCorrectable is the last line before line i that the user can correct, -1 for none. It
// does not go past what they said privately: that cannot be corrected, and is what they mean.
func (p *page) lastCorrectable(i int) int {
	for i--; i >= 0; i-- {
		if p.correctable(i) {
			return i
		}
		if m := p.timeline.At(i); m.Out && m.Kind == im.Chat && m.Seal.Level.Encrypted() {
			return -1
		}
	}
	return -1
}

// correctLast begins to correct the last line.
func (p *page) correctLast() {
	if i := p.lastCorrectable(p.timeline.Len()); i >= 0 && p.mending.id == "" {
		m := p.timeline.At(i)
		p.correct(m, m.Text.String())
	}
}

// down goes on to the line after, or ends.
func (p *page) down() bool {
	if p.mending.id == "" || p.entry.Text != p.mending.text {
		return false
	}
	for i := p.timeline.Index(p.mending.id) + 1; i > 0 && i < p.timeline.Len(); i++ {
		if p.correctable(i) {
			m := p.timeline.At(i)
			p.correct(m, m.Text.String())
			return true
		}
	}
	p.corrected()
	return true
}

// escape gives the correction up.
func (p *page) escape() bool {
	if p.mending.id == "" {
		return false
	}
	p.corrected()
	return true
}

// correctAgain takes the text of a correction that was taken back.
func (s *chats) correctAgain(c im.ConvID, id, text string) bool {
	p := s.find(c)
	if p == nil || p.entry.Text != "" {
		return false
	}
	m, there := p.timeline.Find(id)
	if there {
		p.correct(m, text)
	}
	return there
}

// correctItem is the entry of the line's menu.
func (p *page) correctItem(m im.Message) *fyne.MenuItem {
	return fyne.NewMenuItem(lang.T("Correct…"), func() { p.correct(m, m.Text.String()) })
}
