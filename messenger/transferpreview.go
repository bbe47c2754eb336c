package messenger

import (
	"bytes"
	"context"
	"errors"
	"image/png"
	"io"
	"os"

	"culver/internal/picture"
)

// The limits of pictures that are shown, and of how they are shown.
const (
	previewWidth  = 320
	previewHeight = 240
)

var previewLimits = picture.Limits{Bytes: 16 << 20, Side: 12_000, Pixels: 24_000_000, Unpacked: 100_000_000}

// preview makes a small picture of one that the user has accepted, and that has come as
// a whole. There is none of what is no picture, whatever its name says.
func (s *shipment) preview() {
	if !s.Image || s.Size > int64(previewLimits.Bytes) {
		return
	}
	path := s.Path
	var small bytes.Buffer
	s.m.background(func(context.Context) error {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		b, err := io.ReadAll(io.LimitReader(f, int64(previewLimits.Bytes)+1))
		if err = errors.Join(err, f.Close()); err != nil {
			return err
		}
		img, err := picture.Decode(b, previewLimits)
		if err != nil {
			return err
		}
		return png.Encode(&small, picture.Fit(img, previewWidth, previewHeight))
	}, func(err error) {
		if err == nil && s.m.shipments[s.ID] == s {
			s.Preview = small.Bytes()
			s.changed()
		}
	})
}
