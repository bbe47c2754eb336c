package gui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"culver/im"
)

// What has no room in the row that is chosen stands below the rows, and nothing jumps
// when another is chosen.
func TestTableShowsWhatIsCut(t *testing.T) {
	long := strings.Repeat("all that a plugin can do ", 6)
	w, table, _ := tabled(t, im.Field{ID: "t", Kind: im.FieldTable, Columns: []string{"Plugin", "What it does"}, Rows: []im.Row{
		{ID: "a", Cells: []string{"One", long}}, {ID: "b", Cells: []string{"Two", "little"}},
	}})
	wide := func(width float32) {
		w.window.Resize(fyne.NewSize(width, 400))
		w.window.Content().Resize(fyne.NewSize(width, 400))
	}
	wide(500)
	if !strings.HasPrefix(table.cut.text, "Choose a row") || !table.cut.Visible() {
		t.Errorf("with nothing chosen there is %q", table.cut.text)
	}
	at, height := table.bar.Position(), table.rest.Size().Height
	table.pick(0, pickOnly)
	if got, want := table.cut.text, oneLine(long, 200); got != want {
		t.Errorf("there is %q", got)
	}
	found := false
	for _, thing := range w.gui.Describe() {
		found = found || thing.Kind == kindNote && strings.HasPrefix(thing.Name, "all that")
	}
	if !found {
		t.Error("it is not described")
	}
	table.pick(1, pickOnly)
	if table.cut.text != "" {
		t.Errorf("of what is not cut there is %q", table.cut.text)
	}
	if table.bar.Position() != at || table.rest.Size().Height != height {
		t.Error("the table jumps")
	}
	table.pick(0, pickOnly)
	wide(1400)
	if table.cut.Visible() || table.cut.text != "" {
		t.Errorf("where there is room for all there is %q", table.cut.text)
	}
}
