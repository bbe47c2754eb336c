package libotr

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// MaxSize is the biggest message of a protocol, for [culver/otrplugin/otr.Config].MaxFragment.
type MaxSize struct {
	Protocol string
	Bytes    int // 0: no limit
}

var errSize = errors.New("not a number of bytes")

// ReadMaxSizes reads a file of biggest messages (otr.max_message_size), which
// users of Pidgin may write: a line each of protocol and number, separated by a
// tab. Lines that make no sense are skipped.
func ReadMaxSizes(r io.Reader) (sizes []MaxSize, skipped []Skipped, err error) {
	b, err := readAll(r, maxTags)
	if err != nil {
		return nil, nil, err
	}
	return ParseMaxSizes(b)
}

// ParseMaxSizes is ReadMaxSizes for a file in memory.
func ParseMaxSizes(b []byte) (sizes []MaxSize, skipped []Skipped, err error) {
	if len(b) > maxTags {
		return nil, nil, ErrTooBig
	}
	skipped = eachLine(b, func(_ string, fields []string) error {
		if len(fields) != 2 || fields[0] == "" {
			return errFields
		}
		n, err := strconv.ParseUint(fields[1], 10, 31)
		if err != nil {
			return errSize
		}
		sizes = append(sizes, MaxSize{fields[0], int(n)})
		return nil
	})
	return sizes, skipped, nil
}

// MarshalMaxSizes is a file with these sizes, in this order.
func MarshalMaxSizes(sizes []MaxSize) ([]byte, error) {
	var b bytes.Buffer
	for n, s := range sizes {
		if s.Protocol == "" || hasControl(s.Protocol, "\t") || len(s.Protocol) > maxLine/2 {
			return nil, fmt.Errorf("size %d: %w", n+1, errControl)
		}
		if s.Bytes < 0 || s.Bytes > 1<<31-1 {
			return nil, fmt.Errorf("size %d: %w", n+1, errSize)
		}
		fmt.Fprintf(&b, "%s\t%d\n", s.Protocol, s.Bytes)
	}
	return b.Bytes(), nil
}
