package gui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"culver/im"
)

// CreateRenderer implements fyne.Widget.
func (t *transcript) CreateRenderer() fyne.WidgetRenderer {
	r := &transcriptRenderer{t: t, icons: map[fyne.Resource][]*canvas.Image{}, back: canvas.NewRectangle(nil), inner: container.NewWithoutLayout(), drawn: map[int]*drawnLine{}}
	r.clip = container.NewClip(r.inner)
	t.renderer = r
	r.Refresh()
	return r
}

// transcriptRenderer keeps one set of objects for each line in sight. A line
// that only moved keeps its objects, and with them what the toolkit has drawn.
type transcriptRenderer struct {
	t       *transcript
	back    *canvas.Rectangle
	inner   *fyne.Container
	clip    *container.Clip
	drawn   map[int]*drawnLine
	marks   []*canvas.Rectangle // behind chosen text, and what was found
	used    int                 // how many of them are in sight
	visible []visible
	icons   map[fyne.Resource][]*canvas.Image // of lines that went out of sight, for others
	placing bool
}

// drawnLine is the objects of one line, placed as if it stood at 0,0.
type drawnLine struct {
	laid    *laid
	y       float64
	backs   []*canvas.Rectangle
	objects []fyne.CanvasObject
	offsets []fyne.Position
}

// MinSize implements fyne.WidgetRenderer.
func (r *transcriptRenderer) MinSize() fyne.Size { return fyne.NewSize(120, 60) }

// Layout implements fyne.WidgetRenderer.
func (r *transcriptRenderer) Layout(size fyne.Size) {
	r.back.Resize(size)
	r.clip.Resize(size)
	bar := theme.ScrollBarSize()
	r.t.bar.Resize(fyne.NewSize(bar, size.Height))
	r.t.bar.Move(fyne.NewPos(size.Width-bar, 0))
	r.place()
}

// Refresh implements fyne.WidgetRenderer: the theme may have changed.
func (r *transcriptRenderer) Refresh() {
	r.back.FillColor = theme.Color(colorView)
	r.drawn, r.icons = map[int]*drawnLine{}, map[fyne.Resource][]*canvas.Image{}
	r.place()
	r.t.up.Refresh()
	r.t.down.Refresh()
	canvas.Refresh(r.back)
}

// place puts what is in sight where it belongs.
func (r *transcriptRenderer) place() {
	if r.placing { // told of the end while arranging
		return
	}
	r.draws()
	r.drawJumps()
	r.t.nearEdges(r.visible)
}

func (r *transcriptRenderer) draws() {
	r.placing = true
	defer func() { r.placing = false }()
	t := r.t
	r.visible = t.arrange()
	renewed := len(r.visible) != len(r.drawn)
	r.release()
	drawn := make(map[int]*drawnLine, len(r.visible))
	var backs, front []fyne.CanvasObject
	for _, v := range r.visible {
		d, ok := r.drawn[v.index]
		if !ok {
			d = r.draw(v.laid)
			renewed = true
		}
		d.move(v.y)
		drawn[v.index] = d
		for _, b := range d.backs {
			backs = append(backs, b)
		}
		front = append(front, d.objects...)
	}
	r.drawn = drawn
	r.used = 0
	objects := append(append(backs, r.founds()...), r.selection()...)
	r.inner.Objects = append(append(objects, front...), r.tip()...)
	t.bar.set(t.heights.total(), float64(t.Size().Height), t.heights.before(t.top)+t.off)
	if renewed {
		canvas.Refresh(r.back) // objects came or went: draw
	}
}

// release takes the objects of lines that are not in sight any more, or have changed. Their
// icons are kept for others: to make one is to read a drawing.
func (r *transcriptRenderer) release() {
	first := 0
	if len(r.visible) > 0 {
		first = r.visible[0].index
	}
	for i, d := range r.drawn {
		if n := i - first; n >= 0 && n < len(r.visible) && r.visible[n].laid == d.laid {
			continue
		}
		delete(r.drawn, i)
		for _, o := range d.objects {
			if icon, ok := o.(*canvas.Image); ok && icon.Resource != nil {
				r.icons[icon.Resource] = append(r.icons[icon.Resource], icon)
			}
		}
	}
}

// icon is a small picture, one of those that were released if there is one.
func (r *transcriptRenderer) icon(of fyne.Resource) *canvas.Image {
	if free := r.icons[of]; len(free) > 0 {
		r.icons[of] = free[:len(free)-1]
		return free[len(free)-1]
	}
	return canvas.NewImageFromResource(of)
}

func (d *drawnLine) move(y float64) {
	d.y = y
	for i, o := range d.objects {
		o.Move(d.offsets[i].AddXY(0, float32(y)))
	}
	for _, b := range d.backs {
		b.Move(fyne.NewPos(0, float32(y+d.laid.top)))
	}
}

// draw makes the objects of a line.
func (r *transcriptRenderer) draw(l *laid) *drawnLine {
	t := r.t
	d := &drawnLine{laid: l}
	rowHeight := t.rowHeight()
	if l.line.back != "" {
		back := canvas.NewRectangle(theme.Color(l.line.back))
		back.Resize(fyne.NewSize(t.Size().Width, float32(l.height-l.top)))
		d.backs = append(d.backs, back)
	}
	if l.line.bar != "" {
		bar := canvas.NewRectangle(theme.Color(l.line.bar))
		bar.Resize(fyne.NewSize(3, float32(l.height-l.top)))
		d.backs = append(d.backs, bar)
	}
	put := func(o fyne.CanvasObject, x, y float64, size fyne.Size) {
		o.Resize(size)
		d.objects = append(d.objects, o)
		d.offsets = append(d.offsets, fyne.NewPos(float32(t.round(x)), float32(t.round(y))))
	}
	t.drawHeadings(l, put)
	top := l.top + lineGap/2
	if l.line.mark.icon != nil {
		size := theme.IconInlineSize() - 2
		put(r.icon(l.line.mark.icon), transcriptMargin, top+(rowHeight-float64(size))/2, fyne.NewSquareSize(size))
	}
	if l.line.tick.icon != nil {
		size := theme.IconInlineSize() - 2
		put(r.icon(l.line.tick.icon), float64(t.tickLeft()), top+(rowHeight-float64(size))/2, fyne.NewSquareSize(size))
	}
	for _, p := range l.pieces {
		s := l.line.spans[p.span]
		x := float64(textLeft() + p.x)
		y := top + float64(p.row)*rowHeight
		if s.icon != nil {
			icon := theme.IconInlineSize() - 2
			put(r.icon(s.icon), x, y+(rowHeight-float64(icon))/2, fyne.NewSquareSize(icon))
			continue
		}
		name := s.colour
		follows := s.link != "" || s.act != nil
		if follows {
			name = theme.ColorNameHyperlink
		} else if name == "" {
			name = theme.ColorNameForeground
		}
		text := canvas.NewText(string(p.text), theme.Color(name))
		text.TextSize = theme.TextSize()
		text.TextStyle = textStyle(s.style)
		min, baseline := fyne.CurrentApp().Driver().RenderedTextSize(text.Text, text.TextSize, text.TextStyle, nil)
		y += (rowHeight - float64(min.Height)) / 2
		put(text, x, y, min)
		if follows { // the toolkit's own line is longer than slanted text
			under := canvas.NewRectangle(text.Color)
			shown := strings.TrimRight(text.Text, " ")
			put(under, x, y+float64(baseline)+1.5, fyne.NewSize(t.prefixWidth(p, len([]rune(shown)), s.style), 1))
		}
	}
	t.drawBelow(l, put)
	return d
}

// drawHeadings puts the headings above a line, between two rules.
func (t *transcript) drawHeadings(l *laid, put func(o fyne.CanvasObject, x, y float64, size fyne.Size)) {
	width := float64(t.Size().Width - theme.ScrollBarSize())
	for i, h := range l.line.above {
		colour, line := colorSubtle, theme.ColorNameSeparator
		if h.strong {
			colour, line = theme.ColorNamePrimary, theme.ColorNamePrimary
		}
		text := canvas.NewText("", theme.Color(colour))
		text.TextSize, text.TextStyle.Bold = theme.CaptionTextSize(), true
		text.Text = fit(h.text, float32(width)-6*transcriptMargin, text.TextSize, text.TextStyle)
		size := text.MinSize()
		y := float64(i) * t.headingHeight()
		x := (width - float64(size.Width)) / 2
		put(text, x, y+(t.headingHeight()-float64(size.Height))/2, size)
		const apart = 8
		for _, from := range []float64{2 * transcriptMargin, x + float64(size.Width) + apart} {
			rule := canvas.NewRectangle(theme.Color(line))
			put(rule, from, y+t.headingHeight()/2, fyne.NewSize(float32(x-apart-2*transcriptMargin), 1))
		}
	}
}

// tip says what the mark means that the mouse points at, beside it.
func (r *transcriptRenderer) tip() []fyne.CanvasObject {
	t := r.t
	for _, v := range r.visible {
		at := v.line.mark
		if t.ticked {
			at = v.line.tick
		}
		if v.index != t.pointed || at.word == "" {
			continue
		}
		const pad = 4
		text := canvas.NewText(at.word, theme.Color(theme.ColorNameForeground))
		text.TextSize = theme.CaptionTextSize()
		width := t.Size().Width - textLeft() - transcriptMargin - theme.ScrollBarSize()
		text.Text = fit(text.Text, width-2*pad, text.TextSize, text.TextStyle)
		size := text.MinSize()
		back := canvas.NewRectangle(theme.Color(theme.ColorNameMenuBackground))
		back.StrokeWidth, back.StrokeColor = 1, theme.Color(theme.ColorNameInputBorder)
		back.CornerRadius = theme.SelectionRadiusSize()
		back.Resize(size.AddWidthHeight(2*pad, pad))
		y := t.round(v.y + v.top + lineGap/2 + (t.rowHeight()-float64(size.Height)-pad)/2)
		x := textLeft()
		if t.ticked {
			x = t.tickLeft() - back.Size().Width - pad
		}
		back.Move(fyne.NewPos(x, float32(y)))
		text.Resize(size)
		text.Move(fyne.NewPos(x+pad, float32(y)+pad/2))
		return []fyne.CanvasObject{back, text}
	}
	return nil
}

// selection returns rectangles behind the chosen text in sight.
func (r *transcriptRenderer) selection() (out []fyne.CanvasObject) {
	from, to, ok := r.t.sel.span()
	if !ok {
		return nil
	}
	for _, v := range r.visible {
		if v.index < from.line || v.index > to.line {
			continue
		}
		a, b := 0, v.length
		if v.index == from.line {
			a = from.at
		}
		if v.index == to.line {
			b = to.at
		}
		out = r.behind(out, v, a, b, theme.ColorNameSelection)
	}
	return out
}

// behind adds rectangles behind the characters from a to b of a line.
func (r *transcriptRenderer) behind(out []fyne.CanvasObject, v visible, a, b int, colour fyne.ThemeColorName) []fyne.CanvasObject {
	t := r.t
	rowHeight := t.rowHeight()
	for _, p := range v.pieces {
		start, end := max(a-p.start, 0), min(b-p.start, len(p.text))
		if start >= end {
			continue
		}
		style := v.line.spans[p.span].style
		x0 := t.prefixWidth(p, start, style)
		x1 := t.prefixWidth(p, end, style)
		if r.used == len(r.marks) {
			r.marks = append(r.marks, canvas.NewRectangle(nil))
		}
		m := r.marks[r.used]
		r.used++
		if c := theme.Color(colour); m.FillColor != c {
			m.FillColor = c
			m.Refresh()
		}
		m.Move(fyne.NewPos(textLeft()+p.x+x0, float32(v.y+v.top+lineGap/2+float64(p.row)*rowHeight)))
		m.Resize(fyne.NewSize(x1-x0, float32(rowHeight)))
		out = append(out, m)
	}
	return out
}

// prefixWidth is the width of the first n runes of a piece.
func (t *transcript) prefixWidth(p piece, n int, style im.Style) float32 {
	if n <= 0 {
		return 0
	}
	if n >= len(p.text) {
		return p.w
	}
	return fyne.MeasureText(string(p.text[:n]), theme.TextSize(), textStyle(style)).Width
}

// Objects implements fyne.WidgetRenderer.
func (r *transcriptRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.clip, r.t.bar, r.t.up, r.t.down}
}

// Destroy implements fyne.WidgetRenderer.
func (r *transcriptRenderer) Destroy() {
	if r.t.renderer == r {
		r.t.renderer = nil
	}
}
