package gui

import (
	"slices"

	"fyne.io/fyne/v2"

	"culver/messenger"
	"culver/plugin"
)

// guided reports that a guide for newcomers is on show at the start: the Buddy List, in
// which there is nothing yet, comes after it.
func guided(forms []messenger.DialogOpened) bool {
	return slices.ContainsFunc(forms, func(d messenger.DialogOpened) bool { return d.Form.Guide })
}

// guideSize is that of a guide, whatever is on its pages: its buttons stay where they are.
func guideSize() fyne.Size { return fyne.NewSize(480, 420) }

// guideNext is what the keyboard goes to on a page of a guide: the button that leads on.
func (w *formWindow) guideNext() fyne.Focusable {
	if b, ok := w.role(plugin.Default); ok && w.form.Guide {
		return w.buttons[b.ID]
	}
	return nil
}

// guideClosed shows the Buddy List if it waited for a guide that is gone now, whatever
// the guide had become in the end.
func (g *GUI) guideClosed(w *formWindow) {
	if w.guide && !g.over() && !g.detached && !g.buddies.shown {
		g.showList()
	}
}
