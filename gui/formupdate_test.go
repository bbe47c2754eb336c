package gui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"culver/im"
	"culver/plugin"
)

// What takes more room than before, in a window that is large enough, lies on nothing else.
func TestWordsThatGrowMoveTheFields(t *testing.T) {
	form := plugin.Page("T", "Your passwords are locked.", []im.Field{{ID: "s", Kind: im.FieldSecret, Label: "Passphrase"}}, cancelButton, okButton)
	w, _ := asked(t, form)
	refused := form
	refused.Problem = strings.Repeat("The file is damaged. ", 15)
	w.Update(refused)
	more := form
	more.Intro = strings.Repeat("The copy is in use now. ", 8)
	w.Update(more)
	intro, line := element(t, w.gui, kindNote, more.Intro), element(t, w.gui, kindEntry, "Passphrase")
	if intro.Y+intro.Height > line.Y {
		t.Errorf("the words end at %v, the line begins at %v", intro.Y+intro.Height, line.Y)
	}
}

// Whoever pressed a button that is gone then goes on with what is to be typed.
func TestTheKeyboardGoesOnWhereItsButtonIsGone(t *testing.T) {
	form := plugin.Page("T", "", []im.Field{{ID: "s", Kind: im.FieldSecret, Label: "Passphrase"}}, cancelButton, okButton)
	w, _ := asked(t, form)
	damaged := form
	damaged.Buttons = []plugin.Button{cancelButton, okButton, {ID: "copy", Label: "Use the copy"}}
	damaged.Problem = "It is damaged."
	w.Update(damaged)
	w.window.Canvas().Focus(w.buttons["copy"])
	test.Tap(w.buttons["copy"])
	w.Update(plugin.Waiting(form))
	w.Update(form)
	if e := w.entry(t, "s"); w.window.Canvas().Focused() != e || e.Text != "" {
		t.Errorf("the keyboard is at %v", w.window.Canvas().Focused())
	}
}

// A file that belongs to what was chosen is typed next.
func TestTheKeyboardGoesToTheFileThatWasChosen(t *testing.T) {
	form := plugin.Page("T", "", []im.Field{
		{ID: "from", Kind: im.FieldChoice, Label: "From", Value: "a", Choices: []im.Choice{{Value: "a", Label: "A"}, {Value: "b", Label: "B"}}},
		{ID: "file", Kind: im.FieldFile, Label: "File", WhenField: "from", WhenValue: "b"},
	}, cancelButton, okButton)
	w, _ := asked(t, form)
	r := view[*radioField](t, w, "from")
	r.set("b")
	w.acts.changed("from")
	w.acts.clicked("from")
	file := view[*fileField](t, w, "file")
	if w.window.Canvas().Focused() != file.entry {
		t.Errorf("the keyboard is at %v", w.window.Canvas().Focused())
	}
	w.window.Canvas().Focus(w.buttons["ok"])
	test.Tap(w.buttons["ok"])
	form.Problem = "Type where it is."
	form.Tabs[0].Fields[0].Value = "b"
	w.Update(form)
	if w.window.Canvas().Focused() != file.entry {
		t.Errorf("when it is missing, the keyboard is at %v", w.window.Canvas().Focused())
	}
}
