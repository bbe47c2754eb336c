package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// menuRoom is how wide a window has to be for the menus of its bar: the toolkit opens each
// below its title, and cuts off what does not fit there.
func menuRoom(bar *fyne.MainMenu) (width float32) {
	x := theme.InnerPadding()
	for _, m := range bar.Items {
		width = max(width, x+widget.NewMenu(m).MinSize().Width)
		x += fyne.MeasureText(m.Label, theme.TextSize(), fyne.TextStyle{}).Width + 2*theme.InnerPadding() + theme.Padding()
	}
	return width
}

const buddyWidth = 300

// natural is how wide the Buddy List is by itself: so that its menus can be read, within
// reason.
func (w *buddyWindow) natural() float32 {
	width := buddyWidth * float32(w.gui.wish().zoom) / 100
	if w.bar == nil {
		return width
	}
	return min(max(width, menuRoom(w.bar)), 1.5*width)
}
