package wire

import (
	"bytes"
	"encoding/base64"
)

// Prefix starts an armoured message, Suffix ends it.
const (
	Prefix = "?OTR:"
	Suffix = '.'
)

// Armour encodes a binary message for the wire.
func Armour(msg []byte) []byte {
	out := make([]byte, 0, len(Prefix)+base64.StdEncoding.EncodedLen(len(msg))+1)
	out = append(out, Prefix...)
	out = base64.StdEncoding.AppendEncode(out, msg)
	return append(out, Suffix)
}

// Unarmour decodes what follows Prefix, up to the dot. Bytes foreign to
// base64 are skipped (networks wrap lines), '=' ends the text, bits left over
// are dropped. dotted tells whether the dot was there.
func Unarmour(b []byte) (msg []byte, dotted bool) {
	if i := bytes.IndexByte(b, Suffix); i >= 0 {
		b, dotted = b[:i], true
	}
	msg = make([]byte, 0, len(b)/4*3+3)
	var acc uint32
	var n uint
	for len(b) > 0 {
		if n == 0 && len(b) >= 4 { // the usual case: four good ones in a row
			v0, v1, v2, v3 := values[b[0]], values[b[1]], values[b[2]], values[b[3]]
			if v0|v1|v2|v3 < 1<<6 {
				msg = append(msg, v0<<2|v1>>4, v1<<4|v2>>2, v2<<6|v3)
				b = b[4:]
				continue
			}
		}
		c := b[0]
		b = b[1:]
		if c == '=' {
			break
		}
		v := values[c]
		if v == foreign {
			continue
		}
		acc = acc<<6 | uint32(v)
		if n += 6; n >= 8 {
			n -= 8
			msg = append(msg, byte(acc>>n))
		}
	}
	return msg, dotted
}

const foreign = 0xff

var values = func() (t [256]byte) {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	for i := range t {
		t[i] = foreign
	}
	for i := range len(alphabet) {
		t[alphabet[i]] = byte(i)
	}
	return t
}()
