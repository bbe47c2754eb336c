package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// formShortcuts lead from page to page of a form.
func formShortcuts() []*desktop.CustomShortcut {
	return []*desktop.CustomShortcut{control(fyne.KeyPageDown), control(fyne.KeyTab), control(fyne.KeyPageUp), shifted(fyne.KeyTab)}
}

// shortcut does what a shortcut is for. It reports whether it is one of ours.
func (w *formWindow) shortcut(s fyne.Shortcut) bool {
	if w.gui.anywhere(s) {
		return true
	}
	c, ok := s.(*desktop.CustomShortcut)
	if !ok {
		return false
	}
	for i, own := range formShortcuts() {
		if *own == *c {
			w.turn(i < 2)
			return true
		}
	}
	return false
}

// turn shows the next page, or the one before, and gives the keyboard to its first field.
func (w *formWindow) turn(forth bool) {
	n := len(w.form.Tabs)
	if n < 2 {
		return
	}
	step := 1
	if !forth {
		step = n - 1
	}
	w.selectTab((min(w.tab, n-1) + step) % n)
	if first := w.firstField(); first != nil {
		w.window.Canvas().Focus(first)
	}
}
