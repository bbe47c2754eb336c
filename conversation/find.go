package conversation

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Sought is what somebody looks for in lines: large and small letters are alike.
type Sought struct {
	fold  []rune
	first string // the letters that a hit begins with, as bytes; empty: any may
}

// Seek makes one for what was typed. Spaces around it do not count.
func Seek(words string) Sought {
	var s Sought
	for _, r := range strings.TrimSpace(words) {
		s.fold = append(s.fold, foldRune(r))
	}
	if len(s.fold) > 0 && s.fold[0] < utf8.RuneSelf && plainFold(s.fold[0]) {
		s.first = string(unicode.ToLower(s.fold[0])) + string(unicode.ToUpper(s.fold[0]))
	}
	return s
}

// Empty reports that nothing is looked for.
func (s Sought) Empty() bool { return len(s.fold) == 0 }

// Len is how many characters a hit has.
func (s Sought) Len() int { return len(s.fold) }

// Count is how often it is in a text. Hits do not overlap.
func (s Sought) Count(text string) int {
	n := 0
	for at := 0; ; n++ {
		from, to := s.next(text, at)
		if from < 0 {
			return n
		}
		at = to
	}
}

// Places are where it is in a text, in characters from its beginning.
func (s Sought) Places(text string) []int {
	var out []int
	runes, seen := 0, 0
	for at := 0; ; {
		from, to := s.next(text, at)
		if from < 0 {
			return out
		}
		runes += utf8.RuneCountInString(text[seen:from])
		out = append(out, runes)
		seen, at = from, to
	}
}

// next is the first hit from a place on, in bytes; from is -1 if there is none.
func (s Sought) next(text string, at int) (from, to int) {
	if s.Empty() {
		return -1, 0
	}
	for at < len(text) {
		if s.first != "" {
			i := strings.IndexAny(text[at:], s.first)
			if i < 0 {
				return -1, 0
			}
			at += i
		}
		if end := s.here(text, at); end >= 0 {
			return at, end
		}
		_, n := utf8.DecodeRuneInString(text[at:])
		at += n
	}
	return -1, 0
}

// here is where a hit that begins at a place ends, -1 if none does.
func (s Sought) here(text string, at int) int {
	for _, want := range s.fold {
		if at == len(text) {
			return -1
		}
		r, n := rune(text[at]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(text[at:])
		}
		if foldRune(r) != want {
			return -1
		}
		at += n
	}
	return at
}

// foldRune is the same for all letters that differ in size alone.
func foldRune(r rune) rune {
	if r < utf8.RuneSelf {
		if 'a' <= r && r <= 'z' {
			r -= 'a' - 'A'
		}
		return r
	}
	least := r
	for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
		least = min(least, f)
	}
	return least
}

// plainFold reports a character that no other one outside of ASCII stands for.
func plainFold(r rune) bool { return r != 'K' && r != 'S' }
