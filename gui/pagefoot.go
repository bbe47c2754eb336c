package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// footText is the line below the entry. It takes the width that is left by the
// buttons, and is shortened only if it does not fit.
type footText struct {
	widget.BaseWidget
	text string // whole
}

func newFootText() *footText {
	f := &footText{}
	f.ExtendBaseWidget(f)
	return f
}

func (f *footText) set(text string) {
	if f.text != text {
		f.text = text
		f.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (f *footText) CreateRenderer() fyne.WidgetRenderer {
	r := &footTextRenderer{foot: f, text: canvas.NewText("", nil)}
	r.Refresh()
	return r
}

type footTextRenderer struct {
	foot *footText
	text *canvas.Text
}

// MinSize implements fyne.WidgetRenderer.
func (r *footTextRenderer) MinSize() fyne.Size {
	return fyne.NewSize(20, fyne.MeasureText("Mg", theme.CaptionTextSize(), fyne.TextStyle{}).Height)
}

// Layout implements fyne.WidgetRenderer.
func (r *footTextRenderer) Layout(size fyne.Size) {
	r.text.Text = fit(r.foot.text, size.Width, r.text.TextSize, fyne.TextStyle{})
	min := r.text.MinSize()
	r.text.Resize(min)
	r.text.Move(fyne.NewPos(0, (size.Height-min.Height)/2))
}

// Refresh implements fyne.WidgetRenderer.
func (r *footTextRenderer) Refresh() {
	r.text.TextSize, r.text.Color = theme.CaptionTextSize(), theme.Color(colorSubtle)
	r.Layout(r.foot.Size())
	canvas.Refresh(r.foot)
}

// Objects implements fyne.WidgetRenderer.
func (r *footTextRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.text} }

// Destroy implements fyne.WidgetRenderer.
func (r *footTextRenderer) Destroy() {}

// footLayout puts the typing line at the left and the buttons at the right.
type footLayout struct{}

// MinSize implements fyne.Layout.
func (footLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	buttons := o[1].MinSize()
	return fyne.NewSize(buttons.Width+20, fyne.Max(buttons.Height, 16)+3)
}

// Layout implements fyne.Layout.
func (footLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	buttons := o[1].MinSize()
	o[1].Resize(buttons)
	o[1].Move(fyne.NewPos(size.Width-buttons.Width, size.Height-buttons.Height))
	text := o[0].MinSize()
	o[0].Resize(fyne.NewSize(fyne.Max(0, size.Width-buttons.Width-8), text.Height))
	o[0].Move(fyne.NewPos(3, (size.Height-text.Height)/2+1))
}
