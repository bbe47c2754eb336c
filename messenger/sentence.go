package messenger

import (
	"strings"
	"unicode/utf8"

	"culver/im"
	"culver/lang"
)

// sentence adds a technical reason to a sentence for people.
func sentence(what string, err error) string {
	if err == nil {
		return what
	}
	return what + " (" + err.Error() + ")"
}

// asSentence makes a sentence of an error's text, which may be in any language.
func asSentence(err error) string {
	text := im.UpperFirst(strings.TrimSpace(err.Error()))
	if text == "" {
		return lang.T("Nobody knows why.")
	}
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(text, "”’\"»)"))
	if !strings.ContainsRune(".!?…。", last) {
		text += "."
	}
	return text
}
