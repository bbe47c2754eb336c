package gui

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
	"rsc.io/qr"

	"culver/im"
)

// qrCode is a QR code to be read by the camera of a telephone: dark on light in
// every theme, in whole pixels, with the quiet zone that readers need.
type qrCode struct {
	widget.BaseWidget
	code *qr.Code
}

const (
	qrQuiet  = 4 // modules of the quiet zone on each side (ISO 18004, 5.3.8)
	qrModule = 6 // units a module, if there is room
	qrMost   = 480
)

// encodeQR makes the code of a text. Level M reads through a dirty screen.
func encodeQR(text string) (*qr.Code, error) { return qr.Encode(text, qr.M) }

func newQRCode() *qrCode {
	q := &qrCode{}
	q.ExtendBaseWidget(q)
	return q
}

// show shows what a text says, or nothing if it is too long.
func (q *qrCode) show(text string) {
	q.code = nil
	if c, err := encodeQR(text); err == nil && text != "" {
		q.code = c
	}
	q.Refresh()
}

// modules is how many there are on a side, with the quiet zone.
func (q *qrCode) modules() int {
	if q.code == nil {
		return 1
	}
	return q.code.Size + 2*qrQuiet
}

// draw fills an image of that many pixels. What a whole number of pixels a module
// leaves over goes to the quiet zone.
func (q *qrCode) draw(width, height int) image.Image {
	img := image.NewPaletted(image.Rect(0, 0, width, height), color.Palette{color.White, color.Black})
	if q.code == nil {
		return img
	}
	module := min(width, height) / q.modules()
	left, top := (width-module*q.code.Size)/2, (height-module*q.code.Size)/2
	for y := range q.code.Size * module {
		for x := range q.code.Size * module {
			if q.code.Black(x/module, y/module) {
				img.SetColorIndex(left+x, top+y, 1)
			}
		}
	}
	return img
}

// MinSize implements fyne.CanvasObject.
func (q *qrCode) MinSize() fyne.Size {
	q.ExtendBaseWidget(q)
	return fyne.NewSquareSize(min(float32(q.modules()*qrModule), qrMost))
}

// CreateRenderer implements fyne.Widget.
func (q *qrCode) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(canvas.NewRaster(q.draw))
}

// qrField is a QR code, large: a code that has one and no value.
type qrField struct {
	shownOnly
	qr  *qrCode
	box *fyne.Container
}

func newQRField() *qrField {
	q := &qrField{qr: newQRCode()}
	q.box = container.NewCenter(q.qr)
	return q
}

func (q *qrField) object() fyne.CanvasObject { return q.box }
func (q *qrField) update(f im.Field)         { q.qr.show(f.QR) }

// isQR reports a code that is only to be shown to a camera.
func isQR(f im.Field) bool { return f.Value == "" && f.QR != "" }
