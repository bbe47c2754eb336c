package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// menuRoom is how large a window has to be for the menus of its bar: the toolkit opens each
// below its title, and cuts off what does not fit there.
func menuRoom(bar *fyne.MainMenu) (size fyne.Size) {
	at := fyne.NewPos(theme.InnerPadding(), 0)
	for _, m := range bar.Items {
		title := menuTitle(m)
		at.Y = title.Height
		size = size.Max(widget.NewMenu(m).MinSize().Add(at))
		at.X += title.Width + theme.Padding()
	}
	return size
}

// menuTitle is how large the toolkit draws the title of a menu.
func menuTitle(m *fyne.Menu) fyne.Size {
	return fyne.MeasureText(m.Label, theme.TextSize(), fyne.TextStyle{}).AddWidthHeight(2*theme.InnerPadding(), theme.InnerPadding())
}

// menuBarWidth is how wide a window has to be for all titles of its bar.
func menuBarWidth(bar *fyne.MainMenu) float32 {
	if bar == nil || len(bar.Items) == 0 {
		return 0
	}
	width := 2*theme.InnerPadding() - theme.Padding()
	for _, m := range bar.Items {
		width += menuTitle(m).Width + theme.Padding()
	}
	return width
}

const buddyWidth, buddyHeight = 300, 480

// natural is how large the Buddy List is by itself: so that its menus can be read, within
// reason.
func (w *buddyWindow) natural() fyne.Size {
	zoom := float32(w.gui.wish().zoom) / 100
	size := fyne.NewSize(buddyWidth*zoom, buddyHeight)
	if w.bar == nil {
		return size
	}
	return size.Max(menuRoom(w.bar)).Min(fyne.NewSize(1.5*size.Width, 1.25*size.Height))
}
