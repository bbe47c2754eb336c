package conversation

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// looks maps letters to the Latin ones that they are easily taken for. The list is that of
// what is drawn alike in most fonts, of Cyrillic, Greek, Armenian and a few signs, after
// both were made small.
var looks = map[rune]rune{
	'а': 'a', 'в': 'b', 'с': 'c', 'ԁ': 'd', 'е': 'e', 'ё': 'e', 'ғ': 'f', 'һ': 'h', 'н': 'h', 'і': 'i', 'ї': 'i', 'ј': 'j',
	'к': 'k', 'ӏ': 'l', 'м': 'm', 'п': 'n', 'о': 'o', 'р': 'p', 'ԛ': 'q', 'г': 'r', 'ѕ': 's', 'т': 't', 'у': 'y', 'ү': 'y',
	'ѵ': 'v', 'ԝ': 'w', 'х': 'x', 'з': '3', 'ь': 'b',
	'α': 'a', 'β': 'b', 'ε': 'e', 'η': 'n', 'ι': 'i', 'κ': 'k', 'μ': 'u', 'ν': 'v', 'ο': 'o', 'ρ': 'p', 'σ': 'o', 'τ': 't',
	'υ': 'u', 'χ': 'x', 'ω': 'w', 'γ': 'y', 'ζ': 'z', 'ϲ': 'c', 'ϳ': 'j',
	'ա': 'w', 'օ': 'o', 'ո': 'n', 'ս': 'u', 'հ': 'h', 'ց': 'g', 'յ': 'j', 'զ': 'q', 'ք': 'p',
	'ı': 'l', 'ɩ': 'l', 'ɑ': 'a', 'ɡ': 'g', 'ɪ': 'l', 'ʏ': 'y', 'ʀ': 'r',
	'0': 'o', '1': 'l', 'i': 'l', '|': 'l', '!': 'l', '¡': 'l', '5': 's', '$': 's', '@': 'a', '€': 'e',
	'ß': 'b', 'ø': 'o', 'đ': 'd', 'ħ': 'h', 'ł': 'l', 'ŧ': 't', 'æ': 'a', 'œ': 'o',
	'à': 'a', 'á': 'a', 'â': 'a', 'ã': 'a', 'ä': 'a', 'å': 'a', 'ā': 'a', 'ą': 'a', 'ạ': 'a',
	'ç': 'c', 'ć': 'c', 'č': 'c', 'è': 'e', 'é': 'e', 'ê': 'e', 'ë': 'e', 'ē': 'e', 'ę': 'e', 'ẹ': 'e',
	'ì': 'l', 'í': 'l', 'î': 'l', 'ï': 'l', 'ī': 'l', 'ị': 'l', 'ñ': 'n', 'ń': 'n', 'ò': 'o', 'ó': 'o', 'ô': 'o', 'õ': 'o', 'ö': 'o', 'ō': 'o', 'ọ': 'o',
	'ù': 'u', 'ú': 'u', 'û': 'u', 'ü': 'u', 'ū': 'u', 'ụ': 'u', 'ý': 'y', 'ÿ': 'y', 'š': 's', 'ś': 's', 'ş': 's', 'ž': 'z', 'ź': 'z', 'ż': 'z',
}

// Skeleton is what a name looks like at a glance: two names with the same one are easily
// taken for each other. It is to be compared, not to be shown.
func Skeleton(name string) string {
	var b strings.Builder
	for _, r := range Name(name) {
		if r >= 'Ａ' && r <= 'ｚ' { // of full width
			r -= 'Ａ' - 'A'
		}
		r = unicode.ToLower(r)
		if like, ok := looks[r]; ok {
			r = like
		}
		if like, ok := looks[r]; ok { // i is l, however it came about
			r = like
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsPrint(r) && !unicode.IsSpace(r) && !unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) && !strings.ContainsRune("-_.,'`’", r) {
			b.WriteRune(r)
		}
	}
	return strings.ReplaceAll(strings.ReplaceAll(b.String(), "rn", "m"), "vv", "w")
}

// Names reports whether a text names somebody: the name stands in it as a word, in
// capitals or not.
func Names(text, name string) bool {
	text, name = strings.ToLower(text), strings.ToLower(name)
	if name == "" {
		return false
	}
	inWord := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' }
	for from := 0; ; {
		i := strings.Index(text[from:], name)
		if i < 0 {
			return false
		}
		begin, end := from+i, from+i+len(name)
		before, _ := utf8.DecodeLastRuneInString(text[:begin])
		after, _ := utf8.DecodeRuneInString(text[end:])
		if !inWord(before) && !inWord(after) {
			return true
		}
		from = end
	}
}
