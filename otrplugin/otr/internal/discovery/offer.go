package discovery

import (
	"bytes"
	"strings"
)

// Versions is a set of protocol versions. Version 1 is insecure: it is read
// over and never offered.
type Versions uint8

// The versions that are told apart.
const (
	V2 Versions = 1 << iota
	V3
)

// Best is the best version in both sets; 0 for none.
func Best(offered, allowed Versions) int {
	switch both := offered & allowed; {
	case both&V3 != 0:
		return 3
	case both&V2 != 0:
		return 2
	default:
		return 0
	}
}

// MakeQuery is the message that asks for OTR in these versions. The text is for
// people whose program knows no OTR.
func MakeQuery(v Versions, text string) []byte {
	b := []byte("?OTRv")
	if v&V2 != 0 {
		b = append(b, '2')
	}
	if v&V3 != 0 {
		b = append(b, '3')
	}
	b = append(b, "?\n"...)
	return append(b, text...)
}

// FindQuery finds a query anywhere in a message and tells what it offers.
func FindQuery(b []byte) (offered Versions, found bool) {
	for {
		i := bytes.Index(b, []byte("?OTR"))
		if i < 0 {
			return 0, false
		}
		b = b[i+4:]
		rest := b
		v1 := bytes.HasPrefix(rest, []byte("?"))
		if v1 {
			rest = rest[1:]
		}
		if bytes.HasPrefix(rest, []byte("v")) {
			if end := bytes.IndexByte(rest, '?'); end > 0 && !bytes.ContainsAny(rest[:end], " \t\r\n") {
				if bytes.IndexByte(rest[:end], '2') > 0 {
					offered |= V2
				}
				if bytes.IndexByte(rest[:end], '3') > 0 {
					offered |= V3
				}
				return offered, true
			}
		}
		if v1 {
			return 0, true // version 1 only
		}
	}
}

// OnlyQuery tells whether a text is nothing but a query.
func OnlyQuery(text []byte) bool {
	rest, marked := bytes.CutPrefix(bytes.TrimSpace(text), []byte("?OTR"))
	rest, v1 := bytes.CutPrefix(rest, []byte("?"))
	if !marked || len(rest) == 0 {
		return marked && v1
	}
	versions, found := bytes.CutPrefix(rest, []byte("v"))
	end := bytes.IndexByte(versions, '?')
	return found && end >= 0 && end == len(versions)-1 && !bytes.ContainsAny(versions, " \t\r\n")
}

// The invisible offer at the end of a plain message: a base, then eight bytes
// for each version (section "Tagged plaintext messages").
const (
	TagBase = " \t  \t\t\t\t \t \t \t  "
	TagV1   = " \t \t  \t "
	TagV2   = "  \t\t  \t "
	TagV3   = "  \t\t  \t\t"
)

// AddOffer is a text with the invisible offer appended.
func AddOffer(text []byte, v Versions) []byte {
	out := append(append([]byte(nil), text...), TagBase...)
	if v&V2 != 0 {
		out = append(out, TagV2...)
	}
	if v&V3 != 0 {
		out = append(out, TagV3...)
	}
	return out
}

// CutOffer finds an invisible offer, cuts it out, and tells what it offers.
// Without one, rest is text itself.
func CutOffer(text []byte) (rest []byte, offered Versions, found bool) {
	start := bytes.Index(text, []byte(TagBase))
	if start < 0 {
		return text, 0, false
	}
	end := start + len(TagBase)
	for len(text)-end >= len(TagV1) {
		version := string(text[end : end+len(TagV1)])
		if strings.Trim(version, " \t") != "" {
			break
		}
		switch version {
		case TagV2:
			offered |= V2
		case TagV3:
			offered |= V3
		}
		end += len(TagV1)
	}
	return append(append([]byte(nil), text[:start]...), text[end:]...), offered, true
}
