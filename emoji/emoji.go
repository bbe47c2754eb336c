// Package emoji knows the emojis that Culver can show: their names in English, the short
// codes that people type for them, and in which group people look for them.
//
// The table is embedded, and read when it is needed first. It was made from the names and
// groups of Unicode, as gomoji (Vladislav Gukasov, MIT licence) has them, and from the
// codes of gemoji (GitHub, MIT licence), as emoji (Enes Çakır, MIT licence) has them. The
// package owns no other state; any goroutine may use it.
package emoji

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"
)

//go:embed emoji.txt
var table string

// Emoji is one of them.
type Emoji struct {
	Char  string
	Name  string
	Codes []string // that people type between colons; the last one is the name
}

// Group is those that belong together.
type Group struct {
	Name string // in English, one of the constants
	All  []Emoji
}

// The groups, in their order.
const (
	Smileys    = "Smileys & Emotion"
	People     = "People & Body"
	Nature     = "Animals & Nature"
	Food       = "Food & Drink"
	Travel     = "Travel & Places"
	Activities = "Activities"
	Objects    = "Objects"
	Symbols    = "Symbols"
	Flags      = "Flags"
)

// Groups are all of them.
var Groups = sync.OnceValue(func() []Group {
	var out []Group
	for line := range strings.Lines(table) {
		line = strings.TrimSuffix(line, "\n")
		if name, ok := strings.CutPrefix(line, "# "); ok {
			out = append(out, Group{Name: name})
			continue
		}
		char, rest, _ := strings.Cut(line, "\t")
		name, codes, _ := strings.Cut(rest, "\t")
		g := &out[len(out)-1]
		g.All = append(g.All, Emoji{char, name, append(strings.Fields(codes), codeOf(name))})
	}
	return out
})

// codeOf is a name as people type it.
func codeOf(name string) string {
	return strings.Join(strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), "_")
}

// Search finds those of which all words are the beginnings of words in their name or their
// codes: those that are called so first.
func Search(words string) []Emoji {
	query := strings.Fields(strings.ToLower(words))
	if len(query) == 0 {
		return nil
	}
	var ranks [3][]Emoji
	whole := strings.Join(query, "_")
	for _, g := range Groups() {
		for _, e := range g.All {
			switch {
			case slices.Contains(e.Codes, whole):
				ranks[0] = append(ranks[0], e)
			case slices.ContainsFunc(e.Codes, func(c string) bool { return strings.HasPrefix(c, whole) }):
				ranks[1] = append(ranks[1], e)
			case e.has(query):
				ranks[2] = append(ranks[2], e)
			}
		}
	}
	return slices.Concat(ranks[0], ranks[1], ranks[2])
}

// has reports that each of these begins a word of the emoji's.
func (e Emoji) has(query []string) bool {
	words := strings.Split(strings.Join(e.Codes, "_"), "_")
	for _, q := range query {
		if !slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, q) }) {
			return false
		}
	}
	return true
}

// leastCode is how many letters of a code have to be there: faces like :p have one.
const leastCode = 2

// Begun finds the code that a text ends with, such as :smi, and the emojis that it may be
// for. From is where it begins, in bytes.
func Begun(text string) (from int, fitting []Emoji) {
	body := strings.TrimSuffix(text, ":")
	from = strings.LastIndexByte(body, ':')
	if from < 0 || from > 0 && !strings.ContainsAny(text[from-1:from], " \n\t(") {
		return 0, nil
	}
	code := strings.ToLower(body[from+1:])
	if len(code) < leastCode || strings.ContainsFunc(code, func(r rune) bool {
		return r != '_' && r != '+' && r != '-' && (r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r))
	}) {
		return 0, nil
	}
	closed := body != text
	var more []Emoji
	for _, g := range Groups() {
		for _, e := range g.All {
			switch {
			case slices.Contains(e.Codes, code):
				fitting = append(fitting, e)
			case !closed && slices.ContainsFunc(e.Codes, func(c string) bool { return strings.HasPrefix(c, code) }):
				more = append(more, e)
			}
		}
	}
	if fitting = append(fitting, more...); fitting == nil {
		return 0, nil
	}
	return from, fitting
}
