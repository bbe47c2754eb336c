package gui

import (
	"bytes"
	"fmt"
	"image/png"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/software"

	"culver/assets"
	"culver/im"
)

// trayIconSize is that of the picture, in pixels: trays draw it smaller.
const trayIconSize = 48

// trayIcon is the program's icon, with the user's availability or an envelope in its
// corner. Each is drawn once.
func (g *GUI) trayIcon(show im.Show, unread bool) fyne.Resource {
	mark := g.icons.presence(show)
	if unread {
		mark = g.icons[assets.Unread]
	}
	name := fmt.Sprintf("tray-%s.png", mark.Name())
	if r, ok := g.tray.icons[name]; ok {
		return r
	}
	app, corner := canvas.NewImageFromResource(g.icons[assets.App]), canvas.NewImageFromResource(mark)
	const edge = trayIconSize * 5 / 8
	app.Resize(fyne.NewSquareSize(trayIconSize))
	corner.Resize(fyne.NewSquareSize(edge))
	corner.Move(fyne.NewSquareOffsetPos(trayIconSize - edge))
	c := software.NewTransparentCanvas()
	c.SetPadded(false)
	c.SetContent(container.NewWithoutLayout(app, corner))
	c.Resize(fyne.NewSquareSize(trayIconSize))
	var b bytes.Buffer
	if err := png.Encode(&b, c.Capture()); err != nil {
		return g.icons[assets.App]
	}
	r := fyne.NewStaticResource(name, b.Bytes())
	if g.tray.icons == nil {
		g.tray.icons = map[string]fyne.Resource{}
	}
	g.tray.icons[name] = r
	return r
}
