package storage

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"culver/im"
)

func TestFormatOfPlainTextIsNothing(t *testing.T) {
	for _, text := range []im.Text{nil, im.Plain("x"), im.Plain("\x00\xff")} {
		same(t, text.String(), encodeFormat(text), []byte(nil))
	}
}

// FuzzFormat reads formatting as it may lie in a database.
func FuzzFormat(f *testing.F) {
	for _, text := range []im.Text{
		nil, im.Plain("plain"), {{Text: ""}}, {{Text: "a", Style: im.Bold}, {Text: "b", Link: "https://example.org/"}},
	} {
		f.Add(text.String(), encodeFormat(text))
	}
	f.Add("x", []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 0})
	f.Add("x", []byte{1, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1})
	f.Fuzz(func(t *testing.T, plain string, format []byte) {
		text, err := decodeFormat(plain, format)
		if err != nil {
			if !errors.Is(err, ErrDamaged) {
				t.Fatal(err)
			}
		} else if text.String() != plain {
			t.Fatalf("the formatting changed %q to %q", plain, text)
		} else if again, err := decodeFormat(plain, encodeFormat(text)); err != nil || !slices.Equal(again, text) {
			t.Fatalf("%#v comes back as %#v: %v", text, again, err)
		}
		list, err := decodeStrings(format)
		if err != nil {
			if !errors.Is(err, ErrDamaged) {
				t.Fatal(err)
			}
			return
		}
		again, err := decodeStrings(encodeStrings(list...))
		if err != nil || len(again) != len(list) || !bytes.Equal(encodeStrings(again...), encodeStrings(list...)) {
			t.Fatalf("%q comes back as %q: %v", list, again, err)
		}
	})
}
