package assets

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"testing"
)

func TestIconsAreWellFormed(t *testing.T) {
	seen := map[string]Icon{}
	for _, icon := range Icons() {
		b := icon.SVG()
		d := xml.NewDecoder(bytes.NewReader(b))
		for {
			_, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", icon, err)
			}
		}
		if other, ok := seen[string(b)]; ok {
			t.Errorf("%s and %s are the same drawing", icon, other)
		}
		seen[string(b)] = icon
	}
	entries, err := files.ReadDir("icons")
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != len(Icons()) {
		t.Errorf("%d files for %d icons", len(entries), len(Icons()))
	}
}

func TestAppPNG(t *testing.T) {
	c, err := png.DecodeConfig(bytes.NewReader(AppPNG()))
	if err != nil {
		t.Fatal(err)
	}
	if c.Width != 128 || c.Height != 128 {
		t.Errorf("the icon is %d by %d pixels", c.Width, c.Height)
	}
}
