package xmpp

import (
	"errors"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/bidi"
	"golang.org/x/text/unicode/norm"
)

// errPassword says that a password has letters that none can have.
var errPassword = errors.New("the password cannot be prepared")

// saslprep is RFC 4013: the password as both sides compute with it, however it was
// typed. The caller wipes it. Letters that Unicode did not have yet when the rules were
// made are let through, as for a query (RFC 3454, section 7).
func saslprep(password []byte) ([]byte, error) {
	mapped := make([]byte, 0, 3*len(password)) // never grows, so that no copy is left behind
	for rest := password; len(rest) > 0; {
		r, n := utf8.DecodeRune(rest)
		if r == utf8.RuneError && n <= 1 {
			clear(mapped)
			return nil, errPassword
		}
		rest = rest[n:]
		switch {
		case unicode.Is(otherSpace, r):
			mapped = append(mapped, ' ')
		case !unicode.Is(mappedToNothing, r):
			mapped = utf8.AppendRune(mapped, r)
		}
	}
	out := mapped
	if !norm.NFKC.IsNormal(mapped) {
		out = norm.NFKC.Bytes(mapped)
		clear(mapped)
	}
	if len(out) == 0 || !allowed(out) {
		clear(out)
		return nil, errPassword
	}
	return out, nil
}

// allowed checks for what is prohibited (RFC 4013, section 2.3), and that left and
// right are not mixed (RFC 3454, section 6).
func allowed(b []byte) bool {
	right, left := false, false
	for rest := b; len(rest) > 0; {
		r, n := utf8.DecodeRune(rest)
		if unicode.Is(prohibited, r) || r&0xfffe == 0xfffe {
			return false
		}
		switch class(rest) {
		case bidi.R, bidi.AL:
			right = true
		case bidi.L:
			left = true
		}
		rest = rest[n:]
	}
	if !right {
		return true
	}
	_, last := utf8.DecodeLastRune(b)
	return !left && isRight(class(b)) && isRight(class(b[len(b)-last:]))
}

func class(b []byte) bidi.Class {
	p, _ := bidi.Lookup(b)
	return p.Class()
}

func isRight(c bidi.Class) bool { return c == bidi.R || c == bidi.AL }

// The tables of RFC 3454 that RFC 4013 names.
var (
	otherSpace = &unicode.RangeTable{R16: []unicode.Range16{ // C.1.2
		{0x00a0, 0x00a0, 1}, {0x1680, 0x1680, 1}, {0x2000, 0x200b, 1}, {0x202f, 0x202f, 1}, {0x205f, 0x205f, 1}, {0x3000, 0x3000, 1},
	}, LatinOffset: 1}
	mappedToNothing = &unicode.RangeTable{R16: []unicode.Range16{ // B.1
		{0x00ad, 0x00ad, 1}, {0x034f, 0x034f, 1}, {0x1806, 0x1806, 1}, {0x180b, 0x180d, 1}, {0x200b, 0x200d, 1},
		{0x2060, 0x2060, 1}, {0xfe00, 0xfe0f, 1}, {0xfeff, 0xfeff, 1},
	}, LatinOffset: 1}
	prohibited = &unicode.RangeTable{ // C.2.1, C.2.2, C.3 to C.9; the non-characters at the end of each plane are checked apart
		R16: []unicode.Range16{
			{0x0000, 0x001f, 1}, {0x007f, 0x009f, 1}, {0x0340, 0x0341, 1}, {0x06dd, 0x06dd, 1}, {0x070f, 0x070f, 1}, {0x180e, 0x180e, 1},
			{0x200c, 0x200f, 1}, {0x2028, 0x202e, 1}, {0x2060, 0x2063, 1}, {0x206a, 0x206f, 1}, {0x2ff0, 0x2ffb, 1},
			{0xd800, 0xf8ff, 1}, {0xfdd0, 0xfdef, 1}, {0xfeff, 0xfeff, 1}, {0xfff9, 0xfffd, 1},
		},
		R32: []unicode.Range32{
			{0x1d173, 0x1d17a, 1}, {0xe0001, 0xe0001, 1}, {0xe0020, 0xe007f, 1}, {0xf0000, 0xffffd, 1}, {0x100000, 0x10fffd, 1},
		},
		LatinOffset: 2,
	}
)
