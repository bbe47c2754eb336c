package im_test

import (
	"strings"
	"testing"

	"culver/im"
)

func TestCheckPassphrase(t *testing.T) {
	for _, c := range []struct{ typed, again, says string }{
		{"", "", "longer"},
		{"short", "short", "longer"},
		{"          ", "          ", "longer"},
		{"   ab cd  ", "   ab cd  ", "longer"},
		{"aaaaaaaaaaaa", "aaaaaaaaaaaa", "longer"},
		{"abcabcabcabc", "abcabcabcabc", "longer"},
		{"ééééßßßß", "ééééßßßß", "longer"},
		{"\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8", "\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8", "longer"}, // no text
		{"correct horse", "correct hose", "not the same"},
		{"correct horse", "", "not the same"},
		{"correct horse", "correct horse", ""},
		{"Größe123", "Größe123", ""},
		{strings.Repeat("correct horse ", 500), strings.Repeat("correct horse ", 500), ""},
	} {
		got := im.CheckPassphrase(c.typed, c.again)
		if c.says == "" && got != "" || !strings.Contains(got, c.says) {
			t.Errorf("%q, %q: %q", c.typed, c.again, got)
		}
	}
}
