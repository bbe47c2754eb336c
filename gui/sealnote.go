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

// textLeft is where the words begin, with their margin.
func (n *sealNote) textLeft() float32 { return 3 + theme.IconInlineSize() + 5 - theme.InnerPadding() }

// CreateRenderer implements fyne.Widget.
func (n *sealNote) CreateRenderer() fyne.WidgetRenderer {
	r := &sealNoteRenderer{note: n, icon: canvas.NewImageFromResource(n.icons.level(im.Open)), words: newProse(n.text, theme.SizeNameCaptionText, colorLevelOpen)}
	r.Refresh()
	return r
}

type sealNoteRenderer struct {
	note  *sealNote
	icon  *canvas.Image
	words *prose // in as many lines as it takes: none of it may be cut off
}

// MinSize implements fyne.WidgetRenderer. How many lines there are is known once it has a
// width.
func (r *sealNoteRenderer) MinSize() fyne.Size {
	h := r.words.rowHeight()
	if width := r.note.Size().Width - r.note.textLeft(); width > 0 {
		h = heightFor(r.words, width) - 2*theme.InnerPadding() // which is within the margin
	}
	return fyne.NewSize(80, fyne.Max(h, theme.IconInlineSize())+4)
}

// Layout implements fyne.WidgetRenderer.
func (r *sealNoteRenderer) Layout(size fyne.Size) {
	icon, x := theme.IconInlineSize(), r.note.textLeft()
	r.icon.Resize(fyne.NewSquareSize(icon))
	r.icon.Move(fyne.NewPos(3, (size.Height-icon)/2))
	width := fyne.Max(0, size.Width-x)
	h := heightFor(r.words, width)
	r.words.Resize(fyne.NewSize(width, h))
	r.words.Move(fyne.NewPos(x, (size.Height-h)/2))
}

// Refresh implements fyne.WidgetRenderer.
func (r *sealNoteRenderer) Refresh() {
	r.words.setText(r.note.text)
	r.Layout(r.note.Size())
	canvas.Refresh(r.note)
}

// Objects implements fyne.WidgetRenderer.
func (r *sealNoteRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.icon, r.words} }

// Destroy implements fyne.WidgetRenderer.
func (r *sealNoteRenderer) Destroy() {}
