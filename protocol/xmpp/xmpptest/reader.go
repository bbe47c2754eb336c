package xmpptest

import (
	"encoding/xml"
	"errors"
)

var errEnded = errors.New("stream ended")

// reader reads a stream, one element after the other.
type reader struct{ *xml.Decoder }

// header reads the stream header, and returns who opens the stream.
func (r reader) header() (from string, err error) {
	for {
		token, err := r.Token()
		if err != nil {
			return "", err
		}
		if start, ok := token.(xml.StartElement); ok {
			return Stanza{Attrs: start.Attr}.Attr("from"), nil
		}
	}
}

func (r reader) next() (Stanza, error) {
	for {
		token, err := r.Token()
		if err != nil {
			return Stanza{}, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			var s Stanza
			err := r.DecodeElement(&s, &t)
			return s, err
		case xml.EndElement:
			return Stanza{}, errEnded
		}
	}
}
