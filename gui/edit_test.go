package gui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

func TestDoubleClicksInEntries(t *testing.T) {
	test.NewTempApp(t)
	line, message := newTextEntry(&keys{}, false), newSendEntry(&keys{}, func(string) {})
	for _, c := range []struct {
		name  string
		shown fyne.Focusable
		edit  *edit
	}{{"line", line, &line.edit}, {"message", message, &message.edit}} {
		w := test.NewTempWindow(t, c.shown.(fyne.CanvasObject))
		w.Resize(fyne.NewSize(400, 200))
		c.edit.SetText("first second third")
		at := fyne.NewPos(fyne.MeasureText("first sec", c.edit.Theme().Size("text"), fyne.TextStyle{}).Width+16, 16)
		if _, waits := c.shown.(fyne.DoubleTappable); waits {
			t.Errorf("%s: the toolkit waits for double clicks, and loses what is clicked meanwhile", c.name)
		}
		press(c.edit, at)
		release(c.edit, at)
		if got := c.edit.SelectedText(); got != "" {
			t.Errorf("%s: a click selects %q", c.name, got)
		}
		press(c.edit, at)
		release(c.edit, at)
		if got := c.edit.SelectedText(); got != "second" {
			t.Errorf("%s: a double click selects %q", c.name, got)
		}
		press(c.edit, at)
		release(c.edit, at)
		if got := c.edit.SelectedText(); got != "first second third" {
			t.Errorf("%s: a triple click selects %q", c.name, got)
		}
	}
}
