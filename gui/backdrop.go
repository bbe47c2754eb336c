package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// backdrop is a colour of the theme behind something.
type backdrop struct {
	widget.BaseWidget
	name fyne.ThemeColorName
}

func newBackdrop(name fyne.ThemeColorName) *backdrop {
	b := &backdrop{name: name}
	b.ExtendBaseWidget(b)
	return b
}

// CreateRenderer implements fyne.Widget.
func (b *backdrop) CreateRenderer() fyne.WidgetRenderer {
	back := canvas.NewRectangle(theme.Color(b.name))
	return &backdropRenderer{widget.NewSimpleRenderer(back), b, back}
}

type backdropRenderer struct {
	fyne.WidgetRenderer
	drop *backdrop
	back *canvas.Rectangle
}

// Refresh implements fyne.WidgetRenderer: the theme may have changed.
func (r *backdropRenderer) Refresh() {
	r.back.FillColor = theme.Color(r.drop.name)
	r.back.Refresh()
}
