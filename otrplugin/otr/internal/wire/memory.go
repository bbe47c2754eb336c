package wire

import (
	"bytes"
	"slices"
)

// How much of a message a Memory keeps: in version 3, all that comes before the
// counter of a data message, which changes only when keys do.
const (
	startBytes = 216
	startChars = startBytes / 3 * 4
)

// Memory is how the last message in one direction began, binary and armoured.
// The messages between two rotations of keys all begin alike, and need not be
// encoded or decoded from the beginning. It changes nothing but the time taken:
// whatever differs by a bit is worked out in full. It holds no secret. The zero
// Memory is empty.
type Memory struct {
	known bool
	raw   [startBytes]byte
	text  [startChars]byte
}

// AppendArmour is [AppendArmour]. A nil Memory remembers nothing.
func (m *Memory) AppendArmour(b, msg []byte) []byte {
	if m == nil || len(msg) < startBytes {
		return AppendArmour(b, msg)
	}
	if m.known && bytes.Equal(msg[:startBytes], m.raw[:]) {
		b = append(append(b, Prefix...), m.text[:]...)
		return append(appendBase64(b, msg[startBytes:]), Suffix)
	}
	at := len(b) + len(Prefix)
	b = AppendArmour(b, msg)
	m.known = true
	copy(m.raw[:], msg)
	copy(m.text[:], b[at:])
	return b
}

// AppendUnarmour is [AppendUnarmour], but dst may not overlap text. A nil
// Memory remembers nothing.
func (m *Memory) AppendUnarmour(dst, text []byte) (msg []byte, dotted bool) {
	dst = slices.Grow(dst, decodedRoom(len(text)))
	if m != nil && m.known && len(text) > startChars && bytes.Equal(text[:startChars], m.text[:]) {
		dst, text = append(dst, m.raw[:]...), text[startChars:]
		m = nil // there is nothing new in the rest
	}
	if i := bytes.IndexByte(text, Suffix); i >= 0 {
		text, dotted = text[:i], true
	}
	if m == nil || len(text) < startChars {
		return appendDecoded(dst, text), dotted
	}
	at := len(dst)
	dst = appendDecoded(dst, text[:startChars])
	if len(dst)-at < startBytes { // not all of them are digits, so bits may be left over
		return appendDecoded(dst[:at], text), dotted
	}
	m.known = true
	copy(m.raw[:], dst[at:])
	copy(m.text[:], text)
	return appendDecoded(dst, text[startChars:]), dotted
}
