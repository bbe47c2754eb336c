package gui

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// newFace makes the place of a small picture of somebody.
func newFace() *canvas.Image {
	face := canvas.NewImageFromImage(nil)
	face.FillMode, face.ScaleMode, face.CornerRadius = canvas.ImageFillContain, canvas.ImageScaleSmooth, 3
	face.Hide()
	return face
}

// showFace draws a picture as large as that; who is away is drawn paler.
func showFace(face *canvas.Image, img image.Image, side float32, away bool) {
	pale := 0.0
	if away {
		pale = 0.5
	}
	face.Resize(fyne.NewSquareSize(side))
	if face.Image != img || face.Translucency != pale {
		face.Image, face.Translucency = img, pale
		face.Refresh()
	}
}
