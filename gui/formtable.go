package gui

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"culver/im"
	"culver/lang"
)

// tableField is rows in aligned columns, with buttons below for the chosen rows.
// A click on a heading sorts by it, another one the other way round. What is
// typed into the line above, where there is one, leaves only the rows that hold
// it; a row out of sight is never chosen.
type tableField struct {
	acts    *fieldActs
	field   im.Field
	rows    []im.Row        // as shown: found and sorted
	chosen  map[string]bool // by ID
	anchor  string          // the ID of the row where the choice was begun
	sortBy  int             // column, -1: as given
	reverse bool
	widths  []float32
	natural []float32 // of the widest cell of each column

	search  *textEntry
	empty   *prose // in place of rows
	head    *tableHead
	list    *rowList
	cut     *prose // what has no room in the chosen row
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
	tableSearched = 12 // rows, from which on a table can be searched
)

func newTableField(f im.Field, acts *fieldActs) *tableField {
	t := &tableField{acts: acts, sortBy: -1, chosen: map[string]bool{}, empty: caption(""), cut: caption("")}
	t.empty.centred = true
	t.head = &tableHead{table: t}
	t.head.ExtendBaseWidget(t.head)
	t.list = newRowList(acts.keys, tableRowHeight, func() int { return len(t.rows) }, func() rowView { return newTableRow(t) })
	if f.Several {
		t.list.pick, t.list.marked = t.pick, func(i int) bool { return t.chosen[t.rows[i].ID] }
	} else {
		t.list.chosen = func(i int) { t.pick(i, pickOnly) }
	}
	t.list.opened, t.list.pressed, t.list.key = t.open, t.pressed, t.tickKey
	t.list.menu = t.menu
	t.list.typed = t.typed
	t.search = newTextEntry(&keys{
		typed: t.searchKey, focused: acts.keys.onFocus, lost: acts.keys.onLost,
		shortcut: acts.keys.onShortcut, hushed: acts.keys.hushed, used: acts.keys.used,
	}, false)
	t.search.SetPlaceHolder(lang.T("Search"))
	t.search.OnChanged = func(string) { t.show() }
	t.search.down = t.toList
	t.search.Hide()
	t.bar = container.New(inRows{})
	frame := canvas.NewRectangle(nil)
	frame.StrokeWidth = 1
	t.head.frame = frame
	t.rest = container.NewStack(container.NewBorder(t.head, nil, nil, nil, t.list, t.empty), frame)
	t.box = container.New(&tableLayout{t}, t.search, t.rest, t.cut, t.bar)
	t.field = f
	return t
}

func tableRowHeight() float32 {
	return fyne.MeasureText("Mg", theme.TextSize(), fyne.TextStyle{}).Height + 6
}

func (t *tableField) object() fyne.CanvasObject { return t.box }
func (t *tableField) value() string             { return "" }
func (t *tableField) set(string)                {}
func (t *tableField) focus() fyne.Focusable     { return t.list }

func (t *tableField) controls() []fyne.Focusable {
	out := []fyne.Focusable{t.list, t.search, t.head}
	for _, b := range append(slices.Clone(t.buttons), t.answers...) {
		out = append(out, b)
	}
	return out
}

func (t *tableField) update(f im.Field) {
	t.field = f
	if t.search.Hidden && (f.Several || len(f.Rows) >= tableSearched) && len(f.Rows) > 1 {
		t.search.Show()
	}
	if len(f.Rows) == 1 { // there is nothing else to choose
		t.chosen = map[string]bool{f.Rows[0].ID: true}
	}
	t.measure()
	t.show()
	t.head.Refresh()
}

// show finds and sorts the rows, and keeps those chosen that are still there.
func (t *tableField) show() {
	at := ""
	if i := t.list.selected; i >= 0 && i < len(t.rows) {
		at = t.rows[i].ID
	}
	t.rows = nil
	for _, r := range t.field.Rows {
		if holds(r, t.search.Text) {
			t.rows = append(t.rows, r)
		}
	}
	if by := t.sortBy; by >= 0 && by < len(t.field.Columns) {
		slices.SortStableFunc(t.rows, func(a, b im.Row) int {
			c := strings.Compare(sortKey(a, by), sortKey(b, by))
			if t.reverse {
				return -c
			}
			return c
		})
	}
	was := len(t.chosen)
	still := map[string]bool{}
	for _, r := range t.rows {
		if t.chosen[r.ID] {
			still[r.ID] = true
		}
	}
	t.chosen = still
	t.list.selected = slices.IndexFunc(t.rows, func(r im.Row) bool { return r.ID == at })
	if t.list.selected < 0 {
		t.list.selected = slices.IndexFunc(t.rows, func(r im.Row) bool { return t.chosen[r.ID] })
	}
	if t.asking != "" && (len(still) != was || !t.can(t.asking)) {
		t.asking = ""
	}
	switch {
	case len(t.rows) > 0:
		t.empty.setText("")
	case len(t.field.Rows) > 0:
		t.empty.setText(lang.F("Nothing here holds “%s”.", oneLine(t.search.Text, 60)))
	default:
		t.empty.setText(t.field.Hint)
	}
	t.list.Refresh()
	t.drawBar()
	t.drawWhole()
}

// holds reports a row that has a text in one of its cells. Spaces do not count:
// fingerprints are written with and without.
func holds(r im.Row, text string) bool {
	bare := func(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), "")) }
	text = bare(text)
	return text == "" || slices.ContainsFunc(r.Cells, func(c string) bool { return strings.Contains(bare(c), text) })
}

// sortKey is what a row is sorted by in a column.
func sortKey(r im.Row, column int) string {
	if column < len(r.Keys) && r.Keys[column] != "" {
		return r.Keys[column]
	}
	return strings.ToLower(cell(r, column))
}

func (t *tableField) sortByColumn(i int) {
	if i >= len(t.field.Columns) {
		return
	}
	if t.sortBy == i {
		t.reverse = !t.reverse
	} else {
		t.sortBy, t.reverse = i, false
	}
	t.show()
	t.head.Refresh()
}

func cell(r im.Row, column int) string {
	if column >= len(r.Cells) {
		return ""
	}
	return r.Cells[column]
}

// pick chooses row i, -1 for none.
func (t *tableField) pick(i int, how pick) {
	switch {
	case how == pickAll:
		for _, r := range t.rows {
			t.chosen[r.ID] = true
		}
	case i < 0 || i >= len(t.rows):
		t.chosen = map[string]bool{}
	case how == pickToggle:
		t.anchor = t.rows[i].ID
		if t.chosen[t.anchor] {
			delete(t.chosen, t.anchor)
		} else {
			t.chosen[t.anchor] = true
		}
	case how == pickRange:
		from := slices.IndexFunc(t.rows, func(r im.Row) bool { return r.ID == t.anchor })
		if from < 0 {
			from, t.anchor = i, t.rows[i].ID
		}
		t.chosen = map[string]bool{}
		for _, r := range t.rows[min(from, i) : max(from, i)+1] {
			t.chosen[r.ID] = true
		}
	default:
		t.anchor = t.rows[i].ID
		t.chosen = map[string]bool{t.anchor: true}
	}
	t.asking = ""
	t.list.Refresh()
	t.drawBar()
	t.drawWhole()
	if t.field.Live {
		t.acts.told(t.field.ID, t.ids())
	}
}

// ids are the IDs of the chosen rows, in the order shown.
func (t *tableField) ids() []string {
	var out []string
	for _, r := range t.rows {
		if t.chosen[r.ID] {
			out = append(out, r.ID)
		}
	}
	return out
}

// can reports whether an action is possible for all rows that are chosen, or for any
// row where it is for every one.
func (t *tableField) can(action string) bool {
	i := slices.IndexFunc(t.field.Actions, func(a im.RowAction) bool { return a.ID == action })
	if i >= 0 && t.field.Actions[i].Every {
		return !t.field.Off && len(t.able(action)) > 0
	}
	if i < 0 || t.field.Off || len(t.chosen) == 0 || t.field.Actions[i].One && len(t.chosen) != 1 {
		return false
	}
	return !slices.ContainsFunc(t.rows, func(r im.Row) bool { return t.chosen[r.ID] && !slices.Contains(r.Can, action) })
}

// able are the IDs of the rows in sight for which an action is possible.
func (t *tableField) able(action string) (out []string) {
	for _, r := range t.rows {
		if slices.Contains(r.Can, action) {
			out = append(out, r.ID)
		}
	}
	return out
}

// open is a double click on a row, or Enter: the action that the table names, or
// what is done most, the first possible one that needs no question.
func (t *tableField) open(i int) {
	if id := t.rows[i].ID; len(t.chosen) != 1 || !t.chosen[id] {
		t.pick(i, pickOnly)
	}
	for n, a := range t.field.Actions {
		if !a.Every && (a.ID == t.field.Open || t.field.Open == "" && a.Confirm == "") && t.can(a.ID) {
			t.press(n)
			return
		}
	}
}

// menu offers the actions where a row was clicked with the right button.
func (t *tableField) menu(_ int, at fyne.Position) {
	var items []*fyne.MenuItem
	for i, a := range t.field.Actions {
		if a.Label == "" {
			continue
		}
		item := fyne.NewMenuItem(a.Label, func() { t.press(i) })
		item.Disabled = !t.can(a.ID)
		items = append(items, item)
	}
	if c := fyne.CurrentApp().Driver().CanvasForObject(t.list); c != nil && len(items) > 0 {
		popUp(fyne.NewMenu("", items...), c, at)
	}
}

// typed is text while the rows have the keyboard: it is searched for.
func (t *tableField) typed(r rune) {
	if r == ' ' || t.search.Hidden {
		return
	}
	if c := fyne.CurrentApp().Driver().CanvasForObject(t.search); c != nil {
		c.Focus(t.search)
		t.search.TypedRune(r)
	}
}

// searchKey is Enter or Escape in the line to search.
func (t *tableField) searchKey(e *fyne.KeyEvent) bool {
	switch {
	case e.Name == fyne.KeyEscape && t.search.Text != "":
		t.search.SetText("")
	case e.Name == fyne.KeyEscape:
		return t.acts.keys.onTyped(e)
	default:
		t.toList()
	}
	return true
}

// toList gives the keyboard to the rows.
func (t *tableField) toList() {
	if c := fyne.CurrentApp().Driver().CanvasForObject(t.list); c != nil {
		c.Focus(t.list)
	}
	if t.list.selected < 0 && len(t.rows) > 0 {
		t.list.take(0, 0)
	}
}

func (t *tableField) press(i int) {
	if i >= len(t.field.Actions) {
		return
	}
	a := t.field.Actions[i]
	if !t.can(a.ID) || t.acts.waits() {
		return
	}
	if a.Confirm != "" {
		t.asking = a.ID
		t.drawBar()
		return
	}
	if a.Every {
		t.acts.act(a.ID, t.able(a.ID))
		return
	}
	t.acts.act(a.ID, t.ids())
}
