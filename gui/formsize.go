package gui

import (
	"math"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"culver/im"
)

const (
	formMaxHeight   = 660
	formMaxWidth    = 620 // up to which a form becomes wider rather than be scrolled
	formProseHeight = 520 // of a form with formatted text
	formMinWidth    = 320
	formMinFields   = 30 // up to which the fields are not scrolled
)

// size makes the window as large as its content wants: exactly if so asked, else
// only larger.
func (w *formWindow) size(exact bool) {
	width := float32(formMinWidth)
	for _, p := range w.layouts {
		width = fyne.Max(width, p.want())
	}
	width = fyne.Max(width, w.bar.MinSize().Width)
	padHigh := 2*theme.Padding() + 2*formMargin
	pad := padHigh + w.asideWidth()
	now := w.window.Canvas().Size()
	if !exact {
		width = fyne.Max(width, now.Width-pad)
	}
	if !w.lacks(now) || !w.askedBefore(now) {
		w.room.learn(w.own, now)
	}
	widest := w.limit(fyne.NewSize(math.MaxFloat32, 0)).Width - pad
	width = min(width, widest)
	most := float32(formMaxHeight)
	if w.reads() {
		most = formProseHeight
	}
	need := w.needs(width)
	for need > most && width < min(formMaxWidth, widest) && !w.reads() {
		width = min(width+20, formMaxWidth, widest)
		need = w.needs(width)
	}
	// A problem comes on top: the fields above it stay as they are.
	height := fyne.Min(need, most) + w.problemHeight(width)
	size := fyne.NewSize(width+pad, height+padHigh)
	if w.form.Guide {
		size = size.Max(guideSize())
	}
	size = w.limit(size)
	if !exact {
		size = size.Max(now)
	}
	before := w.own
	w.own = size
	if size != now {
		if len(w.asked) == maxAsked {
			w.asked = slices.Delete(w.asked, 0, 1)
		}
		w.asked = append(w.asked, before)
		w.window.Resize(size)
		w.settle(settleTries)
	}
}

const (
	settleAfter = 300 * time.Millisecond
	settleTries = 3
	maxAsked    = 16 // sizes that are remembered: an old one may be reported long after
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
// and nothing else would draw it again. If it has a size that was asked for before, it asks
// anew: when two sizes follow each other closely, the toolkit may go back to the first as
// soon as that is reported.
func (w *formWindow) settled(tries int) {
	now := w.window.Canvas().Size()
	switch {
	case !w.lacks(now):
	case !w.askedBefore(now):
		w.room.learn(w.own, now)
		w.asked, w.own = nil, now
		w.size(false) // in less width it may need more height
	case tries > 0:
		w.window.Resize(w.own)
		w.settle(tries - 1)
	}
	w.window.Canvas().Refresh(w.window.Content())
}

// lacks reports that a size is smaller than the one that the window was given.
func (w *formWindow) lacks(now fyne.Size) bool {
	return now.Width < w.own.Width-sizeSlack || now.Height < w.own.Height-sizeSlack
}

func (w *formWindow) askedBefore(now fyne.Size) bool {
	return slices.ContainsFunc(w.asked, func(s fyne.Size) bool { return near(s, now) })
}

func near(a, b fyne.Size) bool {
	d := a.Subtract(b)
	return max(d.Width, -d.Width, d.Height, -d.Height) <= sizeSlack
}

// SetScreen says how to learn the room for a window on the screen, in pixels: 0 if that is
// not known. It is asked on the toolkit's goroutine.
func (g *GUI) SetScreen(size func() (width, height int)) { g.screen = size }

// Beside a window there is its frame, in pixels: as much as any has.
const (
	frameWidth  = 8
	frameHeight = 44
)

// limit is the size, or what there is room for: window systems give a window that is on
// the screen already whatever it asks for.
func (w *formWindow) limit(size fyne.Size) fyne.Size {
	return w.gui.fitScreen(w.window, w.room.limit(size))
}

// screenRoom is how large a window can be, as far as that is known: 0 is not known. To ask
// for more is refused without a word: the toolkit believes that it got it, and what is drawn
// there is cut off.
type screenRoom struct{ width, height float32 }

// learn takes that a window has this size, after it asked for another. What it lacks there
// was no room for; what it has more, there is: it may have come to a larger screen.
func (r *screenRoom) learn(asked, got fyne.Size) {
	one := func(room *float32, asked, got float32) {
		switch {
		case got < asked-sizeSlack:
			*room = got
		case *room > 0:
			*room = max(*room, got)
		}
	}
	one(&r.width, asked.Width, got.Width)
	one(&r.height, asked.Height, got.Height)
}

// limit is the size, or what there is room for.
func (r *screenRoom) limit(s fyne.Size) fyne.Size {
	if r.width > 0 {
		s.Width = min(s.Width, r.width)
	}
	if r.height > 0 {
		s.Height = min(s.Height, r.height)
	}
	return s
}

const sizeSlack = 1.5 // the window system counts in whole pixels

// refit is size after other fields came in sight: also smaller, if the user has not
// chosen another size.
func (w *formWindow) refit() {
	now := w.window.Canvas().Size()
	if !near(now, w.own) {
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

// asideWidth is the width of what stands left of all else, with the gap beside it.
func (w *formWindow) asideWidth() float32 {
	if w.side == nil {
		return 0
	}
	return w.side.width() + 4*theme.Padding()
}

// formLayout stacks the parts of a form; the fields take what is left.
type formLayout struct{ w *formWindow }

// MinSize implements fyne.Layout.
func (l *formLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	w := l.w
	width := fyne.Max(w.bar.MinSize().Width, w.scroll.MinSize().Width)
	inner := fyne.Max(width, w.window.Canvas().Size().Width-2*formMargin-w.asideWidth())
	fields := float32(0)
	if w.tab < len(w.layouts) {
		page := w.layouts[w.tab]
		width = fyne.Max(width, page.MinSize(nil).Width)
		inner = fyne.Max(width, inner)
		fields = min(formMinFields, page.heightAt(inner))
	}
	width += w.asideWidth()
	return fyne.NewSize(width+2*formMargin, w.around(inner)+w.problemHeight(inner)+fields)
}

// Layout implements fyne.Layout.
func (l *formLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	w := l.w
	gap := 2 * theme.Padding()
	left := formMargin + w.asideWidth()
	width := size.Width - left - formMargin
	y, bottom := float32(formMargin), size.Height-formMargin
	put := func(o fyne.CanvasObject, h float32) {
		o.Move(fyne.NewPos(left, y))
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
		w.bar.Move(fyne.NewPos(left, bottom-h))
		w.bar.Resize(fyne.NewSize(width, h))
		bottom -= h + gap
	}
	if w.side != nil {
		w.side.box.Move(fyne.NewPos(formMargin, formMargin))
		w.side.box.Resize(fyne.NewSize(w.side.width(), size.Height-2*formMargin))
	}
	if w.problem.Visible() {
		h := w.problem.heightAt(width)
		w.problem.Move(fyne.NewPos(left, bottom-h))
		w.problem.Resize(fyne.NewSize(width, h))
		bottom -= h + gap
	}
	put(w.scroll, fyne.Max(0, bottom-y))
}
