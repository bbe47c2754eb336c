package gui

import (
	"fmt"
	"math"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"culver/im"
)

// progressField shows how far something has come, or that it goes on.
type progressField struct {
	shownOnly
	bar *progressBar
}

func newProgressField(acts *fieldActs) *progressField {
	return &progressField{bar: newProgressBar(acts.tick)}
}

func (p *progressField) object() fyne.CanvasObject { return p.bar }

func (p *progressField) update(f im.Field) {
	if p.bar.rough != f.Rough {
		p.bar.rough = f.Rough
		p.bar.Refresh()
	}
	p.bar.show(f.Percent)
}

// progressBar fills from the left. While nobody knows how far it is, a block
// steps through it four times a second: the toolkit's own such bar is an
// animation, which draws the window sixty times a second.
type progressBar struct {
	widget.BaseWidget
	tick    func(after time.Duration, f func())
	percent int
	rough   bool // no number is written into it
	step    int  // of the block
	ticking bool // a tick is under way
}

const (
	progressTick  = 250 * time.Millisecond
	progressSteps = 12
)

func newProgressBar(tick func(time.Duration, func())) *progressBar {
	b := &progressBar{tick: tick}
	b.ExtendBaseWidget(b)
	return b
}

func (b *progressBar) show(percent int) {
	if percent != im.Unknown {
		percent = min(max(percent, 0), 100)
	}
	if percent != b.percent {
		b.percent = percent
		b.Refresh()
	}
	b.goOn()
}

// goOn lets the block move while there is one. Ticks end with the form.
func (b *progressBar) goOn() {
	if b.percent != im.Unknown || b.ticking {
		return
	}
	b.ticking = true
	b.tick(progressTick, func() {
		b.ticking = false
		b.step = (b.step + 1) % (2 * progressSteps)
		if b.percent == im.Unknown {
			b.Refresh()
		}
		b.goOn()
	})
}

// text is what stands in the bar.
func (b *progressBar) text() string {
	if b.percent == im.Unknown || b.rough {
		return ""
	}
	return fmt.Sprintf("%d%%", b.percent)
}

// filled is what part of the bar is filled: from where, and how much.
func (b *progressBar) filled() (from, part float32) {
	if b.percent != im.Unknown {
		return 0, float32(b.percent) / 100
	}
	const block = 0.25
	at := b.step
	if at > progressSteps { // and back
		at = 2*progressSteps - at
	}
	return (1 - block) * float32(at) / progressSteps, block
}

// MinSize implements fyne.CanvasObject.
func (b *progressBar) MinSize() fyne.Size {
	b.ExtendBaseWidget(b)
	h := fyne.MeasureText("Mg", theme.TextSize(), fyne.TextStyle{}).Height
	return fyne.NewSize(120, float32(math.Ceil(float64(h)))+2*theme.InnerPadding())
}

// CreateRenderer implements fyne.Widget.
func (b *progressBar) CreateRenderer() fyne.WidgetRenderer {
	r := &progressBarRenderer{bar: b, back: canvas.NewRectangle(nil), fill: canvas.NewRectangle(nil), text: canvas.NewText("", nil)}
	r.Refresh()
	return r
}

type progressBarRenderer struct {
	bar        *progressBar
	back, fill *canvas.Rectangle
	text       *canvas.Text
}

// MinSize implements fyne.WidgetRenderer.
func (r *progressBarRenderer) MinSize() fyne.Size { return r.bar.MinSize() }

// Layout implements fyne.WidgetRenderer.
func (r *progressBarRenderer) Layout(size fyne.Size) {
	r.back.Resize(size)
	inner := size.SubtractWidthHeight(2, 2)
	from, part := r.bar.filled()
	r.fill.Move(fyne.NewPos(1+float32(math.Round(float64(inner.Width*from))), 1))
	r.fill.Resize(fyne.NewSize(float32(math.Round(float64(inner.Width*part))), inner.Height))
	r.fill.Hidden = part == 0
	min := r.text.MinSize()
	r.text.Resize(min)
	r.text.Move(fyne.NewPos(float32(math.Round(float64((size.Width-min.Width)/2))), (size.Height-min.Height)/2))
}

// Refresh implements fyne.WidgetRenderer.
func (r *progressBarRenderer) Refresh() {
	r.back.FillColor = theme.Color(theme.ColorNameInputBackground)
	r.back.StrokeColor, r.back.StrokeWidth = theme.Color(theme.ColorNameInputBorder), 1
	r.back.CornerRadius = theme.InputRadiusSize()
	r.fill.FillColor = theme.Color(colorProgress)
	r.fill.CornerRadius = theme.InputRadiusSize()
	r.text.Text = r.bar.text()
	r.text.TextSize = theme.TextSize()
	r.text.Color = theme.Color(theme.ColorNameForeground)
	r.Layout(r.bar.Size())
	canvas.Refresh(r.bar)
}

// Objects implements fyne.WidgetRenderer.
func (r *progressBarRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.fill, r.text}
}

// Destroy implements fyne.WidgetRenderer.
func (r *progressBarRenderer) Destroy() {}
