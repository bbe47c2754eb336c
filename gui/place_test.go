package gui

import (
	"image"
	"testing"
)

func TestFormsComeUpBesideTheirWindow(t *testing.T) {
	screen := image.Rect(0, 30, 1280, 900)
	for name, c := range map[string]struct {
		window image.Rectangle
		size   image.Point
		want   image.Point
		apart  bool
	}{
		"at the right":              {image.Rect(100, 200, 660, 680), image.Pt(400, 300), image.Pt(662, 200), true},
		"at the left":               {image.Rect(600, 200, 1160, 680), image.Pt(400, 300), image.Pt(198, 200), true},
		"higher than what is below": {image.Rect(100, 600, 660, 890), image.Pt(400, 500), image.Pt(662, 399), true},
		"no room beside":            {image.Rect(350, 200, 910, 680), image.Pt(400, 300), image.Pt(430, 290), false},
		"at an edge":                {image.Rect(1100, 100, 1500, 300), image.Pt(1200, 300), image.Pt(79, 50), false},
		"larger than the screen":    {image.Rect(350, 200, 910, 680), image.Pt(1400, 1300), image.Pt(1, 50), false},
	} {
		at := Place{Window: c.window, Screen: screen,
			Frame: image.Rectangle{c.window.Min.Sub(image.Pt(1, 20)), c.window.Max.Add(image.Pt(1, 1))}}
		if p, apart := at.beside(c.size); p != c.want || apart != c.apart {
			t.Errorf("%s: %v, %v, want %v, %v", name, p, apart, c.want, c.apart)
		}
	}
}
