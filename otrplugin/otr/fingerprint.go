package otr

import (
	"encoding/hex"
	"errors"
	"strings"
)

// Fingerprint identifies a long-term key: the SHA-1 of its public part without
// the type (section "Public keys, signatures, and fingerprints").
type Fingerprint [20]byte

// String is the form for people: five groups of eight upper-case hex digits.
func (f Fingerprint) String() string {
	h := strings.ToUpper(f.Hex())
	return h[:8] + " " + h[8:16] + " " + h[16:24] + " " + h[24:32] + " " + h[32:]
}

// Hex is the form for files: 40 lower-case hex digits.
func (f Fingerprint) Hex() string { return hex.EncodeToString(f[:]) }

// ParseFingerprint reads 40 hex digits in any case, with any spaces, colons
// or dashes between them.
func ParseFingerprint(s string) (Fingerprint, error) {
	var f Fingerprint
	s = strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\t', '\n', '\r', ':', '-', '\u00a0':
			return -1
		}
		return r
	}, s)
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != len(f) {
		return f, errors.New("otr: a fingerprint is 40 hex digits")
	}
	copy(f[:], b)
	return f, nil
}
