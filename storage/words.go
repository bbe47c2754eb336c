package storage

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Text is searched by its words: stretches of letters, marks and digits, without
// capitals and accents. In scripts that put no spaces between words each letter
// is a word, and so is each symbol, an emoji for instance: what is looked for is
// then a row of them. Everything else only parts words.

// words are those of a text, in order.
func words(text string) []string {
	var all []string
	var word strings.Builder
	end := func() {
		if word.Len() > 0 {
			all = append(all, word.String())
			word.Reset()
		}
	}
	for _, r := range fold(text) {
		switch {
		case r == utf8.RuneError:
			end()
		case alone(r):
			end()
			all = append(all, string(r))
		case unicode.In(r, unicode.L, unicode.N, unicode.M):
			word.WriteRune(r)
			if word.Len() >= maxWord {
				end()
			}
		default:
			end()
		}
	}
	end()
	return all
}

// indexed are the words of a text as they go into the index.
func indexed(text string) string { return strings.Join(words(text), " ") }

// maxWord is about how many bytes a word has at most; longer ones are cut into
// several. Nobody types those; peers may send them.
const maxWord = 64

// fold takes away what is not to matter: capitals, accents, and the many ways in
// which Unicode writes the same letter.
func fold(text string) string {
	ascii := true
	for i := range len(text) {
		ascii = ascii && text[i] < utf8.RuneSelf
	}
	if ascii {
		return strings.ToLower(text)
	}
	text = strings.Map(func(r rune) rune {
		if unicode.Is(accents, r) {
			return -1
		}
		return unicode.ToLower(unicode.ToUpper(r))
	}, norm.NFKD.String(strings.ToValidUTF8(text, "\ufffd")))
	return norm.NFC.String(equals.Replace(text))
}

// equals are letters that Unicode does not take apart, and many keyboards lack.
var equals = strings.NewReplacer("ß", "ss", "ẞ", "ss", "æ", "ae", "œ", "oe", "ø", "o", "ł", "l", "đ", "d", "ς", "σ")

// accents are the marks that are left out: those of Latin, Greek and Cyrillic, the
// points of Hebrew and the vowels and the lengthening of Arabic; and what is not
// seen, but stands in words. In other scripts marks make words different.
var accents = &unicode.RangeTable{R16: []unicode.Range16{
	{Lo: 0x00ad, Hi: 0x00ad, Stride: 1}, {Lo: 0x0300, Hi: 0x036f, Stride: 1}, {Lo: 0x0591, Hi: 0x05bd, Stride: 1},
	{Lo: 0x05bf, Hi: 0x05c7, Stride: 1}, {Lo: 0x0640, Hi: 0x0640, Stride: 1}, {Lo: 0x064b, Hi: 0x065f, Stride: 1},
	{Lo: 0x0670, Hi: 0x0670, Stride: 1}, {Lo: 0x1ab0, Hi: 0x1aff, Stride: 1}, {Lo: 0x1dc0, Hi: 0x1dff, Stride: 1},
	{Lo: 0x200b, Hi: 0x200f, Stride: 1}, {Lo: 0x20d0, Hi: 0x20ff, Stride: 1}, {Lo: 0x2060, Hi: 0x2060, Stride: 1},
	{Lo: 0xfe00, Hi: 0xfe0f, Stride: 1}, {Lo: 0xfe20, Hi: 0xfe2f, Stride: 1}, {Lo: 0xfeff, Hi: 0xfeff, Stride: 1},
}}

// alone reports whether the letter or symbol is a word.
func alone(r rune) bool {
	return r >= utf8.RuneSelf && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo,
		unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.So, unicode.Sk)
}
