package emoji_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"culver/emoji"
)

func TestTable(t *testing.T) {
	want := []string{emoji.Smileys, emoji.People, emoji.Nature, emoji.Food, emoji.Travel, emoji.Activities, emoji.Objects, emoji.Symbols, emoji.Flags}
	seen := map[string]bool{}
	var names []string
	for _, g := range emoji.Groups() {
		names = append(names, g.Name)
		if len(g.All) < 50 {
			t.Errorf("%s has %d", g.Name, len(g.All))
		}
		for _, e := range g.All {
			if e.Char == "" || e.Name == "" || len(e.Codes) == 0 || !utf8.ValidString(e.Char+e.Name) || strings.ContainsAny(e.Name, "\t\n") {
				t.Errorf("%+v", e)
			}
			if seen[e.Char] {
				t.Errorf("%s is there twice", e.Char)
			}
			seen[e.Char] = true
		}
	}
	if !slices.Equal(names, want) {
		t.Errorf("%q", names)
	}
}

func chars(all []emoji.Emoji) (out []string) {
	for _, e := range all {
		out = append(out, e.Char)
	}
	return out
}

func TestSearch(t *testing.T) {
	for words, first := range map[string]string{"thumbsup": "👍", "+1": "👍", "Thumbs Up": "👍", "red heart": "❤️", "joy": "😂", "pizza": "🍕", "germany": "🇩🇪", "smile": "😄"} {
		if got := chars(emoji.Search(words)); len(got) == 0 || got[0] != first {
			t.Errorf("%q finds %v first, not %s", words, got, first)
		}
	}
	if got := chars(emoji.Search("face tears")); !slices.Contains(got, "😂") {
		t.Errorf("%v", got)
	}
	if got := emoji.Search("xyzzy"); got != nil {
		t.Errorf("%v", got)
	}
	if got := emoji.Search("  "); got != nil {
		t.Errorf("nothing finds %d", len(got))
	}
}

func TestBegun(t *testing.T) {
	for text, want := range map[string]struct {
		from int
		char string
	}{
		":smile":        {0, "😄"},
		"so :heart":     {3, "❤️"},
		"so :heart:":    {3, "❤️"},
		"(:pizz":        {1, "🍕"},
		"a\n:THUMBSUP":  {2, "👍"},
		":+1":           {0, "👍"},
		":p":            {0, ""}, // a face of its own
		"12:30":         {0, ""},
		"http://exampl": {0, ""},
		":no such":      {0, ""},
		":xyzzy":        {0, ""},
		":hear:":        {0, ""},
		"::":            {0, ""},
		"":              {0, ""},
	} {
		from, fitting := emoji.Begun(text)
		got := ""
		if len(fitting) > 0 {
			got = fitting[0].Char
		}
		if from != want.from || got != want.char {
			t.Errorf("%q: %s at %d, not %s at %d", text, got, from, want.char, want.from)
		}
	}
}
