//go:build e2e

package e2e

import (
	"testing"

	"culver/internal/pilot"
)

// Windows are as large as they were: after they were closed, after the lock, and at the
// next start; then they are where they were, too.
func TestWindowSizes(t *testing.T) {
	t.Parallel()
	p, _ := person(t, "you", "DBUS_SESSION_BUS_ADDRESS=")
	p.ProtectsProfile(func(string, string) {})
	p.Begins("Practise")
	p.Sees("buddy", "Pat")
	p.Sees("line", "Hello")
	p.SeesSize("Pat", 560, 480)
	p.Resizes("Buddy List", 445, 555)
	p.Resizes("Pat", 701, 444)
	p.SeesSize("Buddy List", 445, 555)
	p.SeesSize("Pat", 701, 444)
	p.Fronts("Pat")
	p.Presses("ctrl+w")
	p.Misses("entry", "Message")
	opens(p, "Pat")
	p.SeesSize("Pat", 701, 444)

	p.Fronts("Buddy List")
	p.Presses("ctrl+alt+l")
	p.UnlocksProfile()
	p.Sees("buddy", "Pat")
	p.SeesSize("Buddy List", 445, 555)
	p.SeesSize("Pat", 701, 444)

	p.Resizes("Buddy List", 460, 500)
	p.SeesSize("Buddy List", 460, 500)
	p.Moves("Buddy List", 77, 111)
	p.Moves("Pat", 565, 205)
	listX, listY := p.Place("Buddy List")
	chatX, chatY := p.Place("Pat")
	p.Fronts("Buddy List")
	p.Presses("ctrl+q")
	p.WaitEnd()
	if err := p.StartAgain(); err != nil {
		t.Fatal(err)
	}
	p.UnlocksProfile()
	p.Sees("buddy", "Pat")
	p.SeesSize("Buddy List", 460, 500)
	opens(p, "Pat")
	p.SeesSize("Pat", 701, 444)
	p.SeesPlace("Buddy List", listX, listY)
	p.SeesPlace("Pat", chatX, chatY)
	looks(p, "Pat", "as-it-was")
	if class := p.Property("Pat", "WM_CLASS"); class != `"culver", "im.culver.Culver"` {
		t.Errorf("the desktop takes the window for one of %s", class)
	}

	// A form comes up beside its window.
	p.Fronts("Buddy List")
	p.Presses("ctrl+b")
	p.Sees("entry", "Buddy's address")
	if x, y := p.Place("Add Buddy"); x < listX+460 || y != listY {
		t.Errorf("the form is at %v,%v, the Buddy List at %v,%v", x, y, listX, listY)
	}
	p.Presses("Escape")

	// Larger letters, and as they were: the button at the foot stays at the foot.
	p.Fronts("Pat")
	foot := p.Sees("menubutton", "Not private")
	bottom := func(t pilot.Thing) float64 { return t.Y + t.Height }
	for range 3 {
		p.Presses("ctrl+plus")
	}
	larger := p.SeesSo("menubutton", "Not private", func(t pilot.Thing) bool { return t.Height > 1.2*foot.Height })
	if d := bottom(larger) - bottom(foot); d < -6 || d > 6 {
		t.Errorf("with larger letters the button ends at %v, before at %v", bottom(larger), bottom(foot))
	}
	looks(p, "Pat", "larger")
	p.Presses("ctrl+0")
	p.SeesSo("menubutton", "Not private", func(t pilot.Thing) bool { return t.Y == foot.Y && t.Height == foot.Height })
	p.SeesSize("Buddy List", 460, 500)

	// However narrow it is made, all of its menus are in it.
	p.Resizes("Pat", 150, 444)
	last := p.Sees("menu", "OTR")
	p.SeesSo("window", "Pat", func(w pilot.Thing) bool { return w.Width < 701 && w.Width >= last.X+last.Width })
	p.Fronts("Buddy List")
	p.Presses("ctrl+q")
	p.WaitEnd()
}
