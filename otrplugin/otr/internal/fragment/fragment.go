// Package fragment cuts messages into pieces for networks with short messages
// and puts pieces together again, within limits (section "Fragmentation"). A
// Store belongs to one session and to that session's goroutine.
package fragment

import (
	"bytes"
	"errors"
)

// MaxPieces is the most pieces that a message may have.
const MaxPieces = 65535

// MinSize is the smallest size that Split makes pieces for.
const MinSize = 64

// ErrTooLong: the message needs more pieces than there are numbers.
var ErrTooLong = errors.New("message too long for so small fragments")

// Piece is one fragment as it came. Tags are 0 in version 2.
type Piece struct {
	Version  int
	From, To uint32
	K, N     uint32
	Text     []byte
}

// A Cut is how a message is going to be cut. The zero Cut leaves it whole.
type Cut struct {
	pieces, room int // room is what a piece holds of the message
	header       []byte
}

// Plan plans to cut a message of n bytes into pieces of at most size bytes (at
// least MinSize). A message that fits stays whole.
func Plan(n, size, version int, from, to uint32) (c Cut, err error) {
	size = max(size, MinSize)
	if n <= size {
		return c, nil
	}
	h := append(make([]byte, 0, MinSize), "?OTR"...)
	if version >= 3 {
		h = appendHex(append(h, '|'), from)
		h = appendHex(append(h, '|'), to)
	}
	const numbers = ",00001,00002,"
	room := size - len(h) - len(numbers) - 1
	pieces := (n + room - 1) / room
	if pieces > MaxPieces {
		return c, ErrTooLong
	}
	h = append(h, numbers...)
	putDecimal(h[len(h)-6:], pieces)
	return Cut{pieces, room, h}, nil
}

// Lead is how many bytes Split needs in front of the message.
func (c Cut) Lead() int { return c.pieces * (len(c.header) + 1) }

// Split cuts the message that begins at buf[c.Lead()], and puts the pieces one
// behind the other into buf.
func (c Cut) Split(buf []byte) [][]byte {
	if c.pieces == 0 {
		return [][]byte{buf}
	}
	msg := buf[c.Lead():]
	out := make([][]byte, 0, c.pieces)
	for k := 1; k <= c.pieces; k++ {
		// The pieces written never catch up with what is left of the message.
		n := min(c.room, len(msg))
		end := len(c.header) + n
		copy(buf, c.header)
		putDecimal(buf[len(c.header)-12:], k)
		copy(buf[len(c.header):], msg[:n])
		buf[end] = ','
		out = append(out, buf[:end+1:end+1])
		buf, msg = buf[end+1:], msg[n:]
	}
	return out
}

// putDecimal writes five digits.
func putDecimal(b []byte, v int) {
	for i := 4; i >= 0; i-- {
		b[i] = '0' + byte(v%10)
		v /= 10
	}
}

// appendHex appends eight digits.
func appendHex(b []byte, v uint32) []byte {
	for shift := 28; shift >= 0; shift -= 4 {
		b = append(b, "0123456789abcdef"[v>>shift&15])
	}
	return b
}

// Parse reads a fragment that begins at "?OTR|" or "?OTR,". ok is false for
// anything else. Numbers may have any width; values out of range are kept
// (K and N saturate), as is an empty piece, for the caller to judge with Legal.
func Parse(b []byte) (p Piece, ok bool) {
	switch {
	case bytes.HasPrefix(b, []byte("?OTR|")):
		p.Version = 3
		b = b[5:]
		if p.From, b, ok = number(b, 16, '|'); !ok {
			return p, false
		}
		if p.To, b, ok = number(b, 16, ','); !ok {
			return p, false
		}
	case bytes.HasPrefix(b, []byte("?OTR,")):
		p.Version = 2
		b = b[5:]
	default:
		return p, false
	}
	if p.K, b, ok = number(b, 10, ','); !ok {
		return p, false
	}
	if p.N, b, ok = number(b, 10, ','); !ok {
		return p, false
	}
	end := bytes.IndexByte(b, ',')
	if end < 0 {
		return p, false
	}
	p.Text = b[:end:end]
	return p, true
}

// Legal tells whether the numbers of the piece make sense and it holds anything.
func (p Piece) Legal() bool {
	return p.K >= 1 && p.N >= 1 && p.K <= p.N && p.N <= MaxPieces && len(p.Text) > 0
}

// number reads digits up to the byte end. Too large a value saturates.
func number(b []byte, base uint64, end byte) (v uint32, rest []byte, ok bool) {
	const top = 1<<32 - 1
	var n uint64
	for i, c := range b {
		var d uint64
		switch {
		case c == end && i > 0:
			return uint32(n), b[i+1:], true
		case '0' <= c && c <= '9':
			d = uint64(c - '0')
		case base == 16 && 'a' <= c && c <= 'f':
			d = uint64(c-'a') + 10
		case base == 16 && 'A' <= c && c <= 'F':
			d = uint64(c-'A') + 10
		default:
			return 0, nil, false
		}
		n = min(n*base+d, top)
	}
	return 0, nil, false
}
