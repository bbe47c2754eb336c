package gui

import (
	"context"
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"culver/idle"
	"culver/im"
	"culver/messenger"
)

// idleTick is how often the clocks are read.
const idleTick = time.Second

// watchIdle reads the clocks until ctx ends, on a goroutine of its own.
func (g *GUI) watchIdle(ctx context.Context) {
	tick := time.NewTicker(idleTick)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now := time.Now()
		told := make(chan struct{})
		g.do(func() {
			defer close(told)
			g.idleAt(g.reading(now))
		})
		select {
		case <-told:
		case <-ctx.Done():
			return
		}
	}
}

// reading is what the clocks say at now.
func (g *GUI) reading(now time.Time) idle.Reading {
	return idle.Reading{Wall: now.Add(g.passed), Mono: now.Sub(g.began) + g.passed}
}

// pass is for tests of the whole program, which cannot wait for minutes: for idle so
// much time passes, second by second, in a moment. It returns for how long nobody has
// used the program.
func (g *GUI) pass(d time.Duration) (unused time.Duration) {
	for ; d >= idleTick; d -= idleTick {
		g.passed += idleTick
		g.shownAt = g.shownAt.Add(-idleTick)
		g.idleAt(g.reading(g.now()))
	}
	return g.idle.Unused()
}

// idleAt locks the program if nobody has used it for as long as the user wishes, or
// if the computer has slept; not in the middle of something, but right after it.
func (g *GUI) idleAt(now idle.Reading) {
	if g.over() {
		return
	}
	if g.idle.Tick(now, g.idleRules()) != idle.Stay {
		g.lock()
		return
	}
	g.rest()
	if active := g.idle.Unused() < inactive; active == g.inactive {
		g.inactive = !active
		g.front.SetActive(active)
	}
}

// inactive is how long nobody has to use the program for its networks to be told: they
// may then hold back what can wait.
const inactive = 3 * time.Minute

func (g *GUI) idleRules() (r idle.Rules) {
	if n, err := strconv.Atoi(g.settings[messenger.SettingLockIdle]); err == nil && n > 0 {
		r.After = time.Duration(n) * time.Minute
	}
	r.Suspend = g.settings[messenger.SettingLockSuspend] == im.On
	r.Busy = g.busy
	return r
}

// used says that the user does something in one of the windows: a key, or the mouse.
// That a window has the focus is not enough: it gets that also when it comes up by
// itself, because of something that a peer did.
func (g *GUI) used() { g.idle.Used() }

// comingUp is how long after a window was shown the mouse may be reported in it
// without having moved: it came up below it.
const comingUp = time.Second

// cameUp notes that a window is being shown.
func (g *GUI) cameUp() { g.shownAt = g.now() }

// sensed is the content of a window, below which it is noticed when the mouse moves.
func (g *GUI) sensed(window fyne.Window, content fyne.CanvasObject) fyne.CanvasObject {
	s := &sensor{moved: func() {
		if since := g.now().Sub(g.shownAt); since >= comingUp || since < 0 {
			g.used()
		}
	}}
	s.resized = func() { g.drawLater(window) }
	s.ExtendBaseWidget(s)
	return g.audible(window, s, content)
}

// sensor notices that the mouse moves anywhere in its window. The toolkit tells a
// movement to the one object that lies on top there, but before that it asks each of
// those below the mouse for its cursor.
type sensor struct {
	widget.BaseWidget
	moved   func()
	resized func()
}

var _ desktop.Cursorable = (*sensor)(nil)

// Cursor implements desktop.Cursorable. What lies above has the last word.
func (s *sensor) Cursor() desktop.Cursor {
	s.moved()
	return desktop.DefaultCursor
}

// Resize implements fyne.CanvasObject: it is as large as its window.
func (s *sensor) Resize(size fyne.Size) {
	if before := s.Size(); size != before && !before.IsZero() {
		defer s.resized()
	}
	s.BaseWidget.Resize(size)
}

// CreateRenderer implements fyne.Widget.
func (s *sensor) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewWithoutLayout())
}
