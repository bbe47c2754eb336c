// Package picture reads pictures that strangers chose: PNG and JPEG, within limits that
// are checked before anything is unpacked. It owns nothing; any goroutine may use it.
package picture

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
)

// Limits are the largest picture that is read.
type Limits struct {
	Bytes    int // of the file
	Side     int // pixels, in width and height
	Pixels   int // in all; 0: any number that the sides allow
	Unpacked int // bytes that it takes in memory while it is read, about; 0: any number
}

// ErrRefused is why a picture is not read: it is of another kind, too large, or damaged.
var ErrRefused = errors.New("not a picture that is read")

// codec is one kind of file.
type codec struct {
	config   func(*bytes.Reader) (image.Config, error)
	decode   func(*bytes.Reader) (image.Image, error)
	unpacked func(b []byte, m color.Model) int // bytes for each pixel
}

// codecOf tells the kind by the first bytes, never by what somebody calls it.
func codecOf(b []byte) (codec, bool) {
	switch {
	case bytes.HasPrefix(b, []byte("\x89PNG\r\n\x1a\n")):
		return codec{func(r *bytes.Reader) (image.Config, error) { return png.DecodeConfig(r) },
			func(r *bytes.Reader) (image.Image, error) { return png.Decode(r) }, unpackedPNG}, true
	case bytes.HasPrefix(b, []byte("\xff\xd8\xff")):
		return codec{func(r *bytes.Reader) (image.Config, error) { return jpeg.DecodeConfig(r) },
			func(r *bytes.Reader) (image.Image, error) { return jpeg.Decode(r) }, unpackedJPEG}, true
	}
	return codec{}, false
}

// unpackedPNG: greys may turn out to have transparency, as many bytes as colours then. An
// interlaced one is put together of parts that are as large as the whole.
func unpackedPNG(b []byte, m color.Model) int {
	n := 4
	switch m {
	case color.Gray16Model, color.RGBA64Model, color.NRGBA64Model:
		n = 8
	default:
		if _, indexed := m.(color.Palette); indexed {
			n = 1
		}
	}
	const interlace = 28 // its place in the file (PNG, sections 5.2 and 11.2.2)
	if b[interlace] != 0 {
		n *= 2
	}
	return n
}

// unpackedJPEG: the numbers of a progressive one are all kept, four bytes each, until the
// last of it is read. Its marker (ITU T.81, table B.1) is in no other one but by chance.
func unpackedJPEG(b []byte, m color.Model) int {
	numbers, converted := 3, 0
	switch m {
	case color.GrayModel:
		numbers = 1
	case color.RGBAModel:
		converted = 4
	case color.CMYKModel:
		numbers, converted = 4, 4
	}
	if bytes.Contains(b, []byte("\xff\xc2")) {
		return 5*numbers + converted
	}
	return numbers + converted
}

// Decode reads a picture. What it returns has the colours alone: nothing else that was in
// the file, such as where and when it was taken.
func Decode(b []byte, most Limits) (img image.Image, err error) {
	if len(b) > most.Bytes {
		return nil, fmt.Errorf("%w: %d bytes", ErrRefused, len(b))
	}
	c, ok := codecOf(b)
	if !ok {
		return nil, fmt.Errorf("%w: neither PNG nor JPEG", ErrRefused)
	}
	defer func() {
		if p := recover(); p != nil { // a decoder that was taken in must not end the program
			img, err = nil, fmt.Errorf("%w: %v", ErrRefused, p)
		}
	}()
	config, err := c.config(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	w, h := config.Width, config.Height
	if w < 1 || h < 1 || w > most.Side || h > most.Side || most.Pixels > 0 && w*h > most.Pixels {
		return nil, fmt.Errorf("%w: %d by %d pixels", ErrRefused, w, h)
	}
	if n := c.unpacked(b, config.ColorModel); most.Unpacked > 0 && w*h > most.Unpacked/n {
		return nil, fmt.Errorf("%w: %d by %d pixels of %d bytes", ErrRefused, w, h, n)
	}
	if img, err = c.decode(bytes.NewReader(b)); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	return img, nil
}

// Square is the middle of a picture, as a square of that many pixels: small ones become
// larger, large ones are averaged.
func Square(img image.Image, side int) *image.NRGBA {
	b := img.Bounds()
	n := min(b.Dx(), b.Dy())
	left, top := b.Min.X+(b.Dx()-n)/2, b.Min.Y+(b.Dy()-n)/2
	out := image.NewNRGBA(image.Rect(0, 0, side, side))
	for y := range side {
		y0, y1 := span(y, n, side)
		for x := range side {
			x0, x1 := span(x, n, side)
			out.Set(x, y, mean(img, left+x0, top+y0, left+x1, top+y1))
		}
	}
	return out
}

// span is which of n pixels one of side pixels stands for: at least one.
func span(i, n, side int) (from, to int) {
	from, to = i*n/side, (i+1)*n/side
	return from, max(to, from+1)
}

// mean is the colour of a part of a picture, by how much of each there is.
func mean(img image.Image, x0, y0, x1, y1 int) color.Color {
	var r, g, b, a, n uint64
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			cr, cg, cb, ca := img.At(x, y).RGBA()
			r, g, b, a, n = r+uint64(cr), g+uint64(cg), b+uint64(cb), a+uint64(ca), n+1
		}
	}
	return color.RGBA64{uint16(r / n), uint16(g / n), uint16(b / n), uint16(a / n)}
}
