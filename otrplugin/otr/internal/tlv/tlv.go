// Package tlv reads and writes the payload of a data message: the text, a
// NUL, and type-length-value records (end of section "Data Message"). It owns
// no state.
package tlv

import (
	"bytes"
	"encoding/binary"
)

// The record types that the protocol defines.
const (
	Padding      = 0
	Disconnected = 1
	SMP1         = 2
	SMP2         = 3
	SMP3         = 4
	SMP4         = 5
	SMPAbort     = 6
	SMP1Q        = 7
	ExtraKey     = 8
)

// MaxValue is the longest value of a record.
const MaxValue = 0xffff

// Record is one record.
type Record struct {
	Type  uint16
	Value []byte
}

// Append appends a payload: text (which holds no NUL) and records (none of
// them longer than MaxValue).
func Append(b, text []byte, records ...Record) []byte {
	b = append(append(b, text...), 0)
	for _, r := range records {
		b = binary.BigEndian.AppendUint16(b, r.Type)
		b = binary.BigEndian.AppendUint16(b, uint16(len(r.Value)))
		b = append(b, r.Value...)
	}
	return b
}

// Split takes a payload apart; text and values alias it. A record that claims
// more than there is ends the list.
func Split(payload []byte) (text []byte, records []Record) {
	text, rest, found := bytes.Cut(payload, []byte{0})
	if !found {
		return payload, nil
	}
	for len(rest) >= 4 {
		n := int(binary.BigEndian.Uint16(rest[2:]))
		if n > len(rest)-4 {
			break
		}
		records = append(records, Record{binary.BigEndian.Uint16(rest), rest[4 : 4+n : 4+n]})
		rest = rest[4+n:]
	}
	return text, records
}
