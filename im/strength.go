package im

import (
	"math"
	"strings"
	"unicode"

	"culver/lang"
)

// Strength is how hard a password is to guess.
type Strength int

// The strengths. Somebody who has the server's list of scrambled passwords finds a
// Weak one in hours, a Fair one with much money.
const (
	Weak Strength = iota
	Fair
	Good
	Strong
)

// String is the word that people read.
func (s Strength) String() string {
	return [...]string{lang.T("Easy to guess"), lang.T("Fair"), lang.T("Good"), lang.T("Strong")}[s]
}

// common are the beginnings of what people choose when they are asked for a password.
var common = []string{
	"password", "passwort", "passwd", "iloveyou", "letmein", "welcome", "qwerty", "qwertz", "azerty", "asdfgh", "zxcvbn",
	"abc", "admin", "login", "monkey", "dragon", "master", "secret", "football", "baseball", "princess", "sunshine",
	"superman", "trustno", "hello", "hallo", "bonjour", "hola", "culver", "server", "chat",
}

// PasswordStrength estimates how hard a password is to guess for somebody who knows
// the given words, such as the user's name, and tells it in bits as well. What repeats
// itself, or goes on as a keyboard or the alphabet does, counts for little.
func PasswordStrength(password string, known ...string) (s Strength, bits float64) {
	bits = guesses(strings.ToLower(password), known) + capitals(password)
	switch {
	case bits < 36:
		return Weak, bits
	case bits < 50:
		return Fair, bits
	case bits < 64:
		return Good, bits
	default:
		return Strong, bits
	}
}

// again is what a letter counts that could be foreseen.
const again = 0.25

// guesses are the bits of what was typed, its capitals apart.
func guesses(password string, known []string) (bits float64) {
	for _, word := range append(known, common...) {
		if word = strings.ToLower(word); len(word) > 2 {
			if n := strings.Count(password, word); n > 0 {
				password = strings.ReplaceAll(password, word, "")
				bits += 8 + float64(n-1)
			}
		}
	}
	runes := []rune(password)
	each := alphabet(runes)
	seen := map[[2]rune]bool{} // pairs, so that a part that comes again is noticed
	for i, r := range runes {
		switch {
		case i > 0 && (r == runes[i-1] || r == runes[i-1]+1 || r == runes[i-1]-1):
			bits += again // a run
		case i > 0 && seen[[2]rune{runes[i-1], r}]:
			bits += again
		default:
			bits += each
		}
		if i > 0 {
			seen[[2]rune{runes[i-1], r}] = true
		}
	}
	return bits
}

// alphabet is how many bits a letter has that was chosen by chance of all that are of
// the kinds in use; people do not choose by chance.
func alphabet(runes []rune) float64 {
	var size float64
	kinds := []struct {
		is func(rune) bool
		n  float64
	}{
		{func(r rune) bool { return r >= 'a' && r <= 'z' }, 26},
		{func(r rune) bool { return r >= '0' && r <= '9' }, 10},
		{func(r rune) bool { return r < 128 && !unicode.IsLetter(r) && !unicode.IsDigit(r) }, 20},
		{func(r rune) bool { return r >= 128 }, 40},
	}
	for _, k := range kinds {
		for _, r := range runes {
			if k.is(r) {
				size += k.n
				break
			}
		}
	}
	if size == 0 {
		return 0
	}
	return 0.75 * math.Log2(size)
}

// capitals are the bits of which letters are large: next to none if it is the first
// one, or all.
func capitals(password string) float64 {
	var large, letters int
	first := false
	for i, r := range []rune(password) {
		if unicode.IsLetter(r) {
			letters++
			if unicode.IsUpper(r) {
				large++
				first = first || i == 0
			}
		}
	}
	switch {
	case large == 0:
		return 0
	case large == letters || large == 1 && first:
		return 1
	default:
		return min(float64(large), 6)
	}
}
