package gui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// tableHead is the line of headings. A click sorts, and so does Enter on the
// heading that the arrow keys went to.
type tableHead struct {
	widget.BaseWidget
	table   *tableField
	frame   *canvas.Rectangle // around the whole table
	focused bool
	at      int // the heading that the keyboard is at
}

// FocusGained implements fyne.Focusable.
func (h *tableHead) FocusGained() {
	h.focused = true
	h.at = max(0, min(h.table.sortBy, len(h.table.field.Columns)-1))
	h.table.acts.keys.onFocus()
	h.Refresh()
}

// FocusLost implements fyne.Focusable.
func (h *tableHead) FocusLost() {
	h.focused = false
	h.Refresh()
	h.table.acts.keys.onLost()
}

// TypedRune implements fyne.Focusable.
func (h *tableHead) TypedRune(rune) {}

// TypedKey implements fyne.Focusable.
func (h *tableHead) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyLeft:
		h.at = max(0, h.at-1)
	case fyne.KeyRight:
		h.at = max(0, min(h.at+1, len(h.table.field.Columns)-1))
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		h.table.sortByColumn(h.at)
	case fyne.KeyDown:
		h.table.toList()
	default:
		h.table.acts.keys.onTyped(e)
		return
	}
	h.Refresh()
}

// Tapped implements fyne.Tappable.
func (h *tableHead) Tapped(e *fyne.PointEvent) {
	var x float32
	for i, w := range h.table.columns(h.Size().Width) {
		if e.Position.X >= x && e.Position.X < x+w {
			h.table.sortByColumn(i)
			return
		}
		x += w
	}
}

// Cursor implements desktop.Cursorable.
func (h *tableHead) Cursor() desktop.Cursor { return desktop.PointerCursor }

// CreateRenderer implements fyne.Widget.
func (h *tableHead) CreateRenderer() fyne.WidgetRenderer {
	r := &tableHeadRenderer{head: h, back: canvas.NewRectangle(nil), arrow: canvas.NewImageFromResource(nil), mark: canvas.NewRectangle(color.Transparent)}
	r.Refresh()
	return r
}

type tableHeadRenderer struct {
	head  *tableHead
	back  *canvas.Rectangle
	arrow *canvas.Image
	mark  *canvas.Rectangle // with the keyboard's focus
	texts []*canvas.Text
	lines []*canvas.Rectangle
}

// MinSize implements fyne.WidgetRenderer.
func (r *tableHeadRenderer) MinSize() fyne.Size { return fyne.NewSize(60, tableRowHeight()+2) }

// Layout implements fyne.WidgetRenderer.
func (r *tableHeadRenderer) Layout(size fyne.Size) {
	t := r.head.table
	r.back.Resize(size)
	columns := t.columns(size.Width)
	var x float32
	r.arrow.Hide()
	r.mark.Hide()
	for i := range r.texts {
		if i >= len(columns) {
			break
		}
		w := columns[i]
		style := fyne.TextStyle{Bold: true}
		room := w - 2*tableCellPad
		if i == t.sortBy {
			room -= 8 // for the arrow
		}
		r.texts[i].Text = fit(t.field.Columns[i], room, theme.TextSize(), style)
		min := r.texts[i].MinSize()
		r.texts[i].Resize(min)
		r.texts[i].Move(fyne.NewPos(x+tableCellPad, (size.Height-min.Height)/2))
		if i == t.sortBy {
			r.arrow.Show()
			r.arrow.Resize(fyne.NewSquareSize(14))
			r.arrow.Move(fyne.NewPos(fyne.Min(x+tableCellPad+min.Width, x+w-14), (size.Height-14)/2))
		}
		if i == r.head.at && r.head.focused {
			r.mark.Show()
			r.mark.Move(fyne.NewPos(x+1, 1))
			r.mark.Resize(fyne.NewSize(w-3, size.Height-2))
		}
		x += w
		r.lines[i].Resize(fyne.NewSize(1, size.Height-6))
		r.lines[i].Move(fyne.NewPos(x-1, 3))
		r.lines[i].Hidden = i == len(columns)-1
	}
}

// Refresh implements fyne.WidgetRenderer.
func (r *tableHeadRenderer) Refresh() {
	t := r.head.table
	for len(r.texts) < len(t.field.Columns) {
		r.texts = append(r.texts, canvas.NewText("", nil))
		r.lines = append(r.lines, canvas.NewRectangle(nil))
	}
	r.texts, r.lines = r.texts[:len(t.field.Columns)], r.lines[:len(t.field.Columns)]
	for i := range r.texts {
		r.texts[i].TextStyle.Bold = true
		r.texts[i].TextSize = theme.TextSize()
		r.texts[i].Color = theme.Color(theme.ColorNameForeground)
		r.lines[i].FillColor = theme.Color(theme.ColorNameSeparator)
	}
	r.arrow.Resource = theme.MenuDropDownIcon()
	if t.reverse {
		r.arrow.Resource = theme.MenuDropUpIcon()
	}
	r.back.FillColor = theme.Color(theme.ColorNameHeaderBackground)
	r.head.frame.StrokeColor = theme.Color(theme.ColorNameInputBorder)
	r.head.frame.FillColor = nil
	r.arrow.Refresh()
	r.mark.StrokeWidth, r.mark.StrokeColor = 1, theme.Color(theme.ColorNamePrimary)
	r.Layout(r.head.Size())
	canvas.Refresh(r.head)
}

// Objects implements fyne.WidgetRenderer.
func (r *tableHeadRenderer) Objects() []fyne.CanvasObject {
	out := []fyne.CanvasObject{r.back, r.mark, r.arrow}
	for i := range r.texts {
		out = append(out, r.texts[i], r.lines[i])
	}
	return out
}

// Destroy implements fyne.WidgetRenderer.
func (r *tableHeadRenderer) Destroy() {}
