package conversation

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxText is how much of one message is shown, in bytes.
const MaxText = 64 << 10

// maxMarks is how many combining marks in a row are shown on one letter: more
// than any script needs, fewer than it takes to scribble over other lines.
const maxMarks = 4

// Clean makes text from a peer safe to show: valid UTF-8, no control characters
// but tab and newline, no characters that turn the direction of what follows,
// no towers of combining marks, no more than MaxText.
func Clean(s string) string { return CleanLong(limit(s)) }

// CleanLong is Clean for a text of any length.
func CleanLong(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	var b strings.Builder
	b.Grow(len(s))
	marks := 0
	for _, r := range s {
		switch {
		case r == '\r':
			r = '\n'
		case hidden(r):
			continue
		case r == '\ufe0f', unicode.Is(unicode.Cf, r): // joins letters, or shows an emoji: no letter of its own
			b.WriteRune(r)
			continue
		case unicode.In(r, unicode.Mn, unicode.Me):
			if marks++; marks <= maxMarks {
				b.WriteRune(r)
			}
			continue
		}
		marks = 0
		b.WriteRune(r)
	}
	return b.String()
}

// Name makes a name or an address from a peer safe to show on one line.
func Name(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, Clean(s))
	const most = 200
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:most]) + "…"
	}
	return strings.TrimSpace(s)
}

// hidden reports whether a rune has no place in a chat: control characters but
// tab and newline, and the marks that reorder or hide text (Unicode TR 9 and 36).
func hidden(r rune) bool {
	switch {
	case r == '\n', r == '\t':
		return false
	case unicode.IsControl(r):
		return true
	case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
		return true
	case r == 0x200e, r == 0x200f, r == 0x061c, r == 0xfeff, r == 0x00ad:
		return true
	case r >= 0xe0000 && r <= 0xe007f: // tag characters
		return true
	}
	return false
}

func limit(s string) string {
	if len(s) <= MaxText {
		return s
	}
	cut := MaxText
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}
