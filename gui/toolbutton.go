package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// toolButton is a small flat button, with a letter or a picture on it, and a tip. It cannot
// have the keyboard: what it does has a key, or an entry in a menu.
type toolButton struct {
	widget.BaseWidget
	text    string
	style   fyne.TextStyle // each one takes some megabytes of fonts
	struck  bool
	icon    fyne.Resource
	name    string // what it does, in words
	tapped  func()
	keys    *keys
	hovered bool
}

func newToolButton(k *keys, name string, tapped func()) *toolButton {
	b := &toolButton{keys: k, name: name, tapped: tapped}
	b.ExtendBaseWidget(b)
	return b
}

// Tapped implements fyne.Tappable.
func (b *toolButton) Tapped(*fyne.PointEvent) {
	b.keys.onUsed()
	b.keys.tip().used()
	b.tapped()
}

// MouseIn implements desktop.Hoverable.
func (b *toolButton) MouseIn(e *desktop.MouseEvent) {
	b.hovered = true
	b.Refresh()
	b.MouseMoved(e)
}

// MouseMoved implements desktop.Hoverable.
func (b *toolButton) MouseMoved(e *desktop.MouseEvent) {
	b.keys.tip().restOn(b, e, func() tip { return tip{lines: []string{b.name}} })
}

// MouseOut implements desktop.Hoverable.
func (b *toolButton) MouseOut() {
	b.hovered = false
	b.Refresh()
	b.keys.tip().leave()
}

// CreateRenderer implements fyne.Widget.
func (b *toolButton) CreateRenderer() fyne.WidgetRenderer {
	r := &toolButtonRenderer{button: b, back: canvas.NewRectangle(nil), text: canvas.NewText(b.text, nil), line: canvas.NewRectangle(nil),
		icon: canvas.NewImageFromResource(b.icon)}
	r.Refresh()
	return r
}

type toolButtonRenderer struct {
	button *toolButton
	back   *canvas.Rectangle
	text   *canvas.Text
	line   *canvas.Rectangle // through the text
	icon   *canvas.Image
}

// MinSize implements fyne.WidgetRenderer.
func (r *toolButtonRenderer) MinSize() fyne.Size {
	h := fyne.Max(fyne.MeasureText("Mg", theme.TextSize(), fyne.TextStyle{}).Height, theme.IconInlineSize()) + 4
	return fyne.NewSize(fyne.Max(h+2, r.text.MinSize().Width+8), h)
}

// Layout implements fyne.WidgetRenderer.
func (r *toolButtonRenderer) Layout(size fyne.Size) {
	r.back.Resize(size)
	text := r.text.MinSize()
	r.text.Resize(text)
	r.text.Move(fyne.NewPos((size.Width-text.Width)/2, (size.Height-text.Height)/2))
	r.line.Resize(fyne.NewSize(text.Width+2, 1))
	r.line.Move(fyne.NewPos((size.Width-text.Width)/2-1, size.Height/2))
	icon := theme.IconInlineSize()
	r.icon.Resize(fyne.NewSquareSize(icon))
	r.icon.Move(fyne.NewPos((size.Width-icon)/2, (size.Height-icon)/2))
}

// Refresh implements fyne.WidgetRenderer.
func (r *toolButtonRenderer) Refresh() {
	b := r.button
	r.back.FillColor, r.back.CornerRadius = theme.Color(theme.ColorNameHover), theme.Size(theme.SizeNameButtonRadius)
	r.back.Hidden = !b.hovered
	r.text.TextSize, r.text.TextStyle, r.text.Color = theme.TextSize(), b.style, theme.Color(theme.ColorNameForeground)
	r.line.FillColor, r.line.Hidden = r.text.Color, !b.struck
	r.icon.Hidden = b.icon == nil
	r.Layout(b.Size())
	canvas.Refresh(b)
}

// Objects implements fyne.WidgetRenderer.
func (r *toolButtonRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.text, r.line, r.icon}
}

// Destroy implements fyne.WidgetRenderer.
func (r *toolButtonRenderer) Destroy() {}
