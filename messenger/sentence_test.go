package messenger

import (
	"errors"
	"testing"
)

func TestAsSentence(t *testing.T) {
	for text, want := range map[string]string{
		"": "Nobody knows why.", "  ": "Nobody knows why.", "x": "X.", "éa": "Éa.", "ж не": "Ж не.", "ǆ": "Ǆ.", "日本": "日本.", "日本。": "日本。",
		"\xffx": "\xffx.", "\xff": "\xff.", "wait…": "Wait…", "Really?": "Really?", "No!": "No!", "Done.": "Done.", " a ": "A.",
		"say “no.”": "Say “no.”", "(no.)": "(no.)", "it says (no)": "It says (no).",
	} {
		if got := asSentence(errors.New(text)); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}
