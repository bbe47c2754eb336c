package gui

import (
	"fmt"
	"image"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"culver/im"
	"culver/messenger"
)

// Place is where a window is, in the units of the window system.
type Place struct {
	Window image.Rectangle // without its frame
	Frame  image.Rectangle // with it
	Screen image.Rectangle // the room on the screen that it is on
}

// SetPlaces says how to learn where a window is, and whether that is known, and what room
// there is on the screens. They are asked on the toolkit's goroutine.
func (g *GUI) SetPlaces(of func(fyne.Window) (Place, bool), rooms func() []image.Rectangle) {
	g.place, g.rooms = of, rooms
}

// placed is where the window is, as the setting has it behind the size; empty: not known.
func (s *windowSize) placed() string {
	if s.gui.place == nil {
		return ""
	}
	at, ok := s.gui.place(s.window)
	if !ok {
		return ""
	}
	return fmt.Sprintf("@%d,%d", at.Window.Min.X, at.Window.Min.Y)
}

// place has the window come up where it was, if its title can be got hold of there. Of
// several conversations' windows, it is the first one's.
func (s *windowSize) place() {
	d, ok := s.window.(desktop.Window)
	if !ok || s.gui.rooms == nil || s.key == messenger.SettingSizeChat && len(s.gui.chats.windows) > 1 {
		return
	}
	if p, ok := s.wantedPlace(s.gui.rooms()); ok {
		d.RequestPosition(p.X, p.Y)
	}
}

func (s *windowSize) wantedPlace(rooms []image.Rectangle) (p image.Point, ok bool) {
	_, at, _ := strings.Cut(s.gui.settings[s.key], "@")
	if n, err := fmt.Sscanf(at, "%d,%d", &p.X, &p.Y); err != nil || n != 2 {
		return p, false
	}
	top := image.Rect(p.X, p.Y, p.X+leastWindow/2, p.Y+1)
	return p, slices.ContainsFunc(rooms, top.In)
}

// placeBeside has a form come up beside the window that it belongs to, so that what is said
// there can still be read. One that nobody asked for never comes over it: it does not get
// the keyboard, and would lie below.
func (w *formWindow) placeBeside(owner fyne.Window) {
	d, ok := w.window.(desktop.Window)
	if !ok || w.gui.place == nil || owner == nil {
		return
	}
	at, ok := w.gui.place(owner)
	if !ok {
		return
	}
	scale := owner.Canvas().Scale()
	size := image.Pt(int(w.own.Width*scale), int(w.own.Height*scale))
	if p, apart := at.beside(size); apart || !w.form.Quiet {
		d.RequestPosition(p.X, p.Y)
	}
}

// ownerOf is the window that a form belongs to: the one that was in use when the user asked
// for it, or that of the conversation; nil if there is none.
func (g *GUI) ownerOf(conv im.ConvID, quiet bool) fyne.Window {
	if p := g.chats.find(conv); p != nil && (quiet || g.active == nil) {
		return p.window.window
	}
	return g.active
}

// beside is where a window of that size goes, without its frame: at the right, at the left,
// or, where there is no room apart from this one, over its middle.
func (at Place) beside(size image.Point) (p image.Point, apart bool) {
	least := at.Window.Min.Sub(at.Frame.Min) // of the frame, at the left and above
	most := at.Frame.Max.Sub(at.Window.Max)
	room := image.Rectangle{at.Screen.Min.Add(least), at.Screen.Max.Sub(most).Sub(size)} // for its corner
	within := func(p image.Point) image.Point {
		return image.Pt(max(room.Min.X, min(p.X, room.Max.X)), max(room.Min.Y, min(p.Y, room.Max.Y)))
	}
	right, left := at.Frame.Max.X+least.X, at.Frame.Min.X-most.X-size.X
	switch {
	case right <= room.Max.X:
		return within(image.Pt(right, at.Window.Min.Y)), true
	case left >= room.Min.X:
		return within(image.Pt(left, at.Window.Min.Y)), true
	}
	return within(at.Window.Min.Add(at.Window.Size().Sub(size).Div(2))), false
}
