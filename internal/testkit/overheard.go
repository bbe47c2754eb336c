package testkit

import (
	"encoding/base64"
	"encoding/hex"
	"html"
	"maps"
	"regexp"
	"strings"
	"testing"
)

// NeverSaw looks for private texts in all that the server ever saw: as they are,
// escaped for XML or HTML, once or several times, broken by tags or blanks, in
// base64 and in hex. So that it can fail, it wants the open text to be found there,
// and messages of OTR.
func (s *Server) NeverSaw(t testing.TB, open string, private ...string) {
	t.Helper()
	heard := overhear(s.Stanzas())
	if !heard.holds(open) {
		t.Errorf("the record does not even hold the open text %q: it cannot be trusted", open)
	}
	if !heard.holds("?OTR") {
		t.Error("the record holds nothing of OTR: it cannot be trusted")
	}
	if len(private) == 0 {
		t.Error("nothing private was named")
	}
	for _, text := range private {
		if len(squeeze(text)) < 8 {
			t.Errorf("%q is too short: it could be found by chance", text)
		}
		if line, ok := heard.line(text); ok {
			t.Errorf("the server saw %q: %.2000s", text, line)
		}
	}
}

// heard is a recording, line by line, each in all readings that somebody who
// listens could make of it.
type heard struct {
	lines    []string
	readings []string
}

var (
	anyTag  = regexp.MustCompile(`<[^<>]*>`)
	base64s = regexp.MustCompile(`[A-Za-z0-9+/_-]{12,}`)
	hexes   = regexp.MustCompile(`(?:[0-9A-Fa-f]{2}){8,}`)
)

func overhear(recording string) heard {
	var h heard
	for line := range strings.Lines(recording) {
		h.lines = append(h.lines, line)
		h.readings = append(h.readings, readings(line))
	}
	return h
}

// readings are all that can be read in a text, one after the other.
func readings(text string) string {
	var b strings.Builder
	add := func(s string) {
		forms := map[string]bool{s: true}
		for range 3 { // one in the other, at most so often
			for f := range maps.Clone(forms) {
				forms[html.UnescapeString(f)] = true
				forms[anyTag.ReplaceAllString(f, "")] = true
			}
		}
		for f := range forms {
			b.WriteString(fold(f) + "\x00")
		}
	}
	add(text)
	for _, run := range base64s.FindAllString(text, -1) {
		run = strings.NewReplacer("-", "+", "_", "/").Replace(run)
		for shift := range 4 { // it may begin in the middle of other letters
			part := run[min(shift, len(run)):]
			if len(part)%4 == 1 { // no end of anything
				part = part[:len(part)-1]
			}
			if raw, err := base64.RawStdEncoding.DecodeString(part); err == nil {
				add(string(raw))
			}
		}
	}
	for _, run := range hexes.FindAllString(text, -1) {
		if raw, err := hex.DecodeString(run); err == nil {
			add(string(raw))
		}
	}
	return b.String()
}

// fold makes two writings of one text the same: without blanks and upper case.
func fold(s string) string { return strings.ToLower(squeeze(s)) }

func (h heard) holds(text string) bool {
	_, ok := h.line(text)
	return ok
}

// line is the first line in which the text can be read.
func (h heard) line(text string) (string, bool) {
	text = fold(text)
	for i, r := range h.readings {
		if strings.Contains(r, text) {
			return h.lines[i], true
		}
	}
	return "", false
}
