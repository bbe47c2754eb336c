// Package fragment cuts messages into pieces for networks with short messages
// and puts pieces together again, within limits. A Store belongs to one
// session and to that session's goroutine.
package fragment

import (
	"bytes"
	"errors"
	"fmt"
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

// Split cuts msg into messages of at most size bytes (at least MinSize). A
// message that fits stays as it is.
func Split(msg []byte, size, version int, from, to uint32) ([][]byte, error) {
	size = max(size, MinSize)
	if len(msg) <= size {
		return [][]byte{msg}, nil
	}
	header := "?OTR"
	if version >= 3 {
		header = fmt.Sprintf("?OTR|%08x|%08x", from, to)
	}
	const numbers = ",00001,00002,"
	room := size - len(header) - len(numbers) - 1
	n := (len(msg) + room - 1) / room
	if n > MaxPieces {
		return nil, ErrTooLong
	}
	count := fmt.Sprintf(",%05d,", n)
	buf := make([]byte, 0, len(msg)+n*(size-room))
	out := make([][]byte, 0, n)
	for k := 1; k <= n; k++ {
		piece := msg[:min(room, len(msg))]
		msg = msg[len(piece):]
		start := len(buf)
		buf = append(append(buf, header...), ',')
		for digit := 10000; digit > 0; digit /= 10 {
			buf = append(buf, '0'+byte(k/digit%10))
		}
		buf = append(append(append(buf, count...), piece...), ',')
		out = append(out, buf[start:len(buf):len(buf)])
	}
	return out, nil
}

// Parse reads a fragment that begins at "?OTR|" or "?OTR,". ok is false for
// anything else. Numbers may have any width; values out of range are kept
// (K and N saturate) and are for the caller to judge with Legal.
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
	if end <= 0 {
		return p, false
	}
	p.Text = b[:end:end]
	return p, true
}

// Legal tells whether the numbers of the piece make sense.
func (p Piece) Legal() bool { return p.K >= 1 && p.N >= 1 && p.K <= p.N && p.N <= MaxPieces }

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
