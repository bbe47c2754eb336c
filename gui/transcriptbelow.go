package gui

import (
	"fmt"
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
)

// below is what stands under the text of a line. Nothing of it can be clicked.
type below struct {
	bar     bool // show how far something is
	percent int
	picture image.Image // nil: none
	name    string      // of what that is
}

const (
	belowGap       = 4
	belowBarHeight = 8
	belowBarWidth  = 280
	belowWidth     = 320 // of a picture, at most
	belowHeight    = 240
)

// barSize is the size of the bar in a column of text.
func (b below) barSize(column float32) fyne.Size {
	if !b.bar {
		return fyne.Size{}
	}
	return fyne.NewSize(min(belowBarWidth, column), belowBarHeight)
}

// pictureSize is the size in which a picture is drawn: its own, or a smaller one.
func (b below) pictureSize(column float32) fyne.Size {
	if b.picture == nil {
		return fyne.Size{}
	}
	w, h := float32(b.picture.Bounds().Dx()), float32(b.picture.Bounds().Dy())
	if w < 1 || h < 1 {
		return fyne.Size{}
	}
	scale := min(1, belowWidth/w, belowHeight/h, column/w)
	return fyne.NewSize(w*scale, h*scale)
}

// height is that of all of it, with the gaps.
func (b below) height(column float32) (height float64) {
	for _, size := range []fyne.Size{b.barSize(column), b.pictureSize(column)} {
		if size.Height > 0 {
			height += float64(size.Height) + 2*belowGap
		}
	}
	return height
}

// placesBelow are where the bar and the picture of a line are, from its upper left corner;
// what is not there has no size.
func (t *transcript) placesBelow(l *laid) (bar, picture fyne.Position) {
	y := t.textEnd(l) + belowGap
	bar = fyne.NewPos(textLeft(), float32(y))
	if size := l.line.below.barSize(t.column()); size.Height > 0 {
		y += float64(size.Height) + 2*belowGap
	}
	return bar, fyne.NewPos(textLeft(), float32(y))
}

// textEnd is how far below the upper edge of a line its text ends.
func (t *transcript) textEnd(l *laid) float64 {
	return l.top + lineGap/2 + float64(l.rows)*t.rowHeight()
}

// drawBelow makes the objects under the text of a line.
func (t *transcript) drawBelow(l *laid, put func(o fyne.CanvasObject, x, y float64, size fyne.Size)) {
	b := l.line.below
	bar, picture := t.placesBelow(l)
	if size := b.barSize(t.column()); size.Height > 0 {
		back := canvas.NewRectangle(theme.Color(theme.ColorNameInputBackground))
		back.StrokeColor, back.StrokeWidth = theme.Color(theme.ColorNameInputBorder), 1
		back.CornerRadius = belowBarHeight / 2
		put(back, float64(bar.X), float64(bar.Y), size)
		if part := float32(min(max(b.percent, 0), 100)) / 100; part > 0 {
			fill := canvas.NewRectangle(theme.Color(theme.ColorNamePrimary))
			fill.CornerRadius = belowBarHeight/2 - 1
			inner := size.SubtractWidthHeight(2, 2)
			put(fill, float64(bar.X)+1, float64(bar.Y)+1, fyne.NewSize(fyne.Max(inner.Width*part, inner.Height), inner.Height))
		}
	}
	if size := b.pictureSize(t.column()); size.Height > 0 {
		put(canvas.NewRectangle(color.White), float64(picture.X), float64(picture.Y), size) // many are black on nothing
		small := canvas.NewImageFromImage(b.picture)
		small.FillMode, small.ScaleMode = canvas.ImageFillContain, canvas.ImageScaleSmooth
		put(small, float64(picture.X), float64(picture.Y), size)
	}
}

// describeBelow tells of what is under the text of a line.
func (t *transcript) describeBelow(d *description, v visible, origin fyne.Position) {
	b := v.line.below
	bar, picture := t.placesBelow(v.laid)
	at := origin.AddXY(0, float32(v.y))
	if size := b.barSize(t.column()); size.Height > 0 {
		d.at(kindProgress, b.name, at.Add(bar), size).Value = fmt.Sprint(b.percent)
	}
	if size := b.pictureSize(t.column()); size.Height > 0 {
		d.at(kindImage, b.name, at.Add(picture), size)
	}
}
