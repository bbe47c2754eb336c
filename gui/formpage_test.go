package gui

import (
	"fmt"
	"strings"
	"testing"

	"culver/im"
	"culver/plugin"
)

// Buttons that follow each other stand in a line, as long as there is room.
func TestFormButtonsInALine(t *testing.T) {
	fields := []im.Field{{ID: "name", Kind: im.FieldText, Label: "Name"}}
	for i := range 7 {
		fields = append(fields, im.Field{ID: fmt.Sprint("b", i), Kind: im.FieldButton, Label: fmt.Sprintf("Button %d…", i)})
	}
	fields = append(fields, im.Field{ID: "last", Kind: im.FieldText, Label: "Last"})
	w, _ := asked(t, plugin.Page("T", "", fields, cancelButton))
	size := w.window.Canvas().Size()
	w.window.Content().Resize(size)
	at := make([]Element, 7)
	for i := range at {
		at[i] = element(t, w.gui, kindButton, fmt.Sprintf("Button %d…", i))
		if at[i].X+at[i].Width > float64(size.Width) {
			t.Errorf("%+v in %v", at[i], size)
		}
	}
	if at[1].Y != at[0].Y || at[1].X < at[0].X+at[0].Width || at[6].Y <= at[0].Y {
		t.Errorf("%+v", at)
	}
	name, last := element(t, w.gui, kindEntry, "Name"), element(t, w.gui, kindEntry, "Last")
	if at[0].X < name.X-1 || at[6].X < name.X-1 || at[0].Y < name.Y+name.Height || last.Y < at[6].Y+at[6].Height {
		t.Errorf("from %+v to %+v: %+v", name, last, at)
	}
}

// A form that would have to be scrolled becomes wider first.
func TestFormGrowsWiderBeforeItScrolls(t *testing.T) {
	long := strings.Repeat("A sentence that is long enough to be wrapped more than once. ", 5)
	var fields []im.Field
	for range 7 {
		fields = append(fields, im.Field{Kind: im.FieldNote, Label: long})
	}
	w, _ := asked(t, plugin.Page("T", "", fields, cancelButton))
	size := w.window.Canvas().Size()
	w.window.Content().Resize(size)
	if size.Width <= formWidth+40 || size.Width > formMaxWidth+40 || size.Height > formMaxHeight+40 {
		t.Errorf("%v", size)
	}
	if p := w.layouts[0]; p.heightAt(p.width) > w.scroll.Size().Height+1 {
		t.Errorf("%v high in %v", p.heightAt(p.width), w.scroll.Size())
	}
}
