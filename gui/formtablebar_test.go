package gui

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"culver/im"
	"culver/plugin"
)

// The question of a row action is in sight as a whole, with its answers, and the
// window grows for it.
func TestFormTableQuestionFits(t *testing.T) {
	row := im.Row{ID: "1", Cells: []string{"somebody@example.org"}, Can: []string{"forget"}}
	long := strings.Repeat("Everything that is known of it here will be lost, and nothing brings it back. ", 6)
	for name, question := range map[string]string{"short": "Forget it?", "long": long, "long, but there is room": long} {
		w, _ := asked(t, plugin.Page("T", "", []im.Field{{ID: "t", Kind: im.FieldTable, Columns: []string{"Name"}, Rows: []im.Row{row},
			Actions: []im.RowAction{{ID: "forget", Label: "Forget", Confirm: question}}}}, plugin.Button{ID: "close", Label: "Close", Role: plugin.Cancel}))
		if strings.Contains(name, "room") {
			w.window.Resize(fyne.NewSize(900, 700))
		}
		before := w.window.Canvas().Size()
		w.window.Content().Resize(before)
		table := view[*tableField](t, w, "t")
		test.Tap(table.buttons[0])
		size := w.window.Canvas().Size()
		w.window.Content().Resize(size)
		if len(table.answers) != 2 || size.Width != before.Width || name == "long" && size.Height <= before.Height {
			t.Fatalf("%s: %d answers in %v after %v", name, len(table.answers), size, before)
		}
		if p := w.layouts[0]; p.heightAt(p.width) > w.scroll.Size().Height {
			t.Errorf("%s: %v high in %v", name, p.heightAt(p.width), w.scroll.Size())
		}
		q := table.question
		if q.Size().Height < q.heightAt(q.Size().Width) || q.Position().Y < 0 || q.Position().Y+q.Size().Height > table.bar.Size().Height {
			t.Errorf("%s: the question is at %v, %v in %v", name, q.Position(), q.Size(), table.bar.Size())
		}
		for _, label := range []string{"Forget", "Cancel"} {
			e, end := element(t, w.gui, kindButton, label), element(t, w.gui, kindButton, "Close")
			if e.Y+e.Height > end.Y || e.X+e.Width > float64(size.Width) || e.Height < float64(table.answers[0].MinSize().Height) {
				t.Errorf("%s: %+v above %+v in %v", name, e, end, size)
			}
		}
		test.Tap(table.answers[1])
		if table.question != nil || len(table.buttons) != 1 {
			t.Errorf("%s: the question stays", name)
		}
	}
}

// What does not fit beside each other stands below: nothing is cut off.
func TestManyActionsOnASmallScreen(t *testing.T) {
	table := im.Field{ID: "t", Kind: im.FieldTable, Columns: []string{"Who"}, Rows: []im.Row{{ID: "1", Cells: []string{"x"}}}}
	for i := range 9 {
		table.Actions = append(table.Actions, im.RowAction{ID: fmt.Sprint(i), Label: fmt.Sprintf("Do this or that %d", i)})
	}
	w, _ := asked(t, plugin.Page("T", "", []im.Field{table}, okButton))
	wide := w.window.Canvas().Size()
	tops := func() map[float64]bool {
		out := map[float64]bool{}
		for _, e := range w.gui.Describe() {
			if e.Kind == kindButton && strings.HasPrefix(e.Name, "Do this") {
				out[e.Y] = true
				if size := w.window.Canvas().Size(); e.X+e.Width > float64(size.Width) || e.Y+e.Height > float64(size.Height) {
					t.Errorf("%s ends at %v, %v of %v", e.Name, e.X+e.Width, e.Y+e.Height, size)
				}
			}
		}
		return out
	}
	if got := tops(); len(got) > 2 || wide.Width <= formTableWidth+20 {
		t.Errorf("%d rows in %v", len(got), wide)
	}
	w.window.Resize(fyne.NewSize(500, wide.Height)) // all that there is room for
	w.settled(0)
	if got, size := tops(), w.window.Canvas().Size(); len(got) < 3 || size.Height <= wide.Height {
		t.Errorf("%d rows in %v", len(got), size)
	}
	w.gui.SetScreen(func() (width, height int) { return 500, 800 })
	w.Update(plugin.Page("T", "Words.", []im.Field{{Kind: im.FieldNote, Label: "More."}, table}, okButton))
	if got, size := tops(), w.window.Canvas().Size(); len(got) < 3 || size.Width > 500 {
		t.Errorf("%d rows in %v", len(got), size)
	}
}
