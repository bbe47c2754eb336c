package gui

import (
	"testing"

	"culver/im"
	"culver/plugin"
)

// A window that was given back an earlier size asks for its own again, but not for ever.
func TestFormAsksAgainForItsSize(t *testing.T) {
	w, _ := asked(t, plugin.Page("T", "", []im.Field{{ID: "p", Kind: im.FieldProgress, Percent: im.Unknown, Label: "Reading…"}}, okButton))
	small := w.window.Canvas().Size()
	var lines []im.Field
	for range 6 {
		lines = append(lines, im.Field{Kind: im.FieldNote, Label: "A line."})
	}
	w.Update(plugin.Page("T", "", lines, okButton))
	want := w.window.Canvas().Size()
	if want.Height <= small.Height {
		t.Fatalf("%v after %v", want, small)
	}
	w.window.Resize(small)
	w.settled(1)
	if got := w.window.Canvas().Size(); got != want {
		t.Errorf("%v, want %v", got, want)
	}
	w.window.Resize(small)
	w.settled(0)
	if got := w.window.Canvas().Size(); got != small {
		t.Errorf("it goes on to ask: %v", got)
	}
}
