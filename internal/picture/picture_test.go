package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"
)

var limits = Limits{Bytes: 64 << 10, Side: 400, Pixels: 90_000}

// sample is a picture that is red on the left and blue on the right.
func sample(w, h int) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{R: 255, A: 255}
			if x >= w/2 {
				c = color.NRGBA{B: 255, A: 255}
			}
			img.Set(x, y, c)
		}
	}
	return img
}

func encoded(t testing.TB, how func(*bytes.Buffer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := how(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t testing.TB, img image.Image) []byte {
	return encoded(t, func(b *bytes.Buffer) error { return png.Encode(b, img) })
}

func asJPEG(t testing.TB, img image.Image) []byte {
	return encoded(t, func(b *bytes.Buffer) error { return jpeg.Encode(b, img, nil) })
}

// claims is a PNG that says it is so large, whatever is in it.
func claims(t testing.TB, w, h uint32) []byte {
	b := asPNG(t, sample(4, 4))
	binary.BigEndian.PutUint32(b[16:], w)
	binary.BigEndian.PutUint32(b[20:], h)
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
	return b
}

func TestDecode(t *testing.T) {
	for name, b := range map[string][]byte{"PNG": asPNG(t, sample(40, 30)), "JPEG": asJPEG(t, sample(40, 30)), "the largest": asPNG(t, sample(300, 300))} {
		if img, err := Decode(b, limits); err != nil || img.Bounds().Empty() {
			t.Errorf("%s: %v", name, err)
		}
	}
	whole := asPNG(t, sample(40, 30))
	for name, b := range map[string][]byte{
		"nothing":            nil,
		"text":               []byte("hello"),
		"GIF":                encoded(t, func(b *bytes.Buffer) error { return gif.Encode(b, sample(4, 4), nil) }),
		"SVG":                []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`),
		"half":               whole[:len(whole)/2],
		"a head":             whole[:8],
		"too wide":           asPNG(t, sample(401, 4)),
		"too many pixels":    asPNG(t, sample(301, 300)),
		"too many bytes":     append(bytes.Clone(whole), make([]byte, limits.Bytes)...),
		"a bomb":             claims(t, 1<<30, 1<<30),
		"no width":           claims(t, 0, 4),
		"more than it holds": claims(t, 200, 200),
	} {
		if _, err := Decode(b, limits); !errors.Is(err, ErrRefused) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSquare(t *testing.T) {
	red, blue := color.NRGBA{R: 255, A: 255}, color.NRGBA{B: 255, A: 255}
	for _, size := range [][2]int{{400, 100}, {100, 400}, {96, 96}, {3, 2}, {2, 2}, {1000, 999}} {
		got := Square(sample(size[0], size[1]), 48)
		if got.Bounds() != image.Rect(0, 0, 48, 48) || got.NRGBAAt(0, 24) != red || got.NRGBAAt(47, 24) != blue {
			t.Errorf("%v: %v, %v and %v", size, got.Bounds(), got.NRGBAAt(0, 24), got.NRGBAAt(47, 24))
		}
	}
	if got := Square(image.NewNRGBA(image.Rect(5, 5, 6, 6)), 8).NRGBAAt(3, 3); got != (color.NRGBA{}) {
		t.Errorf("nothing became %v", got)
	}
}

// Whatever comes, it is a picture within the limits or an error.
func FuzzDecode(f *testing.F) {
	f.Add(asPNG(f, sample(8, 8)))
	f.Add(asJPEG(f, sample(8, 8)))
	f.Add(claims(f, 200, 200))
	f.Fuzz(func(t *testing.T, b []byte) {
		img, err := Decode(b, limits)
		if err != nil {
			return
		}
		if s := img.Bounds(); s.Empty() || s.Dx() > limits.Side || s.Dy() > limits.Side {
			t.Errorf("%v", s)
		}
		Square(img, 16)
	})
}
