package gui

import (
	"time"

	"fyne.io/fyne/v2"

	"culver/buddylist"
	"culver/lang"
)

const (
	dragFrom  = 6  // units from where it was pressed: before that it is no dragging
	dragEdge  = 22 // of the list: nearer to it than that, the list goes on
	dragStep  = 9  // so far at once
	dragEvery = 40 * time.Millisecond
	// dragHold is for how long nothing can be let go after the list has moved by itself
	// below the pointer: it would fall on somebody else.
	dragHold = 700 * time.Millisecond
)

// listDrag is a row of the Buddy List that is being taken elsewhere.
type listDrag struct {
	window *buddyWindow
	row    buddylist.Row
	on     bool // it has begun
	over   bool // given up: until the button is let go nothing begins
	at     fyne.Position
	to     buddylist.Drop
	held   time.Time // nothing falls before
	rolls  bool      // the list goes on by itself
	later  func(time.Duration, func())
}

func newListDrag(w *buddyWindow) *listDrag {
	return &listDrag{window: w, later: func(d time.Duration, f func()) {
		time.AfterFunc(d, func() { w.gui.do(f) })
	}}
}

// move is told that the pointer moves with the button down.
func (d *listDrag) move(at fyne.Position) {
	w := d.window
	if d.over || w.gui.over() {
		return
	}
	if !d.on {
		from := w.list.pressAt
		i := w.list.rowAt(from)
		if way := at.Subtract(from); i < 0 || way.X*way.X+way.Y*way.Y < dragFrom*dragFrom {
			return
		}
		if d.row = w.row(i); !d.row.CanDrag() {
			d.over = true
			return
		}
		d.on = true
	}
	d.at = at
	d.aim()
	d.roll()
}

// aim finds what becomes of the row if it is let go now, and marks it.
func (d *listDrag) aim() {
	w := d.window
	l := w.list
	d.to = buddylist.Drop{}
	if i := l.rowAt(d.at); i >= 0 && d.at.X >= 0 && d.at.X < l.Size().Width && d.at.Y < l.Size().Height {
		at, size, _ := l.rowRect(i)
		d.to = w.rows().Drop(d.row, i, (d.at.Y-at.Y)/size.Height)
	}
	l.drop = dropMark{}
	switch d.to.Kind {
	case buddylist.DropBefore, buddylist.DropGroup:
		l.drop = dropMark{on: true, row: d.to.Row, line: true}
	case buddylist.DropInto, buddylist.DropOnto:
		l.drop = dropMark{on: true, row: d.to.Row}
	}
	l.Refresh()
	w.tips.say(d.words(), fyne.CurrentApp().Driver().AbsolutePositionForObject(l).Add(d.at))
}

// words say what becomes of it.
func (d *listDrag) words() string {
	name := oneLine(d.row.Title, 40)
	if d.row.Kind == buddylist.GroupRow {
		name = oneLine(buddylist.GroupName(d.row.Group, false), 40)
	}
	switch d.to.Kind {
	case buddylist.DropOnto:
		return lang.F("Merge %s with %s", name, oneLine(d.to.Title, 40))
	case buddylist.DropInto:
		return lang.F("Move %s to %s", name, oneLine(buddylist.GroupName(d.to.Group, false), 40))
	}
	return name
}

// moved is told that the rows have changed.
func (d *listDrag) moved() {
	if !d.on {
		return
	}
	if d.window.rows().Find(d.row) < 0 {
		d.cancel()
		return
	}
	before := d.to
	if d.aim(); d.to != before {
		d.held = d.window.gui.now().Add(dragHold)
	}
}

// step is how far the list goes on by itself: the pointer is at one of its edges.
func (d *listDrag) step() float32 {
	size := d.window.list.Size()
	switch {
	case !d.on || d.at.X < 0 || d.at.X > size.Width:
	case d.at.Y < dragEdge:
		return -dragStep
	case d.at.Y > size.Height-dragEdge:
		return dragStep
	}
	return 0
}

// roll lets the list go on for as long as that is so.
func (d *listDrag) roll() {
	if d.rolls || d.step() == 0 {
		return
	}
	d.rolls = true
	d.later(dragEvery, func() {
		d.rolls = false
		l := d.window.list
		before := l.offset
		if l.scrollTo(before + d.step()); l.offset != before {
			d.aim()
			d.roll()
		}
	})
}

// cancel gives it up.
func (d *listDrag) cancel() {
	d.end()
	d.over = true
}

func (d *listDrag) end() {
	if d.on {
		d.on = false
		d.window.list.drop = dropMark{}
		d.window.list.Refresh()
		d.window.tips.leave()
	}
}

// drop is told that the button was let go.
func (d *listDrag) drop() {
	on, held := d.on, d.window.gui.now().Before(d.held)
	d.end()
	d.over = false
	if !on || held || d.window.gui.over() {
		return
	}
	d.window.drop(d.row, d.to)
}

// drop does what becomes of a row.
func (w *buddyWindow) drop(r buddylist.Row, to buddylist.Drop) {
	f, c := w.gui.front, r.Conv
	if to.Splits {
		f.SplitBuddy(c)
	}
	switch to.Kind {
	case buddylist.DropGroup:
		f.PlaceGroup(to.Group, to.NextGroup)
	case buddylist.DropOnto:
		f.MergeBuddy(c, to.Onto)
	case buddylist.DropInto, buddylist.DropBefore:
		if to.Group != r.Group {
			f.MoveBuddy(c, r.Group, to.Group)
		}
		if to.Kind == buddylist.DropBefore {
			f.PlaceBuddy(c, to.Group, to.Before)
		}
	}
}

// stepItems are the entries that do without the mouse what dragging within a group, or of
// a group, does.
func (w *buddyWindow) stepItems(r buddylist.Row) []*fyne.MenuItem {
	if r.Inside || r.Kind != buddylist.GroupRow && w.view.Sort != buddylist.ByHand {
		return nil
	}
	step := func(label string, up bool) *fyne.MenuItem {
		to := w.rows().Step(r, up)
		return possible(to.Kind != buddylist.NoDrop, label, func() { w.drop(r, to) })
	}
	return []*fyne.MenuItem{step(lang.T("Move Up"), true), step(lang.T("Move Down"), false)}
}

// dropMark is where something that is dragged over a list falls.
type dropMark struct {
	on   bool
	row  int
	line bool // above the row, not onto it
}

// Dragged implements fyne.Draggable.
func (l *rowList) Dragged(e *fyne.DragEvent) {
	if l.drag != nil && l.dragging {
		l.keys.onUsed()
		l.drag.move(e.Position)
	}
}

// DragEnd implements fyne.Draggable.
func (l *rowList) DragEnd() {
	if l.drag != nil {
		l.drag.drop()
	}
}

// escape gives up what is being dragged; it reports whether there was something.
func (l *rowList) escape() bool {
	if l.drag == nil || !l.drag.on {
		return false
	}
	l.drag.cancel()
	return true
}
