package gui

import (
	"image"
	"testing"

	"culver/im"
	"culver/plugin"
)

// A picture is drawn in its own size if it fits, else smaller, and another one in its
// place.
func TestFormImage(t *testing.T) {
	form := func(w, h int) plugin.Form {
		return plugin.Page("T", "", []im.Field{{ID: "p", Kind: im.FieldImage, Label: "What does it say?", Image: image.NewGray(image.Rect(0, 0, w, h))}}, cancelButton)
	}
	w, _ := asked(t, form(200, 70))
	size := func() [2]float64 {
		w.window.Content().Resize(w.window.Canvas().Size())
		e := element(t, w.gui, kindImage, "What does it say?")
		return [2]float64{e.Width, e.Height}
	}
	if got := size(); got != [2]float64{200, 70} {
		t.Errorf("drawn in %v", got)
	}
	w.Update(form(2*pictureWidth, 100))
	if got := size(); got != [2]float64{pictureWidth, 50} {
		t.Errorf("a wide one in %v", got)
	}
	w.Update(form(100, 2*pictureHeight))
	if got := size(); got != [2]float64{50, pictureHeight} {
		t.Errorf("a tall one in %v", got)
	}
	w.Update(form(0, 10))
	if v := view[*imageField](t, w, "p"); !v.picture.MinSize().IsZero() {
		t.Errorf("nothing in %v", v.picture.MinSize())
	}
}
