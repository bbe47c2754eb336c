package main

import (
	"fmt"
	"io"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// screen looks at a display as one does who sits before it.
type screen struct {
	conn *xgb.Conn
	root xproto.Window
	list xproto.Atom // of the windows that the window manager shows
}

func openScreen(display string) (*screen, error) {
	xgb.Logger.SetOutput(io.Discard) // it tells of displays without a password
	conn, err := xgb.NewConnDisplay(display)
	if err != nil {
		return nil, fmt.Errorf("look at the display: %w", err)
	}
	atom, err := xproto.InternAtom(conn, true, uint16(len(clients)), clients).Reply()
	if err != nil {
		conn.Close()
		return nil, fmt.Errorf("look at the display: %w", err)
	}
	return &screen{conn: conn, root: xproto.Setup(conn).DefaultScreen(conn).Root, list: atom.Atom}, nil
}

// clients is the property of the root window with all windows that are managed
// (Extended Window Manager Hints).
const clients = "_NET_CLIENT_LIST"

func (s *screen) close() { s.conn.Close() }

// windows are those that the window manager shows.
func (s *screen) windows() ([]xproto.Window, error) {
	p, err := xproto.GetProperty(s.conn, false, s.root, s.list, xproto.AtomWindow, 0, 1024).Reply()
	if err != nil {
		return nil, err
	}
	all := make([]xproto.Window, 0, p.ValueLen)
	for v := p.Value; len(v) >= 4; v = v[4:] {
		all = append(all, xproto.Window(xgb.Get32(v)))
	}
	return all, nil
}

// lookEvery is how often the screen is looked at.
const lookEvery = 2 * time.Millisecond

// filled waits until a window has something in its middle, where lists are, and tells when.
func (s *screen) filled(patience time.Duration) (time.Time, error) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for late := time.Now().Add(patience); time.Now().Before(late); <-tick.C {
		all, err := s.windows()
		if err != nil {
			return time.Time{}, err
		}
		for _, w := range all {
			if s.hasMiddle(w) {
				return time.Now(), nil
			}
		}
	}
	return time.Time{}, fmt.Errorf("nothing is shown within %v", patience)
}

// empty waits until no window is on the display.
func (s *screen) empty(patience time.Duration) error {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for late := time.Now().Add(patience); time.Now().Before(late); <-tick.C {
		all, err := s.windows()
		if err != nil || len(all) == 0 {
			return err
		}
	}
	return fmt.Errorf("a window stays on the display for %v", patience)
}

// hasMiddle reports whether the middle half of a window shows more than one colour: a
// window is mapped before it is drawn.
func (s *screen) hasMiddle(w xproto.Window) bool {
	g, err := xproto.GetGeometry(s.conn, xproto.Drawable(w)).Reply()
	if err != nil || g.Height < 8 {
		return false
	}
	image, err := xproto.GetImage(s.conn, xproto.ImageFormatZPixmap, xproto.Drawable(w),
		0, int16(g.Height/4), g.Width, g.Height/2, ^uint32(0)).Reply()
	if err != nil { // it is not on the screen yet, or not any more
		return false
	}
	return drawn(image.Data)
}

// drawnPart is how much of a picture differs from its ground when there is something on it.
const drawnPart = 0.01

// drawn reports whether there is something on a picture of four bytes a pixel.
func drawn(pixels []byte) bool {
	counts := map[uint32]int{}
	most, n := 0, len(pixels)/4
	for ; len(pixels) >= 4; pixels = pixels[4:] {
		c := xgb.Get32(pixels) & 0xffffff
		counts[c]++
		most = max(most, counts[c])
	}
	return n > 0 && float64(n-most) >= drawnPart*float64(n)
}
