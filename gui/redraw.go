package gui

import (
	"time"

	"fyne.io/fyne/v2"
)

// drawnAfter is when a window is drawn again that has another size: what is drawn before the
// window system knows of it is lost or stands elsewhere, and nothing else would draw it
// again. The second time is for a busy system.
var drawnAfter = [...]time.Duration{200 * time.Millisecond, time.Second}

// drawLater has the window drawn again in a moment.
func (g *GUI) drawLater(w fyne.Window) {
	for _, d := range drawnAfter {
		time.AfterFunc(d, func() {
			g.do(func() {
				if c := w.Content(); c != nil && !g.stopped {
					w.Canvas().Refresh(c)
				}
			})
		})
	}
}
