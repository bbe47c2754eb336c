package picture

import (
	"image"
	"image/color"
	"testing"
)

func TestFit(t *testing.T) {
	for _, e := range []struct{ w, h, wantW, wantH int }{
		{10, 10, 10, 10}, {1, 1, 1, 1}, {640, 480, 320, 240}, {480, 640, 180, 240}, {10_000, 1, 320, 1}, {1, 10_000, 1, 240}, {321, 240, 320, 239},
	} {
		img := image.NewNRGBA(image.Rect(5, 7, 5+e.w, 7+e.h))
		for i := range img.Pix {
			img.Pix[i] = 200
		}
		got := Fit(img, 320, 240)
		if b := got.Bounds(); b.Dx() != e.wantW || b.Dy() != e.wantH {
			t.Errorf("%d by %d becomes %v", e.w, e.h, b)
		}
		if c := got.NRGBAAt(0, 0); c.A != 200 || c == (color.NRGBA{}) {
			t.Errorf("%d by %d: the corner is %v", e.w, e.h, c)
		}
	}
}
