package gui

import (
	"strings"
	"time"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"

	"culver/lang"
)

// place is a gap between two characters of a transcript.
type place struct{ line, at int }

func (p place) before(q place) bool { return p.line < q.line || p.line == q.line && p.at < q.at }

// selection is a stretch of text, from where it was begun to where it is now.
type selection struct {
	on         bool
	anchor, at place
}

// span is the selection in reading order; ok is false if it is empty.
func (s selection) span() (from, to place, ok bool) {
	from, to = s.anchor, s.at
	if to.before(from) {
		from, to = to, from
	}
	return from, to, s.on && from != to
}

// pressed is what a press of the left button selects: at two clicks a word, at
// three the line, else nothing yet. It may extend what is selected already.
func (s *selection) pressed(clicks int, at place, line func(int) []rune, extend bool) {
	switch {
	case clicks == 2:
		from, to := wordAround(line(at.line), at.at)
		*s = selection{true, place{at.line, from}, place{at.line, to}}
	case clicks >= 3:
		*s = selection{true, place{at.line, 0}, place{at.line, len(line(at.line))}}
	case extend && s.on:
		s.at = at
	default:
		*s = selection{true, at, at}
	}
}

// pressState is what the left button did lately, to tell clicks, double clicks
// and drags apart.
type pressState struct {
	when    time.Time
	where   place
	clicks  int
	dragged bool
}

// clicked counts a press of the button.
func (p *pressState) clicked(at place) {
	now := time.Now()
	if p.where == at && now.Sub(p.when) < 2*fyne.CurrentApp().Driver().DoubleTapDelay() {
		p.clicks++
	} else {
		p.clicks = 1
	}
	p.when, p.where, p.dragged = now, at, false
}

// hit is the place nearest to a position, and the span below it, -1 if it is
// beside all text.
func (t *transcript) hit(p fyne.Position) (at place, span int) {
	if t.renderer == nil || len(t.renderer.visible) == 0 {
		return place{}, -1
	}
	all := t.renderer.visible
	first, last := all[0], all[len(all)-1]
	if float64(p.Y) < first.y {
		return place{first.index, 0}, -1
	}
	for _, v := range all {
		y := float64(p.Y) - v.y
		if y < v.top {
			return place{v.index, 0}, -1
		}
		if y >= t.textEnd(v.laid) && y < v.height && v.line.below.height(t.column()) > 0 {
			return place{v.index, v.length}, -1
		}
		if y < v.height {
			return t.hitLine(v, p.X-textLeft(), int((y-v.top-lineGap/2)/t.rowHeight()))
		}
	}
	return place{last.index, last.length}, -1
}

func (t *transcript) hitLine(v visible, x float32, row int) (place, int) {
	row = max(0, min(row, v.rows-1))
	best := place{v.index, 0}
	for _, p := range v.pieces {
		if p.row > row {
			break
		}
		best.at = p.start + len(p.text) // right of it, unless below
		if p.row < row {
			continue
		}
		if x < p.x {
			best.at = p.start
			return best, -1
		}
		if x < p.x+p.w {
			style := v.line.spans[p.span].style
			n := 0
			for n < len(p.text) {
				mid := (t.prefixWidth(p, n, style) + t.prefixWidth(p, n+1, style)) / 2
				if x-p.x < mid {
					break
				}
				n++
			}
			best.at = p.start + n
			return best, p.span
		}
	}
	return best, -1
}

// clickable is the span at a position if a click on it does something.
func (t *transcript) clickable(p fyne.Position) (span, bool) {
	at, i := t.hit(p)
	if i < 0 {
		return span{}, false
	}
	s := t.at(at.line).line.spans[i]
	return s, s.link != "" || s.act != nil
}

// MouseDown implements desktop.Mouseable.
func (t *transcript) MouseDown(e *desktop.MouseEvent) {
	t.keys.onUsed()
	if c := fyne.CurrentApp().Driver().CanvasForObject(t); c != nil {
		c.Focus(t)
	}
	if e.Button != desktop.MouseButtonPrimary {
		return
	}
	at, _ := t.hit(e.Position)
	t.press.clicked(at)
	t.sel.pressed(t.press.clicks, at, t.runes, e.Modifier&fyne.KeyModifierShift != 0)
	t.update()
}

// MouseUp implements desktop.Mouseable: a click that selected nothing follows a link.
func (t *transcript) MouseUp(e *desktop.MouseEvent) {
	if e.Button != desktop.MouseButtonPrimary || t.press.dragged || t.press.clicks != 1 {
		return
	}
	s, ok := t.clickable(e.Position)
	switch {
	case !ok:
	case s.act != nil:
		s.act()
	case t.linked != nil:
		t.linked(s.link)
	}
}

// Dragged implements fyne.Draggable.
func (t *transcript) Dragged(e *fyne.DragEvent) {
	t.press.dragged = true
	if y := e.Position.Y; y < 0 {
		t.scrollBy(float64(-y))
	} else if over := y - t.Size().Height; over > 0 {
		t.scrollBy(float64(-over))
	}
	if t.press.clicks == 1 {
		t.sel.at, _ = t.hit(e.Position)
		t.update()
	}
}

// DragEnd implements fyne.Draggable.
func (t *transcript) DragEnd() {}

// wordAround is the word at a gap between characters.
func wordAround(text []rune, at int) (from, to int) {
	inWord := func(i int) bool {
		return i >= 0 && i < len(text) && (unicode.IsLetter(text[i]) || unicode.IsDigit(text[i]) || text[i] == '_' || text[i] == '\'')
	}
	from, to = at, at
	for inWord(from - 1) {
		from--
	}
	for inWord(to) {
		to++
	}
	return from, to
}

// runes is the text of a line.
func (t *transcript) runes(i int) []rune {
	var out []rune
	for _, s := range t.at(i).line.spans {
		out = append(out, []rune(s.text)...)
	}
	return out
}

// selected is the chosen text, a line below the other, without what is only
// there to be clicked.
func (t *transcript) selected() string {
	from, to, ok := t.sel.span()
	if !ok {
		return ""
	}
	var b strings.Builder
	for i := from.line; i <= to.line && i < t.heights.len(); i++ {
		a, z := 0, int(^uint(0)>>1)
		if i == from.line {
			a = from.at
		}
		if i == to.line {
			z = to.at
		}
		if i > from.line {
			b.WriteByte('\n')
		}
		l := t.source.Line(i)
		for _, h := range l.above {
			if a == 0 && !h.quiet {
				b.WriteString(h.text + "\n")
			}
		}
		at := 0
		for _, s := range l.spans {
			text := []rune(s.text)
			start, end := max(a-at, 0), min(z-at, len(text))
			if start < end && !s.quiet {
				b.WriteString(string(text[start:end]))
			}
			at += len(text)
		}
	}
	return strings.TrimRight(b.String(), " ")
}

func (t *transcript) copySelection() {
	if s := t.selected(); s != "" {
		fyne.CurrentApp().Clipboard().SetContent(s)
	}
}

func (t *transcript) selectAll() {
	if n := t.heights.len(); n > 0 {
		t.sel = selection{true, place{0, 0}, place{n - 1, t.at(n - 1).length}}
		t.update()
	}
}

// copyLine chooses a line, and copies it.
func (t *transcript) copyLine(i int) {
	if i < t.heights.len() { // it may have gone while the menu was up
		t.sel = selection{true, place{i, 0}, place{i, t.at(i).length}}
		t.update()
		t.copySelection()
	}
}

// TappedSecondary implements fyne.SecondaryTappable.
func (t *transcript) TappedSecondary(e *fyne.PointEvent) {
	at, i := t.hit(e.Position)
	copyItem := fyne.NewMenuItem(lang.T("Copy"), t.copySelection)
	if _, _, some := t.sel.span(); !some {
		copyItem = possible(t.heights.len() > 0, lang.T("Copy Line"), func() { t.copyLine(at.line) })
	}
	items := []*fyne.MenuItem{copyItem, fyne.NewMenuItem(lang.T("Select All"), t.selectAll)}
	if i >= 0 {
		if url := t.at(at.line).line.spans[i].link; url != "" {
			items = append(items, fyne.NewMenuItemSeparator(),
				fyne.NewMenuItem(lang.T("Open Link…"), func() { t.linked(url) }),
				fyne.NewMenuItem(lang.T("Copy Link Address"), func() { fyne.CurrentApp().Clipboard().SetContent(url) }))
		}
	}
	t.popUp(items, at.line, e.AbsolutePosition)
}

// popUp shows a menu with these entries and those of a line.
func (t *transcript) popUp(items []*fyne.MenuItem, line int, at fyne.Position) {
	if t.extra != nil && line >= 0 && line < t.heights.len() {
		if more := t.extra(line); len(more) > 0 && len(items) > 0 {
			items = append(append(items, fyne.NewMenuItemSeparator()), more...)
		} else {
			items = append(items, more...)
		}
	}
	if c := fyne.CurrentApp().Driver().CanvasForObject(t); c != nil {
		popUp(fyne.NewMenu("", items...), c, at)
	}
}

// menuByKey shows the menu of the line that the keyboard means.
func (t *transcript) menuByKey() {
	if t.line == nil || t.renderer == nil {
		return
	}
	i := t.line()
	if i < 0 {
		return
	}
	t.reveal(i)
	for _, v := range t.renderer.visible {
		if v.index == i {
			origin := fyne.CurrentApp().Driver().AbsolutePositionForObject(t)
			t.popUp(nil, i, origin.AddXY(textLeft(), float32(v.y+v.height)))
			return
		}
	}
}

// menuKey reports that a key asks for a menu, as the right mouse button does.
func menuKey(e *fyne.KeyEvent) bool {
	return e.Name == desktop.KeyMenu || e.Name == fyne.KeyF10 && modifiers()&fyne.KeyModifierShift != 0
}

// Scrolled implements fyne.Scrollable.
func (t *transcript) Scrolled(e *fyne.ScrollEvent) {
	t.keys.onUsed()
	t.scrollBy(float64(e.Scrolled.DY))
}

// Cursor implements desktop.Cursorable.
func (t *transcript) Cursor() desktop.Cursor {
	if t.pointer {
		return desktop.PointerCursor
	}
	return desktop.TextCursor
}

// MouseIn implements desktop.Hoverable.
func (t *transcript) MouseIn(e *desktop.MouseEvent) { t.MouseMoved(e) }

// MouseMoved implements desktop.Hoverable.
func (t *transcript) MouseMoved(e *desktop.MouseEvent) {
	_, t.pointer = t.clickable(e.Position)
	t.point(t.marked(e.Position))
}

// marked is the line whose mark is at a position, -1 for none, and whether it is the one
// at the right.
func (t *transcript) marked(at fyne.Position) (i int, ticked bool) {
	ticked = at.X >= t.tickLeft()
	if t.renderer == nil || at.X >= textLeft() && !ticked || at.X >= t.Size().Width-theme.ScrollBarSize() {
		return -1, false
	}
	for _, v := range t.renderer.visible {
		mark := v.line.mark
		if ticked {
			mark = v.line.tick
		}
		if y := float64(at.Y) - v.y - v.top; mark.icon != nil && y >= 0 && y < t.rowHeight()+lineGap {
			return v.index, ticked
		}
	}
	return -1, false
}

// point says what a mark of a line means; -1 ends that.
func (t *transcript) point(i int, ticked bool) {
	if t.pointed != i || t.ticked != ticked {
		t.pointed, t.ticked = i, ticked
		t.update()
		if t.renderer != nil {
			canvas.Refresh(t.renderer.back)
		}
	}
}

// MouseOut implements desktop.Hoverable.
func (t *transcript) MouseOut() {
	t.pointer = false
	t.point(-1, false)
}

// FocusGained implements fyne.Focusable.
func (t *transcript) FocusGained() {
	t.focused = true
	t.keys.onFocus()
}

// FocusLost implements fyne.Focusable.
func (t *transcript) FocusLost() {
	t.focused = false
	t.point(-1, false)
	t.keys.onLost()
}

// TypedRune implements fyne.Focusable: whoever types means to write.
func (t *transcript) TypedRune(r rune) {
	if t.typed != nil {
		t.typed(r)
	}
}

// TypedKey implements fyne.Focusable.
func (t *transcript) TypedKey(e *fyne.KeyEvent) {
	t.keys.onUsed()
	page := float64(t.Size().Height) - t.rowHeight()
	if menuKey(e) {
		t.menuByKey()
		return
	}
	switch e.Name {
	case fyne.KeyUp:
		t.scrollBy(t.rowHeight())
	case fyne.KeyDown:
		t.scrollBy(-t.rowHeight())
	case fyne.KeyPageUp:
		t.scrollBy(page)
	case fyne.KeyPageDown:
		t.scrollBy(-page)
	case fyne.KeyHome:
		t.scrollTo(0)
	case fyne.KeyEnd:
		t.toEnd()
	default:
		t.keys.onTyped(e)
	}
}

// TypedShortcut implements fyne.Shortcutable.
func (t *transcript) TypedShortcut(s fyne.Shortcut) {
	switch s.(type) {
	case *fyne.ShortcutCopy:
		t.copySelection()
	case *fyne.ShortcutSelectAll:
		t.selectAll()
	default:
		t.keys.onShortcut(s)
	}
}
