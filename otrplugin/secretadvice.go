package otrplugin

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"culver/lang"
)

// secretHint stands below a secret that gives no reason for another one.
func secretHint() string {
	return lang.T("Best is one word in small letters. It is compared exactly as typed: capital letters, spaces and accents count.")
}

// answerHint stands below the answer to what the peer asks.
func answerHint() string {
	return lang.T("Type it exactly as agreed: capital letters, spaces and accents count.")
}

// answerSpaceHint takes its place, also for a moment at each space that is typed: it
// is no longer, or the buttons would move away from the mouse.
func answerSpaceHint() string {
	return lang.T("It begins or ends with a space. Is that how you agreed on it?")
}

// adviceAbout says what may go wrong with a secret that the user is choosing. It
// never forbids: the user may know better.
func adviceAbout(secret, name string) string {
	if blank(secret) {
		return secretHint()
	}
	var advice []string
	if easyToGuess(secret) {
		advice = append(advice, lang.F("This is easy to guess. Somebody who pretends to be %s could be lucky: better take a longer word.", name))
	}
	if edgeSpaces(secret) {
		advice = append(advice, lang.T("It begins or ends with a space, which nobody sees."))
	}
	switch capitals, marks := strings.ContainsFunc(secret, unicode.IsUpper), strings.ContainsFunc(secret, beyondASCII); {
	case capitals && marks:
		advice = append(advice, lang.F("Capital letters and accents count: agree with %s how it is written.", name))
	case capitals:
		advice = append(advice, lang.F("Capital letters count: agree with %s how it is written, or use small letters only.", name))
	case marks:
		advice = append(advice, lang.F("Accents and special letters count, and not every keyboard has them: agree with %s how it is written.", name))
	}
	if len(advice) == 0 {
		return secretHint()
	}
	return together(advice...)
}

// adviceAboutAnswer is the same for one who has to type what the other one chose.
func adviceAboutAnswer(answer string) string {
	if !blank(answer) && edgeSpaces(answer) {
		return answerSpaceHint()
	}
	return answerHint()
}

// blank reports that there is nothing to be seen in s.
func blank(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !invisible(r) })
}

// invisible are the letters that count as graphic and show nothing.
func invisible(r rune) bool {
	return strings.ContainsRune("\u115f\u1160\u2800\u3164\uffa0", r) || unicode.Is(unicode.Mn, r)
}

func edgeSpaces(s string) bool { return strings.TrimFunc(s, unicode.IsSpace) != s }

func beyondASCII(r rune) bool { return r > unicode.MaxASCII }

// easyToGuess reports a number such as a PIN or a year, a single letter repeated,
// what is very short, and what everybody takes first.
func easyToGuess(s string) bool {
	s = strings.ToLower(strings.TrimSpace(s))
	runes := []rune(s)
	digits := 0
	for _, r := range runes {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	switch {
	case len(runes) < 4, digits >= len(runes)-2 && len(runes) <= 8:
		return true
	case !slices.ContainsFunc(runes, func(r rune) bool { return r != runes[0] }):
		return true
	}
	return slices.Contains([]string{
		"password", "passwort", "secret", "geheim", "hello", "hallo", "test", "qwerty", "qwertz", "abcd", "abc123",
		"yes", "none", "love", "letmein", "answer", "antwort",
	}, s)
}

// givenAway reports that the question holds its own answer.
func givenAway(question, answer string) bool {
	q, a := lettersOf(question), lettersOf(answer)
	if len(a) == 0 {
		return false
	}
	word := strings.Join(a, " ")
	if utf8.RuneCountInString(word) >= 4 && strings.Contains(strings.Join(q, " "), word) {
		return true
	}
	for i := range q {
		if len(q)-i >= len(a) && slices.Equal(q[i:i+len(a)], a) {
			return true
		}
	}
	return false
}

// lettersOf are the words of s, in small letters.
func lettersOf(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
