package otrplugin

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"culver/plugin"
)

// markup writes a text in HTML, as it travels inside OTR in the world of Pidgin.
func markup(text string) []byte {
	return []byte(strings.NewReplacer(
		"\x00", "", "&", "&amp;", "<", "&lt;", ">", "&gt;", "\r\n", "<br/>", "\n", "<br/>", "\r", "<br/>",
	).Replace(text))
}

// wireHints are for messages of the protocol. A query is for people, too: it is
// not declared as an encrypted text, or their client would hide it; and somebody who
// was away learns from it that they were asked. Data messages may be read later. But
// a key exchange, or an error, is about now.
func wireHints(wire []byte, resource string) plugin.Hints {
	h := plugin.Hints{Resource: resource, Sealed: true}
	if encoded(string(wire)) {
		h.By = namespace
	}
	h.Momentary = momentary(string(wire))
	return h
}

// momentary reports that the wire text is an error, or a message of a key exchange:
// of type 0x02, 0x0a, 0x11 or 0x12. In base 64 two letters begin the version, and
// the type ends the second group.
func momentary(wire string) bool {
	body, ok := strings.CutPrefix(wire, "?OTR:")
	if !ok {
		return strings.HasPrefix(wire, "?OTR Error:")
	}
	return len(body) > 3 && strings.HasPrefix(body, "AA") && strings.IndexByte("CKRS", body[3]) >= 0
}

// encoded reports that the wire text is for programs only.
func encoded(wire string) bool {
	return strings.HasPrefix(wire, "?OTR:") || strings.HasPrefix(wire, "?OTR|") || strings.HasPrefix(wire, "?OTR,")
}

// isProtocol reports that the wire text is a message of the protocol, and not
// one for people that only talks of it.
func isProtocol(wire string) bool {
	return encoded(wire) || strings.HasPrefix(wire, "?OTR?") || strings.HasPrefix(wire, "?OTRv") ||
		strings.HasPrefix(wire, "?OTR Error:")
}

// otrMark stands somewhere in each message of the protocol, offers apart.
const otrMark = "?OTR"

// offerBase begins the invisible offer at the end of a plain message; groups of
// eight blanks follow, one for each version (OTR version 3, "Tagged plaintext").
const offerBase = " \t  \t\t\t\t \t \t \t  "

// cutOffer returns text without an invisible offer, and whether there was one.
func cutOffer(text string) (string, bool) {
	i := strings.Index(text, offerBase)
	if i < 0 {
		return text, false
	}
	rest := text[i+len(offerBase):]
	for len(rest) >= 8 && strings.Trim(rest[:8], " \t") == "" {
		rest = rest[8:]
	}
	return text[:i] + rest, true
}

// tags reads the instance tags of a version 3 message: the sender's and the
// receiver's; 0 if there are none. Nothing vouches for them until the engine
// took the message.
func tags(wire string) (from, to uint32) {
	if rest, ok := strings.CutPrefix(wire, "?OTR|"); ok {
		head, _, _ := strings.Cut(rest, ",")
		a, b, _ := strings.Cut(head, "|")
		return hexTag(a), hexTag(b)
	}
	rest, ok := strings.CutPrefix(wire, "?OTR:")
	if !ok || len(rest) < 16 {
		return 0, 0
	}
	var head [12]byte // version (2), type (1), sender (4), receiver (4)
	if _, err := base64.StdEncoding.Decode(head[:], []byte(rest[:16])); err != nil || !bytes.Equal(head[:2], []byte{0, 3}) {
		return 0, 0
	}
	return binary.BigEndian.Uint32(head[3:]), binary.BigEndian.Uint32(head[7:])
}

func hexTag(s string) uint32 {
	n, err := strconv.ParseUint(s, 16, 32)
	if err != nil {
		return 0
	}
	return uint32(n)
}

// maxWords is how much of a peer's own words goes into a sentence of ours, and
// maxMarks how many combining marks on one letter: more than any script needs, fewer
// than it takes to scribble over other lines.
const (
	maxWords = 300
	maxMarks = 4
)

// words makes a text that the peer chose fit to stand in a sentence or a form:
// one line, without marks that turn the reading direction, and not endless. It
// stands between double quotes, and holds none: nothing in it looks like their end.
func words(s string) string {
	marks := 0
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\u200d', r == '\u200c', r == '\ufe0f': // in emoji, and between letters
			return r
		case unicode.Is(unicode.Cf, r):
			return -1
		case unicode.In(r, unicode.Mn, unicode.Me):
			if marks++; marks > maxMarks {
				return -1
			}
			return r
		}
		marks = 0
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r):
			return ' '
		case quote(r):
			return '\''
		default:
			return r
		}
	}, strings.ToValidUTF8(s, "\uFFFD"))
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) > maxWords {
		s = string([]rune(s)[:maxWords]) + "…"
	}
	return s
}

// quote reports a mark that may pass for one of ours.
func quote(r rune) bool {
	return unicode.In(r, unicode.Pi, unicode.Pf) || strings.ContainsRune("\"„＂″‶ˮ❝❞🙶🙷🙸〝〞〟", r)
}

// sentence makes an error's text end like a sentence.
func sentence(s string) string {
	s = words(s)
	if s == "" || strings.ContainsRune(".!?…", []rune(s)[len([]rune(s))-1]) {
		return s
	}
	return s + "."
}
