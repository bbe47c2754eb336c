package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"culver/im"
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
	r := &sealNoteRenderer{note: n, icon: canvas.NewImageFromResource(n.icons.level(im.Open)), text: canvas.NewText("", nil)}
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
	return fyne.NewSize(80, fyne.Max(fyne.MeasureText("Mg", theme.CaptionTextSize(), fyne.TextStyle{}).Height, theme.IconInlineSize())+4)
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
