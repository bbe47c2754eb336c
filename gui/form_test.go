package gui

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"culver/im"
	"culver/messenger"
	"culver/plugin"
)

// asked shows a form and collects what is answered.
func asked(t *testing.T, f plugin.Form) (*formWindow, *[]plugin.Answers) {
	t.Helper()
	app := test.NewTempApp(t)
	g := New(app, func(func()) {})
	var got []plugin.Answers
	w := g.Ask(f, func(a plugin.Answers) { got = append(got, a) }).(*formWindow)
	return w, &got
}

func (w *formWindow) entry(t *testing.T, id string) *textEntry {
	t.Helper()
	for _, s := range w.slots {
		if v, ok := s.view.(*textField); ok && s.field.ID == id {
			return v.entry
		}
	}
	t.Fatalf("there is no entry %q", id)
	return nil
}

func view[V fieldView](t *testing.T, w *formWindow, id string) V {
	t.Helper()
	for _, s := range w.slots {
		if v, ok := s.view.(V); ok && s.field.ID == id {
			return v
		}
	}
	t.Fatalf("there is no such field %q", id)
	panic("unreachable")
}

// shownIDs are the fields in sight on the chosen tab.
func (w *formWindow) shownIDs() []string {
	var out []string
	for _, s := range w.layouts[w.tab].slots {
		out = append(out, s.field.ID)
	}
	return out
}

var (
	okButton     = plugin.Button{ID: "ok", Label: "OK", Role: plugin.Default}
	cancelButton = plugin.Button{ID: "cancel", Label: "Cancel", Role: plugin.Cancel}
)

func TestFormValuesOfEachKind(t *testing.T) {
	few := []im.Choice{{Value: "a", Label: "A"}, {Value: "b", Label: "B"}}
	many := []im.Choice{{Value: "1", Label: "One"}, {Value: "2", Label: "Two"}, {Value: "3", Label: "Three"}, {Value: "4", Label: "Four"}, {Value: "5", Label: "Two"}}
	w, got := asked(t, plugin.Page("T", "Intro.", []im.Field{
		{ID: "text", Kind: im.FieldText, Label: "Text", Value: "first"},
		{ID: "secret", Kind: im.FieldSecret, Label: "Secret"},
		{ID: "few", Kind: im.FieldChoice, Label: "Few", Choices: few, Value: "a"},
		{ID: "many", Kind: im.FieldChoice, Label: "Many", Choices: many, Value: "3"},
		{ID: "switch", Kind: im.FieldSwitch, Label: "Switch", Value: im.On},
		{Kind: im.FieldNote, Label: "A note."},
		{ID: "progress", Kind: im.FieldProgress, Percent: 250},
		{ID: "code", Kind: im.FieldCode, Label: "Fingerprint", Value: "01234567"},
		{ID: "button", Kind: im.FieldButton, Label: "Generate"},
	}, cancelButton, okButton))
	w.entry(t, "text").SetText("typed")
	test.Type(w.entry(t, "secret"), "hush")
	view[*radioField](t, w, "few").radio.choose(1)
	drop := view[*dropField](t, w, "many")
	drop.drop.SetSelectedIndex(4)
	view[*switchField](t, w, "switch").check.SetChecked(false)
	if len(*got) != 0 {
		t.Fatalf("fields that are not Live told %+v", *got)
	}
	test.Tap(w.buttons["ok"])
	want := map[string]string{"text": "typed", "secret": "hush", "few": "b", "many": "5", "switch": "", "code": "01234567"}
	if len(*got) != 1 || (*got)[0].Action != "ok" {
		t.Fatalf("%+v", *got)
	}
	for id, v := range want {
		if (*got)[0].Values[id] != v {
			t.Errorf("%s is %q, not %q", id, (*got)[0].Values[id], v)
		}
	}
	if !w.entry(t, "secret").Password {
		t.Error("the secret is shown")
	}
	if p := view[*progressField](t, w, "progress").bar.percent; p != 100 {
		t.Errorf("progress of %v", p)
	}
	test.Tap(view[*codeField](t, w, "code").copy)
	if c := w.gui.app.Clipboard().Content(); c != "01234567" {
		t.Errorf("copied %q", c)
	}
	test.Tap(view[*buttonField](t, w, "button").button)
	if last := (*got)[len(*got)-1]; last.Action != "button" || last.Values["text"] != "typed" {
		t.Errorf("the button told %+v", last)
	}
	for _, e := range w.gui.Describe() {
		if strings.Contains(e.Name+e.Value, "hush") {
			t.Errorf("the description tells a secret: %+v", e)
		}
	}
}

func TestFormKeys(t *testing.T) {
	form := plugin.Page("T", "", []im.Field{
		{ID: "a", Kind: im.FieldText, Label: "A"},
		{ID: "b", Kind: im.FieldChoice, Label: "B", Choices: []im.Choice{{Value: "x", Label: "X"}, {Value: "y", Label: "Y"}}, Value: "x"},
		{ID: "c", Kind: im.FieldSwitch, Label: "C"},
	}, cancelButton, okButton)
	w, got := asked(t, form)
	last := func() string {
		if len(*got) == 0 {
			return ""
		}
		return (*got)[len(*got)-1].Action
	}
	if w.window.Canvas().Focused() != fyne.Focusable(w.entry(t, "a")) {
		t.Errorf("the focus is on %T, not on the first field", w.window.Canvas().Focused())
	}
	for name, f := range map[string]fyne.Focusable{
		"entry": w.entry(t, "a"), "radio": view[*radioField](t, w, "b").radio, "switch": view[*switchField](t, w, "c").check,
	} {
		*got = nil
		f.TypedKey(key(fyne.KeyReturn))
		if last() != "ok" {
			t.Errorf("Enter on the %s is %q", name, last())
		}
		f.TypedKey(key(fyne.KeyEscape))
		if last() != "cancel" {
			t.Errorf("Escape on the %s is %q", name, last())
		}
	}
	*got = nil
	w.buttons["cancel"].TypedKey(key(fyne.KeyReturn))
	if last() != "cancel" || len(*got) != 1 {
		t.Errorf("Enter on Cancel is %+v", *got)
	}
	w.window.Canvas().OnTypedKey()(key(fyne.KeyEnter))
	if last() != "ok" {
		t.Errorf("Enter on nothing is %q", last())
	}
	w.cancel()
	if last() != "cancel" || w.closed {
		t.Errorf("closing the window is %q; the form closed: %v", last(), w.closed)
	}
	w.Close()
	w.Close()
	n := len(*got)
	w.press("ok")
	if len(*got) != n {
		t.Error("a closed form answers")
	}
}

func TestFormButtonsThatAreOff(t *testing.T) {
	off := okButton
	off.Off = true
	w, got := asked(t, plugin.Page("T", "", []im.Field{{ID: "a", Kind: im.FieldText}}, off))
	w.entry(t, "a").TypedKey(key(fyne.KeyReturn))
	test.Tap(w.buttons["ok"])
	if len(*got) != 0 {
		t.Errorf("a button that is off told %+v", *got)
	}
	w.cancel()
	if len(*got) != 1 || (*got)[0].Action != plugin.Closed || !w.closed {
		t.Errorf("closing a form without Cancel told %+v", *got)
	}
	if len(w.gui.asked) != 0 {
		t.Error("the form is not forgotten")
	}
}

func TestTheKeyboardBeginsAtWhatEndsAFormToRead(t *testing.T) {
	more := im.Field{ID: "more", Kind: im.FieldButton, Label: "More…"}
	code := im.Field{ID: "code", Kind: im.FieldCode, Label: "Fingerprint", Value: "01234567"}
	closing := plugin.Button{ID: "close", Label: "Close", Role: plugin.Cancel}
	going := plugin.Button{ID: "go", Label: "Go on", Role: plugin.Default}
	for want, f := range map[string]plugin.Form{
		"close": plugin.Page("T", "", []im.Field{code, more}, plugin.Button{ID: "x", Label: "X"}, closing),
		"go":    plugin.Page("T", "", []im.Field{code, more}, closing, going),
	} {
		w, _ := asked(t, f)
		if got := w.window.Canvas().Focused(); got != fyne.Focusable(w.buttons[want]) {
			t.Errorf("the keyboard begins at %T, not at %q", got, want)
		}
	}
	w, _ := asked(t, plugin.Page("T", "", []im.Field{more}, closing)) // the button is what the form is for
	if _, ok := w.window.Canvas().Focused().(*pushButton); !ok || w.window.Canvas().Focused() == fyne.Focusable(w.buttons["close"]) {
		t.Errorf("the keyboard begins at %T", w.window.Canvas().Focused())
	}
}

func TestFormUpdateKeepsWhatWasTyped(t *testing.T) {
	page := func(a, b string, more ...im.Field) plugin.Form {
		return plugin.Page("T", "", append([]im.Field{
			{ID: "a", Kind: im.FieldText, Label: "A", Value: a}, {ID: "b", Kind: im.FieldText, Label: "B", Value: b},
		}, more...), okButton)
	}
	w, got := asked(t, page("one", "two"))
	w.entry(t, "a").SetText("typed a")
	w.entry(t, "b").SetText("typed b")
	w.window.Canvas().Focus(w.entry(t, "b"))
	before := w.entry(t, "a")
	w.Update(page("one", "changed", im.Field{ID: "c", Kind: im.FieldText, Label: "C", Value: "new"}))
	if before != w.entry(t, "a") {
		t.Error("the entry is another one")
	}
	if w.window.Canvas().Focused() != fyne.Focusable(w.entry(t, "b")) {
		t.Errorf("the focus moved to %T", w.window.Canvas().Focused())
	}
	v := w.values()
	if v["a"] != "typed a" || v["b"] != "changed" || v["c"] != "new" {
		t.Errorf("after the update: %v", v)
	}
	w.Update(page("other", "changed"))
	if v := w.values(); v["a"] != "other" || v["b"] != "changed" || len(v) != 2 {
		t.Errorf("after the second update: %v", v)
	}
	if len(*got) != 0 {
		t.Errorf("updates told %+v", *got)
	}
}

func TestFormFieldsThatDependOnOthers(t *testing.T) {
	w, got := asked(t, plugin.Page("T", "", []im.Field{
		{ID: "how", Kind: im.FieldChoice, Label: "How", Value: "q", Live: true, Choices: []im.Choice{{Value: "q", Label: "Question"}, {Value: "s", Label: "Secret"}}},
		{ID: "question", Kind: im.FieldText, Label: "Question", WhenField: "how", WhenValue: "q"},
		{ID: "secret", Kind: im.FieldSecret, Label: "Secret", WhenField: "how", WhenValue: "s"},
	}, okButton))
	if ids := w.shownIDs(); !slices.Equal(ids, []string{"how", "question"}) {
		t.Errorf("shows %v", ids)
	}
	w.entry(t, "question").SetText("where?")
	view[*radioField](t, w, "how").radio.choose(1)
	if ids := w.shownIDs(); !slices.Equal(ids, []string{"how", "secret"}) {
		t.Errorf("then shows %v", ids)
	}
	if len(*got) != 1 || (*got)[0].Action != "how" || (*got)[0].Values["how"] != "s" {
		t.Errorf("the Live field told %+v", *got)
	}
	view[*radioField](t, w, "how").radio.choose(0)
	if w.entry(t, "question").Text != "where?" {
		t.Error("what was typed is lost")
	}
}

// A click on a choice goes on to what it asks for; the arrow keys stay.
func TestFormChoiceLeadsToItsFields(t *testing.T) {
	w, _ := asked(t, plugin.Page("T", "", []im.Field{
		{ID: "before", Kind: im.FieldText, Label: "Before"},
		{ID: "how", Kind: im.FieldChoice, Label: "How", Value: "q", Choices: []im.Choice{{Value: "q", Label: "Question"}, {Value: "s", Label: "Secret"}, {Value: "f", Label: "Fingerprint"}}},
		{ID: "question", Kind: im.FieldText, Label: "Question", WhenField: "how", WhenValue: "q"},
		{ID: "fixed", Kind: im.FieldText, Label: "Fixed", WhenField: "how", WhenValue: "s", Off: true},
		{ID: "secret", Kind: im.FieldSecret, Label: "Secret", WhenField: "how", WhenValue: "s"},
		{ID: "after", Kind: im.FieldText, Label: "After"},
	}, okButton))
	how := view[*radioField](t, w, "how").radio
	c := w.window.Canvas()
	click := func(i int) {
		test.TapAt(how, fyne.NewPos(5, (float32(i)+0.5)*how.rowHeight()))
	}
	click(1)
	if c.Focused() != fyne.Focusable(w.entry(t, "secret")) {
		t.Errorf("after a click on Secret: %T", c.Focused())
	}
	click(2)
	if c.Focused() != fyne.Focusable(how) {
		t.Errorf("after a click on Fingerprint: %T", c.Focused())
	}
	how.TypedKey(key(fyne.KeyUp))
	if c.Focused() != fyne.Focusable(how) || how.chosen != 1 {
		t.Errorf("after the arrow key: %T", c.Focused())
	}
	click(0)
	if c.Focused() != fyne.Focusable(w.entry(t, "question")) {
		t.Errorf("after a click on Question: %T", c.Focused())
	}
}

func TestFormTable(t *testing.T) {
	form := func(rows ...im.Row) plugin.Form {
		return plugin.Page("T", "", []im.Field{{ID: "t", Kind: im.FieldTable, Columns: []string{"Name", "State"}, Rows: rows, Actions: []im.RowAction{
			{ID: "start", Label: "Start"}, {ID: "forget", Label: "Forget", Confirm: "Forget it?"},
		}}}, plugin.Button{ID: "close", Label: "Close", Role: plugin.Cancel})
	}
	a := im.Row{ID: "1", Cells: []string{"beta", "2"}, Can: []string{"start"}}
	b := im.Row{ID: "2", Cells: []string{"Alpha", "1"}, Can: []string{"forget"}}
	c := im.Row{ID: "3", Cells: []string{"gamma"}}
	w, got := asked(t, form(a, b, c))
	table := view[*tableField](t, w, "t")
	names := func() (out []string) {
		for _, r := range table.rows {
			out = append(out, r.ID)
		}
		return out
	}
	if !table.buttons[0].Disabled() || !table.buttons[1].Disabled() {
		t.Error("actions without a chosen row")
	}
	table.list.choose(0)
	if table.buttons[0].Disabled() || !table.buttons[1].Disabled() {
		t.Error("the wrong actions for row 1")
	}
	test.Tap(table.buttons[0])
	if len(*got) != 1 || (*got)[0].Action != "start" || !slices.Equal((*got)[0].Rows, []string{"1"}) {
		t.Fatalf("%+v", *got)
	}
	table.sortByColumn(0)
	if !slices.Equal(names(), []string{"2", "1", "3"}) || !slices.Equal(table.ids(), []string{"1"}) || table.list.selected != 1 {
		t.Errorf("sorted: %v, row %q chosen", names(), table.ids())
	}
	table.sortByColumn(0)
	if !slices.Equal(names(), []string{"3", "1", "2"}) {
		t.Errorf("the other way: %v", names())
	}
	table.sortByColumn(1)
	if !slices.Equal(names(), []string{"3", "2", "1"}) {
		t.Errorf("by state: %v", names())
	}
	table.list.choose(1)
	test.Tap(table.buttons[1])
	if len(*got) != 1 || len(table.answers) != 2 || !described(w.gui, kindButton, "Forget") {
		t.Fatalf("it did not ask: %+v", *got)
	}
	test.Tap(table.answers[1])
	if len(*got) != 1 || len(table.answers) != 0 {
		t.Fatalf("Cancel went on: %+v", *got)
	}
	test.Tap(table.buttons[1])
	test.Tap(table.answers[0])
	if len(*got) != 2 || (*got)[1].Action != "forget" || !slices.Equal((*got)[1].Rows, []string{"2"}) {
		t.Fatalf("%+v", *got)
	}
	w.Update(form(a, c))
	if len(table.chosen) != 0 || !table.buttons[0].Disabled() || len(table.rows) != 2 {
		t.Errorf("after its row went, %q is chosen of %v", table.ids(), names())
	}
	table.list.opened(slices.IndexFunc(table.rows, func(r im.Row) bool { return r.ID == "1" }))
	if last := (*got)[len(*got)-1]; last.Action != "start" {
		t.Errorf("a double click is %q", last.Action)
	}
}

func TestFormTabs(t *testing.T) {
	w, got := asked(t, plugin.Form{Title: "T", Tabs: []plugin.Tab{
		{Title: "Basic", Fields: []im.Field{{ID: "a", Kind: im.FieldText, Label: "A"}}},
		{Title: "Advanced", Fields: []im.Field{{ID: "b", Kind: im.FieldText, Label: "B", Value: "kept"}}},
	}, Buttons: []plugin.Button{okButton}})
	if !described(w.gui, kindTab, "Advanced") || described(w.gui, kindEntry, "B") {
		t.Error("the wrong tab is in front")
	}
	w.strip.picked(1)
	if !described(w.gui, kindEntry, "B") || described(w.gui, kindEntry, "A") {
		t.Error("the tab did not come to the front")
	}
	w.press("ok")
	if (*got)[0].Values["b"] != "kept" || len((*got)[0].Values) != 2 {
		t.Errorf("%+v", *got)
	}
	w.Update(plugin.Page("T", "", []im.Field{{ID: "a", Kind: im.FieldText, Label: "A"}}, okButton))
	if w.strip.Visible() || !described(w.gui, kindEntry, "A") {
		t.Error("one page without a title has no tabs")
	}
}

func TestQuietForm(t *testing.T) {
	f := plugin.Page("T", "", []im.Field{{ID: "a", Kind: im.FieldText, Label: "A"}}, okButton)
	f.Quiet = true
	w, got := asked(t, f)
	if w.window.Canvas().Focused() != nil {
		t.Error("it took the focus")
	}
	w.window.Canvas().OnTypedKey()(key(fyne.KeyReturn))
	if len(*got) != 0 {
		t.Error("an Enter meant for elsewhere answered it")
	}
	w.unguard()
	w.window.Canvas().OnTypedKey()(key(fyne.KeyReturn))
	if len(*got) != 0 {
		t.Error("an Enter meant for elsewhere answered it, some time later")
	}
	w.window.Canvas().Focus(w.entry(t, "a"))
	w.entry(t, "a").TypedKey(key(fyne.KeyReturn))
	if len(*got) != 1 {
		t.Error("Enter in its field did not answer it")
	}
}

// What is clicked or typed in the moment in which a form opens by itself was meant
// for something else.
func TestQuietFormIsGuarded(t *testing.T) {
	f := plugin.Page("T", "", []im.Field{{ID: "a", Kind: im.FieldText, Label: "A"}}, cancelButton, okButton,
		plugin.Button{ID: "refuse", Label: "Refuse", Role: plugin.Danger}, plugin.Button{ID: "more", Label: "More"})
	f.Quiet = true
	w, got := asked(t, f)
	w.window.Canvas().Focus(w.entry(t, "a"))
	for _, k := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyEnter, fyne.KeyEscape} {
		w.entry(t, "a").TypedKey(key(k))
		w.window.Canvas().OnTypedKey()(key(k))
	}
	for _, id := range []string{"ok", "refuse", "more"} {
		test.Tap(w.buttons[id])
		w.buttons[id].TypedKey(key(fyne.KeyReturn))
		if element(t, w.gui, kindButton, w.buttons[id].Text).Enabled {
			t.Errorf("%s looks as if it could be pressed", id)
		}
	}
	w.Update(f)
	test.Tap(w.buttons["ok"])
	if len(*got) != 0 {
		t.Fatalf("it told %+v", *got)
	}
	test.Tap(w.buttons["cancel"])
	w.unguard()
	test.Tap(w.buttons["refuse"])
	w.entry(t, "a").TypedKey(key(fyne.KeyEscape))
	w.entry(t, "a").TypedKey(key(fyne.KeyReturn))
	var actions []string
	for _, a := range *got {
		actions = append(actions, a.Action)
	}
	if !slices.Equal(actions, []string{"cancel", "refuse", "cancel", "ok"}) {
		t.Errorf("then it told %v", actions)
	}
	loud := f
	loud.Quiet = false
	w, got = asked(t, loud)
	test.Tap(w.buttons["ok"])
	if len(*got) != 1 {
		t.Error("a form that was asked for waits, too")
	}
}

// What is typed while a form comes up by itself arrives where the user was typing,
// but for Enter, and never in the form.
func TestQuietFormPassesTextOn(t *testing.T) {
	w, got := asked(t, plugin.Page("Before", "", []im.Field{{ID: "a", Kind: im.FieldText, Label: "A"}}, okButton))
	w.gui.active = w.window
	e := w.entry(t, "a")
	w.window.Canvas().Focus(e)
	test.Type(e, "hal")
	f := plugin.Page("T", "", []im.Field{{ID: "b", Kind: im.FieldSecret, Label: "B"}}, okButton)
	f.Quiet = true
	quiet := w.gui.Ask(f, func(a plugin.Answers) { *got = append(*got, a) }).(*formWindow)
	c := quiet.window.Canvas()
	c.OnTypedKey()(key(fyne.KeyBackspace))
	c.OnTypedRune()('l')
	c.OnTypedRune()('f')
	c.OnTypedKey()(key(fyne.KeyReturn))
	if e.Text != "half" || quiet.entry(t, "b").Text != "" || len(*got) != 0 {
		t.Errorf("typed %q, in the form %q, told %+v", e.Text, quiet.entry(t, "b").Text, *got)
	}
	quiet.unguard()
	c.OnTypedRune()('x')
	if e.Text != "half" {
		t.Error("text goes elsewhere for ever")
	}
}

// A form that is told anew while the user types leaves the keyboard, the text and
// the cursor where they are.
func TestFormUpdateKeepsTheCursor(t *testing.T) {
	page := func(problem string, more ...im.Field) plugin.Form {
		f := plugin.Page("T", "", append(more, im.Field{ID: "a", Kind: im.FieldSecret, Label: "A"}), okButton)
		f.Problem = problem
		return f
	}
	w, _ := asked(t, page(""))
	e := w.entry(t, "a")
	test.Type(e, "hush")
	e.TypedKey(key(fyne.KeyLeft))
	e.TypedKey(key(fyne.KeyLeft))
	w.Update(page("Type more.", im.Field{Kind: im.FieldNote, Label: "New."}, im.Field{ID: "p", Kind: im.FieldProgress, Percent: 10}))
	if w.window.Canvas().Focused() != fyne.Focusable(e) || w.entry(t, "a") != e || e.CursorColumn != 2 {
		t.Errorf("the cursor is at %d, the focus on %T", e.CursorColumn, w.window.Canvas().Focused())
	}
	test.Type(e, "X")
	if e.Text != "huXsh" {
		t.Errorf("typed on: %q", e.Text)
	}
}

// Nothing in a form may be cut off by its window.
func TestFormFitsItsWindow(t *testing.T) {
	long := strings.Repeat("A sentence that is long enough to be wrapped more than once. ", 4)
	for name, f := range map[string]plugin.Form{
		"notes": plugin.Page("T", long, []im.Field{{Kind: im.FieldNote, Label: long}, {ID: "a", Kind: im.FieldText, Label: "A", Hint: long}}, cancelButton, okButton),
		"code":  plugin.Page("T", "", []im.Field{{ID: "c", Kind: im.FieldCode, Label: "Fingerprint", Value: strings.Repeat("01234567 ", 5)}}, okButton),
		"table": plugin.Page("T", "", []im.Field{{ID: "t", Kind: im.FieldTable, Columns: []string{"A", "B"}, Rows: []im.Row{{ID: "1", Cells: []string{long, long}}}, Actions: []im.RowAction{{ID: "x", Label: "Do"}}}}, okButton),
	} {
		w, _ := asked(t, f)
		size := w.window.Canvas().Size()
		w.window.Content().Resize(size)
		for _, e := range w.gui.Describe() {
			if e.X < 0 || e.Y < 0 || e.X+e.Width > float64(size.Width)+1 || e.Y+e.Height > float64(size.Height)+1 {
				t.Errorf("%s: %+v is outside of %v", name, e, size)
			}
		}
		if page := w.layouts[0]; page.heightAt(page.width) > w.scroll.Size().Height+1 || page.width < formWidth {
			t.Errorf("%s: %v high in %v", name, page.heightAt(page.width), w.scroll.Size())
		}
	}
}

func TestDialogsOfTheMessenger(t *testing.T) {
	g, f := start(t, messenger.Snapshot{Dialogs: []messenger.DialogOpened{{ID: 7, Form: plugin.Page("Seven", "", nil, okButton)}}})
	g.apply([]messenger.Event{messenger.DialogOpened{ID: 7, Form: plugin.Page("Again", "", nil, okButton)},
		messenger.DialogOpened{ID: 8, Form: plugin.Page("Eight", "", nil, okButton)}})
	if len(g.asked) != 2 {
		t.Fatalf("%d windows", len(g.asked))
	}
	if g.forms[7].window.Title() != "Again" {
		t.Error("a form that is asked for again is not shown as it stands")
	}
	test.Tap(g.forms[7].buttons["ok"])
	f.has(t, "answer 7 ok")
	g.apply([]messenger.Event{messenger.DialogUpdated{ID: 8, Form: plugin.Page("Changed", "", nil)}, messenger.DialogUpdated{ID: 99}})
	if g.forms[8].window.Title() != "Changed" {
		t.Error("not updated")
	}
	g.apply([]messenger.Event{messenger.DialogClosed{ID: 7}, messenger.DialogClosed{ID: 7}})
	if len(g.asked) != 1 || g.forms[7] != nil {
		t.Error("not closed")
	}
}

func TestTroublesShareAWindow(t *testing.T) {
	g, _ := start(t, messenger.Snapshot{})
	g.apply([]messenger.Event{messenger.Trouble{Text: "The disk is full."}, messenger.Trouble{Text: "The disk is full."}, messenger.Trouble{Text: "So is the other."}})
	if len(g.asked) != 1 || len(g.trouble.form.Tabs[0].Fields) != 2 {
		t.Fatalf("%d windows", len(g.asked))
	}
	g.trouble.unguard()
	test.Tap(g.trouble.buttons["ok"])
	if g.trouble != nil || len(g.asked) != 0 {
		t.Error("OK does not close it")
	}
}

func TestFormDrawsWhatFits(t *testing.T) {
	one := []im.Choice{{Value: "a", Label: "A"}}
	w, _ := asked(t, plugin.Page("T", "", []im.Field{
		{Kind: im.FieldNote, Label: "My private keys"}, {Kind: im.FieldNote, Label: "This is a sentence."},
		{ID: "one", Kind: im.FieldChoice, Label: "Account", Choices: one, Value: "a"},
		{ID: "code", Kind: im.FieldCode, Label: "Fingerprint", Value: "No key present"},
		{ID: "t", Kind: im.FieldTable, Columns: []string{"A"}, Rows: []im.Row{{ID: "1", Cells: []string{"x"}, Can: []string{"do"}}},
			Actions: []im.RowAction{{ID: "do", Label: "Do"}}},
	}, okButton))
	if !w.layouts[0].slots[0].view.(*noteField).label.bold || w.layouts[0].slots[1].view.(*noteField).label.bold {
		t.Error("headings and sentences look alike")
	}
	if w.values()["one"] != "a" || view[*dropField](t, w, "one").drop.Selected != "A" {
		t.Error("a choice of one is not made")
	}
	if view[*codeField](t, w, "code").copy.Visible() {
		t.Error("a word can be copied like a fingerprint")
	}
	if view[*tableField](t, w, "t").buttons[0].Disabled() {
		t.Error("the only row is not chosen")
	}
}
