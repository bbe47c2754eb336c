package otr

import (
	"bytes"
	"strings"
)

// The invisible offer at the end of a plain message: a base, then eight bytes
// for each version.
const (
	tagBase = " \t  \t\t\t\t \t \t \t  "
	tagV1   = " \t \t  \t "
	tagV2   = "  \t\t  \t "
	tagV3   = "  \t\t  \t\t"
)

// defaultQueryText is for people whose program knows no OTR.
const defaultQueryText = "I would like to talk privately (Off-the-Record), but your program does not seem to support it. See https://otr.cypherpunks.ca/"

// offerState is what we know about the peer's answer to our invisible offers.
type offerState uint8

const (
	offerNone offerState = iota
	offerSent
	offerRejected // a plain message came back
	offerAccepted
)

// query is the message that asks for OTR in the versions that p allows.
func query(p Policy, text string) []byte {
	b := []byte("?OTRv")
	if p.has(AllowV2) {
		b = append(b, '2')
	}
	if p.has(AllowV3) {
		b = append(b, '3')
	}
	b = append(b, "?\n"...)
	if text == "" {
		text = defaultQueryText
	}
	return append(b, text...)
}

// parseQuery finds a query anywhere in a message and tells the versions it
// offers, as a policy.
func parseQuery(b []byte) (offered Policy, found bool) {
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
					offered |= AllowV2
				}
				if bytes.IndexByte(rest[:end], '3') > 0 {
					offered |= AllowV3
				}
				return offered, true
			}
		}
		if v1 {
			return 0, true // version 1 only
		}
	}
}

// best is the best version in both policies, 0 for none.
func best(offered, allowed Policy) Version {
	switch both := offered & allowed; {
	case both.has(AllowV3):
		return V3
	case both.has(AllowV2):
		return V2
	default:
		return 0
	}
}

// addOffer appends the invisible offer.
func addOffer(text []byte, p Policy) []byte {
	out := append(append([]byte(nil), text...), tagBase...)
	if p.has(AllowV2) {
		out = append(out, tagV2...)
	}
	if p.has(AllowV3) {
		out = append(out, tagV3...)
	}
	return out
}

// cutOffer finds an invisible offer, cuts it out, and tells what it offers.
func cutOffer(text []byte) (rest []byte, offered Policy, found bool) {
	start := bytes.Index(text, []byte(tagBase))
	if start < 0 {
		return text, 0, false
	}
	end := start + len(tagBase)
	for len(text)-end >= len(tagV1) {
		version := string(text[end : end+len(tagV1)])
		if strings.Trim(version, " \t") != "" {
			break
		}
		switch version {
		case tagV2:
			offered |= AllowV2
		case tagV3:
			offered |= AllowV3
		}
		end += len(tagV1)
	}
	return append(append([]byte(nil), text[:start]...), text[end:]...), offered, true
}
