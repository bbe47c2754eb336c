package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// scrollBar is an upright scroll bar over content that somebody else draws.
// Sizes are float64, for transcripts of millions of pixels.
type scrollBar struct {
	widget.BaseWidget
	total, view, offset float64
	scrolled            func(offset float64)

	hovered, dragging bool
	grip              float64 // where in the thumb the pointer holds it
}

func newScrollBar(scrolled func(float64)) *scrollBar {
	b := &scrollBar{scrolled: scrolled}
	b.ExtendBaseWidget(b)
	return b
}

// set shows a new place. It draws only when something changed.
func (b *scrollBar) set(total, view, offset float64) {
	if b.total == total && b.view == view && b.offset == offset {
		return
	}
	b.total, b.view, b.offset = total, view, offset
	b.Refresh()
}

func (b *scrollBar) needed() bool { return b.total > b.view && b.view > 0 }

const minThumb = 24

// thumb is where the thumb stands and how long it is.
func (b *scrollBar) thumb() (y, length float64) {
	track := float64(b.Size().Height)
	if !b.needed() || track <= 0 {
		return 0, 0
	}
	length = min(max(track*b.view/b.total, minThumb), track)
	y = (track - length) * min(max(b.offset/(b.total-b.view), 0), 1)
	return y, length
}

func (b *scrollBar) moveThumb(y float64) {
	_, length := b.thumb()
	room := float64(b.Size().Height) - length
	if room <= 0 {
		return
	}
	b.scrolled(min(max(y/room, 0), 1) * (b.total - b.view))
}

// MouseDown implements desktop.Mouseable: beside the thumb, it jumps there.
func (b *scrollBar) MouseDown(e *desktop.MouseEvent) {
	if !b.needed() {
		return
	}
	y, length := b.thumb()
	at := float64(e.Position.Y)
	b.grip = at - y
	if at < y || at > y+length {
		b.grip = length / 2
		b.moveThumb(at - b.grip)
	}
}

// MouseUp implements desktop.Mouseable.
func (b *scrollBar) MouseUp(*desktop.MouseEvent) {}

// Dragged implements fyne.Draggable.
func (b *scrollBar) Dragged(e *fyne.DragEvent) {
	b.dragging = true
	b.moveThumb(float64(e.Position.Y) - b.grip)
}

// DragEnd implements fyne.Draggable.
func (b *scrollBar) DragEnd() {
	b.dragging = false
	b.Refresh()
}

// MouseIn implements desktop.Hoverable.
func (b *scrollBar) MouseIn(*desktop.MouseEvent) {
	b.hovered = true
	b.Refresh()
}

// MouseMoved implements desktop.Hoverable.
func (b *scrollBar) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (b *scrollBar) MouseOut() {
	b.hovered = false
	b.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (b *scrollBar) CreateRenderer() fyne.WidgetRenderer {
	return &scrollBarRenderer{bar: b, thumb: canvas.NewRectangle(nil)}
}

type scrollBarRenderer struct {
	bar   *scrollBar
	thumb *canvas.Rectangle
}

// MinSize implements fyne.WidgetRenderer.
func (r *scrollBarRenderer) MinSize() fyne.Size {
	return fyne.NewSize(theme.ScrollBarSize(), minThumb)
}

// Layout implements fyne.WidgetRenderer.
func (r *scrollBarRenderer) Layout(size fyne.Size) {
	y, length := r.bar.thumb()
	inset := float32(3)
	if r.bar.hovered || r.bar.dragging {
		inset = 1
	}
	r.thumb.Hidden = length == 0
	r.thumb.Resize(fyne.NewSize(size.Width-2*inset, float32(length)))
	r.thumb.Move(fyne.NewPos(inset, float32(y)))
}

// Refresh implements fyne.WidgetRenderer.
func (r *scrollBarRenderer) Refresh() {
	r.thumb.FillColor = theme.Color(theme.ColorNameScrollBar)
	r.thumb.CornerRadius = theme.ScrollBarSize() / 2
	r.Layout(r.bar.Size())
	canvas.Refresh(r.thumb)
}

// Objects implements fyne.WidgetRenderer.
func (r *scrollBarRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.thumb} }

// Destroy implements fyne.WidgetRenderer.
func (r *scrollBarRenderer) Destroy() {}
