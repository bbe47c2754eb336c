package gui

import (
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// popMenu is a menu that pops up, with the submenus that are open. It differs
// from the toolkit's in that what is not possible now cannot be reached by the
// keyboard either, that lines which are only there to be read look like it, and
// that a long menu can be used in a small window.
//
// It covers the whole canvas while it is open, and draws all levels itself.
type popMenu struct {
	widget.BaseWidget
	canvas fyne.Canvas
	levels []*menuLevel // the menu, its open submenu, and so on
	last   fyne.Position
}

// menuLevel is one menu that is open.
type menuLevel struct {
	menu   *fyne.Menu
	at     fyne.Position
	size   fyne.Size
	chosen int // index of the highlighted entry, -1 for none
	first  int // the first entry in sight; more than 0 only if they do not all fit
}

const (
	menuPad       = 4
	menuSeparator = 7
	menuSide      = 9 // left and right of the labels
)

// newPopMenu makes the menu; show puts it on the screen.
func newPopMenu(m *fyne.Menu, c fyne.Canvas) *popMenu {
	p := &popMenu{canvas: c}
	p.ExtendBaseWidget(p)
	p.levels = []*menuLevel{newMenuLevel(m)}
	return p
}

// popUp shows a menu at a position on the canvas.
func popUp(m *fyne.Menu, c fyne.Canvas, at fyne.Position) {
	if len(m.Items) > 0 {
		newPopMenu(m, c).show(at)
	}
}

// closePopUps takes away the menus that are open on a canvas.
func closePopUps(c fyne.Canvas) {
	for {
		p, ok := c.Overlays().Top().(*popMenu)
		if !ok {
			return
		}
		p.close()
	}
}

func newMenuLevel(m *fyne.Menu) *menuLevel {
	l := &menuLevel{menu: m, chosen: -1}
	l.size = l.natural()
	return l
}

// usable reports that an entry does something: it is neither a separator, nor to
// be read only, nor impossible now.
func usable(i *fyne.MenuItem) bool {
	return !i.IsSeparator && !i.Disabled && (i.Action != nil || i.ChildMenu != nil)
}

func menuRowHeight() float32 {
	return fyne.Max(fyne.MeasureText("Mg", theme.TextSize(), fyne.TextStyle{}).Height, theme.IconInlineSize()) + 8
}

func entryHeight(i *fyne.MenuItem) float32 {
	if i.IsSeparator {
		return menuSeparator
	}
	return menuRowHeight()
}

// columns are where the ticks, the icons and the labels of a level stand. Ticks
// and icons share a column unless an entry has both.
func (l *menuLevel) columns() (tick, icon, label float32) {
	ticks, icons, both := false, false, false
	for _, i := range l.menu.Items {
		ticks = ticks || i.Checked
		icons = icons || i.Icon != nil
		both = both || i.Checked && i.Icon != nil
	}
	tick, icon, label = menuSide, menuSide, menuSide
	step := theme.IconInlineSize() + 6
	if both {
		icon += step
	}
	if ticks || icons {
		label = icon + step
	}
	return tick, icon, label
}

// natural is the size at which all of a level is in sight.
func (l *menuLevel) natural() fyne.Size {
	_, _, label := l.columns()
	var widest, height float32
	for _, i := range l.menu.Items {
		w := measure(i.Label, theme.TextSize(), fyne.TextStyle{})
		if i.ChildMenu != nil {
			w += theme.IconInlineSize()
		}
		widest = fyne.Max(widest, w)
		height += entryHeight(i)
	}
	return fyne.NewSize(float32(int(label+widest+menuSide+1)), height+2*menuPad)
}

// end is the index behind the last entry in sight.
func (l *menuLevel) end() int {
	room := l.size.Height - 2*menuPad
	i := l.first
	for ; i < len(l.menu.Items); i++ {
		if room -= entryHeight(l.menu.Items[i]); room < 0 {
			break
		}
	}
	return i
}

// top is where entry i, which is in sight, begins.
func (l *menuLevel) top(i int) float32 {
	y := l.at.Y + menuPad
	for j := l.first; j < i; j++ {
		y += entryHeight(l.menu.Items[j])
	}
	return y
}

// contains reports whether a position is on the level.
func (l *menuLevel) contains(at fyne.Position) bool {
	return at.X >= l.at.X && at.X < l.at.X+l.size.Width && at.Y >= l.at.Y && at.Y < l.at.Y+l.size.Height
}

// hit is the entry at a position, -1 for none.
func (l *menuLevel) hit(at fyne.Position) int {
	for i := l.first; i < l.end(); i++ {
		if y := at.Y - l.top(i); y >= 0 && y < entryHeight(l.menu.Items[i]) {
			return i
		}
	}
	return -1
}

// reveal scrolls so that the chosen entry is in sight.
func (l *menuLevel) reveal() {
	if l.chosen < 0 {
		return
	}
	l.first = min(l.first, l.chosen)
	for l.chosen >= l.end() {
		l.first++
	}
}

// scroll moves by n entries.
func (l *menuLevel) scroll(n int) {
	for ; n > 0 && l.end() < len(l.menu.Items); n-- {
		l.first++
	}
	for ; n < 0 && l.first > 0; n++ {
		l.first--
	}
}

// step chooses the next usable entry in a direction, going round.
func (l *menuLevel) step(by int) {
	n := len(l.menu.Items)
	i := l.chosen
	if i < 0 && by < 0 {
		i = n
	}
	for range n {
		if i = (i + by + n) % n; usable(l.menu.Items[i]) {
			l.chosen = i
			break
		}
	}
	l.reveal()
}

// show puts the menu on the screen, moved so that all of it can be seen.
func (p *popMenu) show(at fyne.Position) {
	p.levels[0].at = at
	p.canvas.Overlays().Add(p)
	p.fit()
	p.Refresh()
	p.canvas.Focus(p)
}

// close takes the menu away.
func (p *popMenu) close() { p.canvas.Overlays().Remove(p) }

// fit places all levels within the canvas.
func (p *popMenu) fit() {
	whole := p.canvas.Size()
	for n, l := range p.levels {
		l.size = l.natural()
		l.size = fyne.NewSize(fyne.Min(l.size.Width, whole.Width), fyne.Min(l.size.Height, whole.Height))
		if n > 0 {
			over := p.levels[n-1]
			l.at.X = over.at.X + over.size.Width - 3
			if l.at.X+l.size.Width > whole.Width && over.at.X-l.size.Width+3 >= 0 {
				l.at.X = over.at.X - l.size.Width + 3
			}
			l.at.Y = over.top(over.chosen) - menuPad
		}
		l.at.X = fyne.Max(0, fyne.Min(l.at.X, whole.Width-l.size.Width))
		l.at.Y = fyne.Max(0, fyne.Min(l.at.Y, whole.Height-l.size.Height))
		l.scroll(0)
	}
}

// top is the level that the keyboard is for.
func (p *popMenu) top() *menuLevel { return p.levels[len(p.levels)-1] }

// descend opens the submenu of the chosen entry, if it has one.
func (p *popMenu) descend() bool {
	l := p.top()
	if l.chosen < 0 {
		return false
	}
	i := l.menu.Items[l.chosen]
	if !usable(i) || i.ChildMenu == nil || len(i.ChildMenu.Items) == 0 {
		return false
	}
	p.levels = append(p.levels, newMenuLevel(i.ChildMenu))
	p.fit()
	return true
}

// use does what the chosen entry of the top level is for.
func (p *popMenu) use() {
	l := p.top()
	if l.chosen < 0 {
		return
	}
	i := l.menu.Items[l.chosen]
	switch {
	case !usable(i):
	case i.ChildMenu != nil:
		if p.descend() {
			p.top().step(1)
			p.Refresh()
		}
	default:
		p.close()
		i.Action()
	}
}

// under is the level and the entry at a position; the level is -1 beside all.
func (p *popMenu) under(at fyne.Position) (level, entry int) {
	for n := len(p.levels) - 1; n >= 0; n-- {
		if p.levels[n].contains(at) {
			return n, p.levels[n].hit(at)
		}
	}
	return -1, -1
}

// point moves the highlight to what the mouse is over.
func (p *popMenu) point(at fyne.Position) {
	from := p.last
	p.last = at
	n, i := p.under(at)
	if n < 0 {
		return
	}
	l := p.levels[n]
	if i == l.chosen && i >= 0 {
		switch {
		case n+2 < len(p.levels): // back from the submenu of a submenu
			p.levels = p.levels[:n+2]
			p.levels[n+1].chosen = -1
			p.Refresh()
		case n+1 == len(p.levels) && p.descend():
			p.Refresh()
		}
		return
	}
	if n+1 < len(p.levels) && p.towards(from, at, p.levels[n+1]) {
		return
	}
	if i >= 0 && !usable(l.menu.Items[i]) {
		i = -1
	}
	p.levels = p.levels[:n+1]
	l.chosen = i
	p.descend()
	p.Refresh()
}

// towards reports that the mouse is on its way to a submenu, over entries that
// stand between.
func (p *popMenu) towards(from, at fyne.Position, sub *menuLevel) bool {
	dx, dy := at.X-from.X, at.Y-from.Y
	if sub.at.X < at.X {
		dx = -dx
	}
	return dx > 0 && dy <= 2*dx && -dy <= 2*dx
}

// MouseIn implements desktop.Hoverable.
func (p *popMenu) MouseIn(e *desktop.MouseEvent) { p.point(e.Position) }

// MouseMoved implements desktop.Hoverable.
func (p *popMenu) MouseMoved(e *desktop.MouseEvent) { p.point(e.Position) }

// MouseOut implements desktop.Hoverable.
func (p *popMenu) MouseOut() {}

// Tapped implements fyne.Tappable.
func (p *popMenu) Tapped(e *fyne.PointEvent) {
	n, i := p.under(e.Position)
	if n < 0 {
		p.close()
		return
	}
	if l := p.levels[n]; i >= 0 && usable(l.menu.Items[i]) {
		if n+1 < len(p.levels) && i == l.chosen {
			return // its submenu is open
		}
		p.levels = p.levels[:n+1]
		l.chosen = i
		p.use()
	}
}

// TappedSecondary implements fyne.SecondaryTappable.
func (p *popMenu) TappedSecondary(e *fyne.PointEvent) { p.Tapped(e) }

// Scrolled implements fyne.Scrollable.
func (p *popMenu) Scrolled(e *fyne.ScrollEvent) {
	n, _ := p.under(e.Position)
	if n < 0 {
		return
	}
	p.levels = p.levels[:n+1]
	p.levels[n].chosen = -1
	if e.Scrolled.DY < 0 {
		p.levels[n].scroll(1)
	} else {
		p.levels[n].scroll(-1)
	}
	p.Refresh()
}

// FocusGained implements fyne.Focusable.
func (p *popMenu) FocusGained() {}

// FocusLost implements fyne.Focusable.
func (p *popMenu) FocusLost() {}

// TypedRune implements fyne.Focusable: a letter leads to the next entry that
// begins with it.
func (p *popMenu) TypedRune(r rune) {
	l := p.top()
	n := len(l.menu.Items)
	for k := range n {
		i := (max(l.chosen, -1) + 1 + k) % n
		item := l.menu.Items[i]
		if usable(item) && strings.HasPrefix(strings.ToLower(item.Label), string(unicode.ToLower(r))) {
			l.chosen = i
			l.reveal()
			p.Refresh()
			return
		}
	}
}

// TypedKey implements fyne.Focusable.
func (p *popMenu) TypedKey(e *fyne.KeyEvent) {
	l := p.top()
	switch e.Name {
	case fyne.KeyDown:
		l.step(1)
	case fyne.KeyUp:
		l.step(-1)
	case fyne.KeyHome:
		l.chosen = -1
		l.step(1)
	case fyne.KeyEnd:
		l.chosen = -1
		l.step(-1)
	case fyne.KeyRight:
		if p.descend() {
			p.top().step(1)
		}
	case fyne.KeyLeft:
		if len(p.levels) > 1 {
			p.levels = p.levels[:len(p.levels)-1]
		}
	case fyne.KeyEscape:
		if len(p.levels) == 1 {
			p.close()
			return
		}
		p.levels = p.levels[:len(p.levels)-1]
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		p.use()
		return
	default:
		return
	}
	p.Refresh()
}
