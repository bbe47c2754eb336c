package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// sealNote says who can read a conversation that nothing protects, where others have a
// button for that.
type sealNote struct {
	widget.BaseWidget
	text  string
	icons icons
}

func newSealNote(i icons, text string) *sealNote {
	n := &sealNote{icons: i, text: text}
	n.ExtendBaseWidget(n)
	return n
}

// CreateRenderer implements fyne.Widget.
func (n *sealNote) CreateRenderer() fyne.WidgetRenderer {
	r := &sealNoteRenderer{note: n, icon: canvas.NewImageFromResource(n.icons.level(0)), text: canvas.NewText("", nil)}
	r.Refresh()
	return r
}

type sealNoteRenderer struct {
	note *sealNote
	icon *canvas.Image
	text *canvas.Text
}

// MinSize implements fyne.WidgetRenderer.
func (r *sealNoteRenderer) MinSize() fyne.Size {
	return fyne.NewSize(80, fyne.Max(measureHeight(), theme.IconInlineSize())+4)
}

func measureHeight() float32 {
	return fyne.MeasureText("Mg", theme.CaptionTextSize(), fyne.TextStyle{}).Height
}

// Layout implements fyne.WidgetRenderer.
func (r *sealNoteRenderer) Layout(size fyne.Size) {
	icon := theme.IconInlineSize()
	r.icon.Resize(fyne.NewSquareSize(icon))
	r.icon.Move(fyne.NewPos(3, (size.Height-icon)/2))
	x := 3 + icon + 5
	r.text.Text = fit(r.note.text, fyne.Max(0, size.Width-x), r.text.TextSize, fyne.TextStyle{})
	min := r.text.MinSize()
	r.text.Resize(min)
	r.text.Move(fyne.NewPos(x, (size.Height-min.Height)/2))
}

// Refresh implements fyne.WidgetRenderer.
func (r *sealNoteRenderer) Refresh() {
	r.text.TextSize, r.text.Color = theme.CaptionTextSize(), theme.Color(colorLevelOpen)
	r.Layout(r.note.Size())
	canvas.Refresh(r.note)
}

// Objects implements fyne.WidgetRenderer.
func (r *sealNoteRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.icon, r.text} }

// Destroy implements fyne.WidgetRenderer.
func (r *sealNoteRenderer) Destroy() {}

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
