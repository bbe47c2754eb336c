package otrplugin

import (
	"strings"
	"testing"
)

func TestAdviceAboutSecrets(t *testing.T) {
	for secret, want := range map[string]string{
		"":                 secretHint(),
		"   ":              secretHint(),
		"clocktower":       secretHint(),
		"under the clock":  secretHint(),
		"1234":             "easy to guess",
		"1984":             "easy to guess",
		"24.12.80":         "easy to guess",
		"abc":              "easy to guess",
		"aaaaaaaa":         "easy to guess",
		"Password":         "easy to guess",
		"0123456789012":    secretHint(),
		" clocktower":      "begins or ends with a space",
		"clocktower\u00a0": "begins or ends with a space",
		"Clocktower":       "Capital letters count",
		"caf\u00e9tasse":   "Accents and special letters",
		"Große Liebe":      "Capital letters and accents",
		" Ab1":             "easy to guess",
		"\U0001f600\U0001f600\U0001f600\U0001f601": "Accents and special letters",
	} {
		if got := adviceAbout(secret, "Bob"); !strings.Contains(got, want) {
			t.Errorf("%q: %q", secret, got)
		}
	}
	if len(adviceAboutAnswer("two ")) > len(answerHint()) {
		t.Error("the form grows while a space is typed, and its buttons move")
	}
	if got := adviceAboutAnswer(" x"); !strings.Contains(got, "space") || adviceAboutAnswer("X") != answerHint() {
		t.Errorf("%q", got)
	}
}

func TestBlankSecrets(t *testing.T) {
	for _, s := range []string{"", " ", "\t\n", "\u00a0\u3000", "\u200b\u200d\ufeff", "\u3164", "\u2800", "\u0301", "\x00\x01", "\u202e"} {
		if !blank(s) {
			t.Errorf("%q is taken for a secret", s)
		}
	}
	for _, s := range []string{"a", " a", "\u00e9", "e\u0301", "\U0001f600", "."} {
		if blank(s) {
			t.Errorf("%q is taken for nothing", s)
		}
	}
}

func TestTheQuestionHoldsTheAnswer(t *testing.T) {
	for _, row := range []struct {
		question, answer string
		want             bool
	}{
		{"Did we meet in Rome or in Paris?", "rome", true},
		{"Did we meet in Rome or in Paris?", " Paris.", true},
		{"Say blue-teapot!", "Blue Teapot", true},
		{"The password is hunter2x", "HUNTER2", true},
		{"What is 2 and 2? Not 5.", "5", true},
		{"What do I call a cat?", "a", true},
		{"What do I call a cat?", "t", false},
		{"What colour is the teapot?", "blue", false},
		{"Where?", "", false},
		{"Where?", "?!", false},
		{"", "a", false},
	} {
		if got := givenAway(row.question, row.answer); got != row.want {
			t.Errorf("%q, %q: %v", row.question, row.answer, got)
		}
	}
}

func TestTheWizardAdvisesWhileASecretIsTyped(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.alice.does(actionAuthenticate)
	d := w.alice.host.Dialog("Authenticate Bob")
	if d.Field(fieldAnswer).Hint != secretHint() {
		t.Errorf("at first: %q", d.Field(fieldAnswer).Hint)
	}
	d.Type(fieldQuestion, "My number?")
	d.Type(fieldAnswer, "1234")
	if !strings.Contains(d.Field(fieldAnswer).Hint, "easy to guess") || d.Value(fieldAnswer) != "1234" || d.Value(fieldQuestion) != "My number?" {
		t.Errorf("advice: %q", d.Field(fieldAnswer).Hint)
	}
	d.Type(fieldAnswer, "clocktower")
	if d.Field(fieldAnswer).Hint != secretHint() {
		t.Errorf("in the end: %q", d.Field(fieldAnswer).Hint)
	}
	n := len(w.alice.sent)
	d.Type(fieldQuestion, "Is it the clocktower or the bridge?")
	d.Press(buttonAuthenticate)
	wantText(t, d, "stands in the question")
	if len(w.alice.sent) != n {
		t.Error("it was sent")
	}
	// Advice is not a ban.
	d.Type(fieldQuestion, "My number?")
	d.Type(fieldAnswer, "1234")
	d.Press(buttonAuthenticate)
	w.run()
	prompt := w.bob.host.Dialog("Authentication from")
	prompt.Type(fieldAnswer, "1234 ")
	if !strings.Contains(prompt.Field(fieldAnswer).Hint, "space") {
		t.Errorf("the prompt advises: %q", prompt.Field(fieldAnswer).Hint)
	}
}
