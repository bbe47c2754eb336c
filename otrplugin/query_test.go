package otrplugin

import (
	"strings"
	"testing"
	"unicode/utf8"

	"culver/plugin/plugintest"
)

func TestQueriesAreShortAndInTheUsersLanguage(t *testing.T) {
	for tongue := range queryWords {
		text := queryText("alice@example.net", tongue)
		if !strings.Contains(text, "alice@example.net") || !strings.Contains(text, otrHome) || strings.Contains(text, "%") {
			t.Errorf("%s: who asks, or where to get a program, is missing: %q", tongue, text)
		}
		if strings.ContainsAny(text, "\n\r") || utf8.RuneCountInString(text) > 240 {
			t.Errorf("%s: more than a short line: %q", tongue, text)
		}
	}
	for language, word := range map[string]string{"de": "privat", "de-AT": "privat", "pt-BR": "particular", "": "privately", "tlh": "privately", "EN": "privately"} {
		if text := queryText("alice@example.net", language); !strings.Contains(text, word) {
			t.Errorf("%q: %q", language, text)
		}
	}
}

func TestTheQuerySpeaksTheUsersLanguage(t *testing.T) {
	w := newWorld(t)
	w.alice.host.Tongue = "de"
	w.alice.does(actionStart)
	w.alice.host.Run()
	if !strings.Contains(w.alice.sent[0], "privat mit dir") || !strings.HasPrefix(w.alice.sent[0], "?OTRv23?") {
		t.Errorf("the query is %q", w.alice.sent[0])
	}
	w.alice.wantSaid(plugintest.Notice, "Attempting to start")
}
