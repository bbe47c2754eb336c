package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// radio is a choice of one out of few, all of them in sight, one below the
// other. The arrow keys move the choice; Enter and Escape are the window's.
type radio struct {
	widget.DisableableWidget
	labels  []string
	chosen  int // -1: none
	changed func(int)
	clicked func() // after a click on what is chosen now
	keys    *keys

	focused bool
	hovered int // -1: none
}

func newRadio(k *keys, changed func(int)) *radio {
	r := &radio{keys: k, chosen: -1, hovered: -1, changed: changed}
	r.ExtendBaseWidget(r)
	return r
}

func (r *radio) choose(i int) {
	if r.Disabled() || i < 0 || i >= len(r.labels) || i == r.chosen {
		return
	}
	r.chosen = i
	r.Refresh()
	r.changed(i)
}

func (r *radio) rowHeight() float32 {
	h := fyne.MeasureText("M", theme.TextSize(), fyne.TextStyle{}).Height
	return fyne.Max(h, theme.IconInlineSize()) + 2*theme.Padding()
}

func (r *radio) rowAt(p fyne.Position) int {
	i := int(p.Y / r.rowHeight())
	if i < 0 || i >= len(r.labels) {
		return -1
	}
	return i
}

// Tapped implements fyne.Tappable.
func (r *radio) Tapped(e *fyne.PointEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(r); c != nil && !r.Disabled() {
		c.Focus(r)
	}
	if i := r.rowAt(e.Position); i >= 0 {
		r.choose(i)
		if i == r.chosen && !r.Disabled() && r.clicked != nil {
			r.clicked()
		}
	}
}

// MouseIn implements desktop.Hoverable.
func (r *radio) MouseIn(e *desktop.MouseEvent) { r.MouseMoved(e) }

// MouseMoved implements desktop.Hoverable.
func (r *radio) MouseMoved(e *desktop.MouseEvent) {
	if at := r.rowAt(e.Position); at != r.hovered {
		r.hovered = at
		r.Refresh()
	}
}

// MouseOut implements desktop.Hoverable.
func (r *radio) MouseOut() {
	r.hovered = -1
	r.Refresh()
}

// FocusGained implements fyne.Focusable.
func (r *radio) FocusGained() {
	r.focused = true
	r.keys.onFocus()
	r.Refresh()
}

// FocusLost implements fyne.Focusable.
func (r *radio) FocusLost() {
	r.focused = false
	r.Refresh()
}

// TypedRune implements fyne.Focusable.
func (r *radio) TypedRune(rune) {}

// TypedKey implements fyne.Focusable.
func (r *radio) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyUp, fyne.KeyLeft:
		r.choose(r.chosen - 1)
	case fyne.KeyDown, fyne.KeyRight:
		r.choose(r.chosen + 1)
	case fyne.KeySpace: // what has the choice is chosen already
	default:
		r.keys.onTyped(e)
	}
}

// CreateRenderer implements fyne.Widget.
func (r *radio) CreateRenderer() fyne.WidgetRenderer {
	x := &radioRenderer{radio: r, focus: canvas.NewRectangle(theme.Color(theme.ColorNameFocus))}
	x.Refresh()
	return x
}

type radioRenderer struct {
	radio *radio
	focus *canvas.Rectangle
	icons []*canvas.Image
	texts []*canvas.Text
}

// MinSize implements fyne.WidgetRenderer.
func (x *radioRenderer) MinSize() fyne.Size {
	var w float32
	for _, l := range x.radio.labels {
		w = fyne.Max(w, measure(l, theme.TextSize(), fyne.TextStyle{}))
	}
	return fyne.NewSize(w+theme.IconInlineSize()+5*theme.Padding(), x.radio.rowHeight()*float32(len(x.radio.labels)))
}

// Layout implements fyne.WidgetRenderer.
func (x *radioRenderer) Layout(size fyne.Size) {
	h, pad, icon := x.radio.rowHeight(), theme.Padding(), theme.IconInlineSize()
	for i := range x.texts {
		y := float32(i) * h
		x.icons[i].Resize(fyne.NewSquareSize(icon))
		x.icons[i].Move(fyne.NewPos(pad, y+(h-icon)/2))
		min := x.texts[i].MinSize()
		x.texts[i].Resize(min)
		x.texts[i].Move(fyne.NewPos(icon+3*pad, y+(h-min.Height)/2))
	}
	at := max(x.radio.chosen, 0)
	x.focus.Resize(fyne.NewSize(size.Width, h))
	x.focus.Move(fyne.NewPos(0, float32(at)*h))
}

// Refresh implements fyne.WidgetRenderer.
func (x *radioRenderer) Refresh() {
	r := x.radio
	for len(x.texts) < len(r.labels) {
		x.texts = append(x.texts, canvas.NewText("", nil))
		x.icons = append(x.icons, canvas.NewImageFromResource(theme.RadioButtonIcon()))
	}
	x.texts, x.icons = x.texts[:len(r.labels)], x.icons[:len(r.labels)]
	for i, l := range r.labels {
		name := theme.ColorNameForeground
		if r.Disabled() {
			name = theme.ColorNameDisabled
		}
		res := theme.Icon(theme.IconNameRadioButton)
		tint := name
		if i == r.chosen {
			res = theme.Icon(theme.IconNameRadioButtonChecked)
			if !r.Disabled() {
				tint = theme.ColorNamePrimary
			}
		}
		x.icons[i].Resource = theme.NewColoredResource(res, tint)
		x.icons[i].Refresh()
		x.texts[i].Text, x.texts[i].Color, x.texts[i].TextSize = l, theme.Color(name), theme.TextSize()
		x.texts[i].Refresh()
	}
	x.focus.FillColor = theme.Color(theme.ColorNameHover)
	x.focus.CornerRadius = theme.SelectionRadiusSize()
	x.focus.Hidden = !r.focused
	x.Layout(r.Size())
	canvas.Refresh(x.focus)
}

// Objects implements fyne.WidgetRenderer.
func (x *radioRenderer) Objects() []fyne.CanvasObject {
	out := []fyne.CanvasObject{x.focus}
	for i := range x.texts {
		out = append(out, x.icons[i], x.texts[i])
	}
	return out
}

// Destroy implements fyne.WidgetRenderer.
func (x *radioRenderer) Destroy() {}
