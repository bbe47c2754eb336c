package gui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"culver/im"
	"culver/messenger"
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

// The level that counts is the one that the user saw when they began to write.
func TestALineKeepsTheLevelThatItWasBegunUnder(t *testing.T) {
	g, f, p := talking(t, messenger.ConversationState{Seal: im.Seal{Level: im.Verified, By: "OTR"}})
	falls := func(l im.Level) {
		g.apply([]messenger.Event{messenger.SealChanged{Conv: peer("bob"), Seal: im.Seal{Level: l, By: "OTR"}}})
	}
	say := func(want im.Level) {
		t.Helper()
		p.entry.TypedKey(key(fyne.KeyReturn))
		if f.began != want {
			t.Errorf("begun under %v, not %v", f.began, want)
		}
	}
	p.entry.TypedRune('a')
	falls(im.Private)
	p.entry.TypedRune('b')
	say(im.Verified)
	p.entry.TypedRune('c')
	say(im.Private)

	p.entry.TypedRune('d')
	falls(im.Open)
	p.entry.TypedKey(key(fyne.KeyBackspace)) // it is empty, and begins anew
	p.entry.TypedRune('e')
	say(im.Open)

	falls(im.Verified)
	g.apply([]messenger.Event{messenger.TakenBack{Conv: peer("bob"), Text: "dear Bob"}})
	falls(im.Private)
	say(im.Verified)
}
