package conversation

import (
	"slices"
	"strings"
	"testing"

	"culver/im"
)

func TestWhatIsTyped(t *testing.T) {
	for text, want := range map[string]Typed{
		"hello":                 {Say: "hello"},
		"":                      {Say: ""},
		" /help":                {Say: " /help"},
		"//help":                {Say: "/help"},
		"/usr/bin/env is there": {Say: "/usr/bin/env is there"},
		"/ alone":               {Say: "/ alone"},
		"/":                     {Say: "/"},
		"/me waves":             {Say: "/me waves"},
		"/say /help":            {Say: "/help"},
		"/help":                 {Command: "help"},
		"/HELP  nick ":          {Command: "help", Value: "nick"},
		"/clear":                {Command: "clear"},
		"/away back at 5\nor 6": {Command: "away", Value: "back at 5\nor 6"},
		"/info":                 {Command: "info"},
		"/one\ntwo":             {Say: "/one\ntwo"},
	} {
		if got := ReadTyped(text, im.WithPerson); got != want {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
	}
	for _, text := range []string{"/nonsense", "/me", "/say ", "/topic tea", "/" + strings.Repeat("x", 5000)} {
		if got := ReadTyped(text, im.WithPerson); got.Problem == "" || got.Say != "" || got.Command != "" || len(got.Problem) > 300 {
			t.Errorf("%.20q: %+v", text, got)
		}
	}
	if got := ReadTyped("/topic tea", im.InRoom); got.Command != CommandTopic || got.Value != "tea" {
		t.Errorf("%+v", got)
	}
}

func TestCommandsAreCompleted(t *testing.T) {
	for text, want := range map[string][]string{
		"/c":     {"/clear", "/close"},
		"/CL":    {"/clear", "/close"},
		"/help":  {"/help"},
		"/help ": nil,
		"/x":     nil,
		"c":      nil,
		"":       nil,
	} {
		if got := CommandNames(text, im.WithPerson); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	for _, k := range []im.ConvKind{im.WithPerson, im.InRoom, im.InAside} {
		if names := CommandNames("/", k); len(names) != len(Commands(k)) {
			t.Errorf("%v: %q", k, names)
		}
		for _, c := range Commands(k) {
			if c.Help == "" || c.Must && c.Value == "" {
				t.Errorf("%+v", c)
			}
		}
	}
}
