package gui

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"culver/im"
)

// CreateRenderer implements fyne.Widget.
func (p *passage) CreateRenderer() fyne.WidgetRenderer {
	r := &passageRenderer{passage: p, frame: canvas.NewRectangle(nil)}
	p.renderer = r
	r.Refresh()
	return r
}

// passageRenderer keeps the objects of a text until it wraps otherwise; a
// selection changes only the marks behind it.
type passageRenderer struct {
	passage *passage
	frame   *canvas.Rectangle // around it, with the keyboard's focus
	marks   []fyne.CanvasObject
	texts   []fyne.CanvasObject
	width   float32 // what texts are for
}

// MinSize implements fyne.WidgetRenderer.
func (r *passageRenderer) MinSize() fyne.Size { return r.passage.MinSize() }

// Layout implements fyne.WidgetRenderer.
func (r *passageRenderer) Layout(size fyne.Size) {
	r.frame.Resize(size)
	if size.Width != r.width {
		r.draw()
	}
	r.mark()
}

// draw makes the objects anew.
func (r *passageRenderer) draw() {
	p := r.passage
	r.width, r.texts = p.Size().Width, nil
	pad := theme.InnerPadding()
	put := func(o fyne.CanvasObject, x, y float32, size fyne.Size) {
		o.Resize(size)
		o.Move(fyne.NewPos(float32(math.Round(float64(x))), float32(math.Round(float64(y)))))
		r.texts = append(r.texts, o)
	}
	write := func(text string, size, x, y float32, style im.Style, colour fyne.ThemeColorName) {
		t := canvas.NewText(text, theme.Color(colour))
		t.TextSize = size
		t.TextStyle = textStyle(style)
		put(t, x, y+baseline(size, 0)-baseline(size, style), t.MinSize())
	}
	for i, l := range p.at(r.width) {
		if bullet := p.paragraphs[i].bullet; bullet != "" {
			write(bullet, l.size, pad, l.y, 0, theme.ColorNameForeground)
		}
		for _, piece := range l.pieces {
			s := l.line.spans[piece.span]
			x, y := pad+l.indent+piece.x, l.y+float32(piece.row)*l.rowHeight
			if s.icon != nil {
				icon := theme.IconInlineSize() - 1
				put(canvas.NewImageFromResource(s.icon), x, y+(l.rowHeight-icon)/2, fyne.NewSquareSize(icon))
				continue
			}
			style, colour := s.style, theme.ColorNameForeground
			if s.link != "" {
				style, colour = style|im.Underline, theme.ColorNameHyperlink
			}
			write(string(piece.text), l.size, x, y, style, colour)
		}
	}
}

// baseline is how far below its upper edge text of a style stands: fonts differ.
func baseline(size float32, style im.Style) float32 {
	_, y := fyne.CurrentApp().Driver().RenderedTextSize("M", size, textStyle(style&im.Code), nil)
	return y
}

// mark draws what is behind the text: what is selected, and the link that the
// keyboard is at.
func (r *passageRenderer) mark() {
	p := r.passage
	r.frame.StrokeWidth, r.frame.StrokeColor = 0, theme.Color(theme.ColorNamePrimary)
	if p.focused && !p.pointed && p.chosen < 0 {
		r.frame.StrokeWidth = 1
	}
	r.frame.CornerRadius = theme.InputRadiusSize()
	r.marks = nil
	from, to, some := p.sel.span()
	pad := theme.InnerPadding()
	for i, l := range p.at(r.width) {
		for _, piece := range l.pieces {
			if some && i >= from.line && i <= to.line {
				a, z := 0, len(piece.text)
				if i == from.line {
					a = max(0, from.at-piece.start)
				}
				if i == to.line {
					z = min(z, to.at-piece.start)
				}
				if a < z {
					m := canvas.NewRectangle(theme.Color(theme.ColorNameSelection))
					m.Move(fyne.NewPos(pad+l.indent+l.prefix(piece, a), l.y+float32(piece.row)*l.rowHeight))
					m.Resize(fyne.NewSize(l.prefix(piece, z)-l.prefix(piece, a), l.rowHeight))
					r.marks = append(r.marks, m)
				}
			}
			if p.chosen >= 0 && p.links[p.chosen].line == i && p.spanStart(i, piece.span) == p.links[p.chosen] {
				m := canvas.NewRectangle(theme.Color(theme.ColorNameHover))
				m.StrokeWidth, m.StrokeColor = 1, theme.Color(theme.ColorNamePrimary)
				m.Move(fyne.NewPos(pad+l.indent+piece.x-2, l.y+float32(piece.row)*l.rowHeight))
				m.Resize(fyne.NewSize(piece.w+4, l.rowHeight))
				r.marks = append(r.marks, m)
			}
		}
	}
}

// spanStart is where a span of a paragraph begins.
func (p *passage) spanStart(paragraph, span int) place {
	n := 0
	for _, s := range p.paragraphs[paragraph].line.spans[:span] {
		n += len([]rune(s.text))
	}
	return place{paragraph, n}
}

// update draws what is behind the text anew.
func (p *passage) update() {
	if p.renderer != nil {
		p.renderer.mark()
		canvas.Refresh(p)
	}
}

// Refresh implements fyne.WidgetRenderer: the theme may have changed.
func (r *passageRenderer) Refresh() {
	p := r.passage
	r.draw()
	r.mark()
	canvas.Refresh(p)
}

// Objects implements fyne.WidgetRenderer.
func (r *passageRenderer) Objects() []fyne.CanvasObject {
	out := make([]fyne.CanvasObject, 0, len(r.marks)+len(r.texts)+1)
	out = append(out, r.frame)
	out = append(out, r.marks...)
	return append(out, r.texts...)
}

// Destroy implements fyne.WidgetRenderer.
func (r *passageRenderer) Destroy() {}
