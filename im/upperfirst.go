package im

import (
	"unicode"
	"unicode/utf8"
)

// UpperFirst begins a text with a capital letter, as a sentence does.
func UpperFirst(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError {
		return s
	}
	return string(unicode.ToUpper(r)) + s[size:]
}
