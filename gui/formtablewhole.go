package gui

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2/theme"

	"culver/im"
	"culver/lang"
)

// wholeLines is how many lines there are for what is cut off in the chosen row.
const wholeLines = 2

// rooms is how much room the text of each column has, in this width of the table: the bar
// to scroll with takes some of the last.
func (t *tableField) rooms(width float32) []float32 {
	out := t.columns(width)
	for i := range out {
		out[i] -= 2 * tableCellPad
	}
	if n := len(out); n > 0 && t.list.bar.needed() {
		out[n-1] -= t.list.bar.MinSize().Width
	}
	return out
}

// cuts reports that a cell has no room in its column, in this width of the table.
func (t *tableField) cuts(width float32) bool {
	if width <= 0 {
		return false
	}
	for i, w := range t.rooms(width) {
		if t.natural[i] > w {
			return true
		}
	}
	return false
}

// wholeHeight is the height of the lines below the rows, with the gap above them. They are
// there as soon as anything is cut, whichever row is chosen: else the table would jump.
func (t *tableField) wholeHeight(width float32) float32 {
	if !t.cuts(width) {
		return 0
	}
	return caption(strings.Repeat("M\n", wholeLines-1)+"M").heightAt(width) + theme.Padding()
}

// whole is all that stands in the cells of a row that are cut.
func (t *tableField) whole(r im.Row, width float32) string {
	var out []string
	for i, w := range t.rooms(width) {
		text := oneLine(cell(r, i), 200)
		if measure(text, theme.TextSize(), t.style(i)) > w {
			out = append(out, text)
		}
	}
	return strings.Join(out, " · ")
}

// drawWhole shows it of the row that is chosen, if it is one.
func (t *tableField) drawWhole() {
	width, text := t.list.Size().Width, ""
	if t.cuts(width) {
		switch i := slices.IndexFunc(t.rows, func(r im.Row) bool { return t.chosen[r.ID] }); {
		case i < 0:
			text = lang.T("Choose a row to read all of it here.")
		case len(t.chosen) == 1:
			text = t.whole(t.rows[i], width)
		}
	}
	t.cut.setText(text)
}
