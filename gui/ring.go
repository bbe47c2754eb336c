package gui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// ringRenderer draws a ring within a coloured button that has the keyboard. The
// toolkit tints it with the colour that it has already, which nobody sees.
type ringRenderer struct {
	fyne.WidgetRenderer
	button *pushButton
	ring   *canvas.Rectangle
}

func newRingRenderer(b *pushButton, r fyne.WidgetRenderer) *ringRenderer {
	out := &ringRenderer{WidgetRenderer: r, button: b, ring: canvas.NewRectangle(color.Transparent)}
	out.ring.StrokeWidth = 1
	out.draw()
	return out
}

// Objects implements fyne.WidgetRenderer.
func (r *ringRenderer) Objects() []fyne.CanvasObject {
	all := r.WidgetRenderer.Objects()
	return append(all[:len(all):len(all)], r.ring)
}

// Layout implements fyne.WidgetRenderer.
func (r *ringRenderer) Layout(size fyne.Size) {
	const inset = 2
	r.WidgetRenderer.Layout(size)
	r.ring.Move(fyne.NewPos(inset, inset))
	r.ring.Resize(size.SubtractWidthHeight(2*inset, 2*inset))
}

// Refresh implements fyne.WidgetRenderer.
func (r *ringRenderer) Refresh() {
	r.draw()
	r.WidgetRenderer.Refresh()
}

func (r *ringRenderer) draw() {
	words := map[widget.Importance]fyne.ThemeColorName{
		widget.HighImportance:   theme.ColorNameForegroundOnPrimary,
		widget.DangerImportance: theme.ColorNameForegroundOnError,
	}[r.button.Importance]
	r.ring.Hidden = words == "" || !r.button.focused
	if words != "" {
		r.ring.StrokeColor = theme.Color(words)
	}
	r.ring.CornerRadius = theme.Size(theme.SizeNameButtonRadius)
	r.ring.Refresh()
}
