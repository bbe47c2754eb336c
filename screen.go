//go:build cgo && !ci

package main

import "github.com/go-gl/glfw/v3.4/glfw"

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
