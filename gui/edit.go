package gui

import (
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// edit is the toolkit's entry with double clicks of its own. The toolkit notices
// a double click by waiting after the first one, and at the end of that wait it
// forgets whichever button is held down at that moment, anywhere in the window:
// who went on from an entry to a button fast, or on a slow machine, clicked in
// vain.
type edit struct {
	widget.Entry
	press pressState
}

// DoubleTapped selects the word at the cursor. Its signature is not the one of
// fyne.DoubleTappable, on purpose: so the toolkit does not wait.
func (e *edit) DoubleTapped() { e.Entry.DoubleTapped(nil) }

// MouseDown implements desktop.Mouseable.
func (e *edit) MouseDown(m *desktop.MouseEvent) {
	e.Entry.MouseDown(m)
	if m.Button != desktop.MouseButtonPrimary {
		return
	}
	if e.press.clicked(place{e.CursorRow, e.CursorColumn}); e.press.clicks == 2 {
		e.DoubleTapped()
	}
}
