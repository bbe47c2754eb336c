package im_test

import (
	"fmt"
	"strings"
	"testing"

	"culver/im"
)

func TestWordsInSentences(t *testing.T) {
	type word interface {
		fmt.Stringer
		InSentence() string
	}
	var words []word
	for s := im.Offline; s <= im.FreeForChat; s++ {
		words = append(words, s)
	}
	for r := im.NoRole; r <= im.Moderator; r++ {
		words = append(words, r)
	}
	for s := im.Banned; s <= im.Owner; s++ {
		words = append(words, s)
	}
	for _, w := range words {
		if got, want := w.InSentence(), strings.ToLower(w.String()); got != want {
			t.Errorf("%q instead of %q", got, want)
		}
	}
}
