package gui

import "fyne.io/fyne/v2"

// Raise brings the program to the front: the Buddy List, or the window that asks
// something while there is no Buddy List.
func (g *GUI) Raise() {
	var w fyne.Window
	if g.waiting && !g.detached {
		g.revealList()
	}
	switch {
	case g.buddies.shown && !g.buddies.gone:
		g.buddies.reveal()
		g.drawTray()
		w = g.buddies.window
	case len(g.asked) > 0:
		w = g.asked[len(g.asked)-1].window
	default:
		return
	}
	unfold(w)
	w.RequestFocus()
}
