package storage

import (
	"encoding/binary"
	"fmt"

	"culver/im"
)

// encodeStrings is a list of strings, each with its length before it as a
// uvarint. Unlike JSON it keeps bytes that are no UTF-8.
func encodeStrings(list ...string) []byte {
	var b []byte
	for _, s := range list {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	return b
}

// decodeStrings reads what encodeStrings wrote; nil is an empty list.
func decodeStrings(b []byte) ([]string, error) {
	var list []string
	for len(b) > 0 {
		s, rest, err := cutString(b)
		if err != nil {
			return nil, err
		}
		list = append(list, s)
		b = rest
	}
	return list, nil
}

// cutString reads a string with its length before it.
func cutString(b []byte) (s string, rest []byte, err error) {
	n, width := binary.Uvarint(b)
	if width <= 0 || n > uint64(len(b)-width) {
		return "", nil, fmt.Errorf("read a string: %w", ErrDamaged)
	}
	b = b[width:]
	return string(b[:n]), b[n:], nil
}

// encodeFormat is what the text lacks when it is written without its
// formatting: for each span its length in bytes as a uvarint, its style as a
// byte and its link with a length. It is nil for text that im.Plain can make.
func encodeFormat(t im.Text) []byte {
	plain := im.Plain(t.String())
	if len(t) == len(plain) && (len(t) == 0 || t[0] == plain[0]) {
		return nil
	}
	var b []byte
	for _, span := range t {
		b = binary.AppendUvarint(b, uint64(len(span.Text)))
		b = append(b, byte(span.Style))
		b = append(b, encodeStrings(span.Link)...)
	}
	return b
}

// decodeFormat puts text and formatting together.
func decodeFormat(plain string, b []byte) (im.Text, error) {
	if len(b) == 0 {
		return im.Plain(plain), nil
	}
	var t im.Text
	for len(b) > 0 {
		n, width := binary.Uvarint(b)
		if width <= 0 || n > uint64(len(plain)) || len(b) == width {
			return nil, fmt.Errorf("read the formatting: %w", ErrDamaged)
		}
		style := im.Style(b[width])
		link, rest, err := cutString(b[width+1:])
		if err != nil {
			return nil, err
		}
		t = append(t, im.Span{Text: plain[:n], Style: style, Link: link})
		plain, b = plain[n:], rest
	}
	if plain != "" {
		return nil, fmt.Errorf("the formatting is too short: %w", ErrDamaged)
	}
	return t, nil
}
