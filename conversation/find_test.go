package conversation_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"culver/conversation"
)

func TestSeek(t *testing.T) {
	for _, c := range []struct {
		words, text string
		want        []int
	}{
		{"tea", "Tea and tea, TEATEA", []int{0, 8, 13, 16}},
		{"aa", "aaaa a", []int{0, 2}},
		{" tea ", "steamy", []int{1}},
		{"straße", "die STRASSE und die Straße", []int{20}},
		{"öl", "Öl, öL und 🛢 ÖL", []int{0, 4, 13}},
		{"kg", "5 \u212ag", []int{2}}, // the sign of Kelvin is a K
		{"λόγος", "ΛΌΓΟΣ", []int{0}},
		{"", "anything", nil},
		{"  ", "a  b", nil},
		{"x", "", nil},
		{"long words", "long word", nil},
		{"\x80", "a\x80b", []int{1}},
	} {
		s := conversation.Seek(c.words)
		if got := s.Places(c.text); !slices.Equal(got, c.want) {
			t.Errorf("%q is in %q at %v, not %v", c.words, c.text, got, c.want)
		}
		if got := s.Count(c.text); got != len(c.want) {
			t.Errorf("%q is in %q %d times, not %d", c.words, c.text, got, len(c.want))
		}
	}
	if !conversation.Seek(" \t").Empty() || conversation.Seek(" öl").Len() != 2 {
		t.Error("what is looked for was measured wrongly")
	}
}

func FuzzSeek(f *testing.F) {
	f.Add("Tea", "tea TEA")
	f.Add("ß", "ẞß")
	f.Fuzz(func(t *testing.T, words, text string) {
		s := conversation.Seek(words)
		places := s.Places(text)
		if len(places) != s.Count(text) {
			t.Fatalf("%q in %q: %v, but %d", words, text, places, s.Count(text))
		}
		runes := []rune(text)
		for i, p := range places {
			if i > 0 && p < places[i-1]+s.Len() || p+s.Len() > len(runes) {
				t.Fatalf("%q in %q: %v", words, text, places)
			}
		}
		if w := strings.TrimSpace(words); w != "" && utf8.ValidString(words+text) && strings.Contains(text, w) && len(places) == 0 {
			t.Fatalf("%q is not found in %q", words, text)
		}
	})
}

func BenchmarkSeek(b *testing.B) {
	text := strings.Repeat("one ordinary line that somebody wrote to somebody else. ", 2000)
	s := conversation.Seek("nobody")
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		s.Count(text)
	}
}
