package gui

import (
	"fmt"
	"image"
	"image/color"
	"strings"
	"testing"

	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
)

// readQR reads a drawn QR code as a camera does (ISO 18004): it looks at the
// pixels alone. It knows the sizes up to version 6 at level M, does not correct
// errors, and refuses what is not drawn evenly.
func readQR(img image.Image) (string, error) {
	dark := func(x, y int) bool {
		r, _, _, _ := img.At(x, y).RGBA()
		return r < 0x8000
	}
	b := img.Bounds()
	box := image.Rectangle{}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if dark(x, y) {
				box = box.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	// The upper edge of the first finder pattern is seven modules long.
	run := 0
	for dark(box.Min.X+run, box.Min.Y) {
		run++
	}
	module := run / 7
	if module == 0 || run%7 != 0 || box.Dx() != box.Dy() || box.Dx()%module != 0 {
		return "", fmt.Errorf("uneven: a finder of %d pixels in %v", run, box)
	}
	n := box.Dx() / module
	version := (n - 17) / 4
	if n != 17+4*version || version < 1 || version > 6 {
		return "", fmt.Errorf("%d modules", n)
	}
	if quiet := box.Min.X - b.Min.X; quiet < 4*module || b.Max.X-box.Max.X < 4*module || box.Min.Y-b.Min.Y < 4*module || b.Max.Y-box.Max.Y < 4*module {
		return "", fmt.Errorf("a quiet zone of %d pixels, %d a module", quiet, module)
	}
	at := func(x, y int) bool { return dark(box.Min.X+x*module+module/2, box.Min.Y+y*module+module/2) }
	for y := range n * module {
		for x := range n * module {
			if dark(box.Min.X+x, box.Min.Y+y) != at(x/module, y/module) {
				return "", fmt.Errorf("module %d,%d is not whole", x/module, y/module)
			}
		}
	}
	// Format information: level and mask, read beside the first finder.
	format := 0
	for _, p := range [][2]int{{0, 8}, {1, 8}, {2, 8}, {3, 8}, {4, 8}} {
		format = format << 1
		if at(p[0], p[1]) {
			format |= 1
		}
	}
	format ^= 0b10101
	if level := format >> 3; level != 0 { // 00 is M
		return "", fmt.Errorf("level %02b", level)
	}
	mask := []func(x, y int) bool{
		func(x, y int) bool { return (x+y)%2 == 0 },
		func(_, y int) bool { return y%2 == 0 },
		func(x, _ int) bool { return x%3 == 0 },
		func(x, y int) bool { return (x+y)%3 == 0 },
		func(x, y int) bool { return (y/2+x/3)%2 == 0 },
		func(x, y int) bool { return x*y%2+x*y%3 == 0 },
		func(x, y int) bool { return (x*y%2+x*y%3)%2 == 0 },
		func(x, y int) bool { return ((x+y)%2+x*y%3)%2 == 0 },
	}[format&7]
	fixed := func(x, y int) bool {
		if x == 6 || y == 6 || x < 9 && y < 9 || x >= n-8 && y < 9 || x < 9 && y >= n-8 {
			return true
		}
		align := n - 7
		return version > 1 && abs(x-align) <= 2 && abs(y-align) <= 2
	}
	var bits []bool
	up := true
	for right := n - 1; right > 0; right -= 2 {
		if right == 6 {
			right--
		}
		for i := range n {
			y := i
			if up {
				y = n - 1 - i
			}
			for _, x := range []int{right, right - 1} {
				if !fixed(x, y) {
					bits = append(bits, at(x, y) != mask(x, y))
				}
			}
		}
		up = !up
	}
	data := []int{16, 28, 44, 64, 86, 108}[version-1]
	blocks := []int{1, 1, 1, 2, 2, 4}[version-1]
	words := make([]byte, data)
	for i := range data {
		var w byte
		for _, on := range bits[8*i : 8*i+8] {
			w <<= 1
			if on {
				w |= 1
			}
		}
		words[i%blocks*(data/blocks)+i/blocks] = w // blocks take turns
	}
	if words[0]>>4 != 4 { // bytes
		return "", fmt.Errorf("mode %04b", words[0]>>4)
	}
	nibble := func(i int) byte {
		if i%2 == 0 {
			return words[i/2] >> 4
		}
		return words[i/2] & 15
	}
	size := int(nibble(1)<<4 | nibble(2))
	var out strings.Builder
	for i := range size {
		out.WriteByte(nibble(3+2*i)<<4 | nibble(4+2*i))
	}
	return out.String(), nil
}

func abs(n int) int { return max(n, -n) }

func TestQRCodeCanBeRead(t *testing.T) {
	test.NewTempApp(t)
	for _, text := range []string{
		"a b", "otr:0123456789abcdef", "xmpp:alice@example.org?otr-fingerprint=0123456789abcdef0123456789abcdef01234567",
		"xmpp:jalapeño@example.org?" + strings.Repeat("x", 60),
	} {
		q := newQRCode()
		q.show(text)
		least := q.MinSize()
		if least.Width < 150 {
			t.Errorf("%q: only %v", text, least)
		}
		for _, scale := range []float32{1, 1.25, 2} {
			for _, size := range []float32{least.Width, least.Width + 37} {
				px := int(size * scale)
				got, err := readQR(q.draw(px, px))
				if err != nil || got != text {
					t.Errorf("%q in %d pixels: %q, %v", text, px, got, err)
				}
			}
		}
		if got, err := readQR(q.draw(700, 400)); err != nil || got != text {
			t.Errorf("%q, wide: %q, %v", text, got, err)
		}
	}
}

// It is dark on light in both themes, on the screen as on paper.
func TestQRCodeOnTheScreen(t *testing.T) {
	for _, mode := range []string{themeLight, themeDark} {
		app := test.NewTempApp(t)
		app.Settings().SetTheme(newLook(wish{mode: mode}))
		w := test.NewTempWindow(t, canvas.NewRectangle(color.White))
		w.Canvas().Capture() // the toolkit's clock may stand still since a minute: what is made now would be thrown away as old
		q := newQRCode()
		q.show("otr:fingerprint")
		w.SetContent(q)
		w.SetPadded(false)
		w.Resize(q.MinSize())
		img := w.Canvas().Capture()
		if got, err := readQR(img); err != nil || got != "otr:fingerprint" {
			t.Errorf("%s: %q, %v", mode, got, err)
		}
		if r, g, b, _ := img.At(1, 1).RGBA(); r != 0xffff || g != 0xffff || b != 0xffff {
			t.Errorf("%s: the quiet zone is %v", mode, color.RGBAModel.Convert(img.At(1, 1)))
		}
	}
}

func TestQRCodeTooLong(t *testing.T) {
	test.NewTempApp(t)
	q := newQRCode()
	q.show(strings.Repeat("x", 5000))
	if q.code != nil {
		t.Error("a code of 5000 bytes")
	}
	q.draw(10, 10)
	q.show("")
	q.draw(0, 0)
	q.show("short")
	q.draw(3, 3)
}
