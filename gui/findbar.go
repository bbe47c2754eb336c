package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"culver/conversation"
	"culver/lang"
)

// findBar is the line below a transcript in which the user looks for something in it.
type findBar struct {
	page         *page
	finding      finding
	entry        *textEntry
	older, newer *pushButton
	all          *pushButton // looks in the whole history
	shut         *pushButton
	count        *widget.Label
	box          *fyne.Container
}

// findEntryWidth is how wide the entry is at least.
const findEntryWidth = 130

func newFindBar(p *page, lines *chatLines) *findBar {
	b := &findBar{page: p, finding: finding{lines: lines}, count: widget.NewLabel("")}
	k := *p.keys
	k.typed = b.key
	b.entry = newTextEntry(&k, false)
	b.entry.SetPlaceHolder(lang.T("Find in this conversation"))
	b.entry.OnChanged = func(words string) { b.seek(words) }
	b.entry.up, b.entry.down = func() { b.step(true) }, func() { b.step(false) }
	b.older = newIconButton(&k, theme.MoveUpIcon(), func() { b.step(true) })
	b.newer = newIconButton(&k, theme.MoveDownIcon(), func() { b.step(false) })
	b.all = newPushButton(&k, lang.T("All History…"), b.everywhere)
	b.shut = newIconButton(&k, theme.CancelIcon(), b.close)
	buttons := container.NewHBox(b.count, b.older, b.newer, b.all, b.shut)
	room := container.New(layout.NewGridWrapLayout(fyne.NewSize(findEntryWidth, 1)))
	b.box = container.NewStack(newBackdrop(theme.ColorNameBackground),
		container.NewPadded(container.NewBorder(nil, nil, nil, buttons, container.NewStack(room, b.entry))))
	b.show()
	return b
}

// key is what keys do in the bar that its entry has no use for.
func (b *findBar) key(e *fyne.KeyEvent) bool {
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeyF3:
		b.step(modifiers()&fyne.KeyModifierShift == 0)
	case fyne.KeyEscape:
		b.close()
	default:
		return b.page.keys.onTyped(e)
	}
	return true
}

// seek looks for other words, from what is in sight on.
func (b *findBar) seek(words string) {
	last := b.page.timeline.Len()
	if r := b.page.lines.renderer; r != nil && len(r.visible) > 0 {
		last = r.visible[len(r.visible)-1].index
	}
	b.finding.seek(conversation.Seek(words), last)
	b.show()
	b.page.lines.showFound()
}

// step goes to the next older place, or newer one.
func (b *findBar) step(older bool) {
	b.recount()
	b.finding.step(older)
	b.show()
	b.page.lines.showFound()
}

// recount looks again if lines came or went.
func (b *findBar) recount() {
	if b.finding.stale {
		b.finding.count()
		b.show()
	}
}

// added tells that there is one more line at the end.
func (b *findBar) added() {
	if !b.finding.stale && !b.finding.what.Empty() {
		b.finding.add(b.page.timeline.Len() - 1)
		b.show()
	}
}

// show marks what was found and says how much it is.
func (b *findBar) show() {
	f := &b.finding
	b.page.lines.seek(f.what, f.at)
	text := ""
	switch {
	case f.what.Empty():
	case f.total() == 0:
		text = lang.T("Not found here")
	default:
		text = lang.F("%d of %d", f.number(), f.total())
	}
	if b.count.Text != text {
		b.count.SetText(text)
		b.box.Refresh()
	}
	setDisabled(b.older, f.total() == 0)
	setDisabled(b.newer, f.total() == 0)
	importance := widget.MediumImportance
	if !f.what.Empty() && f.total() == 0 {
		importance = widget.HighImportance
	}
	if b.all.Importance != importance {
		b.all.Importance = importance
		b.all.Refresh()
	}
}

// everywhere looks for the same in all of the history.
func (b *findBar) everywhere() { b.page.gui.searchHistory(b.page.conv, b.entry.Text) }

// close takes the bar away, and the marks.
func (b *findBar) close() {
	p := b.page
	p.lines.seek(conversation.Sought{}, foundPlace{})
	p.bars.Objects = nil
	p.finder = nil
	p.sought = b.entry.Text
	p.box.Refresh()
	p.window.window.Canvas().Focus(p.entry)
}

func (b *findBar) describe(d *description) {
	d.add(kindEntry, b.entry.PlaceHolder, b.entry).Value = b.entry.Text
	d.add(kindNote, b.count.Text, b.count)
	d.add(kindButton, lang.T("Older"), b.older)
	d.add(kindButton, lang.T("Newer"), b.newer)
	d.add(kindButton, b.all.Text, b.all)
	d.add(kindButton, lang.T("Close"), b.shut)
}

// find opens the bar, or turns to it. What is selected in the transcript is looked for.
func (p *page) find() {
	if p.finder == nil {
		p.finder = newFindBar(p, p.lines.source.(*chatLines))
		p.bars.Objects = []fyne.CanvasObject{p.finder.box}
		p.box.Refresh()
	}
	words := p.sought
	if s := oneLine(p.lines.selected(), 100); s != "" {
		words = s
	}
	if p.finder.entry.Text == "" && words != "" {
		p.finder.entry.SetText(words)
	}
	p.window.window.Canvas().Focus(p.finder.entry)
	p.finder.entry.TypedShortcut(&fyne.ShortcutSelectAll{})
}

// findAgain goes on with what was looked for, or begins.
func (p *page) findAgain(older bool) {
	if p.finder == nil {
		p.find()
		return
	}
	p.finder.step(older)
}

// refind tells that lines came, went or changed: they are looked through when the page is
// drawn.
func (p *page) refind() {
	if p.finder != nil {
		p.finder.finding.stale = true
	}
}

// findKey is F3, wherever in the page the keyboard is.
func (p *page) findKey(e *fyne.KeyEvent) bool {
	if e.Name != fyne.KeyF3 {
		return false
	}
	p.findAgain(modifiers()&fyne.KeyModifierShift == 0)
	return true
}
