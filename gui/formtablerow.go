package gui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"culver/im"
)

// measure finds the width of each column: that of its widest cell, within limits.
func (t *tableField) measure() {
	t.widths, t.natural = make([]float32, len(t.field.Columns)), make([]float32, len(t.field.Columns))
	for i, c := range t.field.Columns {
		w := measure(c, theme.TextSize(), fyne.TextStyle{Bold: true}) + 14 // room for the arrow
		for _, r := range t.field.Rows {
			t.natural[i] = fyne.Max(t.natural[i], measure(oneLine(cell(r, i), 200), theme.TextSize(), t.style(i)))
		}
		w = fyne.Max(w, t.natural[i])
		t.widths[i] = fyne.Min(w, tableMaxWidth) + 2*tableCellPad
	}
}

// style is how the cells of a column are written.
func (t *tableField) style(column int) fyne.TextStyle {
	return fyne.TextStyle{Monospace: slices.Contains(t.field.Mono, column)}
}

// columns are how wide each column is, in width altogether. What is over goes to
// the last. What lacks is taken from the widest, from columns of one letter width
// last: half a fingerprint is of no use.
func (t *tableField) columns(width float32) []float32 {
	out := slices.Clone(t.widths)
	var sum float32
	for _, w := range out {
		sum += w
	}
	for sum > width {
		widest := -1
		for _, mono := range []bool{false, true} {
			least := float32(80)
			if mono {
				least = 40
			}
			for i := range out {
				if (mono || !t.style(i).Monospace) && out[i] > least && (widest < 0 || out[i] > out[widest]) {
					widest = i
				}
			}
			if widest >= 0 {
				break
			}
		}
		if widest < 0 {
			break
		}
		take := fyne.Min(sum-width, fyne.Max(8, out[widest]*0.1))
		out[widest] -= take
		sum -= take
	}
	if len(out) > 0 && sum < width {
		out[len(out)-1] += width - sum
	}
	return out
}

// want is how wide the table would like to be.
func (t *tableField) want() float32 {
	var sum float32
	for _, w := range t.widths {
		sum += w
	}
	sum += theme.ScrollBarSize() + 16
	if t.question == nil {
		sum = max(sum, inRows{}.natural(t.bar.Objects))
	}
	return sum
}

// tableRow draws one row.
type tableRow struct {
	box   *fyne.Container
	table *tableField
	texts []*canvas.Text
	tick  *tickBox // in place of the first one; nil: the table has none
}

func newTableRow(t *tableField) *tableRow {
	return &tableRow{box: container.NewWithoutLayout(), table: t}
}

func (r *tableRow) object() fyne.CanvasObject { return r.box }

func (r *tableRow) show(i int) {
	t := r.table
	row := t.rows[i]
	for len(r.texts) < len(t.field.Columns) {
		r.texts = append(r.texts, canvas.NewText("", nil))
		r.box.Objects = append(r.box.Objects, r.texts[len(r.texts)-1])
	}
	if t.ticked() && r.tick == nil {
		r.tick = newTickBox()
		r.box.Objects = append(r.box.Objects, r.tick.image)
	}
	columns := t.columns(t.list.Size().Width) // as wide as the headings, scroll bar or not
	var x float32
	for c := range r.texts {
		if c >= len(columns) {
			r.texts[c].Hide()
			continue
		}
		room := columns[c] - 2*tableCellPad
		if over := x + columns[c] - r.box.Size().Width; over > 0 {
			room -= over
		}
		if c == 0 && t.ticked() {
			r.texts[c].Hide()
			r.tick.show(cell(row, c), x+tableCellPad, r.box.Size().Height)
			x += columns[c]
			continue
		}
		r.texts[c].Show()
		r.texts[c].Text = fit(oneLine(cell(row, c), 200), room, theme.TextSize(), t.style(c))
		r.texts[c].TextStyle = t.style(c)
		r.texts[c].TextSize = theme.TextSize()
		r.texts[c].Color = theme.Color(theme.ColorNameForeground)
		min := r.texts[c].MinSize()
		r.texts[c].Resize(min)
		y := (r.box.Size().Height - tableRowHeight()) / 2
		if t.style(c).Monospace {
			y += baseline(theme.TextSize(), 0) - baseline(theme.TextSize(), im.Code)
		}
		r.texts[c].Move(fyne.NewPos(x+tableCellPad, y+3))
		x += columns[c]
	}
}
