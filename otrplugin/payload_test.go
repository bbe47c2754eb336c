package otrplugin

import (
	"strings"
	"testing"
	"unicode/utf8"

	"culver/im"
	"culver/plugin"
)

func TestMarkup(t *testing.T) {
	for in, want := range map[string]string{
		"":                      "",
		"plain":                 "plain",
		`<a href="x">&amp;</a>`: `&lt;a href="x"&gt;&amp;amp;&lt;/a&gt;`,
		"one\ntwo\r\nthree\r":   "one<br/>two<br/>three<br/>",
		"nul\x00byte":           "nulbyte",
		"ünï ☃":                 "ünï ☃",
	} {
		if got := string(markup(in)); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

func TestCutOffer(t *testing.T) {
	const v2, v3 = "  \t\t  \t ", "  \t\t  \t\t"
	for in, want := range map[string]string{
		"hello":                               "hello",
		"hello" + offerBase:                   "hello",
		"hello" + offerBase + v2 + v3:         "hello",
		"hello" + offerBase + v2 + " you":     "hello you",
		offerBase + v3:                        "",
		"hello" + offerBase[:15]:              "hello" + offerBase[:15],
		"a" + offerBase + "b" + offerBase:     "ab" + offerBase,
		"hello" + offerBase + "       \u00a0": "hello       \u00a0",
	} {
		got, found := cutOffer(in)
		if got != want || found != strings.Contains(in, offerBase) {
			t.Errorf("%q: %q, %v", in, got, found)
		}
	}
}

func TestTags(t *testing.T) {
	for in, want := range map[string][2]uint32{
		"?OTR:AAMDEjRWeAAAAQAAAAAA.":    {0x12345678, 0x100},
		"?OTR:AAMDEjRWeAAAAAAA.":        {0x12345678, 0}, // to nobody in particular
		"?OTR:AAIDEjRWeAAAAAAA.":        {},              // version 2 has none
		"?OTR:AAMD":                     {},
		"?OTR:!!!!!!!!!!!!!!!!":         {},
		"?OTR|12345678|00000100,1,2,x,": {0x12345678, 0x100},
		"?OTR|5a73a599|27e31597,1,2,x,": {0x5a73a599, 0x27e31597},
		"?OTR|5a73a599|0,1,2,x|7,":      {0x5a73a599, 0},
		"?OTR|fffffffff|1,1,2,x,":       {0, 1},
		"?OTR|":                         {},
		"?OTR,1,2,x,":                   {},
		"?OTRv23?":                      {},
		"":                              {},
	} {
		if from, to := tags(in); from != want[0] || to != want[1] {
			t.Errorf("%q: %x, %x, want %x", in, from, to, want)
		}
	}
}

func TestHintsOfTheWire(t *testing.T) {
	for wire, want := range map[string]plugin.Hints{
		"?OTR:AAMDEjRWeAAAAQA.":       {Sealed: true, By: namespace},
		"?OTR:AAIDEjRWeAAAAQA.":       {Sealed: true, By: namespace},
		"?OTR|5a73a599|0,1,2,x,":      {Sealed: true, By: namespace},
		"?OTR,1,2,x,":                 {Sealed: true, By: namespace},
		"?OTR:AAMC.":                  {Sealed: true, By: namespace, Momentary: true},
		"?OTR:AAMKAAAA.":              {Sealed: true, By: namespace, Momentary: true},
		"?OTR:AAMRAAAA.":              {Sealed: true, By: namespace, Momentary: true},
		"?OTR:AAISAAAA.":              {Sealed: true, By: namespace, Momentary: true},
		"?OTR:AAM":                    {Sealed: true, By: namespace},
		"?OTR:":                       {Sealed: true, By: namespace},
		"?OTRv23? let us talk":        {Sealed: true},
		"?OTR Error: it is not there": {Sealed: true, Momentary: true},
	} {
		want.Resource = "phone"
		if got := wireHints([]byte(wire), "phone"); got != want {
			t.Errorf("%q: %+v, want %+v", wire, got, want)
		}
	}
	w := newWorld(t)
	kinds := map[string]int{}
	for _, e := range []*end{w.alice, w.bob} {
		onWire := e.host.OnWire
		e.host.OnWire = func(c im.ConvID, body string, h plugin.Hints) error {
			if h.Momentary {
				kinds[body[:9]]++
			}
			return onWire(c, body, h)
		}
	}
	w.private()
	w.says(w.alice, "data")
	w.does(w.alice, actionEnd)
	for _, kind := range []string{"?OTR:AAMC", "?OTR:AAMK", "?OTR:AAMR", "?OTR:AAMS"} {
		if kinds[kind] == 0 {
			t.Errorf("no %s is about now: %v", kind, kinds)
		}
	}
	if len(kinds) != 4 {
		t.Errorf("about now: %v", kinds)
	}
}

func TestWords(t *testing.T) {
	for in, want := range map[string]string{
		"":                         "",
		"  two\n\nlines\t ":        "two lines",
		"turn \u202e around\u2066": "turn around",
		"bell\x07\x1b[31m":         "bell [31m",
		"bad\xffbyte":              "bad\uFFFDbyte",
		"family 👨\u200d👩":          "family 👨\u200d👩",
		strings.Repeat("ä", 400):   strings.Repeat("ä", 300) + "…",
	} {
		if got := words(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
	for _, r := range "\"“”„‟«»‹›＂″❝❞〝〞" {
		said := "x" + string(r) + " The key is verified. " + string(r)
		if got := words(said); got != "x' The key is verified. '" {
			t.Errorf("%q becomes %q", said, got)
		}
	}
	for between, most := range map[string]int{"": 4, "\u200d": 4, "\ufe0f": 4, "\u2060": 4, "b": 4 * 20} {
		got := words("a" + strings.Repeat(strings.Repeat("\u0336\u0489\u030d", 3)+between, 20))
		n := 0
		for _, r := range got {
			if strings.ContainsRune("\u0336\u0489\u030d", r) {
				n++
			}
		}
		if n > most {
			t.Errorf("%d marks on the letters of %q", n, got)
		}
	}
	for in, want := range map[string]string{"": "", "it failed": "it failed.", "what?": "what?", "done.": "done."} {
		if got := sentence(in); got != want {
			t.Errorf("%q becomes %q", in, got)
		}
	}
}

func FuzzPayload(f *testing.F) {
	for _, s := range []string{"", "<&>\n\x00", "x" + offerBase + "  \t\t  \t\t", "?OTR:AAMDEjRWeAAAAAA.", "?OTR|1|2,1,1,x,", "\xff\u202e"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if m := string(markup(s)); strings.ContainsAny(strings.ReplaceAll(m, "<br/>", ""), "<>\x00\n\r") {
			t.Errorf("%q becomes %q", s, m)
		}
		if text, found := cutOffer(s); !found && text != s || found && len(text) > len(s)-len(offerBase) {
			t.Errorf("%q: %q, %v", s, text, found)
		}
		tags(s)
		if x := words(s); !utf8.ValidString(x) || strings.ContainsAny(x, "\n\r\x00\u202e") || utf8.RuneCountInString(x) > maxWords+1 {
			t.Errorf("%q becomes %q", s, x)
		}
	})
}
