package gui

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"culver/im"
)

// wholeLines is how many lines there are for what is cut off in the chosen row.
const wholeLines = 2

// cuts reports that a cell has no room in its column, in this width of the table.
func (t *tableField) cuts(width float32) bool {
	if width <= 0 {
		return false
	}
	for i, w := range t.columns(width) {
		if t.natural[i] > w-2*tableCellPad {
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
	h := fyne.MeasureText("Mg", theme.CaptionTextSize(), fyne.TextStyle{}).Height
	return wholeLines*h + theme.Padding()
}

// whole is all that stands in the cells of a row that are cut.
func (t *tableField) whole(r im.Row, width float32) string {
	var out []string
	for i, w := range t.columns(width) {
		text := oneLine(cell(r, i), 200)
		if measure(text, theme.TextSize(), t.style(i)) > w-2*tableCellPad {
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
			text = "Choose a row to read all of it here."
		case len(t.chosen) == 1:
			text = t.whole(t.rows[i], width)
		}
	}
	t.cut.setText(text)
}
