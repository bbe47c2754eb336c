package im

import (
	"strings"

	"culver/lang"
)

// MinPassphrase is how many characters a new passphrase has at least.
const MinPassphrase = 8

// PassphraseHint is what to say beside the line for a new passphrase.
func PassphraseHint() string {
	return lang.T("At least 8 characters; several words that do not belong together are best")
}

// CheckPassphrase says in a sentence why a new passphrase, typed twice, is not
// taken; empty: it is. Too short is one, and one that is little more than a key
// pressed again and again.
func CheckPassphrase(typed, again string) (problem string) {
	different := map[rune]bool{}
	for _, r := range typed {
		different[r] = true
	}
	switch {
	case len([]rune(strings.TrimSpace(typed))) < MinPassphrase || len(different) < 4:
		return lang.T("Choose a longer passphrase: at least 8 characters, and not always the same ones.")
	case typed != again:
		return lang.T("The two are not the same. Type the passphrase twice.")
	}
	return ""
}
