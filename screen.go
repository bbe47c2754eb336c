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
	defer func() { _ = recover() }() // the toolkit has not opened a screen yet
	for _, m := range glfw.GetMonitors() {
		_, _, w, h := m.GetWorkarea()
		if width == 0 || w < width {
			width = w
		}
		if height == 0 || h < height {
			height = h
		}
	}
	return width, height
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
		for _, m := range glfw.GetMonitors() {
			x, y, width, height := m.GetWorkarea()
			if room := image.Rect(x, y, x+width, y+height); overlap(room, p.Frame) > overlap(p.Screen, p.Frame) {
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
