package lang

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

//go:embed catalogues/*.json
var files embed.FS

// Language is one that Culver speaks.
type Language struct {
	Code string // ISO 639-1
	Name string // as its speakers call it
}

// Languages are those that Culver speaks, in the order of their names. Pseudo is not among them.
func Languages() []Language {
	return []Language{{"de", "Deutsch"}, {"en", "English"}, {"es", "Español"}, {"fr", "Français"}, {"ru", "Русский"}}
}

// Spoken are those of which there is at least a part: English, and those whose
// translation has begun.
func Spoken() (all []Language) {
	for _, l := range Languages() {
		data, err := files.ReadFile("catalogues/" + l.Code + ".json")
		if l.Code == "en" || err == nil && begun(data) {
			all = append(all, l)
		}
	}
	return all
}

// begun reports that a catalogue holds a text. It does not read it all: that would take
// too long for a start.
func begun(data []byte) bool {
	for {
		i := bytes.Index(data, []byte(`": `))
		if i < 0 {
			return false
		}
		data = bytes.TrimLeft(data[i+3:], " [\n\t")
		if len(data) > 1 && data[0] == '"' && data[1] != '"' {
			return true
		}
	}
}

// Pseudo is the code of a language for tests: English between ‹ and ›, so that a
// text that is in no catalogue can be told.
const Pseudo = "pseudo"

// catalogue is one language.
type catalogue struct {
	pseudo bool
	plural func(n int) int
	texts  map[string]string
	counts map[string][]string // by one|many
}

// Use chooses the language: that of a locale (de_DE.UTF-8, pt-BR), or English if
// Culver does not speak it. It returns its code.
func Use(locale string) (code string, err error) {
	code = Closest(locale)
	c, err := open(code)
	if err != nil {
		current.Store(nil)
		return "en", err
	}
	current.Store(c)
	return code, nil
}

// Closest is the code of the language of a locale, or English if Culver does not
// speak it.
func Closest(locale string) string {
	if locale == Pseudo {
		return Pseudo
	}
	code := strings.ToLower(locale)
	if i := strings.IndexAny(code, "_-.@"); i >= 0 {
		code = code[:i]
	}
	if slices.ContainsFunc(Languages(), func(l Language) bool { return l.Code == code }) {
		return code
	}
	return "en"
}

// open reads the catalogue of a language. That of English is nil.
func open(code string) (*catalogue, error) {
	switch code {
	case "en":
		return nil, nil
	case Pseudo:
		return &catalogue{pseudo: true}, nil
	}
	data, err := files.ReadFile("catalogues/" + code + ".json")
	if err != nil {
		return nil, err
	}
	return parse(code, data)
}

// parse reads a catalogue: one object of JSON, of texts by their English ones, and
// of lists of forms by "one|many". Empty ones are still to be translated.
func parse(code string, data []byte) (*catalogue, error) {
	var all map[string]json.RawMessage
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, fmt.Errorf("catalogue %s: %w", code, err)
	}
	c := &catalogue{plural: plurals[code].form, texts: make(map[string]string, len(all)), counts: map[string][]string{}}
	for english, raw := range all {
		if raw[0] == '[' {
			var forms []string
			if err := json.Unmarshal(raw, &forms); err != nil {
				return nil, fmt.Errorf("catalogue %s: %q: %w", code, english, err)
			}
			if len(forms) == plurals[code].forms && !slices.Contains(forms, "") {
				c.counts[english] = forms
			}
			continue
		}
		var t string
		if err := json.Unmarshal(raw, &t); err != nil {
			return nil, fmt.Errorf("catalogue %s: %q: %w", code, english, err)
		}
		if t != "" {
			c.texts[english] = t
		}
	}
	return c, nil
}

// text is that of an English one.
func (c *catalogue) text(english string) string {
	if t, ok := c.has(english); ok {
		return t
	}
	return english
}

func (c *catalogue) has(english string) (string, bool) {
	switch {
	case c == nil:
		return "", false
	case c.pseudo:
		return "‹" + english + "›", true
	}
	t, ok := c.texts[english]
	return t, ok
}

// count is the form of a text for a number.
func (c *catalogue) count(n int, one, many string) string {
	english := many
	if n == 1 {
		english = one
	}
	switch {
	case c == nil:
		return english
	case c.pseudo:
		return "‹" + english + "›"
	}
	if forms := c.counts[one+"|"+many]; forms != nil {
		return forms[c.plural(n)]
	}
	return english
}
