package gui

import (
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// windowSize remembers how large the user made a window, and, as far as the window system
// tells, where it was.
type windowSize struct {
	gui    *GUI
	window fyne.Window
	key    string    // the setting that has it
	usual  fyne.Size // as long as the user has not chosen another one
	given  fyne.Size // as it was given here, or kept last
	timer  *time.Timer
}

// sizeRest is how long a window keeps its size before that is kept: not each step on the way.
const sizeRest = time.Second

// newWindowSize remembers the size of a window, of which it makes the content.
func newWindowSize(g *GUI, window fyne.Window, key string, usual fyne.Size, content fyne.CanvasObject) *windowSize {
	s := &windowSize{gui: g, window: window, key: key, usual: usual}
	window.SetContent(g.sensed(window, container.New(&sizeLayout{window, s.changed}, content)))
	window.Resize(usual)
	return s
}

// show shows the window as large as it was, as far as there is room on the smallest screen:
// on that it may come up.
func (s *windowSize) show() {
	size := s.wanted()
	s.given = s.gui.fitScreen(s.window, size)
	s.window.Resize(s.given)
	s.place()
	s.window.Show()
	if now := s.gui.fitScreen(s.window, size); now != s.given { // only now it is known how large a pixel is
		s.given = now
		s.window.Resize(now)
	}
}

const (
	leastWindow = 200
	mostWindow  = 10000
)

// wanted is the size that was kept.
func (s *windowSize) wanted() fyne.Size {
	var width, height int
	size, _, _ := strings.Cut(s.gui.settings[s.key], "@")
	if n, err := fmt.Sscanf(size, "%dx%d", &width, &height); err != nil || n != 2 {
		return s.usual
	}
	within := func(n int) float32 { return float32(min(max(n, leastWindow), mostWindow)) }
	return fyne.NewSize(within(width), within(height))
}

// changed is told that the content of the window is laid out anew.
func (s *windowSize) changed() {
	if s.given.IsZero() || near(s.window.Canvas().Size(), s.given) {
		return
	}
	if s.timer != nil {
		s.timer.Reset(sizeRest)
		return
	}
	s.timer = time.AfterFunc(sizeRest, func() { s.gui.do(s.keep) })
}

// keep keeps the size, if it is another one by now.
func (s *windowSize) keep() {
	if s.timer != nil {
		s.timer.Stop()
		s.timer = nil
	}
	if s.gui.over() || s.gui.front == nil || s.given.IsZero() {
		return
	}
	now := s.window.Canvas().Size()
	at := s.placed()
	if near(now, s.given) && (at == "" || strings.HasSuffix(s.gui.settings[s.key], at)) {
		return
	}
	s.given = now
	value := fmt.Sprintf("%.0fx%.0f%s", now.Width, now.Height, at)
	s.gui.settings[s.key] = value
	s.gui.front.SetSetting(s.key, value)
}

// leave ends it, with the window.
func (s *windowSize) leave() {
	if s.timer != nil {
		s.timer.Stop()
		s.timer = nil
	}
	s.given = fyne.Size{}
}

// fitScreen is the size, or what there is room for on the smallest screen.
func (g *GUI) fitScreen(w fyne.Window, size fyne.Size) fyne.Size {
	if g.screen == nil {
		return size
	}
	width, height := g.screen()
	if scale := w.Canvas().Scale(); scale > 0 && width > 0 && height > 0 {
		size = size.Min(fyne.NewSize(float32(width-frameWidth)/scale, float32(height-frameHeight)/scale))
	}
	return size
}

// keepSizes keeps those of all windows, before they go.
func (g *GUI) keepSizes() {
	g.buddies.size.keep()
	for _, w := range g.chats.windows {
		if w.size != nil {
			w.size.keep()
		}
	}
	if g.past != nil {
		g.past.size.keep()
	}
}

// sizeLayout is for one object as large as the window, and tells when that changes.
type sizeLayout struct {
	window  fyne.Window
	changed func()
}

// MinSize implements fyne.Layout: all menus can be reached.
func (l *sizeLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	least := o[0].MinSize()
	if !onMac { // there, they are not in the window
		least.Width = fyne.Max(least.Width, menuBarWidth(l.window.MainMenu()))
	}
	return least
}

// Layout implements fyne.Layout.
func (l *sizeLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	o[0].Move(fyne.Position{})
	o[0].Resize(size)
	l.changed()
}
