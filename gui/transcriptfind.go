package gui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"culver/conversation"
)

// foundPlace is one place of what is looked for: the nth in a line.
type foundPlace struct {
	on        bool
	line, nth int
}

// seek marks all that is looked for, and the place that the user is at.
func (t *transcript) seek(what conversation.Sought, at foundPlace) {
	t.sought, t.found = what, at
	t.update()
	if t.renderer != nil {
		canvas.Refresh(t.renderer.back)
	}
}

// wording is what a line says that can be looked for, and where in the line that begins.
func (l line) wording() (text string, from int) {
	var b strings.Builder
	begun := false
	for _, s := range l.spans {
		if s.words {
			begun = true
			b.WriteString(s.text)
		} else if !begun {
			from += len([]rune(s.text))
		}
	}
	return b.String(), from
}

// places are where in a line it is what is looked for, in characters.
func (t *transcript) places(l line) []int {
	text, from := l.wording()
	out := t.sought.Places(text)
	for i := range out {
		out[i] += from
	}
	return out
}

// founds returns rectangles behind what is looked for, in sight.
func (r *transcriptRenderer) founds() (out []fyne.CanvasObject) {
	t := r.t
	if t.sought.Empty() {
		return nil
	}
	for _, v := range r.visible {
		for n, at := range t.places(v.line) {
			colour := colorFound
			if t.found == (foundPlace{true, v.index, n}) {
				colour = colorFoundHere
			}
			out = r.behind(out, v, at, at+t.sought.Len(), colour)
		}
	}
	return out
}

// showFound brings the place that the user is at into sight.
func (t *transcript) showFound() {
	if !t.found.on || t.found.line >= t.heights.len() {
		return
	}
	l := t.at(t.found.line)
	y := l.top
	if all := t.places(l.line); t.found.nth < len(all) {
		for _, p := range l.pieces {
			if p.start <= all[t.found.nth] {
				y = l.top + lineGap/2 + float64(p.row)*t.rowHeight()
			}
		}
	}
	for _, v := range t.arrange() {
		if at := v.y + y; v.index == t.found.line && at >= 0 && at+t.rowHeight() <= float64(t.Size().Height) {
			return
		}
	}
	t.stick, t.top, t.off = false, t.found.line, t.round(y-float64(t.Size().Height)/3)
	t.update()
	t.scrolled()
}
