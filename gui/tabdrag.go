package gui

import (
	"fyne.io/fyne/v2"
)

// tabDrag is a tab that is being dragged.
type tabDrag struct {
	on  bool
	tab int // -1: none, though the mouse is
	out bool
}

// tearAt is how far from the strip the mouse has to be let go for a tab to leave it.
const tearAt = 30

// TappedSecondary implements fyne.SecondaryTappable.
func (s *tabStrip) TappedSecondary(e *fyne.PointEvent) {
	if i, _ := s.at(e.Position); i >= 0 && s.menu != nil {
		s.menu(i, e.AbsolutePosition)
	}
}

// Dragged implements fyne.Draggable: a tab changes places with those that it is
// dragged over.
func (s *tabStrip) Dragged(e *fyne.DragEvent) {
	if s.moved == nil {
		return
	}
	if !s.drag.on {
		i, cross := s.at(e.Position.Subtract(e.Dragged))
		if cross {
			i = -1
		}
		s.drag = tabDrag{on: true, tab: i}
	}
	if s.drag.tab < 0 {
		return
	}
	s.drag.out = e.Position.Y < -tearAt || e.Position.Y > s.Size().Height+tearAt
	to, _ := s.at(fyne.NewPos(e.Position.X, 0))
	if s.drag.out || to < 0 || to == s.drag.tab {
		return
	}
	// Not before the tab would be below the mouse: else a wide and a narrow one would
	// change places again and again.
	x, width := s.place(to)
	at := e.Position.X + s.offset - x
	_, own := s.place(s.drag.tab)
	if to > s.drag.tab && at < width-own || to < s.drag.tab && at > own {
		return
	}
	s.moved(s.drag.tab, to)
	s.drag.tab = to
}

// DragEnd implements fyne.Draggable.
func (s *tabStrip) DragEnd() {
	d := s.drag
	s.drag = tabDrag{}
	if d.on && d.out && d.tab >= 0 && s.torn != nil {
		s.torn(d.tab)
	}
}
