package gui

import (
	"strings"
	"testing"
)

func TestWordsAreMarkedWhereTheyWereFound(t *testing.T) {
	for _, c := range []struct{ words, text, want string }{
		{"tea", "Tea, teapots and TEA.", "[Tea], [teapots] and [TEA]."},
		{"tea ", "Tea, teapots and TEA.", "[Tea], teapots and [TEA]."},
		{"zoë caf", "Zoe met ZOË at the Café.", "[Zoe] met [ZOË] at the [Café]."},
		{"blue teapot", "a teapot, blue; blues", "a [teapot], [blue]; blues"},
		{`"red kettle"`, "the red kettle", "the [red] [kettle]"},
		{"don't", "don't do it twice", "[don]'[t] do it [twice]"},
		{"東京", "私は東京に行く", "私は[東京]に行く"},
		{"привет", "Привет!", "[Привет]!"},
		{"naive", "nai\u0308ve", "[nai\u0308ve]"},
		{"", "anything", "anything"},
		{"  ", "anything", "anything"},
		{`"-*`, "anything", "anything"},
		{"x", "", ""},
	} {
		text := []rune(c.text)
		var b strings.Builder
		at := 0
		for _, s := range sought(c.words).in(text) {
			b.WriteString(string(text[at:s.from]) + "[" + string(text[s.from:s.to]) + "]")
			at = s.to
		}
		b.WriteString(string(text[at:]))
		if got := b.String(); got != c.want {
			t.Errorf("%q in %q: %q", c.words, c.text, got)
		}
	}
}

func FuzzSoughtWords(f *testing.F) {
	f.Add("zoë \"caf", "Café\u0301 東京")
	f.Fuzz(func(t *testing.T, words, text string) {
		runes := inOneLine(text)
		at := 0
		for _, s := range sought(words).in(runes) {
			if s.from < at || s.to <= s.from || s.to > len(runes) {
				t.Fatalf("%v in %q", s, text)
			}
			at = s.to
		}
	})
}
