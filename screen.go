//go:build cgo && !ci

package main

import (
	"image"

	"fyne.io/fyne/v2"
	"github.com/go-gl/glfw/v3.4/glfw"

	"culver/gui"
)

// screenSize is the room for a window on the smallest screen, in pixels; 0 if that is not
// known. It belongs to the toolkit's goroutine.
func screenSize() (width, height int) {
	for i, r := range screenRooms() {
		if i == 0 || r.Dx() < width {
			width = r.Dx()
		}
		if i == 0 || r.Dy() < height {
			height = r.Dy()
		}
	}
	return width, height
}

// screenRooms is the room for windows on each screen; none: that is not known. It belongs
// to the toolkit's goroutine.
func screenRooms() (rooms []image.Rectangle) {
	defer func() { _ = recover() }() // the toolkit has not opened a screen yet
	for _, m := range glfw.GetMonitors() {
		x, y, width, height := m.GetWorkarea()
		rooms = append(rooms, image.Rect(x, y, x+width, y+height))
	}
	return rooms
}

// placeOf is where a window is, if it is on the screen and the window system tells. It
// belongs to the toolkit's goroutine.
func placeOf(w fyne.Window) (p gui.Place, known bool) {
	real, ok := w.(interface{ RunWithContext(func()) }) // the toolkit's name for: with the window of the system
	if !ok || glfw.GetPlatform() == glfw.PlatformWayland {
		return p, false
	}
	real.RunWithContext(func() {
		v := glfw.GetCurrentContext()
		if v == nil || v.GetAttrib(glfw.Visible) == glfw.False || v.GetAttrib(glfw.Iconified) == glfw.True {
			return
		}
		x, y := v.GetPos()
		width, height := v.GetSize()
		left, top, right, bottom := v.GetFrameSize()
		p.Window = image.Rect(x, y, x+width, y+height)
		p.Frame = image.Rect(x-left, y-top, x+width+right, y+height+bottom)
		for _, room := range screenRooms() {
			if overlap(room, p.Frame) > overlap(p.Screen, p.Frame) {
				p.Screen, known = room, true
			}
		}
	})
	return p, known
}

// overlap is how much of two rectangles is in both.
func overlap(a, b image.Rectangle) int {
	both := a.Intersect(b).Size()
	return both.X * both.Y
}

// nameWindows tells the desktop of which program the windows are that come up from now on.
func nameWindows() {
	defer func() { _ = recover() }() // there is no screen
	glfw.WindowHintString(glfw.X11ClassName, appID)
	glfw.WindowHintString(glfw.X11InstanceName, "culver")
}
