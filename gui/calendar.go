package gui

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// calendar is a month, whose days that have something to show can be chosen. Its
// arrows go to the months that have such days, and to no others.
//
// By the keyboard: the arrow keys go from day to day, with Ctrl to the next one
// that has something; PageUp and PageDown, from month to month; Enter chooses.
type calendar struct {
	widget.BaseWidget
	keys   *keys
	now    func() time.Time
	picked func(date)
	begins time.Weekday // what a week begins with

	days   []date // that have something, the earliest first
	has    map[date]bool
	month  date // the first day of what is shown
	chosen date // zero: none
	at     date // where the keyboard is

	hovered part
	focused bool
	pointed bool // it got the focus by the mouse
}

// part is a part of a calendar that can be clicked: an arrow, or a day.
type part struct {
	arrow int // -1 the one back, 1 the one ahead
	day   int // of the month that is shown
}

func newCalendar(k *keys, now func() time.Time, begins time.Weekday, picked func(date)) *calendar {
	c := &calendar{keys: k, now: now, begins: begins, picked: picked, has: map[date]bool{}}
	c.month = dateOf(now()).first()
	c.at = dateOf(now())
	c.ExtendBaseWidget(c)
	return c
}

// setDays says which days have something. What is chosen stays so if it still has.
func (c *calendar) setDays(days []date) {
	days = slices.Clone(days)
	slices.SortFunc(days, date.compare)
	days = slices.Compact(days)
	if slices.Equal(days, c.days) {
		return
	}
	c.days, c.has = days, map[date]bool{}
	for _, d := range days {
		c.has[d] = true
	}
	if !c.has[c.chosen] {
		c.chosen = date{}
	}
	c.Refresh()
}

// choose marks a day as the one on show, and shows its month; zero is none.
func (c *calendar) choose(d date) {
	if c.chosen == d {
		return
	}
	c.chosen = d
	if !d.isZero() {
		c.show(d)
	}
	c.Refresh()
}

// show turns to the month of a day, and brings the keyboard there.
func (c *calendar) show(d date) {
	c.month, c.at = d.first(), d
	c.Refresh()
}

// shows reports that the day is in the month that is shown.
func (c *calendar) shows(d date) bool { return d.same(c.month) }

// neighbour is the nearest day that has something in an earlier month, or in a
// later one; zero if there is none.
func (c *calendar) neighbour(direction int) date {
	i, _ := slices.BinarySearchFunc(c.days, c.month, date.compare)
	if direction < 0 {
		if i == 0 {
			return date{}
		}
		return c.days[i-1]
	}
	for ; i < len(c.days); i++ {
		if !c.days[i].same(c.month) {
			return c.days[i]
		}
	}
	return date{}
}

// turn goes to the nearest month that has something.
func (c *calendar) turn(direction int) {
	if d := c.neighbour(direction); !d.isZero() {
		c.show(d)
	}
}

// next is the nearest day that has something, from where the keyboard is.
func (c *calendar) next(direction int) date {
	i, exact := slices.BinarySearchFunc(c.days, c.at, date.compare)
	switch {
	case direction < 0:
		i--
	case exact:
		i++
	}
	if i < 0 || i >= len(c.days) {
		return c.at
	}
	return c.days[i]
}

// pick chooses a day if it has something.
func (c *calendar) pick(d date) {
	if !c.has[d] {
		return
	}
	c.choose(d)
	if c.picked != nil {
		c.picked(d)
	}
}

// use does what a part is for.
func (c *calendar) use(p part) {
	switch {
	case p.arrow != 0:
		c.turn(p.arrow)
	case p.day != 0:
		d := date{c.month.year, c.month.month, p.day}
		c.at = d
		c.pick(d)
		c.Refresh()
	}
}

// MouseDown implements desktop.Mouseable.
func (c *calendar) MouseDown(e *desktop.MouseEvent) {
	c.pointed = true
	if v := fyne.CurrentApp().Driver().CanvasForObject(c); v != nil {
		v.Focus(c)
	}
	if e.Button == desktop.MouseButtonPrimary {
		c.use(c.hit(e.Position))
	}
}

// MouseUp implements desktop.Mouseable.
func (c *calendar) MouseUp(*desktop.MouseEvent) {}

// MouseIn implements desktop.Hoverable.
func (c *calendar) MouseIn(e *desktop.MouseEvent) { c.MouseMoved(e) }

// MouseMoved implements desktop.Hoverable.
func (c *calendar) MouseMoved(e *desktop.MouseEvent) {
	if p := c.hit(e.Position); p != c.hovered {
		c.hovered = p
		c.Refresh()
	}
}

// MouseOut implements desktop.Hoverable.
func (c *calendar) MouseOut() {
	c.hovered = part{}
	c.Refresh()
}

// Scrolled implements fyne.Scrollable.
func (c *calendar) Scrolled(e *fyne.ScrollEvent) {
	if e.Scrolled.DY > 0 {
		c.turn(-1)
	} else if e.Scrolled.DY < 0 {
		c.turn(1)
	}
}

// FocusGained implements fyne.Focusable.
func (c *calendar) FocusGained() {
	c.focused = true
	c.keys.onFocus()
	c.Refresh()
}

// FocusLost implements fyne.Focusable.
func (c *calendar) FocusLost() {
	c.focused, c.pointed = false, false
	c.Refresh()
	c.keys.onLost()
}

// TypedRune implements fyne.Focusable.
func (c *calendar) TypedRune(rune) {}

// TypedKey implements fyne.Focusable.
func (c *calendar) TypedKey(e *fyne.KeyEvent) {
	c.keys.onUsed()
	c.pointed = false
	switch e.Name {
	case fyne.KeyLeft:
		c.show(c.at.add(-1))
	case fyne.KeyRight:
		c.show(c.at.add(1))
	case fyne.KeyUp:
		c.show(c.at.add(-7))
	case fyne.KeyDown:
		c.show(c.at.add(7))
	case fyne.KeyPageUp:
		c.turn(-1)
	case fyne.KeyPageDown:
		c.turn(1)
	case fyne.KeyHome:
		if len(c.days) > 0 {
			c.show(c.days[0])
		}
	case fyne.KeyEnd:
		if len(c.days) > 0 {
			c.show(c.days[len(c.days)-1])
		}
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		if c.has[c.at] {
			c.pick(c.at)
			return
		}
		c.keys.onTyped(e)
	default:
		c.keys.onTyped(e)
	}
}

// TypedShortcut implements fyne.Shortcutable.
func (c *calendar) TypedShortcut(s fyne.Shortcut) {
	if k, ok := s.(*desktop.CustomShortcut); ok && k.Modifier == fyne.KeyModifierShortcutDefault {
		switch k.KeyName {
		case fyne.KeyLeft:
			c.show(c.next(-1))
			return
		case fyne.KeyRight:
			c.show(c.next(1))
			return
		}
	}
	c.keys.onShortcut(s)
}
