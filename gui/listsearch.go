package gui

import "fyne.io/fyne/v2"

// newListSearch is the line above a list that finds rows of it, hidden at first. What is
// typed at the list goes there: show brings it up. Enter opens the row that is chosen, the
// arrow leads to the rows, and Escape, in either, calls stop.
func newListSearch(k *keys, list *rowList, hint string, show, stop func()) *textEntry {
	own := *k
	own.typed = func(e *fyne.KeyEvent) bool {
		switch e.Name {
		case fyne.KeyEscape:
			stop()
		case fyne.KeyReturn, fyne.KeyEnter:
			if list.selected >= 0 {
				list.opened(list.selected)
			}
		default:
			return k.onTyped(e)
		}
		return true
	}
	list.keys = &own
	s := newTextEntry(&own, false)
	s.SetPlaceHolder(hint)
	s.Hide()
	focus := func(on fyne.Focusable) {
		if c := fyne.CurrentApp().Driver().CanvasForObject(list); c != nil {
			c.Focus(on)
		}
	}
	s.down = func() { focus(list) }
	list.typed = func(r rune) {
		show()
		focus(s)
		s.TypedRune(r)
	}
	return s
}
