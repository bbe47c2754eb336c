package picture

import "image"

// Fit is a picture as a whole, made smaller until it is no larger than that. One that is
// small enough stays as large as it is.
func Fit(img image.Image, w, h int) *image.NRGBA {
	b := img.Bounds()
	outW, outH := b.Dx(), b.Dy()
	if outW > w {
		outW, outH = w, max(1, outH*w/outW)
	}
	if outH > h {
		outW, outH = max(1, outW*h/outH), h
	}
	out := image.NewNRGBA(image.Rect(0, 0, outW, outH))
	for y := range outH {
		y0, y1 := span(y, b.Dy(), outH)
		for x := range outW {
			x0, x1 := span(x, b.Dx(), outW)
			out.Set(x, y, mean(img, b.Min.X+x0, b.Min.Y+y0, b.Min.X+x1, b.Min.Y+y1))
		}
	}
	return out
}
