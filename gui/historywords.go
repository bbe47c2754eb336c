package gui

import (
	"strings"
	"unicode"
)

// soughtWords are the words of a search, for marking them where they were found.
// What is a hit, the history decides; this only shows why.
type soughtWords struct {
	whole map[string]bool
	begin string // the last word, which may go on
}

// sought takes a search apart: see im.Search.
func sought(words string) soughtWords {
	s := soughtWords{whole: map[string]bool{}}
	text := []rune(words)
	parts := split(text)
	for i, p := range parts {
		w := fold(text[p.from:p.to])
		if i == len(parts)-1 && p.to == len(text) {
			s.begin = w
			continue
		}
		s.whole[w] = true
	}
	return s
}

// stretch is a part of a text, in runes.
type stretch struct{ from, to int }

// in are the words that were sought in a text.
func (s soughtWords) in(text []rune) []stretch {
	var out []stretch
	for _, p := range split(text) {
		w := fold(text[p.from:p.to])
		if !s.whole[w] && (s.begin == "" || !strings.HasPrefix(w, s.begin)) {
			continue
		}
		if n := len(out); n > 0 && out[n-1].to == p.from { // characters of a script without spaces
			out[n-1].to = p.to
			continue
		}
		out = append(out, p)
	}
	return out
}

// split finds the words of a text.
func split(text []rune) []stretch {
	var out []stretch
	begin := -1
	end := func(i int) {
		if begin >= 0 {
			out = append(out, stretch{begin, i})
		}
		begin = -1
	}
	for i, r := range text {
		switch {
		case breaksAround(r) && unicode.IsLetter(r):
			end(i)
			out = append(out, stretch{i, i + 1})
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if begin < 0 {
				begin = i
			}
		case begin >= 0 && unicode.Is(unicode.Mn, r): // an accent of its own
		default:
			end(i)
		}
	}
	end(len(text))
	return out
}

// fold is a word without capitals and accents.
func fold(word []rune) string {
	var b strings.Builder
	for _, r := range word {
		if unicode.Is(unicode.Mn, r) {
			continue
		}
		r = unicode.ToLower(r)
		if r >= 0xc0 {
			r = bare(r)
		}
		b.WriteRune(r)
	}
	return b.String()
}

// accented are letters with accents, in small, each group after the bare letter.
const accented = "aàáâãäåāăąǎạảấầẩẫậắằẳẵặ cçćĉċč dď eèéêëēĕėęěẹẻẽếềểễệ gĝğġģ hĥ iìíîïĩīĭįǐịỉ jĵ kķ lĺļľ nñńņň " +
	"oòóôõöōŏőơǒọỏốồổỗộớờởỡợ rŕŗř sśŝşšș tţťț uùúûüũūŭůűųưǔụủứừửữự wŵ yýÿŷỳỵỷỹ zźżž " +
	"αά εέ ηή ιίϊΐ οό υύϋΰ ωώ ий еёѐ іїѝ уў гѓ кќ"

// bare is a letter without its accent.
func bare(r rune) rune {
	at := strings.IndexRune(accented, r)
	if at < 0 {
		return r
	}
	group := accented[strings.LastIndexByte(accented[:at], ' ')+1:]
	for _, first := range group {
		return first
	}
	return r
}

// inOneLine is what somebody said as one line to look through.
func inOneLine(s string) []rune {
	return []rune(strings.Join(strings.Fields(drawable(s)), " "))
}
