package storage

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// query is what somebody looks for: all of its phrases.
type query []phrase

// phrase is a row of words. The last may be the beginning of one, if open.
type phrase struct {
	words []string
	open  bool
}

// maxQuery is how much of what was typed is looked at, in bytes and in words.
const (
	maxQuery      = 1000
	maxQueryWords = 32
)

// minOpen is how many letters the beginning of a word has at least. Fewer find a word
// of its own, or else half of the history.
const minOpen = 3

// parseQuery reads what was typed. Between quotes stands one phrase, elsewhere
// each stretch without a space is one; a quote that is not closed ends with the
// line. It makes words of everything or nothing: no sign has another meaning.
func parseQuery(typed string) query {
	if len(typed) > maxQuery {
		typed = typed[:maxQuery]
	}
	var q query
	n := 0
	add := func(text string, open bool) {
		p := phrase{words: words(text)}
		p.open = open && len(p.words) > 0 && utf8.RuneCountInString(p.words[len(p.words)-1]) >= minOpen
		if n += len(p.words); len(p.words) > 0 && n <= maxQueryWords {
			q = append(q, p)
		}
	}
	for quoted, rest := false, quotes.Replace(typed); ; quoted = !quoted {
		part, more, found := strings.Cut(rest, `"`)
		if quoted {
			add(part, !found)
		} else {
			fields := strings.Fields(part)
			for i, word := range fields {
				add(word, !found && i == len(fields)-1 && strings.HasSuffix(part, word))
			}
		}
		if rest = more; !found {
			return q
		}
	}
}

// quotes are what people, and their keyboards, mean by a quote.
var quotes = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`, "＂", `"`)

// matches reports whether a text has all that is looked for. An empty query finds
// nothing.
func (q query) matches(text string) bool {
	in := words(text)
	return len(q) > 0 && !slices.ContainsFunc(q, func(p phrase) bool { return !p.in(in) })
}

func (p phrase) in(text []string) bool {
	for i := 0; i+len(p.words) <= len(text); i++ {
		if p.begins(text[i:]) {
			return true
		}
	}
	return false
}

func (p phrase) begins(text []string) bool {
	last := len(p.words) - 1
	return slices.Equal(p.words[:last], text[:last]) &&
		(p.words[last] == text[last] || p.open && strings.HasPrefix(text[last], p.words[last]))
}
