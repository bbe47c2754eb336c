package difference

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
)

// A deviation is a way in which the two differ on purpose. The expressions
// match the message from its first mark of OTR on, and both answers.
type deviation struct {
	q                 Question
	msg, theirs, ours *regexp.Regexp
	why               string
}

func re(s string) *regexp.Regexp { return regexp.MustCompile("(?s)" + s) }

// known are all deviations. How an invisible offer is read never differs.
var known = []deviation{
	{WhatIsIt, re(`^\?OTR[,|]`), re(`^unknown version=0 `), re(`^(piece|plain|tagged) `),
		"libotr looks for pieces before it asks what a message is"},
	{WhatIsIt, re(`^\?OTR`), re(`^unknown version=0 `), re(`^(plain|tagged) `),
		"words about OTR are shown; libotr swallows them"},
	{WhatIsIt, re(`^\?OTR([^:,|?v]|\?[^v])?`), re(`^unknown version=0 `), re(`^query `),
		"a query is found behind words about OTR, too; libotr looks at the first mark"},
	{WhatIsIt, re(`^\?OTR\??v[^?]*(\s|$)`), re(`^query `), re(`^(plain|tagged|query) `),
		"a query has to end in a question mark, without blanks before it; for libotr ?OTRv in any sentence will do"},
	{WhatIsIt, re(`^\?OTR:AAE`), re(`^(v1 key exchange|data|unknown) version=1 `), re(`^(unknown|plain|tagged) version=0 `),
		"version 1 is insecure and not spoken"},
	{WhatIsIt, re(`^\?OTR:[A-Za-z0-9+/]{0,3}[^A-Za-z0-9+/]`), re(`^unknown version=[023] `), re(`^(commit|key|reveal|signature|data) `),
		"what a network puts between is skipped from the first character on; libotr wants the first four unbroken"},
	{WhatIsIt, re(`^\?OTR:[A-Za-z0-9+/]{4,15}([^A-Za-z0-9+/]|$)`), re(`^[a-z]+ version=3 tags=none `), re(`^[a-z]+ version=3 tags=[0-9a-f]`),
		"the same for the tags: libotr wants twelve unbroken characters"},
	{WhatIsIt, re(`^\?OTR:AA[IM]`), re(`^unknown version=[23] `), re(`^(unknown|plain|tagged) version=0 `),
		"a header counts as a whole: without a known type it has no version and no tags"},
	{WhatIsIt, re(`^\?OTR:AA[IM]`), re(`^[a-z]+ version=[23] tags=none .*flags=none`), re(`^(unknown|plain|tagged) version=0 `),
		"a header cut short is none; libotr goes by the first four characters"},
	{WhatIsIt, re(`^\?OTR:AAID([^A-Za-z0-9+/.=]*[A-Za-z0-9+/]){2,3}[^A-Za-z0-9+/.=]*(\.|$)`), re(`^data .* flags=none`), re(`^data .* flags=[0-9a-f]`),
		"bits of a block without its padding are kept; libotr drops them"},

	{Armour, re(`^\?OTR(:|.*\?OTR:)`), re(`^=`), re(`^none$`),
		"what follows words about armour is not decoded, nor a second mark; libotr takes the first armour there is"},
	{Armour, re(`^\?OTR:[^=.]*\.`), re(`^=`), re(`^=`),
		"the same, see leftover"},

	{Pieces, re(``), re(``), re(``),
		"see odd: pieces that are not well formed are words, where libotr swallows them; numbers beyond 65535 wrap there"},
}

// excuse is why the answers may differ, or "".
func excuse(q Question, in []byte, theirs, ours string) string {
	first, at := in, bytes.Index(in, []byte("?OTR"))
	if at >= 0 {
		first = in[at:]
	}
	a, offerA, _ := strings.Cut(theirs, ";")
	b, offerB, _ := strings.Cut(ours, ";")
	if offerA != offerB {
		return ""
	}
	for _, d := range known {
		switch {
		case d.q != q, !d.msg.Match(first), !d.theirs.MatchString(a), !d.ours.MatchString(b):
		case q == Armour && b != "none" && !leftover(a, b):
		case q == Pieces && !sameUntilOdd(in, a, b):
		default:
			return d.why
		}
	}
	if at > 0 && strings.Contains(a, " tags=none ") && tags.ReplaceAllString(b, " tags=none ") == a {
		return "libotr sees tags only in a message that begins with its mark"
	}
	return ""
}

var tags = regexp.MustCompile(` tags=[0-9a-f]{8},[0-9a-f]{8} `)

// leftover reports whether ours has one or two bytes more than theirs, all
// that an incomplete block of four characters may hold.
func leftover(theirs, ours string) bool {
	more, ok := strings.CutPrefix(ours, theirs)
	return ok && (len(more) == 2 || len(more) == 4)
}

// sameUntilOdd reports whether the first of the pieces that is treated in
// another way is odd.
func sameUntilOdd(in []byte, theirs, ours string) bool {
	a, b := strings.Fields(theirs), strings.Fields(ours)
	for n, msg := range bytes.Split(bytes.TrimSuffix(in, []byte{0}), []byte{0}) {
		switch {
		case odd(msg):
			return true
		case n >= len(a) || n >= len(b) || a[n] != b[n]:
			return false
		}
	}
	return false
}

// odd reports whether a message has the mark of a piece somewhere and is not
// one well-formed piece.
func odd(msg []byte) bool {
	switch bytes.Count(msg, []byte("?OTR,")) + bytes.Count(msg, []byte("?OTR|")) {
	case 0:
		return false
	case 1:
	default:
		return true // libotr looks for the one mark first, then for the other
	}
	m := wellFormed.FindSubmatch(msg[bytes.Index(msg, []byte("?OTR")):])
	if m == nil {
		return true
	}
	k, _ := strconv.ParseUint(string(m[1]), 10, 64)
	n, _ := strconv.ParseUint(string(m[2]), 10, 64)
	return k > 65535 || n > 65535
}

var wellFormed = regexp.MustCompile(`^\?OTR(?:\|[0-9a-fA-F]+\|[0-9a-fA-F]+)?,([0-9]+),([0-9]+),[^,]+,`)
