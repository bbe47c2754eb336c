package gui

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// sideSplit puts something narrow at the right of something wide; the line between them
// can be dragged.
type sideSplit struct {
	widget.BaseWidget
	main, side fyne.CanvasObject
	handle     *splitHandle
	shown      bool
	width      float32
}

const (
	sideWidth = 150
	sideLeast = 90
	mainLeast = 160
)

// newSideSplit tells of each new width that the user gives to the side.
func newSideSplit(main, side fyne.CanvasObject, moved func(width float32)) *sideSplit {
	s := &sideSplit{main: main, side: side, width: sideWidth}
	s.handle = &splitHandle{dragged: func(dx float32) {
		s.width = s.sideWidth() - dx
		s.width = s.sideWidth()
		s.Refresh()
	}, ended: func() { moved(s.width) }}
	s.handle.ExtendBaseWidget(s.handle)
	side.Hide()
	s.handle.Hide()
	s.ExtendBaseWidget(s)
	return s
}

// show shows the side or hides it. Width is that which the user gave it, if any.
func (s *sideSplit) show(is bool, width string) {
	if w, err := strconv.Atoi(width); err == nil && float32(w) != s.width && !s.handle.dragging {
		s.width = float32(max(sideLeast, w))
		s.Refresh()
	}
	if is == s.shown {
		return
	}
	s.shown = is
	s.side.Hide()
	s.handle.Hide()
	if is {
		s.side.Show()
		s.handle.Show()
	}
	s.Refresh()
}

// sideWidth is the width of the side, within what there is room for.
func (s *sideSplit) sideWidth() float32 {
	return fyne.Max(sideLeast, fyne.Min(s.width, s.Size().Width-mainLeast))
}

// CreateRenderer implements fyne.Widget.
func (s *sideSplit) CreateRenderer() fyne.WidgetRenderer { return &sideSplitRenderer{s} }

type sideSplitRenderer struct{ split *sideSplit }

// MinSize implements fyne.WidgetRenderer.
func (r *sideSplitRenderer) MinSize() fyne.Size { return fyne.NewSize(mainLeast, 60) }

const handleWidth = 5

// Layout implements fyne.WidgetRenderer.
func (r *sideSplitRenderer) Layout(size fyne.Size) {
	s := r.split
	s.main.Move(fyne.Position{})
	if !s.shown || size.Width < mainLeast+sideLeast {
		s.main.Resize(size)
		s.side.Hide()
		s.handle.Hide()
		return
	}
	s.side.Show()
	s.handle.Show()
	w := s.sideWidth()
	s.main.Resize(fyne.NewSize(size.Width-w-handleWidth, size.Height))
	s.handle.Move(fyne.NewPos(size.Width-w-handleWidth, 0))
	s.handle.Resize(fyne.NewSize(handleWidth, size.Height))
	s.side.Move(fyne.NewPos(size.Width-w, 0))
	s.side.Resize(fyne.NewSize(w, size.Height))
}

// Refresh implements fyne.WidgetRenderer.
func (r *sideSplitRenderer) Refresh() {
	r.Layout(r.split.Size())
	canvas.Refresh(r.split)
}

// Objects implements fyne.WidgetRenderer.
func (r *sideSplitRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.split.main, r.split.handle, r.split.side}
}

// Destroy implements fyne.WidgetRenderer.
func (r *sideSplitRenderer) Destroy() {}

// splitHandle is the line that is dragged.
type splitHandle struct {
	widget.BaseWidget
	dragged  func(dx float32)
	ended    func()
	dragging bool
}

// Dragged implements fyne.Draggable.
func (h *splitHandle) Dragged(e *fyne.DragEvent) {
	h.dragging = true
	h.dragged(e.Dragged.DX)
}

// DragEnd implements fyne.Draggable.
func (h *splitHandle) DragEnd() {
	h.dragging = false
	h.ended()
}

// Cursor implements desktop.Cursorable.
func (h *splitHandle) Cursor() desktop.Cursor { return desktop.HResizeCursor }

// CreateRenderer implements fyne.Widget.
func (h *splitHandle) CreateRenderer() fyne.WidgetRenderer {
	line := newBackdrop(theme.ColorNameSeparator)
	return &splitHandleRenderer{widget.NewSimpleRenderer(line), line}
}

type splitHandleRenderer struct {
	fyne.WidgetRenderer
	line *backdrop
}

// Layout implements fyne.WidgetRenderer.
func (r *splitHandleRenderer) Layout(size fyne.Size) {
	r.line.Resize(fyne.NewSize(1, size.Height))
	r.line.Move(fyne.NewPos((size.Width-1)/2, 0))
}
