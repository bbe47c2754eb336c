package gui

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"culver/im"
)

// prose is text to read, wrapped at the width it is given. Unlike the toolkit's
// label it knows the height it would have at any width without being resized,
// which windows that fit their content are computed with.
type prose struct {
	widget.BaseWidget
	text     string
	size     fyne.ThemeSizeName
	colour   fyne.ThemeColorName
	centred  bool
	bold     bool
	lastText string // what laid is for
	lastSize float32
	laid     map[float32]*laid
}

// wrapped is ordinary prose.
func wrapped(text string) *prose {
	return newProse(text, theme.SizeNameText, theme.ColorNameForeground)
}

// caption is a small one, for hints.
func caption(text string) *prose {
	return newProse(text, theme.SizeNameCaptionText, colorSubtle)
}

func newProse(text string, size fyne.ThemeSizeName, colour fyne.ThemeColorName) *prose {
	p := &prose{text: text, size: size, colour: colour}
	p.ExtendBaseWidget(p)
	return p
}

func (p *prose) setText(text string) {
	if p.text != text {
		p.text = text
		p.Refresh()
	}
}

func (p *prose) rowHeight() float32 {
	return float32(math.Ceil(float64(fyne.MeasureText("Mg", theme.Size(p.size), fyne.TextStyle{}).Height)))
}

// at lays the text out for a width.
func (p *prose) at(width float32) *laid {
	size := theme.Size(p.size)
	if p.lastText != p.text || p.lastSize != size || len(p.laid) > 8 {
		p.lastText, p.lastSize, p.laid = p.text, size, map[float32]*laid{}
	}
	l, ok := p.laid[width]
	if !ok {
		column := fyne.Max(20, width-2*theme.InnerPadding())
		l = wrapLine(line{spans: []span{{text: drawable(p.text)}}}, column, 0, func(text string, _ im.Style) float32 {
			return fyne.MeasureText(text, size, fyne.TextStyle{Bold: p.bold}).Width
		})
		p.laid[width] = l
	}
	return l
}

// heightAt is the height that the text needs in a width.
func (p *prose) heightAt(width float32) float32 {
	return float32(p.at(width).rows)*p.rowHeight() + 2*theme.InnerPadding()
}

// natural is the width at which the text needs one row.
func (p *prose) natural() float32 {
	return float32(math.Ceil(float64(measure(p.text, theme.Size(p.size), fyne.TextStyle{Bold: p.bold})+2*theme.InnerPadding()))) + 1
}

// MinSize implements fyne.CanvasObject.
func (p *prose) MinSize() fyne.Size {
	p.ExtendBaseWidget(p)
	width := p.Size().Width
	if width <= 0 {
		width = 200
	}
	return fyne.NewSize(40, p.heightAt(width))
}

// oneRow is the layout of one prose, at the width at which it does not wrap, beside what
// is as high.
type oneRow struct{}

// MinSize implements fyne.Layout.
func (oneRow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(objects[0].(*prose).natural(), 0)
}

// Layout implements fyne.Layout.
func (oneRow) Layout(objects []fyne.CanvasObject, size fyne.Size) { objects[0].Resize(size) }

// CreateRenderer implements fyne.Widget.
func (p *prose) CreateRenderer() fyne.WidgetRenderer { return &proseRenderer{prose: p} }

type proseRenderer struct {
	prose *prose
	texts []*canvas.Text
	drawn *laid
}

// MinSize implements fyne.WidgetRenderer.
func (r *proseRenderer) MinSize() fyne.Size { return r.prose.MinSize() }

// Layout implements fyne.WidgetRenderer.
func (r *proseRenderer) Layout(size fyne.Size) {
	p := r.prose
	l := p.at(size.Width)
	if l == r.drawn {
		return
	}
	r.drawn = l
	r.texts = nil
	pad := theme.InnerPadding()
	for _, piece := range l.pieces {
		t := canvas.NewText(string(piece.text), theme.Color(p.colour))
		t.TextSize = theme.Size(p.size)
		t.TextStyle.Bold = p.bold
		x := pad + piece.x
		if p.centred {
			x = (size.Width - piece.w) / 2
		}
		t.Resize(t.MinSize())
		t.Move(fyne.NewPos(float32(math.Round(float64(x))), pad+float32(piece.row)*p.rowHeight()))
		r.texts = append(r.texts, t)
	}
	canvas.Refresh(p)
}

// Refresh implements fyne.WidgetRenderer.
func (r *proseRenderer) Refresh() {
	r.drawn = nil
	r.Layout(r.prose.Size())
}

// Objects implements fyne.WidgetRenderer.
func (r *proseRenderer) Objects() []fyne.CanvasObject {
	out := make([]fyne.CanvasObject, len(r.texts))
	for i, t := range r.texts {
		out[i] = t
	}
	return out
}

// Destroy implements fyne.WidgetRenderer.
func (r *proseRenderer) Destroy() {}
