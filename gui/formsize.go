package gui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"culver/im"
)

const (
	formMaxHeight   = 660
	formMaxWidth    = 640 // up to which a form becomes wider rather than be scrolled
	formProseHeight = 520 // of a form with formatted text
	formMinWidth    = 320
)

// size makes the window as large as its content wants: exactly if so asked, else
// only larger.
func (w *formWindow) size(exact bool) {
	width := float32(formMinWidth)
	for _, p := range w.layouts {
		width = fyne.Max(width, p.want())
	}
	width = fyne.Max(width, w.bar.MinSize().Width)
	pad := 2*theme.Padding() + 2*formMargin
	now := w.window.Canvas().Size()
	if !exact {
		width = fyne.Max(width, now.Width-pad)
	}
	most := float32(formMaxHeight)
	if w.reads() {
		most = formProseHeight
	}
	need := w.needs(width)
	for need > most && width < formMaxWidth && !w.reads() {
		width = fyne.Min(width+20, formMaxWidth)
		need = w.needs(width)
	}
	// A problem comes on top: the fields above it stay as they are.
	height := fyne.Min(need, most) + w.problemHeight(width)
	size := fyne.NewSize(width+pad, height+pad)
	if !exact {
		size = size.Max(now)
	}
	w.own = size
	if size != now {
		w.window.Resize(size)
		w.settle(settleTries)
	}
}

const (
	settleAfter = 300 * time.Millisecond
	settleTries = 3
)

// settle looks at the window again when the window system has had time to resize it.
func (w *formWindow) settle(tries int) {
	want := w.own
	time.AfterFunc(settleAfter, func() {
		w.gui.do(func() {
			if !w.closed && w.own == want {
				w.settled(tries)
			}
		})
	})
}

// settled draws the window once more: what is drawn before it has its size may be lost,
// and nothing else would draw it again. If it has not got its size, it asks anew: when
// two sizes follow each other closely, the toolkit may go back to the first as soon as
// that is reported.
func (w *formWindow) settled(tries int) {
	if now := w.window.Canvas().Size(); tries > 0 && (now.Width < w.own.Width-sizeSlack || now.Height < w.own.Height-sizeSlack) {
		w.window.Resize(w.own)
		w.settle(tries - 1)
	}
	w.window.Canvas().Refresh(w.window.Content())
}

const sizeSlack = 1.5 // the window system counts in whole pixels

// refit is size after other fields came in sight: also smaller, if the user has not
// chosen another size.
func (w *formWindow) refit() {
	now := w.window.Canvas().Size()
	if d := now.Subtract(w.own); max(d.Width, -d.Width) > sizeSlack || max(d.Height, -d.Height) > sizeSlack {
		w.size(false)
		return
	}
	w.size(true)
}

// needs is the height at which nothing has to be scrolled, but for a problem.
func (w *formWindow) needs(width float32) float32 {
	var page float32
	for _, p := range w.layouts {
		page = fyne.Max(page, p.heightAt(width))
	}
	return page + w.around(width)
}

// reads reports a form that is a text to read.
func (w *formWindow) reads() bool {
	prose := false
	for _, s := range w.slots {
		if s.field.Kind == im.FieldCode { // a few words beside what is asked
			return false
		}
		prose = prose || s.field.Kind == im.FieldProse
	}
	return prose
}

// tells reports a form that shows something to read or to compare.
func (w *formWindow) tells() bool {
	for _, s := range w.slots {
		if s.field.Kind == im.FieldCode || s.field.Kind == im.FieldProse {
			return true
		}
	}
	return false
}

// around is the height of what stands above and below the fields.
func (w *formWindow) around(width float32) float32 {
	gap := 2 * theme.Padding()
	var h float32
	if w.warning.Visible() {
		h += w.warning.heightAt(width) + gap
	}
	if w.intro.Visible() {
		h += heightFor(w.intro, width) + gap
	}
	if w.strip.Visible() {
		h += w.strip.MinSize().Height + gap
	}
	if w.bar.Visible() {
		h += w.bar.MinSize().Height + 2*gap
	}
	return h
}

// problemHeight is the height of what is wrong, with the gap below it.
func (w *formWindow) problemHeight(width float32) float32 {
	if !w.problem.Visible() {
		return 0
	}
	return w.problem.heightAt(width) + 2*theme.Padding()
}

const formMargin = 5

// formLayout stacks the parts of a form; the fields take what is left.
type formLayout struct{ w *formWindow }

// MinSize implements fyne.Layout.
func (l *formLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	w := l.w
	width := fyne.Max(w.bar.MinSize().Width, w.scroll.MinSize().Width)
	if w.tab < len(w.layouts) {
		width = fyne.Max(width, w.layouts[w.tab].MinSize(nil).Width)
	}
	inner := fyne.Max(width, w.window.Canvas().Size().Width-2*formMargin)
	return fyne.NewSize(width+2*formMargin, w.around(inner)+w.problemHeight(inner)+30)
}

// Layout implements fyne.Layout.
func (l *formLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	w := l.w
	gap := 2 * theme.Padding()
	width := size.Width - 2*formMargin
	y, bottom := float32(formMargin), size.Height-formMargin
	put := func(o fyne.CanvasObject, h float32) {
		o.Move(fyne.NewPos(formMargin, y))
		o.Resize(fyne.NewSize(width, h))
		y += h + gap
	}
	if w.warning.Visible() {
		put(w.warning, w.warning.heightAt(width))
	}
	if w.intro.Visible() {
		put(w.intro, heightFor(w.intro, width))
	}
	if w.strip.Visible() {
		put(w.strip, w.strip.MinSize().Height)
	}
	if w.bar.Visible() {
		h := w.bar.MinSize().Height
		w.bar.Move(fyne.NewPos(formMargin, bottom-h))
		w.bar.Resize(fyne.NewSize(width, h))
		bottom -= h + gap
	}
	if w.problem.Visible() {
		h := w.problem.heightAt(width)
		w.problem.Move(fyne.NewPos(formMargin, bottom-h))
		w.problem.Resize(fyne.NewSize(width, h))
		bottom -= h + gap
	}
	put(w.scroll, fyne.Max(0, bottom-y))
}
