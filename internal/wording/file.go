package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"culver/lang"
)

// codes are the languages that have a catalogue.
func codes() (all []string) {
	for _, l := range lang.Languages() {
		if l.Code != "en" {
			all = append(all, l.Code)
		}
	}
	return all
}

func cataloguePath(root, code string) string {
	return filepath.Join(root, "lang", "catalogues", code+".json")
}

// catalogue is a file of them: a string, or a list of strings, by the English text.
type catalogue map[string]any

func read(file string) (catalogue, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	c := catalogue{}
	if err := json.Unmarshal(data, &c); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return c, nil
}

// write puts the texts down in the order of the English ones, a line each.
func (c catalogue) write(file string) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "\t")
	if err := e.Encode(c); err != nil {
		return err
	}
	return os.WriteFile(file, b.Bytes(), 0o644)
}

// renew is a catalogue of what is said now, and how much of it is still to be
// translated.
func (c catalogue) renew(said map[string]text) (after catalogue, open int) {
	after = catalogue{}
	for english, t := range said {
		have, ok := c[english]
		if _, isList := have.([]any); !ok || isList != t.counted {
			if have = ""; t.counted {
				have = []any{}
			}
		}
		after[english] = have
		if untranslated(have) {
			open++
		}
	}
	return after, open
}

func untranslated(v any) bool {
	if forms, ok := v.([]any); ok {
		return len(forms) == 0
	}
	return v == ""
}
