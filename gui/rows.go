package gui

import (
	"image/color"
	"math"
	"sort"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// rowView draws one row of a rowList. It takes no events: the list does.
type rowView interface {
	object() fyne.CanvasObject
	// show draws row i. The object already has its size.
	show(i int)
}

// rowList is a list of rows of one height, of which only those in sight are
// objects, so that ten thousand cost no more than ten. It differs from the
// toolkit's list in what Pidgin's users expect: a press selects at once, a
// double click opens, the right button asks, and the keyboard does all of it.
type rowList struct {
	widget.BaseWidget
	count  func() int
	create func() rowView
	height func() float32
	tops   func(i int) float32 // where row i begins, if rows have several heights
	keys   *keys

	opened  func(i int)                   // Enter, or a double click
	pressed func(i int)                   // a press of the left button
	chosen  func(i int)                   // the selection moved, by whatever means
	menu    func(i int, at fyne.Position) // the right button; at is absolute
	typed   func(r rune)                  // text, while the list has the focus
	key     func(e *fyne.KeyEvent) bool   // keys before the list's own
	fold    func(i int, e *fyne.KeyEvent) // left and right arrow, for groups
	about   func(i int) tip               // what there is to know about a row

	// Where more than one row can be chosen, these two say which; selected is then
	// the row that the keyboard is at. With row -1 none is to be chosen.
	pick   func(i int, how pick)
	marked func(i int) bool

	selected int // -1: none
	hovered  int
	focused  bool
	offset   float32
	bar      *scrollBar

	drag     *listDrag // of rows; nil: they stay where they are
	dragging bool      // the left button is down
	drop     dropMark

	pressAt   fyne.Position // where the button was pressed last
	lastPress time.Time
	lastRow   int
	double    bool
}

// pick is how a row is chosen among several.
type pick int

const (
	pickOnly   pick = iota // it alone
	pickToggle             // it, too, or not any more
	pickRange              // all from where the choice was begun
	pickAll                // all rows
)

func newRowList(k *keys, height func() float32, count func() int, create func() rowView) *rowList {
	l := &rowList{count: count, create: create, height: height, keys: k, selected: -1, hovered: -1, lastRow: -1}
	l.bar = newScrollBar(func(o float64) { l.scrollTo(float32(o)) })
	l.ExtendBaseWidget(l)
	return l
}

// choose selects row i, and brings it into sight; -1 selects none.
func (l *rowList) choose(i int) {
	n := l.count()
	if n == 0 || i < 0 {
		i = -1
	} else if i >= n {
		i = n - 1
	}
	changed := i != l.selected
	l.selected = i
	if i >= 0 {
		top := l.top(i)
		if top < l.offset {
			l.offset = top
		} else if bottom := l.top(i + 1); bottom > l.offset+l.Size().Height {
			l.offset = bottom - l.Size().Height
		}
	}
	l.Refresh()
	if changed && l.chosen != nil {
		l.chosen(i)
	}
}

// take goes to row i and chooses it, where there can be several as the modifier
// keys say.
func (l *rowList) take(i int, held fyne.KeyModifier) {
	l.choose(i)
	if l.pick == nil {
		return
	}
	switch {
	case held&fyne.KeyModifierShift != 0 && l.selected >= 0:
		l.pick(l.selected, pickRange)
	case held&fyne.KeyModifierShortcutDefault != 0 && l.selected >= 0:
		l.pick(l.selected, pickToggle)
	default:
		l.pick(l.selected, pickOnly)
	}
}

func (l *rowList) scrollTo(offset float32) {
	limit := l.top(l.count()) - l.Size().Height
	offset = float32(math.Round(float64(fyne.Max(0, fyne.Min(offset, limit)))))
	if offset != l.offset {
		l.offset = offset
		l.Refresh()
	}
}

// top is where row i begins.
func (l *rowList) top(i int) float32 {
	if l.tops != nil {
		return l.tops(i)
	}
	return float32(i) * l.height()
}

// rowFrom is the row that a height from the top of all falls into; it may be behind the
// last one.
func (l *rowList) rowFrom(y float32) int {
	if l.tops == nil {
		return int(y / l.height())
	}
	return sort.Search(l.count(), func(i int) bool { return l.tops(i+1) > y })
}

// rowAt is the row at a position in the list, -1 if there is none.
func (l *rowList) rowAt(p fyne.Position) int {
	i := l.rowFrom(p.Y + l.offset)
	if p.Y < 0 || i < 0 || i >= l.count() {
		return -1
	}
	return i
}

// Scrolled implements fyne.Scrollable.
func (l *rowList) Scrolled(e *fyne.ScrollEvent) {
	l.keys.onUsed()
	l.scrollTo(l.offset - e.Scrolled.DY)
}

// MouseDown implements desktop.Mouseable.
func (l *rowList) MouseDown(e *desktop.MouseEvent) {
	l.keys.onUsed()
	if c := fyne.CurrentApp().Driver().CanvasForObject(l); c != nil {
		c.Focus(l)
	}
	i := l.rowAt(e.Position)
	l.pressAt, l.double = e.Position, false
	l.dragging = e.Button == desktop.MouseButtonPrimary && i >= 0
	if e.Button == desktop.MouseButtonPrimary && i >= 0 {
		now := time.Now()
		l.double = i == l.lastRow && (l.pick == nil || e.Modifier == 0) && now.Sub(l.lastPress) < 2*fyne.CurrentApp().Driver().DoubleTapDelay()
		l.lastPress, l.lastRow = now, i
		if l.double {
			l.lastRow = -1
		}
	}
	if e.Button == desktop.MouseButtonSecondary && l.marked != nil && i >= 0 && l.marked(i) {
		l.choose(i) // its menu is for all that are chosen
	} else {
		l.take(i, e.Modifier)
	}
	if l.drag == nil && l.dragging && !l.double && l.pressed != nil {
		l.pressed(i)
	}
}

// MouseUp implements desktop.Mouseable. A double click opens on release, so
// that the window it opens is not covered again by the press.
func (l *rowList) MouseUp(e *desktop.MouseEvent) {
	pressed := l.dragging && e.Button == desktop.MouseButtonPrimary
	l.dragging = l.dragging && !pressed
	i := l.rowAt(e.Position)
	if l.drag != nil && (l.drag.on || l.drag.over) || i < 0 || i != l.selected {
		return
	}
	switch {
	case l.double:
		l.double = false
		if l.opened != nil {
			l.opened(i)
		}
	case pressed && l.drag != nil && l.pressed != nil: // it could have been dragged
		l.pressed(i)
	}
}

// TappedSecondary implements fyne.SecondaryTappable.
func (l *rowList) TappedSecondary(e *fyne.PointEvent) {
	if i := l.rowAt(e.Position); i >= 0 && l.menu != nil {
		l.choose(i)
		l.menu(i, e.AbsolutePosition)
	}
}

// MouseIn implements desktop.Hoverable.
func (l *rowList) MouseIn(e *desktop.MouseEvent) { l.MouseMoved(e) }

// MouseMoved implements desktop.Hoverable.
func (l *rowList) MouseMoved(e *desktop.MouseEvent) {
	i := l.rowAt(e.Position)
	if i != l.hovered {
		l.hovered = i
		l.Refresh()
	}
	l.rest(i, e)
}

// rest is told that the pointer is on row i.
func (l *rowList) rest(i int, e *desktop.MouseEvent) {
	if l.about == nil {
		return
	}
	t := l.keys.tip()
	if i < 0 {
		t.leave()
		return
	}
	at, size, _ := l.rowRect(i)
	t.rest(tipRow{l, i}, e.AbsolutePosition.Subtract(e.Position).Add(at), size, e.AbsolutePosition.X, func() tip { return l.about(i) })
}

// tipRow is a row that has a tip.
type tipRow struct {
	list *rowList
	row  int
}

// MouseOut implements desktop.Hoverable.
func (l *rowList) MouseOut() {
	l.hovered = -1
	l.keys.tip().leave()
	l.Refresh()
}

// FocusGained implements fyne.Focusable.
func (l *rowList) FocusGained() {
	l.focused = true
	l.keys.onFocus()
	l.Refresh()
}

// FocusLost implements fyne.Focusable.
func (l *rowList) FocusLost() {
	l.focused = false
	l.Refresh()
	l.keys.onLost()
}

// TypedRune implements fyne.Focusable.
func (l *rowList) TypedRune(r rune) {
	if l.typed != nil {
		l.typed(r)
	}
}

// TypedShortcut implements fyne.Shortcutable.
func (l *rowList) TypedShortcut(s fyne.Shortcut) {
	if l.pick == nil {
		l.keys.onShortcut(s)
		return
	}
	switch s := s.(type) {
	case *fyne.ShortcutSelectAll:
		l.pick(l.selected, pickAll)
	case *desktop.CustomShortcut:
		switch {
		case s.Modifier&fyne.KeyModifierShortcutDefault == 0:
			l.keys.onShortcut(s)
		case s.KeyName == fyne.KeyUp: // goes there and chooses nothing
			l.choose(max(0, l.selected-1))
		case s.KeyName == fyne.KeyDown:
			l.choose(l.selected + 1)
		case s.KeyName == fyne.KeySpace && l.selected >= 0:
			l.pick(l.selected, pickToggle)
		default:
			l.keys.onShortcut(s)
		}
	default:
		l.keys.onShortcut(s)
	}
}

// TypedKey implements fyne.Focusable.
func (l *rowList) TypedKey(e *fyne.KeyEvent) {
	l.keys.onUsed()
	if e.Name == fyne.KeyEscape && l.escape() || l.key != nil && l.key(e) {
		return
	}
	if i := l.selected; menuKey(e) && l.menu != nil && i >= 0 {
		at, size, seen := l.rowRect(i)
		if seen {
			origin := fyne.CurrentApp().Driver().AbsolutePositionForObject(l)
			l.menu(i, origin.Add(at).AddXY(theme.IconInlineSize(), size.Height))
		}
		return
	}
	page := max(1, int(l.Size().Height/l.height())-1)
	held := modifiers() & fyne.KeyModifierShift
	switch e.Name {
	case fyne.KeyUp:
		l.take(max(0, l.selected-1), held)
	case fyne.KeyDown:
		l.take(l.selected+1, held)
	case fyne.KeyPageUp:
		l.take(max(0, l.selected-page), held)
	case fyne.KeyPageDown:
		l.take(l.selected+page, held)
	case fyne.KeyHome:
		l.take(0, held)
	case fyne.KeyEnd:
		l.take(l.count()-1, held)
	case fyne.KeySpace:
		if l.pick != nil && l.selected >= 0 {
			l.pick(l.selected, pickToggle)
			return
		}
		l.keys.onTyped(e)
	case fyne.KeyLeft, fyne.KeyRight:
		if l.fold != nil && l.selected >= 0 {
			l.fold(l.selected, e)
		}
	case fyne.KeyReturn, fyne.KeyEnter:
		if l.selected >= 0 && l.opened != nil {
			l.opened(l.selected)
			return
		}
		l.keys.onTyped(e)
	default:
		l.keys.onTyped(e)
	}
}

// rowRect is the place of row i within the list, and whether it is in sight.
func (l *rowList) rowRect(i int) (fyne.Position, fyne.Size, bool) {
	y := l.top(i) - l.offset
	h := l.top(i+1) - l.top(i)
	return fyne.NewPos(0, y), fyne.NewSize(l.Size().Width, h), y+h > 0 && y < l.Size().Height
}

// CreateRenderer implements fyne.Widget.
func (l *rowList) CreateRenderer() fyne.WidgetRenderer {
	r := &rowListRenderer{list: l, back: canvas.NewRectangle(nil), mark: canvas.NewRectangle(nil), hover: canvas.NewRectangle(nil), drop: canvas.NewRectangle(color.Transparent)}
	r.rows = container.NewWithoutLayout()
	r.clip = container.NewClip(r.rows)
	r.Refresh()
	return r
}

type rowListRenderer struct {
	list              *rowList
	back, mark, hover *canvas.Rectangle
	drop              *canvas.Rectangle   // where what is dragged falls
	marks             []*canvas.Rectangle // of several chosen rows
	rows              *fyne.Container
	clip              *container.Clip
	pool              []rowView
}

// MinSize implements fyne.WidgetRenderer.
func (r *rowListRenderer) MinSize() fyne.Size {
	return fyne.NewSize(60, 3*r.list.height())
}

// Layout implements fyne.WidgetRenderer.
func (r *rowListRenderer) Layout(size fyne.Size) {
	l := r.list
	r.back.Resize(size)
	r.clip.Resize(size)
	n := l.count()
	total := l.top(n)
	l.offset = fyne.Max(0, fyne.Min(l.offset, total-size.Height))
	width := size.Width
	bar := l.bar.MinSize().Width
	l.bar.Resize(fyne.NewSize(bar, size.Height))
	l.bar.Move(fyne.NewPos(size.Width-bar, 0))
	l.bar.set(float64(total), float64(size.Height), float64(l.offset))
	if l.bar.needed() {
		width -= bar
	}
	first := l.rowFrom(l.offset)
	last := min(n, l.rowFrom(l.offset+size.Height)+1)
	top := func(i int) float32 { return l.top(i) - l.offset }
	height := func(i int) float32 { return l.top(i+1) - l.top(i) }
	for len(r.pool) < last-first {
		r.pool = append(r.pool, l.create())
	}
	objects := []fyne.CanvasObject{r.hover}
	used := 0
	for i := first; i < last && l.marked != nil; i++ {
		if !l.marked(i) {
			continue
		}
		if used == len(r.marks) {
			r.marks = append(r.marks, canvas.NewRectangle(nil))
		}
		m := r.marks[used]
		used++
		m.FillColor = theme.Color(colorSelected)
		m.Move(fyne.NewPos(2, top(i)))
		m.Resize(fyne.NewSize(width-4, height(i)))
		objects = append(objects, m)
	}
	objects = append(objects, r.mark)
	for i := first; i < last; i++ {
		v := r.pool[i-first]
		o := v.object()
		o.Move(fyne.NewPos(0, top(i)))
		o.Resize(fyne.NewSize(width, height(i)))
		v.show(i)
		objects = append(objects, o)
	}
	r.rows.Objects = append(objects, r.drop)
	r.placeDrop(width, top)
	place := func(o *canvas.Rectangle, i int) {
		if o.Hidden = i < first || i >= last; !o.Hidden {
			o.Move(fyne.NewPos(2, top(i)))
			o.Resize(fyne.NewSize(width-4, height(i)))
		}
	}
	place(r.mark, l.selected)
	place(r.hover, l.hovered)
	if l.hovered == l.selected && l.marked == nil {
		r.hover.Hidden = true
	}
}

// placeDrop puts the mark of what is being dragged in its place.
func (r *rowListRenderer) placeDrop(width float32, top func(i int) float32) {
	m := r.list.drop
	r.drop.Hidden = !m.on
	y := top(m.row)
	if m.line {
		r.drop.StrokeWidth, r.drop.FillColor = 0, theme.Color(theme.ColorNamePrimary)
		r.drop.Move(fyne.NewPos(2, fyne.Max(0, y-1)))
		r.drop.Resize(fyne.NewSize(width-4, 2))
		return
	}
	r.drop.StrokeWidth, r.drop.StrokeColor, r.drop.FillColor = 2, theme.Color(theme.ColorNamePrimary), color.Transparent
	r.drop.CornerRadius = theme.SelectionRadiusSize()
	r.drop.Move(fyne.NewPos(2, y))
	if m.on {
		r.drop.Resize(fyne.NewSize(width-4, top(m.row+1)-y))
	}
}

// Refresh implements fyne.WidgetRenderer.
func (r *rowListRenderer) Refresh() {
	r.back.FillColor = theme.Color(colorView)
	r.mark.FillColor = theme.Color(colorSelected)
	if r.list.marked != nil {
		r.mark.FillColor = color.Transparent
	}
	r.mark.CornerRadius = theme.SelectionRadiusSize()
	r.mark.StrokeWidth = 0
	if r.list.focused {
		r.mark.StrokeWidth, r.mark.StrokeColor = 1, theme.Color(theme.ColorNamePrimary)
	}
	r.hover.FillColor = theme.Color(theme.ColorNameHover)
	r.hover.CornerRadius = theme.SelectionRadiusSize()
	r.Layout(r.list.Size())
	canvas.Refresh(r.list)
}

// Objects implements fyne.WidgetRenderer.
func (r *rowListRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.clip, r.list.bar}
}

// Destroy implements fyne.WidgetRenderer.
func (r *rowListRenderer) Destroy() {}
