package gui

import (
	"testing"

	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"culver/plugin"
)

// Where the keyboard is can be seen on a coloured button, too.
func TestAColouredButtonShowsTheKeyboard(t *testing.T) {
	w, _ := asked(t, plugin.Page("T", "Really?", nil, cancelButton, okButton, plugin.Button{ID: "delete", Label: "Delete", Role: plugin.Danger}))
	ringed := func(id string) bool {
		objects := test.WidgetRenderer(w.buttons[id]).Objects()
		ring := objects[len(objects)-1].(*canvas.Rectangle)
		return ring.Visible() && ring.Size().Width > 10
	}
	c := w.window.Canvas()
	for _, id := range []string{"ok", "delete"} {
		c.Unfocus()
		if ringed(id) {
			t.Errorf("%q has a ring without the keyboard", id)
		}
		c.Focus(w.buttons[id])
		if !ringed(id) {
			t.Errorf("%q has no ring with the keyboard", id)
		}
	}
	c.Focus(w.buttons["cancel"])
	if ringed("cancel") || ringed("delete") {
		t.Error("an ordinary button, or one without the keyboard, has a ring")
	}
}
