package foreign

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"culver/lang"
)

// listed names a few things, with how many there are of each.
func listed(counts map[string]int) string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		if len(out) == 8 {
			out = append(out, lang.T("and more"))
			break
		}
		word := short(name)
		if n := counts[name]; n > 1 {
			word = fmt.Sprintf("%s (%d)", word, n)
		}
		out = append(out, word)
	}
	return strings.Join(out, ", ")
}

// short is a name out of a file as it may stand in a sentence.
func short(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == 0xfffd {
			return -1
		}
		return r
	}, s)
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

// limited is a name of a person or group, no longer than such names are.
func limited(s string) string {
	s = strings.TrimSpace(s)
	if len(s) <= maxName {
		return s
	}
	return strings.ToValidUTF8(s[:maxName], "")
}
