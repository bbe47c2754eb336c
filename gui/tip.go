package gui

import (
	"image"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
)

// tip is what is told of something that the pointer rests on.
type tip struct {
	face  image.Image // nil: none
	title string
	lines []string
}

func (t tip) empty() bool { return t.title == "" && len(t.lines) == 0 }

const (
	tipAfter = 500 * time.Millisecond // that the pointer rests
	// tipFor is how long a tip stays. The toolkit does not tell that the pointer has
	// left the window: it would stay there for ever.
	tipFor = 15 * time.Second
	// tipAgain is how long there is none after the user has done something: they are
	// about something else.
	tipAgain = 2 * time.Second
)

// tips shows, in one window, what there is to know about what the pointer rests on. It
// is drawn within the window, above its content, and takes no events. It never covers
// what it is about, and so never the pointer.
//
// A nil one shows nothing.
type tips struct {
	now   func() time.Time
	later func(d time.Duration, f func()) (stop func() bool)
	layer *fyne.Container

	over  any // what the pointer is on; nil: nothing that has a tip
	about func() tip
	at    fyne.Position // where that is on the canvas
	size  fyne.Size
	x     float32 // of the pointer

	shown tip
	box   *tipBox
	quiet time.Time // nothing comes before
	turn  int       // counts what was begun: of what is to be done later, only the last counts
	stop  func() bool
}

func newTips(g *GUI) *tips {
	return &tips{now: func() time.Time { return g.now() }, layer: container.NewWithoutLayout(),
		later: func(d time.Duration, f func()) func() bool {
			return time.AfterFunc(d, func() { g.do(f) }).Stop
		}}
}

// rest is told that the pointer is, or has moved, on something: where that is on the
// canvas, and what there is to know about it.
func (t *tips) rest(over any, at fyne.Position, size fyne.Size, x float32, about func() tip) {
	if t == nil {
		return
	}
	if over == t.over && t.box != nil {
		return
	}
	t.hide()
	t.over, t.at, t.size, t.x, t.about = over, at, size, x, about
	t.wait(max(tipAfter, t.quiet.Sub(t.now())), t.show)
}

// restOn is rest for an object as a whole.
func (t *tips) restOn(o fyne.CanvasObject, e *desktop.MouseEvent, about func() tip) {
	if t != nil {
		t.rest(o, fyne.CurrentApp().Driver().AbsolutePositionForObject(o), o.Size(), e.AbsolutePosition.X, about)
	}
}

// say shows a word beside the pointer at once: about what the user is doing.
func (t *tips) say(word string, at fyne.Position) {
	const hand = 20 // the size of a pointer
	t.hide()
	t.over, t.about, t.at, t.size, t.x = nil, nil, at.SubtractXY(0, 2), fyne.NewSize(1, hand), at.X
	t.draw(tip{title: word})
}

// leave is told that the pointer is there no more.
func (t *tips) leave() {
	if t != nil {
		t.hide()
		t.over, t.about = nil, nil
	}
}

// used is told that the user does something else than to look.
func (t *tips) used() {
	if t != nil {
		t.hide()
		t.quiet = t.now().Add(tipAgain)
	}
}

// wait does something later, unless something else is begun before.
func (t *tips) wait(d time.Duration, do func()) {
	t.turn++
	turn := t.turn
	t.stop = t.later(d, func() {
		if turn == t.turn {
			do()
		}
	})
}

// show puts the tip on the screen.
func (t *tips) show() {
	if t.about == nil {
		return
	}
	if about := t.about(); !about.empty() {
		t.draw(about)
		t.wait(tipFor, t.hide)
	}
}

// renew draws the tip anew that is on show: what it tells may have changed.
func (t *tips) renew() {
	if t == nil || t.box == nil || t.about == nil {
		return
	}
	about := t.about()
	if about.empty() {
		t.hide()
		return
	}
	if !about.is(t.shown) {
		t.draw(about)
	}
}

func (t *tips) draw(about tip) {
	t.shown, t.box = about, newTipBox(about)
	t.layer.Objects = []fyne.CanvasObject{t.box.root}
	t.box.place(t.layer.Size(), t.at.Subtract(fyne.CurrentApp().Driver().AbsolutePositionForObject(t.layer)), t.size, t.x)
	t.layer.Refresh()
}

// hide takes it away, or does not let it come.
func (t *tips) hide() {
	if t == nil {
		return
	}
	if t.stop != nil {
		t.stop()
		t.stop = nil
	}
	t.turn++
	if t.box != nil {
		t.box = nil
		t.layer.Objects = nil
		t.layer.Refresh()
	}
}
