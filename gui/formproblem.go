package gui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// problem is what is wrong with the answers to a form, or what failed: an alarm
// above its buttons; or what is to be read first, above all else. Its height depends on its width, since the text wraps.
type problem struct {
	widget.BaseWidget
	icon  fyne.Resource
	words *prose
	lit   bool // drawn stronger for a moment
	bare  bool // of a field: below it, small and without a frame
}

// problemFlash is how long a problem that is told again stands out.
const problemFlash = 250 * time.Millisecond

func newProblem(icon fyne.Resource) *problem {
	p := &problem{icon: icon, words: newProse("", theme.SizeNameText, colorAlarm)}
	p.ExtendBaseWidget(p)
	p.Hide()
	return p
}

// newFieldProblem is what is wrong with one field, in place of its hint.
func newFieldProblem(icon fyne.Resource) *problem {
	p := &problem{icon: icon, words: newProse("", theme.SizeNameCaptionText, colorAlarm), bare: true}
	p.ExtendBaseWidget(p)
	return p
}

func (p *problem) setText(text string) {
	p.words.setText(text)
	if text == "" {
		p.Hide()
	} else {
		p.Show()
	}
}

// light draws it stronger, or as usual again.
func (p *problem) light(lit bool) {
	if p.lit != lit {
		p.lit = lit
		p.Refresh()
	}
}

// inset is where the words begin: right of the icon.
func (p *problem) inset() float32 { return theme.InnerPadding() + theme.IconInlineSize() }

// heightAt is the height that it needs in a width.
func (p *problem) heightAt(width float32) float32 { return p.words.heightAt(width - p.inset()) }

// MinSize implements fyne.CanvasObject.
func (p *problem) MinSize() fyne.Size {
	p.ExtendBaseWidget(p)
	width := p.Size().Width
	if width <= 0 {
		width = formMinWidth
	}
	return fyne.NewSize(40+p.inset(), p.heightAt(width))
}

// CreateRenderer implements fyne.Widget.
func (p *problem) CreateRenderer() fyne.WidgetRenderer {
	r := &problemRenderer{problem: p, back: canvas.NewRectangle(nil), icon: canvas.NewImageFromResource(p.icon)}
	r.back.StrokeWidth = 1
	r.icon.FillMode = canvas.ImageFillContain
	r.colours()
	return r
}

type problemRenderer struct {
	problem *problem
	back    *canvas.Rectangle
	icon    *canvas.Image
}

// MinSize implements fyne.WidgetRenderer.
func (r *problemRenderer) MinSize() fyne.Size { return r.problem.MinSize() }

// Layout implements fyne.WidgetRenderer.
func (r *problemRenderer) Layout(size fyne.Size) {
	p := r.problem
	icon, row := theme.IconInlineSize(), p.words.rowHeight()
	r.back.Resize(size)
	r.icon.Resize(fyne.NewSquareSize(icon))
	r.icon.Move(fyne.NewPos(theme.InnerPadding(), theme.InnerPadding()+(row-icon)/2))
	p.words.Move(fyne.NewPos(p.inset(), 0))
	p.words.Resize(fyne.NewSize(size.Width-p.inset(), size.Height))
}

func (r *problemRenderer) colours() {
	r.back.FillColor = theme.Color(colorAlarmBack)
	r.back.StrokeColor = theme.Color(colorAlarm)
	r.back.StrokeWidth = 1
	if r.problem.lit {
		r.back.StrokeWidth = 4
	}
	r.back.Hidden = r.problem.bare
	r.back.CornerRadius = theme.InputRadiusSize()
}

// Refresh implements fyne.WidgetRenderer.
func (r *problemRenderer) Refresh() {
	r.colours()
	r.Layout(r.problem.Size())
	r.icon.Refresh()
	r.problem.words.Refresh()
	canvas.Refresh(r.problem)
}

// Objects implements fyne.WidgetRenderer.
func (r *problemRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.icon, r.problem.words}
}

// Destroy implements fyne.WidgetRenderer.
func (r *problemRenderer) Destroy() {}
