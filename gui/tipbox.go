package gui

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
)

const (
	tipWidest   = 340 // without the picture
	tipFace     = 48
	tipGap      = 3 // between a tip and what it is about
	tipLongest  = 300
	tipTitle    = 100
	tipMostRows = 24
)

// is reports that two tips tell the same.
func (t tip) is(o tip) bool {
	return t.face == o.face && t.title == o.title && slices.Equal(t.lines, o.lines)
}

// tipBox draws a tip.
type tipBox struct {
	root  *fyne.Container
	back  *canvas.Rectangle
	face  *canvas.Image // nil: none
	title *prose
	lines *prose
}

// newTipBox makes the drawing. What peers have chosen may be in it: it is one line each,
// no longer than a tip can be.
func newTipBox(t tip) *tipBox {
	var lines []string
	for _, l := range t.lines[:min(len(t.lines), tipMostRows)] {
		lines = append(lines, oneLine(l, tipLongest))
	}
	b := &tipBox{back: canvas.NewRectangle(theme.Color(theme.ColorNameMenuBackground)),
		title: wrapped(oneLine(t.title, tipTitle)), lines: wrapped(strings.Join(lines, "\n"))}
	b.title.bold = true
	b.back.StrokeWidth, b.back.StrokeColor = 1, theme.Color(theme.ColorNameInputBorder)
	b.back.CornerRadius = theme.SelectionRadiusSize()
	b.root = container.NewWithoutLayout(b.back)
	if t.title != "" {
		b.root.Add(b.title)
	}
	if len(lines) > 0 {
		b.root.Add(b.lines)
	}
	if t.face != nil {
		b.face = newFace()
		showFace(b.face, t.face, tipFace, false)
		b.face.Show()
		b.root.Add(b.face)
	}
	return b
}

// widest is the width at which no line of a text wraps.
func (p *prose) widest() float32 {
	var w float32
	for l := range strings.SplitSeq(p.text, "\n") {
		w = fyne.Max(w, newLineWidth(p, l))
	}
	return w
}

func newLineWidth(p *prose, l string) float32 {
	one := prose{text: l, size: p.size, bold: p.bold}
	return one.natural()
}

// place puts the box below what it is about, or above, where there is more room, so that
// it does not cover it. What does not fit is left out, the last lines first.
func (b *tipBox) place(within fyne.Size, at fyne.Position, size fyne.Size, x float32) {
	const pad = 1
	left := float32(pad)
	if b.face != nil {
		left += tipFace + theme.InnerPadding() + 2
	}
	width := fyne.Min(fyne.Max(b.title.widest(), b.lines.widest()), fyne.Min(tipWidest, within.Width-left-2*pad-2))
	below, above := within.Height-at.Y-size.Height-tipGap, at.Y-tipGap
	height := b.lay(left, width)
	room := below
	up := height > below && above > below
	if up {
		room = above
	}
	for height > room && b.lines.text != "" {
		i := strings.LastIndexByte(b.lines.text, '\n')
		b.lines.text = b.lines.text[:max(0, i)]
		height = b.lay(left, width)
	}
	whole := fyne.NewSize(left+width+pad, height)
	b.back.Resize(whole)
	b.root.Resize(whole)
	y := at.Y + size.Height + tipGap
	if up {
		y = at.Y - tipGap - height
	}
	b.root.Move(fyne.NewPos(fyne.Max(1, fyne.Min(x+8, within.Width-whole.Width-1)), y))
}

// lay puts the parts in their places, and returns how high that is.
func (b *tipBox) lay(left, width float32) float32 {
	y := float32(1)
	put := func(p *prose) {
		if p.text == "" {
			p.Hide()
			return
		}
		h := p.heightAt(width)
		p.Move(fyne.NewPos(left, y))
		p.Resize(fyne.NewSize(width, h))
		y += h - 2*theme.InnerPadding() + 1
	}
	put(b.title)
	put(b.lines)
	y += 2 * theme.InnerPadding()
	if b.face != nil {
		b.face.Move(fyne.NewPos(theme.InnerPadding()+1, theme.InnerPadding()+1))
		y = fyne.Max(y, tipFace+2*theme.InnerPadding()+2)
	}
	return y
}

// tip tells of the tip that is on show.
func (d *description) tip(t *tips) {
	if t.box != nil {
		d.add(kindTip, t.box.title.text, t.box.root).Value = t.box.lines.text
	}
}
