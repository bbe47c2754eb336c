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

// An old size that is reported late is not taken for all the room that there is.
func TestAnOldSizeIsNoSmallScreen(t *testing.T) {
	lines := func(n int) plugin.Form {
		var out []im.Field
		for range n {
			out = append(out, im.Field{Kind: im.FieldNote, Label: "A line."})
		}
		return plugin.Page("T", "", out, okButton)
	}
	w, _ := asked(t, lines(1))
	small := w.window.Canvas().Size()
	w.Update(lines(6))
	w.settled(settleTries)
	large := w.window.Canvas().Size()
	w.window.Resize(small)
	w.Update(lines(7))
	if now := w.window.Canvas().Size(); now.Height <= large.Height {
		t.Errorf("%v for more than took %v", now, large)
	}
}

// A window that is larger than the screen has room for is laid out in the size that it
// got, and does not ask for more again.
func TestFormOnASmallScreen(t *testing.T) {
	lines := func(n int) (out []im.Field) {
		for range n {
			out = append(out, im.Field{Kind: im.FieldNote, Label: "A line."})
		}
		return append(out, im.Field{ID: "t", Kind: im.FieldTable, Columns: []string{"Who"}})
	}
	w, _ := asked(t, plugin.Page("T", "", lines(2), okButton))
	want := w.window.Canvas().Size()
	got := want.SubtractWidthHeight(60, 40)
	w.window.Resize(got)
	w.settled(settleTries)
	if now := w.window.Canvas().Size(); now != got {
		t.Errorf("it asks for %v again", now)
	}
	w.Update(plugin.Page("T", "", lines(20), okButton))
	if now := w.window.Canvas().Size(); now != got {
		t.Errorf("it asks for %v where there is room for %v", now, got)
	}
	early, _ := asked(t, plugin.Page("T", "", lines(2), okButton))
	early.window.Resize(got)
	early.Update(plugin.Page("T", "", lines(3), okButton)) // before it has settled
	if now := early.window.Canvas().Size(); now.Width > got.Width || now.Height > got.Height {
		t.Errorf("it asks for %v at once where there is room for %v", now, got)
	}
	larger := got.AddWidthHeight(30, 30)
	w.window.Resize(larger) // on another screen
	w.Update(plugin.Page("T", "", lines(24), okButton))
	if now := w.window.Canvas().Size(); now != larger {
		t.Errorf("%v where there is room for %v", now, larger)
	}
}

// Many window systems give a window whatever it asks for, also what is out of sight.
func TestFormStaysOnTheScreen(t *testing.T) {
	var many []im.Field
	for range 60 {
		many = append(many, im.Field{Kind: im.FieldNote, Label: "A line."})
	}
	w, _ := asked(t, plugin.Page("T", "", many[:1], okButton))
	w.gui.SetScreen(func() (width, height int) { return 1280, 500 })
	w.Update(plugin.Page("T", "", many, okButton))
	if now := w.window.Canvas().Size(); now.Height > 500-frameHeight || now.Height < 400 {
		t.Errorf("%v on a screen of 1280 by 500", now)
	}
	w.window.Resize(w.window.Canvas().Size().AddWidthHeight(0, 200)) // on another one
	larger := w.window.Canvas().Size()
	w.Update(plugin.Page("T", "Words.", many, okButton))
	if now := w.window.Canvas().Size(); now != larger {
		t.Errorf("the user's size %v became %v", larger, now)
	}
}
