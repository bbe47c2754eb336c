package gui

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"culver/im"
	"culver/plugin"
)

// keysTable is a table of n rows, of which the even ones can be ended.
func keysTable(n int) im.Field {
	f := im.Field{ID: "t", Kind: im.FieldTable, Several: true, Columns: []string{"Name", "Fingerprint", "Seen"}, Mono: []int{1},
		Hint: "No keys are known yet.",
		Actions: []im.RowAction{{ID: "end", Label: "End"}, {ID: "verify", Label: "Verify…", One: true},
			{ID: "forget", Label: "Forget", Confirm: "Forget them?"}}}
	for i := range n {
		r := im.Row{ID: fmt.Sprint(i), Cells: []string{fmt.Sprintf("buddy %03d", (i*7)%n), fmt.Sprintf("%08X %08X %08X %08X %08X", i, i, i, i, i), fmt.Sprintf("%d days ago", i)},
			Keys: []string{"", "", fmt.Sprintf("%06d", i)}, Can: []string{"verify", "forget"}}
		if i%2 == 0 {
			r.Can = append(r.Can, "end")
		}
		f.Rows = append(f.Rows, r)
	}
	return f
}

func tabled(t *testing.T, f im.Field) (*formWindow, *tableField, *[]plugin.Answers) {
	t.Helper()
	w, got := asked(t, plugin.Page("T", "", []im.Field{f}, plugin.Button{ID: "close", Label: "Close", Role: plugin.Cancel}))
	w.window.Content().Resize(w.window.Canvas().Size())
	return w, view[*tableField](t, w, "t"), got
}

// pressRow presses a row with the mouse, with keys held.
func (t *tableField) pressRow(i int, button desktop.MouseButton, held fyne.KeyModifier) {
	pos, size, _ := t.list.rowRect(i)
	at := fyne.PointEvent{Position: pos.AddXY(20, size.Height/2)}
	t.list.lastRow = -1 // not a double click
	t.list.MouseDown(&desktop.MouseEvent{PointEvent: at, Button: button, Modifier: held})
	t.list.MouseUp(&desktop.MouseEvent{PointEvent: at, Button: button, Modifier: held})
}

func (t *tableField) shownNow() (out []string) {
	for _, r := range t.rows {
		out = append(out, r.ID)
	}
	return out
}

func TestTableSeveralRows(t *testing.T) {
	w, table, got := tabled(t, keysTable(20))
	const left, ctrl, shift = desktop.MouseButtonPrimary, fyne.KeyModifierShortcutDefault, fyne.KeyModifierShift
	is := func(what string, want ...string) {
		t.Helper()
		if !slices.Equal(table.ids(), want) {
			t.Errorf("%s: %v are chosen, not %v", what, table.ids(), want)
		}
	}
	is("at first")
	table.pressRow(2, left, 0)
	is("a click", "2")
	table.pressRow(4, left, ctrl)
	is("with Ctrl", "2", "4")
	table.pressRow(6, left, shift)
	is("with Shift", "4", "5", "6")
	table.pressRow(3, left, shift)
	is("with Shift, the other way", "3", "4")
	table.pressRow(4, left, ctrl)
	is("again with Ctrl", "3")
	table.pressRow(4, left, ctrl)
	table.pressRow(3, desktop.MouseButtonSecondary, 0)
	is("the menu of a chosen row", "3", "4")
	table.pressRow(7, desktop.MouseButtonSecondary, 0)
	is("the menu of another", "7")

	table.list.TypedKey(key(fyne.KeyHome))
	is("Home", "0")
	table.list.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyDown, Modifier: ctrl})
	table.list.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyDown, Modifier: ctrl})
	is("Ctrl and arrows", "0")
	table.list.TypedKey(key(fyne.KeySpace))
	is("Space", "0", "2")
	table.list.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeySpace, Modifier: ctrl})
	is("Ctrl and Space", "0")
	table.list.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeySpace, Modifier: ctrl})
	if table.buttons[0].Disabled() || !table.buttons[1].Disabled() || table.buttons[2].Disabled() {
		t.Error("the wrong actions for rows 0 and 2")
	}
	test.Tap(table.buttons[0])
	if len(*got) != 1 || !slices.Equal((*got)[0].Rows, []string{"0", "2"}) {
		t.Fatalf("it told %+v", *got)
	}
	table.pressRow(3, left, ctrl)
	if !table.buttons[0].Disabled() {
		t.Error("an action that one of the rows cannot")
	}
	table.list.TypedShortcut(&fyne.ShortcutSelectAll{})
	if len(table.ids()) != 20 {
		t.Errorf("Ctrl+A chose %v", table.ids())
	}
	for _, e := range w.gui.Describe() {
		if e.Kind == kindRow && !e.Chosen {
			t.Errorf("%+v does not look chosen", e)
		}
	}
	table.list.TypedKey(key(fyne.KeyDown))
	if len(table.ids()) != 1 || table.buttons[1].Disabled() {
		t.Errorf("an arrow chose %v", table.ids())
	}
}

// The question says how many rows it is about, and no other rows are taken.
// What is for every row is for those in sight that can, whichever are chosen.
func TestTableActsOnEveryRow(t *testing.T) {
	in, out := []string{"none"}, []string{"all"}
	rows := []im.Row{{ID: "1", Cells: []string{"alice"}, Can: in}, {ID: "2", Cells: []string{"bob"}, Can: out}, {ID: "3", Cells: []string{"alina"}, Can: in}}
	w, got := asked(t, plugin.Page("T", "", []im.Field{{ID: "t", Kind: im.FieldTable, Several: true, Columns: []string{"Name"}, Rows: rows,
		Actions: []im.RowAction{{ID: "one", Label: "One"}, {ID: "all", Label: "All", Every: true}, {ID: "none", Label: "None", Every: true}}}}, cancelButton))
	table := view[*tableField](t, w, "t")
	last := func() plugin.Answers { return (*got)[len(*got)-1] }
	test.Tap(table.buttons[2])
	if a := last(); a.Action != "none" || !slices.Equal(a.Rows, []string{"1", "3"}) {
		t.Errorf("%+v", a)
	}
	test.Tap(table.buttons[1])
	if a := last(); a.Action != "all" || !slices.Equal(a.Rows, []string{"2"}) {
		t.Errorf("%+v", a)
	}
	n := len(*got)
	table.list.choose(0)
	table.list.TypedKey(key(fyne.KeyReturn)) // means one row
	table.search.SetText("ali")
	test.Tap(table.buttons[1])
	if len(*got) != n || !table.buttons[1].Disabled() || table.buttons[2].Disabled() {
		t.Errorf("with none of them in sight: %+v", (*got)[n:])
	}
}

func TestTableAsksAboutSeveral(t *testing.T) {
	f := keysTable(6)
	w, table, got := tabled(t, f)
	for range 2 {
		table.list.TypedShortcut(&fyne.ShortcutSelectAll{})
		test.Tap(table.buttons[2])
		if !described(w.gui, kindNote, "6 are chosen. Forget them?") {
			t.Fatal("it does not ask how many")
		}
		table.pressRow(1, desktop.MouseButtonPrimary, fyne.KeyModifierShortcutDefault)
		if table.question != nil {
			t.Error("the question stays though other rows are chosen")
		}
	}
	table.list.TypedShortcut(&fyne.ShortcutSelectAll{})
	test.Tap(table.buttons[2])
	f.Rows = f.Rows[:5] // one goes while it asks
	w.Update(plugin.Page("T", "", []im.Field{f}))
	if table.question != nil || len(*got) != 0 {
		t.Errorf("the question stays though one of its rows went: %+v", *got)
	}
	test.Tap(table.buttons[2])
	test.Tap(table.answers[0])
	if len(*got) != 1 || len((*got)[0].Rows) != 5 || (*got)[0].Action != "forget" {
		t.Errorf("it told %+v", *got)
	}
}

func TestTableSearch(t *testing.T) {
	f := keysTable(30)
	w, table, _ := tabled(t, f)
	if !described(w.gui, kindEntry, "Search") {
		t.Fatal("it cannot be searched")
	}
	table.list.TypedShortcut(&fyne.ShortcutSelectAll{})
	table.list.TypedRune('u') // begins to search
	if w.window.Canvas().Focused() != fyne.Focusable(table.search) || table.search.Text != "u" {
		t.Errorf("typing in the rows: %T, %q", w.window.Canvas().Focused(), table.search.Text)
	}
	table.search.SetText("BUDDY 003")
	if len(table.rows) != 1 || len(table.ids()) != 1 {
		t.Errorf("found %v, chosen %v", table.shownNow(), table.ids())
	}
	table.search.SetText("0000001D0000001D") // part of a fingerprint, without its spaces
	if !slices.Equal(table.shownNow(), []string{"29"}) || len(table.ids()) != 0 {
		t.Errorf("found %v, chosen %v: rows out of sight stay chosen", table.shownNow(), table.ids())
	}
	w.Update(w.form)
	if !slices.Equal(table.shownNow(), []string{"29"}) {
		t.Errorf("after an update %v", table.shownNow())
	}
	table.search.TypedKey(key(fyne.KeyReturn))
	if w.window.Canvas().Focused() != fyne.Focusable(table.list) || !slices.Equal(table.ids(), []string{"29"}) {
		t.Errorf("Enter leads to %T, %v", w.window.Canvas().Focused(), table.ids())
	}
	table.search.SetText("nobody at all")
	if !described(w.gui, kindNote, "Nothing here holds “nobody at all”.") {
		t.Error("it does not say that nothing is found")
	}
	table.search.TypedKey(key(fyne.KeyEscape))
	if table.search.Text != "" || len(table.rows) != 30 || w.closed {
		t.Error("Escape does not end the search")
	}
	f.Rows = nil
	w.Update(plugin.Page("T", "", []im.Field{f}))
	if !described(w.gui, kindNote, "No keys are known yet.") {
		t.Error("the empty table says nothing")
	}
	few := keysTable(3)
	few.Several = false
	if w, _, _ := tabled(t, few); described(w.gui, kindEntry, "Search") {
		t.Error("three rows have to be searched")
	}
}

func TestTableSortsByKeys(t *testing.T) {
	w, table, _ := tabled(t, keysTable(12))
	table.sortByColumn(2)
	if !slices.Equal(table.shownNow(), []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"}) {
		t.Errorf("%v", table.shownNow())
	}
	w.window.Canvas().Focus(table.head)
	table.head.TypedKey(key(fyne.KeyReturn))
	if table.shownNow()[0] != "11" || element(t, w.gui, kindColumn, "Seen").Value != "down" {
		t.Errorf("Enter on the heading: %v", table.shownNow())
	}
	table.head.TypedKey(key(fyne.KeyLeft))
	table.head.TypedKey(key(fyne.KeyLeft))
	table.head.TypedKey(key(fyne.KeyLeft))
	table.head.TypedKey(key(fyne.KeySpace))
	if table.rows[0].Cells[0] != "buddy 000" || element(t, w.gui, kindColumn, "Name").Value != "up" {
		t.Errorf("by name: %v", table.rows[0])
	}
	table.head.TypedKey(key(fyne.KeyDown))
	if w.window.Canvas().Focused() != fyne.Focusable(table.list) {
		t.Error("the arrow does not lead to the rows")
	}
}

func TestTableOpens(t *testing.T) {
	f := keysTable(4)
	f.Open = "forget"
	_, table, got := tabled(t, f)
	table.list.opened(1)
	if table.question == nil || len(*got) != 0 {
		t.Errorf("the named action does not ask: %+v", *got)
	}
	f.Open = ""
	_, table, got = tabled(t, f)
	table.list.opened(1)
	if len(*got) != 1 || (*got)[0].Action != "verify" {
		t.Errorf("the first possible action is %+v", *got)
	}
}

func TestTableTellsWhatIsChosen(t *testing.T) {
	f := keysTable(5)
	f.Live = true
	w, table, got := tabled(t, f)
	table.list.TypedKey(key(fyne.KeyDown))
	table.list.TypedShortcut(&fyne.ShortcutSelectAll{})
	w.Update(w.form)
	if len(*got) != 2 || (*got)[1].Action != "t" || len((*got)[1].Rows) != 5 {
		t.Errorf("it told %+v", *got)
	}
}

// Fingerprints are whole even where there is little room.
func TestTableColumns(t *testing.T) {
	f := keysTable(3)
	f.Rows[0].Cells[0] = strings.Repeat("a very long name ", 10)
	_, table, _ := tabled(t, f)
	full := table.widths[1]
	for _, width := range []float32{2000, 900, 640, full + 200} {
		c := table.columns(width)
		if c[1] < full {
			t.Errorf("in %v the fingerprint has %v of %v: %v", width, c[1], full, c)
		}
		if sum := c[0] + c[1] + c[2]; sum > width+1 || sum < width-1 {
			t.Errorf("%v in %v", c, width)
		}
	}
	for _, c := range table.columns(100) {
		if c < 30 {
			t.Errorf("%v in 100", table.columns(100))
		}
	}
}

// Two hundred rows are no work to scroll.
func BenchmarkTableScroll(b *testing.B) {
	app := test.NewApp()
	g := New(app, func(func()) {})
	w := g.Ask(plugin.Page("T", "", []im.Field{keysTable(200)}), func(plugin.Answers) {}).(*formWindow)
	w.window.Content().Resize(w.window.Canvas().Size())
	var table *tableField
	for _, s := range w.slots {
		table = s.view.(*tableField)
	}
	down := float32(20)
	for b.Loop() {
		if table.list.offset == 0 {
			down = 20
		}
		was := table.list.offset
		table.list.scrollTo(was + down)
		if table.list.offset == was {
			down = -20
		}
	}
}
