package gui

import (
	"image"
	"testing"

	"fyne.io/fyne/v2"

	"culver/messenger"
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

// A window comes back where it was, unless there is no screen any more.
func TestWindowsComeBackWhereTheyWere(t *testing.T) {
	rooms := []image.Rectangle{image.Rect(0, 30, 1280, 900), image.Rect(-800, 0, 0, 600)}
	for value, want := range map[string]struct {
		p  image.Point
		ok bool
	}{
		"560x480@620,60":   {image.Pt(620, 60), true},
		"560x480@-800,200": {image.Pt(-800, 200), true},
		"560x480@1250,60":  {image.Pt(1250, 60), false}, // hardly anything could be seen
		"560x480@620,0":    {image.Pt(620, 0), false},   // the title would be below a panel
		"560x480@620,2000": {image.Pt(620, 2000), false},
		"560x480@620":      {image.Pt(620, 0), false},
		"560x480":          {},
		"":                 {},
	} {
		g, _ := onScreen(t, 1280, 900, map[string]string{messenger.SettingSizeList: value})
		if p, ok := g.buddies.size.wantedPlace(rooms); ok != want.ok || p != want.p {
			t.Errorf("%q: %v, %v", value, p, ok)
		}
	}

	g, f := onScreen(t, 1280, 900, map[string]string{messenger.SettingSizeList: "410x777@5,50"})
	at := image.Rect(5, 50, 415, 827)
	g.SetPlaces(func(fyne.Window) (Place, bool) { return Place{Window: at}, true }, nil)
	g.buddies.size.keep()
	f.has(t)
	at = at.Add(image.Pt(100, 100))
	g.buddies.size.keep()
	g.buddies.size.keep()
	f.has(t, `set size.buddylist "410x777@105,150"`)
}
