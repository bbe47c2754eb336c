package gui

import (
	"fmt"
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// pageHead is the line above a transcript: who it is, and how available.
type pageHead struct {
	widget.BaseWidget
	icon              fyne.Resource
	name, status, via string
	face              image.Image             // nil: none
	tapped            func()                  // nil: a click does nothing
	bare              bool                    // there is no line below it
	about             func() tip              // what there is to know; nil: nothing
	menu              func() []*fyne.MenuItem // of the right button; nil: none
	keys              *keys
}

// MouseIn implements desktop.Hoverable.
func (h *pageHead) MouseIn(e *desktop.MouseEvent) { h.MouseMoved(e) }

// MouseMoved implements desktop.Hoverable.
func (h *pageHead) MouseMoved(e *desktop.MouseEvent) {
	if h.about != nil {
		h.keys.tip().restOn(h, e, h.about)
	}
}

// MouseOut implements desktop.Hoverable.
func (h *pageHead) MouseOut() { h.keys.tip().leave() }

// Tapped implements fyne.Tappable.
func (h *pageHead) Tapped(*fyne.PointEvent) {
	if h.tapped != nil {
		h.tapped()
	}
}

// TappedSecondary implements fyne.SecondaryTappable.
func (h *pageHead) TappedSecondary(e *fyne.PointEvent) {
	h.keys.tip().used()
	if c := fyne.CurrentApp().Driver().CanvasForObject(h); c != nil && h.menu != nil {
		popUp(fyne.NewMenu("", h.menu()...), c, e.AbsolutePosition)
	}
}

// Cursor implements desktop.Cursorable.
func (h *pageHead) Cursor() desktop.Cursor {
	if h.tapped != nil {
		return desktop.PointerCursor
	}
	return desktop.DefaultCursor
}

func newPageHead() *pageHead {
	h := &pageHead{}
	h.ExtendBaseWidget(h)
	return h
}

func (h *pageHead) set(icon fyne.Resource, name, status, via string) {
	if h.icon == icon && h.name == name && h.status == status && h.via == via {
		return
	}
	h.icon, h.name, h.status, h.via = icon, name, status, via
	h.Refresh()
}

// show draws the picture of who it is, or none.
func (h *pageHead) show(face image.Image) {
	if h.face != face {
		h.face = face
		h.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (h *pageHead) CreateRenderer() fyne.WidgetRenderer {
	r := &pageHeadRenderer{head: h, icon: canvas.NewImageFromResource(nil),
		name: canvas.NewText("", nil), status: canvas.NewText("", nil), via: canvas.NewText("", nil), face: newFace(), line: canvas.NewRectangle(nil)}
	r.name.TextStyle.Bold = true
	r.Refresh()
	return r
}

type pageHeadRenderer struct {
	head              *pageHead
	icon              *canvas.Image
	name, status, via *canvas.Text
	line              *canvas.Rectangle
	face              *canvas.Image
}

// MinSize implements fyne.WidgetRenderer.
func (r *pageHeadRenderer) MinSize() fyne.Size {
	h := fyne.MeasureText("Mg", theme.TextSize(), fyne.TextStyle{Bold: true}).Height
	return fyne.NewSize(120, fyne.Max(h, theme.IconInlineSize())+2*theme.InnerPadding())
}

// Layout implements fyne.WidgetRenderer.
func (r *pageHeadRenderer) Layout(size fyne.Size) {
	h := r.head
	icon := theme.IconInlineSize()
	x, right := theme.InnerPadding()+2, size.Width-theme.InnerPadding()-2
	r.icon.Resize(fyne.NewSquareSize(icon))
	r.icon.Move(fyne.NewPos(x, (size.Height-icon)/2))
	x += icon + 6
	r.face.Hidden = h.face == nil
	if h.face != nil {
		side := size.Height - 6
		showFace(r.face, h.face, side, false)
		r.face.Move(fyne.NewPos(x, 3))
		x += side + 6
	}
	put := func(t *canvas.Text, text string, at float32) float32 {
		t.Text = text
		min := t.MinSize()
		t.Resize(min)
		t.Move(fyne.NewPos(at, (size.Height-min.Height)/2))
		t.Hidden = text == ""
		return min.Width
	}
	if w := measure(h.via, r.via.TextSize, fyne.TextStyle{}); h.via != "" && w < size.Width/3 {
		right -= put(r.via, h.via, right-w) + 8
	} else {
		r.via.Hide()
	}
	x += put(r.name, fit(h.name, right-x, r.name.TextSize, r.name.TextStyle), x) + 8
	if right-x > 30 {
		put(r.status, fit(h.status, right-x, r.status.TextSize, fyne.TextStyle{}), x)
	} else {
		r.status.Hide()
	}
	r.line.Resize(fyne.NewSize(size.Width, 1))
	r.line.Move(fyne.NewPos(0, size.Height-1))
}

// Refresh implements fyne.WidgetRenderer.
func (r *pageHeadRenderer) Refresh() {
	r.icon.Resource = r.head.icon
	if r.head.icon != nil {
		r.icon.Refresh()
	}
	r.name.TextSize, r.name.Color = theme.TextSize(), theme.Color(theme.ColorNameForeground)
	r.status.TextSize, r.status.Color = theme.TextSize(), theme.Color(colorSubtle)
	r.via.TextSize, r.via.Color = theme.CaptionTextSize(), theme.Color(colorSubtle)
	r.line.FillColor, r.line.Hidden = theme.Color(theme.ColorNameSeparator), r.head.bare
	r.Layout(r.head.Size())
	canvas.Refresh(r.head)
}

// Objects implements fyne.WidgetRenderer.
func (r *pageHeadRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.icon, r.name, r.status, r.via, r.face, r.line}
}

// Destroy implements fyne.WidgetRenderer.
func (r *pageHeadRenderer) Destroy() {}

// unreadTitle marks a title with how many lines were not seen yet.
func unreadTitle(title string, n int) string { return fmt.Sprintf("%s (%d)", title, min(n, 999)) }
