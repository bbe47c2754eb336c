package otrplugin

import (
	"strings"
	"testing"
)

func TestNamesInASentence(t *testing.T) {
	for names, want := range map[string]string{
		"":              "",
		"a":             "a",
		"a b":           "a and b",
		"a b c":         "a, b and c",
		"a b c d":       "a, b, c and d",
		"a b c d e":     "a, b, c, d and one other",
		"a b c d e f g": "a, b, c, d and 3 others",
	} {
		if got := listed(strings.Fields(names), 4); got != want {
			t.Errorf("%q is %q, want %q", names, got, want)
		}
	}
}
