package gui

import (
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"culver/im"
	"culver/plugin"
)

// The second click of a double click does not press what came up under the first.
func TestDoubleClickPressesOnce(t *testing.T) {
	verify := plugin.Button{ID: "verify", Label: "Verify now…", Role: plugin.Default}
	next := plugin.Button{ID: "next", Label: "Next", Role: plugin.Default}
	danger := func(id, label string) plugin.Button { return plugin.Button{ID: id, Label: label, Role: plugin.Danger} }
	for name, c := range map[string]struct {
		before, after []plugin.Button
		hit           string // what is clicked
		waits         bool
	}{
		"another role and label": {[]plugin.Button{cancelButton, {ID: "a", Label: "Accept"}, verify},
			[]plugin.Button{cancelButton, danger("a", "Accept without verifying"), verify}, "a", true},
		"another label":              {[]plugin.Button{cancelButton, next}, []plugin.Button{cancelButton, {ID: "next", Label: "Finish", Role: plugin.Default}}, "next", true},
		"another button":             {[]plugin.Button{cancelButton, {ID: "a", Label: "Accept"}}, []plugin.Button{cancelButton, danger("b", "Accept")}, "a", true},
		"two that change places":     {[]plugin.Button{danger("b", "Refuse"), {ID: "a", Label: "Accept"}}, []plugin.Button{{ID: "a", Label: "Accept"}, danger("b", "Refuse")}, "a", true},
		"the same":                   {[]plugin.Button{cancelButton, danger("a", "Forget"), next}, []plugin.Button{cancelButton, danger("a", "Forget"), next}, "next", false},
		"what cancels is now Close":  {[]plugin.Button{{ID: "c", Label: "Cancel", Role: plugin.Cancel}, next}, []plugin.Button{{ID: "c", Label: "Close", Role: plugin.Cancel}, next}, "c", false},
		"harmless ones that come up": {[]plugin.Button{cancelButton, next}, []plugin.Button{cancelButton, {ID: "back", Label: "Back"}, next}, "next", false},
	} {
		f := plugin.Page("T", "", []im.Field{{Kind: im.FieldNote, Label: "A note that is wide enough for all of them."}}, c.before...)
		w, got := asked(t, f)
		b := w.buttons[c.hit]
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(b).AddXY(b.Size().Width/2, b.Size().Height/2)
		c2 := w.window.Canvas()
		test.TapCanvas(c2, at)
		f.Buttons = c.after
		w.Update(f)
		test.TapCanvas(c2, at)
		if want := map[bool]int{true: 1, false: 2}[c.waits]; len(*got) != want {
			t.Errorf("%s: it told %+v", name, *got)
		}
		w.typed(key(fyne.KeyReturn))
		n := len(*got)
		w.unguard()
		w.gui.now = func() time.Time { return time.Now().Add(secondClick) }
		test.TapCanvas(c2, at)
		if len(*got) != n+1 {
			t.Errorf("%s: later, it told %+v", name, *got)
		}
	}
}

// Nor does it press a button of a form that stays as it is for a second time.
func TestDoubleClickOpensOneWindow(t *testing.T) {
	w, got := asked(t, plugin.Page("T", "", nil, plugin.Button{ID: "add", Label: "Add…"}, plugin.Button{ID: "find", Label: "Find…"}))
	now := time.Now()
	w.gui.now = func() time.Time { return now }
	for _, click := range []struct {
		button string
		after  time.Duration
		told   int
	}{{"add", 0, 1}, {"add", secondClick / 2, 1}, {"add", secondClick / 2, 1}, {"find", 0, 2}, {"add", 0, 3}, {"add", secondClick, 4}, {"add", -time.Hour, 5}} {
		now = now.Add(click.after)
		test.Tap(w.buttons[click.button])
		if len(*got) != click.told {
			t.Errorf("%s after %v: it told %+v", click.button, click.after, *got)
		}
	}
}

// One moment that ends does not end the one that began within it.
func TestGuardsOverlap(t *testing.T) {
	f := plugin.Page("T", "", nil, okButton)
	f.Quiet = true
	w, _ := asked(t, f)
	var ends []func()
	w.acts.tick = func(_ time.Duration, end func()) { ends = append(ends, end) }
	w.guard(nil)
	w.guard(nil)
	ends[0]()
	if w.guarded == nil {
		t.Error("the first end ended both")
	}
	ends[1]()
	if w.guarded != nil {
		t.Error("it never ends")
	}
}

// The buttons among the fields of a form that opens by itself wait as those below.
func TestQuietFormGuardsItsFields(t *testing.T) {
	row := im.Row{ID: "1", Cells: []string{"x"}, Can: []string{"show", "forget"}}
	f := plugin.Page("T", "", []im.Field{
		{ID: "more", Kind: im.FieldButton, Label: "More…"},
		{ID: "off", Kind: im.FieldButton, Label: "Off", Off: true},
		{ID: "t", Kind: im.FieldTable, Columns: []string{"Name"}, Rows: []im.Row{row}, Actions: []im.RowAction{
			{ID: "show", Label: "Show"}, {ID: "forget", Label: "Forget", Confirm: "Forget it?"}}},
	}, okButton)
	f.Quiet = true
	w, got := asked(t, f)
	more, table := view[*buttonField](t, w, "more"), view[*tableField](t, w, "t")
	all := append(slices.Clone(table.buttons), more.button)
	try := func() {
		for _, b := range all {
			test.Tap(b)
			b.TypedKey(key(fyne.KeyReturn))
		}
		table.open(0)
	}
	try()
	w.Update(f)
	try()
	for _, b := range all {
		if !b.Disabled() {
			t.Errorf("%s looks as if it could be pressed", b.Text)
		}
	}
	if len(*got) != 0 || table.asking != "" {
		t.Fatalf("it told %+v, and asks %q", *got, table.asking)
	}
	w.unguard()
	if !view[*buttonField](t, w, "off").button.Disabled() {
		t.Error("what is off is on now")
	}
	test.Tap(more.button)
	test.Tap(table.buttons[0])
	test.Tap(table.buttons[1])
	w.guard(nil)
	test.Tap(table.answers[0])
	if table.asking == "" {
		t.Error("the question of an action is answered while the buttons wait")
	}
	w.unguard()
	test.Tap(table.answers[0])
	var actions []string
	for _, a := range *got {
		actions = append(actions, a.Action)
	}
	if !slices.Equal(actions, []string{"more", "show", "forget"}) {
		t.Errorf("then it told %v", actions)
	}
}
