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
	"strings"
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

// interlaced is the head of a PNG with 16 bits for each colour that comes in parts.
func interlaced(t testing.TB) []byte {
	b := asPNG(t, image.NewNRGBA64(image.Rect(0, 0, 100, 100)))
	b[28] = 1
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
	return b
}

// What a picture takes in memory is known before it is unpacked: there are kinds of few
// bytes in the file, and many there.
func TestUnpacked(t *testing.T) {
	const pixels = 100 * 100
	baseline := asJPEG(t, sample(100, 100))
	gray := image.NewGray(image.Rect(0, 0, 100, 100))
	progressive := bytes.Replace(baseline, []byte{0xff, 0xc0}, []byte{0xff, 0xc2}, 1)
	for _, c := range []struct {
		name string
		file []byte
		each int // bytes
	}{
		{"colours", asPNG(t, sample(100, 100)), 4},
		{"grey", asPNG(t, gray), 4},
		{"indexed", asPNG(t, image.NewPaletted(image.Rect(0, 0, 100, 100), color.Palette{color.White, color.Black})), 1},
		{"16 bits", asPNG(t, image.NewNRGBA64(image.Rect(0, 0, 100, 100))), 8},
		{"16 bits of grey", asPNG(t, image.NewGray16(image.Rect(0, 0, 100, 100))), 8},
		{"interlaced", interlaced(t), 16},
		{"JPEG", baseline, 3},
		{"grey JPEG", asJPEG(t, gray), 1},
		{"progressive JPEG", progressive, 15},
	} {
		most := Limits{Bytes: 1 << 20, Side: 100, Unpacked: c.each*pixels - 1}
		if _, err := Decode(c.file, most); !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), "100 by 100 pixels of") {
			t.Errorf("%s: %v", c.name, err)
		}
		most.Unpacked++
		if _, err := Decode(c.file, most); err != nil && strings.Contains(err.Error(), "pixels of") {
			t.Errorf("%s: %v", c.name, err)
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
