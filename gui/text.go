package gui

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
)

// oneLine is s fit for a label, a title or a notification: no line breaks, no
// control characters, nothing that turns the direction of the text around it,
// and no more than limit characters.
func oneLine(s string, limit int) string {
	var b strings.Builder
	n := 0
	space := false
	for _, r := range s {
		if unicode.IsSpace(r) {
			space = b.Len() > 0
			continue
		}
		if unicode.IsControl(r) || turnsDirection(r) || r == utf8.RuneError {
			continue
		}
		if n == limit {
			b.WriteRune('…')
			break
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
		n++
	}
	return b.String()
}

// turnsDirection reports the invisible characters that reorder what follows
// them (Unicode TR 9, section 2), with which a name could imitate another.
func turnsDirection(r rune) bool {
	switch {
	case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0x200e, r == 0x200f, r == 0x061c:
		return true
	}
	return false
}

// measure is the width of s in units of the canvas.
func measure(s string, size float32, style fyne.TextStyle) float32 {
	if s == "" {
		return 0
	}
	return fyne.MeasureText(s, size, style).Width
}

// fit is s, shortened with an ellipsis to be no wider than width.
func fit(s string, width, size float32, style fyne.TextStyle) string {
	if s == "" || measure(s, size, style) <= width {
		return s
	}
	runes := []rune(s)
	low, high := 0, len(runes) // low fits, high does not
	for low+1 < high {
		mid := (low + high) / 2
		if measure(string(runes[:mid])+"…", size, style) <= width {
			low = mid
		} else {
			high = mid
		}
	}
	if low == 0 {
		return ""
	}
	return strings.TrimRightFunc(string(runes[:low]), unicode.IsSpace) + "…"
}
