package replaceplugin

import (
	"errors"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"culver/lang"
)

// Bounds on what a user can set up.
const (
	maxRules = 2000
	maxTyped = 100  // characters
	maxSent  = 1000 // characters
)

// Rule is one replacement. A rule without Exact also takes other capitals than
// those it was set up with, and brings the first one over: "teh" becomes "the",
// "Teh" "The" and "TEH" "THE". Words that are set up with capitals of their own,
// or as an address, stay as they are.
type Rule struct {
	Typed string `json:"typed"`
	Sent  string `json:"sent"`
	Exact bool   `json:"exact,omitempty"` // only with these very capitals
}

// Rules are what is set up, in the order of Typed.
type Rules []Rule

// check says in a sentence what is wrong with a rule.
func (r Rule) check() error {
	switch {
	case r.Typed == "":
		return errors.New(lang.T("Write the word that is to be replaced."))
	case r.Sent == "":
		return errors.New(lang.T("Write what is to be sent instead."))
	case !utf8.ValidString(r.Typed) || !utf8.ValidString(r.Sent) || strings.ContainsFunc(r.Typed+r.Sent, unicode.IsControl):
		return errors.New(lang.T("This holds characters that cannot be used here."))
	case strings.ContainsFunc(r.Typed, unicode.IsSpace):
		return errors.New(lang.T("Only single words can be replaced: leave the blanks out."))
	case isAddress(r.Typed):
		return errors.New(lang.T("Addresses are never replaced."))
	case utf8.RuneCountInString(r.Typed) > maxTyped || utf8.RuneCountInString(r.Sent) > maxSent:
		return errors.New(lang.T("This is too long."))
	case r.Typed == r.Sent:
		return errors.New(lang.T("Both are the same."))
	}
	return nil
}

// key is what makes a rule unique.
func (r Rule) key() string {
	if r.Exact {
		return r.Typed
	}
	return strings.ToLower(r.Typed)
}

// sorted brings rules into order, without those that are not fit or come twice.
func (rs Rules) sorted() Rules {
	var out Rules
	seen := map[string]bool{}
	for _, r := range rs {
		id := r.id()
		if r.check() == nil && !seen[id] && len(out) < maxRules {
			seen[id] = true
			out = append(out, r)
		}
	}
	slices.SortStableFunc(out, func(a, b Rule) int {
		if d := strings.Compare(strings.ToLower(a.Typed), strings.ToLower(b.Typed)); d != 0 {
			return d
		}
		return strings.Compare(a.id(), b.id())
	})
	return out
}

// id names a rule in the settings: one for each word, or spelling of it.
func (r Rule) id() string {
	if r.Exact {
		return "=" + r.Typed
	}
	return "~" + r.key()
}

// table finds the rule for a word.
type table struct {
	exact, any map[string]Rule
}

func newTable(rs Rules) table {
	t := table{exact: map[string]Rule{}, any: map[string]Rule{}}
	for _, r := range rs {
		if r.Exact {
			t.exact[r.Typed] = r
		} else {
			t.any[r.key()] = r
		}
	}
	return t
}

// replace replaces the words of a line. Whole words count, between blanks and
// punctuation: a part of a longer word stays, and so do addresses and paths.
func (t table) replace(line string) string {
	return each(line, unicode.IsSpace, func(s string) string {
		if isAddress(s) {
			return s
		}
		if sent, ok := t.word(s); ok {
			return sent
		}
		return each(s, parts, t.within)
	})
}

// each replaces what stands between runes of a kind.
func each(s string, between func(rune) bool, replace func(string) string) string {
	var out strings.Builder
	for {
		at := strings.IndexFunc(s, between)
		if at < 0 {
			out.WriteString(replace(s))
			return out.String()
		}
		_, size := utf8.DecodeRuneInString(s[at:])
		out.WriteString(replace(s[:at]))
		out.WriteString(s[at : at+size])
		s = s[at+size:]
	}
}

// within replaces a word with punctuation around it.
func (t table) within(s string) string {
	from := strings.IndexFunc(s, isWord)
	if from < 0 {
		return s
	}
	to := strings.LastIndexFunc(s, isWord)
	_, size := utf8.DecodeRuneInString(s[to:])
	to += size
	if sent, ok := t.word(s[from:to]); ok {
		return s[:from] + sent + s[to:]
	}
	return s
}

func (t table) word(s string) (string, bool) {
	if r, ok := t.exact[s]; ok {
		return r.Sent, true
	}
	if r, ok := t.any[strings.ToLower(s)]; ok {
		return likeTyped(r, s), true
	}
	return "", false
}

// likeTyped gives a replacement the capitals that were typed.
func likeTyped(r Rule, typed string) string {
	if typed == r.Typed || strings.ContainsFunc(r.Sent, unicode.IsUpper) || isAddress(r.Sent) {
		return r.Sent
	}
	first, size := utf8.DecodeRuneInString(typed)
	switch {
	case !unicode.IsUpper(first) && !unicode.IsTitle(first):
		return r.Sent
	case len(typed) > size && typed == strings.ToUpper(typed) && typed != strings.ToLower(typed):
		return strings.ToUpper(r.Sent)
	}
	to, size := utf8.DecodeRuneInString(r.Sent)
	return string(unicode.ToTitle(to)) + r.Sent[size:]
}

// isWord reports what words are made of.
func isWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) || r == '_'
}

// parts reports the punctuation that parts words even without a blank, as in
// "teh,adn".
func parts(r rune) bool { return strings.ContainsRune(",;:!?()[]{}\"“”„«»…", r) }

// isAddress reports what may lead somewhere, which a replacement would break.
func isAddress(s string) bool { return strings.ContainsAny(s, `/\@`) }
