package wire

import (
	"encoding/binary"
	"slices"
	"sync"
)

// Prefix starts an armoured message, Suffix ends it.
const (
	Prefix = "?OTR:"
	Suffix = '.'
)

// ArmouredLen is the length of a binary message of n bytes on the wire.
func ArmouredLen(n int) int { return len(Prefix) + (n+2)/3*4 + 1 }

// Armour is a binary message, encoded for the wire.
func Armour(msg []byte) []byte { return AppendArmour(nil, msg) }

// AppendArmour appends a binary message, encoded for the wire.
func AppendArmour(b, msg []byte) []byte {
	b = append(slices.Grow(b, ArmouredLen(len(msg))), Prefix...)
	return append(appendBase64(b, msg), Suffix)
}

// AppendUnarmour appends what the text after Prefix stands for, up to the dot.
// Bytes foreign to base64 are skipped (networks wrap lines), '=' ends the text,
// bits left over are dropped. dotted tells whether the dot was there. dst may be
// text[:0]: then the text is overwritten.
func AppendUnarmour(dst, text []byte) (msg []byte, dotted bool) {
	return (*Memory)(nil).AppendUnarmour(dst, text)
}

// Unarmour is AppendUnarmour into a new slice.
func Unarmour(text []byte) (msg []byte, dotted bool) { return AppendUnarmour(nil, text) }

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// encoding12 has two digits of base64 for each 12 bits.
var encoding12 = sync.OnceValue(func() *[1 << 12]uint16 {
	t := new([1 << 12]uint16)
	for i := range t {
		t[i] = uint16(alphabet[i>>6])<<8 | uint16(alphabet[i&63])
	}
	return t
})

// appendBase64 appends the standard encoding of msg, six bytes at a time.
func appendBase64(b, msg []byte) []byte {
	t := encoding12()
	at := len(b)
	whole := len(msg) / 6
	b = slices.Grow(b, whole*8)[:at+whole*8]
	for out := b[at:]; len(out) >= 8 && len(msg) >= 6; out, msg = out[8:], msg[6:] {
		m := (*[6]byte)(msg)
		hi, lo := binary.BigEndian.Uint32(m[:4]), binary.BigEndian.Uint16(m[4:])
		v := uint64(t[hi>>20])<<48 | uint64(t[hi>>8&0xfff])<<32 |
			uint64(t[hi<<4&0xfff|uint32(lo>>12)])<<16 | uint64(t[lo&0xfff])
		binary.BigEndian.PutUint64(out, v)
	}
	for len(msg) >= 3 {
		hi, lo := uint32(msg[0])<<4|uint32(msg[1])>>4, uint32(msg[1]&15)<<8|uint32(msg[2])
		b = binary.BigEndian.AppendUint32(b, uint32(t[hi])<<16|uint32(t[lo]))
		msg = msg[3:]
	}
	switch len(msg) {
	case 1:
		b = append(binary.BigEndian.AppendUint16(b, t[uint32(msg[0])<<4]), "=="...)
	case 2:
		b = binary.BigEndian.AppendUint16(b, t[uint32(msg[0])<<4|uint32(msg[1])>>4])
		b = append(b, alphabet[msg[1]&15<<2], '=')
	}
	return b
}

// decoding4 has the 24 bits of a group for each of its four digits, foreign for
// what is no digit.
var decoding4 = sync.OnceValue(func() *[4][256]uint32 {
	t := new([4][256]uint32)
	for place := range t {
		for c := range t[place] {
			t[place][c] = foreign
		}
		for v := range len(alphabet) {
			t[place][alphabet[v]] = uint32(v) << (18 - 6*place)
		}
	}
	return t
})

const foreign = 1 << 31

// decodedRoom is the room in which n characters are decoded: a bit more than
// what comes out, since eight bytes at a time are written.
func decodedRoom(n int) int { return n/8*6 + 8 }

// appendDecoded appends what text stands for; dst may be text[:0], since the
// output never gets ahead of the input.
func appendDecoded(dst, text []byte) []byte {
	t := decoding4()
	at := len(dst)
	dst = slices.Grow(dst, decodedRoom(len(text)))
	out := dst[at:cap(dst)]
	n := 0
	var acc uint32
	var bits uint
	for len(text) > 0 {
		for bits == 0 && len(text) >= 8 { // the usual case: eight digits in a row
			c := binary.LittleEndian.Uint64(text) // one load costs less than eight
			v := t[0][byte(c)] | t[1][byte(c>>8)] | t[2][byte(c>>16)] | t[3][byte(c>>24)]
			w := t[0][byte(c>>32)] | t[1][byte(c>>40)] | t[2][byte(c>>48)] | t[3][c>>56]
			if int32(v|w) < 0 { // foreign
				break
			}
			binary.BigEndian.PutUint64(out[n:], uint64(v)<<40|uint64(w)<<16)
			n += 6
			text = text[8:]
		}
		if len(text) == 0 {
			break
		}
		c := text[0]
		text = text[1:]
		if c == '=' {
			break
		}
		v := t[3][c]
		if v == foreign {
			continue
		}
		acc = acc<<6 | v
		if bits += 6; bits >= 8 {
			bits -= 8
			out[n] = byte(acc >> bits)
			n++
		}
	}
	return dst[:at+n]
}
