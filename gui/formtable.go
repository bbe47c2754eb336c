package gui

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"culver/im"
)

// tableField is rows in aligned columns, with buttons below for the chosen row.
// A click on a heading sorts by it, another one the other way round.
type tableField struct {
	acts    *fieldActs
	field   im.Field
	rows    []im.Row // as shown: sorted
	chosen  string   // ID of the chosen row, "" if none
	sortBy  int      // column, -1: as given
	reverse bool
	widths  []float32

	head    *tableHead
	list    *rowList
	buttons []*pushButton
	bar     *fyne.Container // the buttons, or the question whether to go on
	rest    *fyne.Container // what stands above the bar
	box     *fyne.Container

	asking   string // the action that waits for its question to be answered
	question *prose
	answers  []*pushButton
}

const (
	tableCellPad  = 6
	tableMaxWidth = 480 // of one column
	tableMinRows  = 6
)

func newTableField(f im.Field, acts *fieldActs) *tableField {
	t := &tableField{acts: acts, sortBy: -1}
	t.head = &tableHead{table: t}
	t.head.ExtendBaseWidget(t.head)
	t.list = newRowList(acts.keys, tableRowHeight, func() int { return len(t.rows) }, func() rowView { return newTableRow(t) })
	t.list.chosen = func(i int) {
		t.chosen = ""
		if i >= 0 {
			t.chosen = t.rows[i].ID
		}
		t.asking = ""
		t.drawBar()
	}
	t.list.opened = func(i int) {
		for _, a := range t.field.Actions { // what is done most: the first that needs no question
			if a.Confirm == "" && slices.Contains(t.rows[i].Can, a.ID) {
				t.acts.act(a.ID, []string{t.rows[i].ID})
				return
			}
		}
	}
	t.bar = container.NewHBox()
	frame := canvas.NewRectangle(nil)
	frame.StrokeWidth = 1
	t.head.frame = frame
	t.rest = container.NewStack(container.NewBorder(t.head, nil, nil, nil, t.list), frame)
	t.box = container.New(&tableLayout{t}, t.rest, t.bar)
	t.field = f
	return t
}

func tableRowHeight() float32 {
	return fyne.MeasureText("Mg", theme.TextSize(), fyne.TextStyle{}).Height + 6
}

func (t *tableField) object() fyne.CanvasObject { return t.box }
func (t *tableField) value() string             { return t.chosen }
func (t *tableField) set(string)                {}
func (t *tableField) focus() fyne.Focusable     { return t.list }

func (t *tableField) controls() []fyne.Focusable {
	out := []fyne.Focusable{t.list}
	for _, b := range append(slices.Clone(t.buttons), t.answers...) {
		out = append(out, b)
	}
	return out
}

func (t *tableField) update(f im.Field) {
	t.field = f
	t.rows = slices.Clone(f.Rows)
	if len(t.rows) == 1 { // there is nothing else to choose
		t.chosen = t.rows[0].ID
	}
	t.sort()
	t.measure()
	if t.asking != "" && !t.can(t.asking) {
		t.asking = ""
	}
	t.drawBar()
	t.head.Refresh()
}

// sort orders the rows and keeps the chosen one chosen.
func (t *tableField) sort() {
	if by := t.sortBy; by >= 0 && by < len(t.field.Columns) {
		slices.SortStableFunc(t.rows, func(a, b im.Row) int {
			c := strings.Compare(strings.ToLower(cell(a, by)), strings.ToLower(cell(b, by)))
			if t.reverse {
				return -c
			}
			return c
		})
	}
	t.list.selected = slices.IndexFunc(t.rows, func(r im.Row) bool { return r.ID == t.chosen })
	if t.list.selected < 0 {
		t.chosen = ""
	}
	t.list.Refresh()
}

func (t *tableField) sortByColumn(i int) {
	if t.sortBy == i {
		t.reverse = !t.reverse
	} else {
		t.sortBy, t.reverse = i, false
	}
	t.rows = slices.Clone(t.field.Rows)
	t.sort()
	t.head.Refresh()
}

func cell(r im.Row, column int) string {
	if column >= len(r.Cells) {
		return ""
	}
	return r.Cells[column]
}

// measure finds the width of each column: that of its widest cell, within limits.
func (t *tableField) measure() {
	t.widths = make([]float32, len(t.field.Columns))
	for i, c := range t.field.Columns {
		w := measure(c, theme.TextSize(), fyne.TextStyle{Bold: true}) + 14 // room for the arrow
		for _, r := range t.field.Rows {
			w = fyne.Max(w, measure(cell(r, i), theme.TextSize(), fyne.TextStyle{}))
		}
		t.widths[i] = fyne.Min(w, tableMaxWidth) + 2*tableCellPad
	}
}

// columns are where each column starts and how wide it is, in width altogether.
// What is over goes to the last; what lacks is taken from the widest.
func (t *tableField) columns(width float32) []float32 {
	out := slices.Clone(t.widths)
	var sum float32
	for _, w := range out {
		sum += w
	}
	for sum > width && len(out) > 0 {
		widest := 0
		for i := range out {
			if out[i] > out[widest] {
				widest = i
			}
		}
		take := fyne.Min(sum-width, fyne.Max(8, out[widest]*0.1))
		if out[widest] <= 40 {
			break
		}
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
	return sum + theme.ScrollBarSize() + 16
}

func (t *tableField) row() (im.Row, bool) {
	if i := t.list.selected; i >= 0 && i < len(t.rows) {
		return t.rows[i], true
	}
	return im.Row{}, false
}

func (t *tableField) can(action string) bool {
	r, ok := t.row()
	return ok && !t.field.Off && slices.Contains(r.Can, action)
}

// drawBar fills the line below the table: the actions, or the question that one
// of them asks before it is done.
func (t *tableField) drawBar() {
	i := slices.IndexFunc(t.field.Actions, func(a im.RowAction) bool { return a.ID == t.asking && t.asking != "" })
	if i >= 0 {
		a := t.field.Actions[i]
		yes := newPushButton(t.acts.keys, a.Label, func() {
			t.asking = ""
			r, ok := t.row()
			t.drawBar()
			if ok {
				t.acts.act(a.ID, []string{r.ID})
			}
		})
		yes.Importance = widget.DangerImportance
		no := newPushButton(t.acts.keys, "Cancel", func() { t.asking = ""; t.drawBar() })
		t.answers = []*pushButton{yes, no}
		t.buttons = nil
		t.question = wrapped(a.Confirm)
		t.bar.Layout = &questionLayout{t}
		t.bar.Objects = []fyne.CanvasObject{t.question, yes, no}
		t.bar.Refresh()
		t.box.Refresh()
		t.acts.relaid(true)
		return
	}
	t.question, t.answers = nil, nil
	if len(t.buttons) != len(t.field.Actions) {
		t.buttons = nil
		for i := range t.field.Actions {
			t.buttons = append(t.buttons, newPushButton(t.acts.keys, "", func() { t.press(i) }))
		}
	}
	t.bar.Layout = layout.NewHBoxLayout()
	t.bar.Objects = nil
	for i, a := range t.field.Actions {
		t.buttons[i].SetText(a.Label)
		setDisabled(t.buttons[i], !t.can(a.ID))
		t.bar.Objects = append(t.bar.Objects, t.buttons[i])
	}
	t.bar.Refresh()
	t.box.Refresh()
	t.acts.relaid(false)
}

func (t *tableField) press(i int) {
	if i >= len(t.field.Actions) {
		return
	}
	a := t.field.Actions[i]
	if !t.can(a.ID) {
		return
	}
	if a.Confirm != "" {
		t.asking = a.ID
		t.drawBar()
		return
	}
	r, _ := t.row()
	t.acts.act(a.ID, []string{r.ID})
}

// tableHead is the line of headings.
type tableHead struct {
	widget.BaseWidget
	table *tableField
	frame *canvas.Rectangle // around the whole table
}

// Tapped implements fyne.Tappable.
func (h *tableHead) Tapped(e *fyne.PointEvent) {
	var x float32
	for i, w := range h.table.columns(h.Size().Width) {
		if e.Position.X >= x && e.Position.X < x+w {
			h.table.sortByColumn(i)
			return
		}
		x += w
	}
}

// Cursor implements desktop.Cursorable.
func (h *tableHead) Cursor() desktop.Cursor { return desktop.PointerCursor }

// CreateRenderer implements fyne.Widget.
func (h *tableHead) CreateRenderer() fyne.WidgetRenderer {
	r := &tableHeadRenderer{head: h, back: canvas.NewRectangle(nil), arrow: canvas.NewImageFromResource(nil)}
	r.Refresh()
	return r
}

type tableHeadRenderer struct {
	head  *tableHead
	back  *canvas.Rectangle
	arrow *canvas.Image
	texts []*canvas.Text
	lines []*canvas.Rectangle
}

// MinSize implements fyne.WidgetRenderer.
func (r *tableHeadRenderer) MinSize() fyne.Size { return fyne.NewSize(60, tableRowHeight()+2) }

// Layout implements fyne.WidgetRenderer.
func (r *tableHeadRenderer) Layout(size fyne.Size) {
	t := r.head.table
	r.back.Resize(size)
	columns := t.columns(size.Width)
	var x float32
	r.arrow.Hide()
	for i := range r.texts {
		if i >= len(columns) {
			break
		}
		w := columns[i]
		style := fyne.TextStyle{Bold: true}
		r.texts[i].Text = fit(t.field.Columns[i], w-2*tableCellPad, theme.TextSize(), style)
		min := r.texts[i].MinSize()
		r.texts[i].Resize(min)
		r.texts[i].Move(fyne.NewPos(x+tableCellPad, (size.Height-min.Height)/2))
		if i == t.sortBy {
			r.arrow.Show()
			r.arrow.Resize(fyne.NewSquareSize(14))
			r.arrow.Move(fyne.NewPos(fyne.Min(x+tableCellPad+min.Width, x+w-14), (size.Height-14)/2))
		}
		x += w
		r.lines[i].Resize(fyne.NewSize(1, size.Height-6))
		r.lines[i].Move(fyne.NewPos(x-1, 3))
		r.lines[i].Hidden = i == len(columns)-1
	}
}

// Refresh implements fyne.WidgetRenderer.
func (r *tableHeadRenderer) Refresh() {
	t := r.head.table
	for len(r.texts) < len(t.field.Columns) {
		r.texts = append(r.texts, canvas.NewText("", nil))
		r.lines = append(r.lines, canvas.NewRectangle(nil))
	}
	r.texts, r.lines = r.texts[:len(t.field.Columns)], r.lines[:len(t.field.Columns)]
	for i := range r.texts {
		r.texts[i].TextStyle.Bold = true
		r.texts[i].TextSize = theme.TextSize()
		r.texts[i].Color = theme.Color(theme.ColorNameForeground)
		r.lines[i].FillColor = theme.Color(theme.ColorNameSeparator)
	}
	r.arrow.Resource = theme.MenuDropDownIcon()
	if t.reverse {
		r.arrow.Resource = theme.MenuDropUpIcon()
	}
	r.back.FillColor = theme.Color(theme.ColorNameHeaderBackground)
	r.head.frame.StrokeColor = theme.Color(theme.ColorNameInputBorder)
	r.head.frame.FillColor = nil
	r.arrow.Refresh()
	r.Layout(r.head.Size())
	canvas.Refresh(r.head)
}

// Objects implements fyne.WidgetRenderer.
func (r *tableHeadRenderer) Objects() []fyne.CanvasObject {
	out := []fyne.CanvasObject{r.back, r.arrow}
	for i := range r.texts {
		out = append(out, r.texts[i], r.lines[i])
	}
	return out
}

// Destroy implements fyne.WidgetRenderer.
func (r *tableHeadRenderer) Destroy() {}

// tableRow draws one row.
type tableRow struct {
	box   *fyne.Container
	table *tableField
	texts []*canvas.Text
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
		r.texts[c].Show()
		r.texts[c].Text = fit(oneLine(cell(row, c), 200), room, theme.TextSize(), fyne.TextStyle{})
		r.texts[c].TextSize = theme.TextSize()
		r.texts[c].Color = theme.Color(theme.ColorNameForeground)
		min := r.texts[c].MinSize()
		r.texts[c].Resize(min)
		r.texts[c].Move(fyne.NewPos(x+tableCellPad, (r.box.Size().Height-min.Height)/2))
		x += columns[c]
	}
}
