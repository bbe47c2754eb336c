//go:build !windows

package gui

import "fyne.io/fyne/v2"

// unfold shows a window again that the user has minimised. Here, what gives it the
// keyboard does that.
func unfold(fyne.Window) {}
