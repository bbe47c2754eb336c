package gui

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"culver/im"
)

// imageField is a picture to look at, on white, for many are drawn in black on
// nothing.
type imageField struct {
	shownOnly
	picture *picture
	box     *fyne.Container
}

func newImageField() *imageField {
	i := &imageField{picture: newPicture()}
	i.box = container.NewHBox(i.picture)
	return i
}

func (i *imageField) object() fyne.CanvasObject { return i.box }
func (i *imageField) update(f im.Field)         { i.picture.show(f.Image) }

// The largest that a picture is drawn in a form, in units.
const (
	pictureWidth  = 420
	pictureHeight = 260
)

// picture draws an image in its own size, or smaller.
type picture struct {
	widget.BaseWidget
	paper *canvas.Rectangle
	image *canvas.Image
}

func newPicture() *picture {
	p := &picture{paper: canvas.NewRectangle(color.White), image: &canvas.Image{FillMode: canvas.ImageFillContain}}
	p.ExtendBaseWidget(p)
	return p
}

func (p *picture) show(img image.Image) {
	if img == p.image.Image {
		return
	}
	p.image.Image = img
	p.Refresh()
}

// MinSize implements fyne.CanvasObject.
func (p *picture) MinSize() fyne.Size {
	p.ExtendBaseWidget(p)
	if p.image.Image == nil {
		return fyne.Size{}
	}
	bounds := p.image.Image.Bounds()
	w, h := float32(bounds.Dx()), float32(bounds.Dy())
	if w == 0 || h == 0 {
		return fyne.Size{}
	}
	scale := min(1, pictureWidth/w, pictureHeight/h)
	return fyne.NewSize(w*scale, h*scale)
}

// CreateRenderer implements fyne.Widget.
func (p *picture) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(p.paper, p.image))
}

// Refresh draws it anew.
func (p *picture) Refresh() {
	p.image.Refresh()
	p.BaseWidget.Refresh()
}
