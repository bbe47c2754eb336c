//go:build !cgo || ci

package main

import (
	"image"

	"fyne.io/fyne/v2"

	"culver/gui"
)

// screenSize: without real windows there is no screen.
func screenSize() (width, height int) { return 0, 0 }

// placeOf: without real windows nobody knows where one is.
func placeOf(fyne.Window) (gui.Place, bool) { return gui.Place{}, false }

func screenRooms() []image.Rectangle { return nil }

func nameWindows() {}
