package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"culver/im"
	"culver/lang"
)

// pastRow draws a conversation in the list of those that have a history.
type pastRow struct {
	box         *fyne.Container
	window      *historyWindow
	name, about *canvas.Text
}

func newPastRow(w *historyWindow) *pastRow {
	r := &pastRow{window: w, name: canvas.NewText("", nil), about: canvas.NewText("", nil)}
	r.box = container.NewWithoutLayout(r.name, r.about)
	return r
}

// pastRowHeight is that of two rows of text.
func pastRowHeight() float32 {
	return fyne.MeasureText("Mg", theme.TextSize(), fyne.TextStyle{}).Height +
		fyne.MeasureText("Mg", theme.CaptionTextSize(), fyne.TextStyle{}).Height + 6
}

func (r *pastRow) object() fyne.CanvasObject { return r.box }

func (r *pastRow) show(i int) {
	w := r.window
	p := w.shown[i]
	x, right := float32(8), r.box.Size().Width-8
	text(r.name, w.name(p.Conv), theme.ColorNameForeground, theme.TextSize(), x, 2, right-x)
	about := lang.N(p.Lines, "%s line, last %s", "%s lines, last %s", im.Number(p.Lines), im.ShortDate(p.Last.Local()))
	if len(w.gui.accounts) > 1 {
		about = lang.F("%s, via %s", about, w.gui.self(p.Conv.Account))
	}
	text(r.about, about, colorSubtle, theme.CaptionTextSize(), x, 2+r.name.MinSize().Height, right-x)
}

// text places a text, as much of it as fits. It returns its width.
func text(t *canvas.Text, s string, colour fyne.ThemeColorName, size, x, y, room float32) float32 {
	t.TextSize, t.Color = size, theme.Color(colour)
	t.Text = fit(s, fyne.Max(0, room), size, t.TextStyle)
	min := t.MinSize()
	t.Resize(min)
	t.Move(fyne.NewPos(float32(int(x)), float32(int(y))))
	return min.Width
}

const historyLeft = 238 // the width of the list

// historySides puts the list left of the rest.
type historySides struct{}

// MinSize implements fyne.Layout.
func (historySides) MinSize(o []fyne.CanvasObject) fyne.Size {
	a, b := o[0].MinSize(), o[1].MinSize()
	return fyne.NewSize(fyne.Max(historyLeft, a.Width)+theme.Padding()+b.Width, fyne.Max(a.Height, b.Height))
}

// Layout implements fyne.Layout.
func (historySides) Layout(o []fyne.CanvasObject, size fyne.Size) {
	left := fyne.Max(historyLeft, o[0].MinSize().Width)
	o[0].Move(fyne.Position{})
	o[0].Resize(fyne.NewSize(left, size.Height))
	o[1].Move(fyne.NewPos(left+theme.Padding(), 0))
	o[1].Resize(fyne.NewSize(fyne.Max(0, size.Width-left-theme.Padding()), size.Height))
}

// historyLayout stacks what is right of the list: what to search for, what was found,
// who it is, the transcript, and the buttons.
type historyLayout struct{ window *historyWindow }

// MinSize implements fyne.Layout.
func (l *historyLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	width, height := float32(320), float32(0)
	for i, c := range o {
		min := c.MinSize()
		if i == 1 && !c.Visible() {
			min = fyne.Size{}
		}
		width = fyne.Max(width, min.Width)
		height += min.Height + theme.Padding()
	}
	return fyne.NewSize(width, height)
}

// Layout implements fyne.Layout.
func (l *historyLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	y := float32(0)
	put := func(c fyne.CanvasObject, height float32) {
		c.Move(fyne.NewPos(0, y))
		c.Resize(fyne.NewSize(size.Width, height))
		y += height + theme.Padding()
	}
	foot := o[4].MinSize().Height
	put(o[0], o[0].MinSize().Height)
	if o[1].Visible() {
		put(o[1], l.window.find.height((size.Height-y-foot)*0.4))
	}
	put(o[2], o[2].MinSize().Height)
	put(o[3], fyne.Max(0, size.Height-y-foot-theme.Padding()))
	put(o[4], foot)
}
