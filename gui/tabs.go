package gui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// tabTitle is what a tab shows.
type tabTitle struct {
	text   string
	icon   fyne.Resource
	level  fyne.Resource       // how well it is protected, behind the text; nil: nothing to show
	strong bool                // something new is there
	colour fyne.ThemeColorName // of the text; empty: the ordinary one
}

// tabStrip is a line of tabs. A click chooses one, the cross or the middle
// button closes one, and the wheel goes along when they do not all fit.
type tabStrip struct {
	widget.BaseWidget
	tabs    []tabTitle
	chosen  int
	picked  func(int)
	dropped func(int)                     // nil: tabs cannot be closed
	menu    func(i int, at fyne.Position) // of the right button; nil: there is none
	moved   func(from, to int)            // by dragging; nil: tabs stay
	torn    func(int)                     // dragged out of the strip
	about   func(i int) tip               // what there is to know about a tab; nil: nothing
	tips    *tips
	drag    tabDrag
	hovered int
	onCross bool
	offset  float32
}

func newTabStrip(picked, dropped func(int)) *tabStrip {
	s := &tabStrip{picked: picked, dropped: dropped, hovered: -1}
	s.ExtendBaseWidget(s)
	return s
}

func (s *tabStrip) setTabs(tabs []tabTitle) {
	if slices.Equal(s.tabs, tabs) {
		return
	}
	s.tabs = tabs
	s.hovered = -1
	s.Refresh()
}

// choose draws tab i as the one in front, and brings it into sight.
func (s *tabStrip) choose(i int) {
	s.chosen = i
	if i >= 0 && i < len(s.tabs) {
		x, w := s.place(i)
		if x < s.offset {
			s.offset = x
		} else if x+w > s.offset+s.Size().Width && s.Size().Width > 0 {
			s.offset = x + w - s.Size().Width
		}
	}
	s.Refresh()
}

const (
	tabPad     = 8
	tabCross   = 14
	tabLevel   = 13
	tabMaxText = 150
)

// mostText is how wide a title is at most. Pages of a form are few, and have to be told
// apart by it.
func (s *tabStrip) mostText() float32 {
	if s.dropped == nil {
		return 2 * tabMaxText
	}
	return tabMaxText
}

func (s *tabStrip) textStyle(i int) fyne.TextStyle { return fyne.TextStyle{Bold: s.tabs[i].strong} }

func (s *tabStrip) width(i int) float32 {
	t := s.tabs[i]
	w := fyne.Min(measure(t.text, theme.TextSize(), s.textStyle(i)), s.mostText()) + 2*tabPad
	if t.icon != nil {
		w += theme.IconInlineSize() + 4
	}
	if t.level != nil {
		w += tabLevel + 4
	}
	if s.dropped != nil {
		w += tabCross + 4
	}
	return float32(int(w + 1))
}

// place is where tab i starts, and its width, in a strip that is not scrolled.
func (s *tabStrip) place(i int) (x, w float32) {
	for j := range i {
		x += s.width(j) + 2
	}
	return x, s.width(i)
}

func (s *tabStrip) total() float32 {
	if len(s.tabs) == 0 {
		return 0
	}
	x, w := s.place(len(s.tabs) - 1)
	return x + w
}

// at finds the tab below a position, and whether that is on its cross.
func (s *tabStrip) at(p fyne.Position) (i int, cross bool) {
	for i := range s.tabs {
		x, w := s.place(i)
		if at := p.X + s.offset; at >= x && at < x+w {
			return i, s.dropped != nil && at >= x+w-tabCross-6
		}
	}
	return -1, false
}

// MouseDown implements desktop.Mouseable.
func (s *tabStrip) MouseDown(e *desktop.MouseEvent) {
	s.tips.used()
	i, cross := s.at(e.Position)
	switch {
	case i < 0:
	case e.Button == desktop.MouseButtonTertiary:
		if s.dropped != nil {
			s.dropped(i)
		}
	case e.Button == desktop.MouseButtonPrimary && !cross:
		s.picked(i)
	}
}

// MouseUp implements desktop.Mouseable.
func (s *tabStrip) MouseUp(e *desktop.MouseEvent) {
	if i, cross := s.at(e.Position); cross && e.Button == desktop.MouseButtonPrimary {
		s.dropped(i)
	}
}

// Scrolled implements fyne.Scrollable.
func (s *tabStrip) Scrolled(e *fyne.ScrollEvent) {
	limit := fyne.Max(0, s.total()-s.Size().Width)
	s.offset = fyne.Max(0, fyne.Min(limit, s.offset-e.Scrolled.DX-e.Scrolled.DY))
	s.Refresh()
}

// MouseIn implements desktop.Hoverable.
func (s *tabStrip) MouseIn(e *desktop.MouseEvent) { s.MouseMoved(e) }

// MouseMoved implements desktop.Hoverable.
func (s *tabStrip) MouseMoved(e *desktop.MouseEvent) {
	i, cross := s.at(e.Position)
	if i != s.hovered || cross != s.onCross {
		s.hovered, s.onCross = i, cross
		s.Refresh()
	}
	s.rest(i, e)
}

// MouseOut implements desktop.Hoverable.
func (s *tabStrip) MouseOut() {
	s.hovered, s.onCross = -1, false
	s.tips.leave()
	s.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (s *tabStrip) CreateRenderer() fyne.WidgetRenderer {
	r := &tabStripRenderer{strip: s, line: canvas.NewRectangle(nil), inner: container.NewWithoutLayout()}
	r.clip = container.NewClip(r.inner)
	r.Refresh()
	return r
}

// tabObjects draws one tab.
type tabObjects struct {
	back, mark  *canvas.Rectangle
	icon, cross *canvas.Image
	level       *canvas.Image
	text        *canvas.Text
}

type tabStripRenderer struct {
	strip *tabStrip
	line  *canvas.Rectangle
	inner *fyne.Container
	clip  *container.Clip
	tabs  []tabObjects
}

// MinSize implements fyne.WidgetRenderer.
func (r *tabStripRenderer) MinSize() fyne.Size {
	h := fyne.MeasureText("Mg", theme.TextSize(), fyne.TextStyle{}).Height
	return fyne.NewSize(60, fyne.Max(h, theme.IconInlineSize())+10)
}

// Layout implements fyne.WidgetRenderer.
func (r *tabStripRenderer) Layout(size fyne.Size) {
	s := r.strip
	r.clip.Resize(size)
	s.offset = fyne.Max(0, fyne.Min(s.offset, s.total()-size.Width))
	r.line.Resize(fyne.NewSize(size.Width, 1))
	r.line.Move(fyne.NewPos(0, size.Height-1))
	icon := theme.IconInlineSize()
	for i, o := range r.tabs {
		x, w := s.place(i)
		x -= s.offset
		t := s.tabs[i]
		o.back.Move(fyne.NewPos(x, 2))
		o.back.Resize(fyne.NewSize(w, size.Height-2))
		o.mark.Move(fyne.NewPos(x, size.Height-2))
		o.mark.Resize(fyne.NewSize(w, 2))
		o.mark.Hidden = i != s.chosen
		at := x + tabPad
		o.icon.Hidden = t.icon == nil
		if t.icon != nil {
			o.icon.Resize(fyne.NewSquareSize(icon))
			o.icon.Move(fyne.NewPos(at, (size.Height-icon)/2))
			at += icon + 4
		}
		o.text.Text = fit(t.text, s.mostText(), theme.TextSize(), s.textStyle(i))
		min := o.text.MinSize()
		o.text.Resize(min)
		o.text.Move(fyne.NewPos(at, (size.Height-min.Height)/2))
		o.level.Hidden = t.level == nil
		o.level.Resize(fyne.NewSquareSize(tabLevel))
		o.level.Move(fyne.NewPos(at+min.Width+4, (size.Height-tabLevel)/2))
		o.cross.Hidden = s.dropped == nil
		o.cross.Resize(fyne.NewSquareSize(tabCross))
		o.cross.Move(fyne.NewPos(x+w-tabCross-5, (size.Height-tabCross)/2))
	}
}

// Refresh implements fyne.WidgetRenderer.
func (r *tabStripRenderer) Refresh() {
	s := r.strip
	for len(r.tabs) < len(s.tabs) {
		r.tabs = append(r.tabs, tabObjects{
			back: canvas.NewRectangle(nil), mark: canvas.NewRectangle(nil),
			icon: canvas.NewImageFromResource(nil), cross: canvas.NewImageFromResource(nil),
			level: canvas.NewImageFromResource(nil), text: canvas.NewText("", nil),
		})
	}
	r.tabs = r.tabs[:len(s.tabs)]
	objects := []fyne.CanvasObject{}
	for i, o := range r.tabs {
		t := s.tabs[i]
		o.back.TopLeftCornerRadius, o.back.TopRightCornerRadius = 4, 4
		o.back.FillColor = theme.Color(colorTab)
		if i == s.chosen {
			o.back.FillColor = theme.Color(colorView)
		} else if i == s.hovered {
			o.back.FillColor = theme.Color(theme.ColorNameButton)
		}
		o.mark.FillColor = theme.Color(theme.ColorNamePrimary)
		o.icon.Resource, o.level.Resource = t.icon, t.level
		name := t.colour
		if name == "" {
			name = theme.ColorNameForeground
		}
		o.text.Color, o.text.TextSize, o.text.TextStyle = theme.Color(name), theme.TextSize(), s.textStyle(i)
		tint := colorSubtle
		if i == s.hovered && s.onCross {
			tint = theme.ColorNameError
		}
		o.cross.Resource = theme.NewColoredResource(theme.CancelIcon(), tint)
		if t.icon != nil {
			o.icon.Refresh()
		}
		if t.level != nil {
			o.level.Refresh()
		}
		o.cross.Refresh()
		objects = append(objects, o.back, o.mark, o.icon, o.text, o.level, o.cross)
	}
	r.inner.Objects = objects
	r.line.FillColor = theme.Color(theme.ColorNameSeparator)
	r.Layout(s.Size())
	canvas.Refresh(s)
}

// Objects implements fyne.WidgetRenderer.
func (r *tabStripRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.line, r.clip}
}

// Destroy implements fyne.WidgetRenderer.
func (r *tabStripRenderer) Destroy() {}

// tabs tells of the tabs.
func (d *description) tabs(s *tabStrip) {
	if !s.Visible() {
		return
	}
	origin := fyne.CurrentApp().Driver().AbsolutePositionForObject(s)
	for i, t := range s.tabs {
		x, w := s.place(i)
		d.at(kindTab, t.text, origin.AddXY(x-s.offset, 0), fyne.NewSize(w, s.Size().Height)).Value = on(i == s.chosen)
	}
}
