package lang

import (
	"slices"
	"strings"
	"testing"
)

// speak uses a catalogue for a test.
func speak(t *testing.T, code, data string) {
	t.Helper()
	c, err := parse(code, []byte(data))
	if err != nil {
		t.Fatal(err)
	}
	current.Store(c)
	t.Cleanup(func() { current.Store(nil) })
}

func TestTextsAreTranslated(t *testing.T) {
	speak(t, "de", `{"Close": "Schließen", "Open (verb)": "Öffnen", "%s in %s": "In %[2]s: %[1]s", "Later": "", "%d line|%d lines": ["%d Zeile", "%d Zeilen"]}`)
	for got, want := range map[string]string{
		T("Close"):                     "Schließen",
		T("Unknown"):                   "Unknown",
		T("Later"):                     "Later",
		As("verb", "Open"):             "Öffnen",
		As("state", "Open"):            "Open",
		F("%s in %s", "a", "b"):        "In b: a",
		N(1, "%d line", "%d lines", 1): "1 Zeile",
		N(0, "%d line", "%d lines", 0): "0 Zeilen",
		N(1, "%d page", "%d pages", 1): "1 page",
		N(2, "%d page of %s", "%d pages of %s", 2, "x"): "2 pages of x",
	} {
		if got != want {
			t.Errorf("%q instead of %q", got, want)
		}
	}
}

func TestEnglishIsAsItIs(t *testing.T) {
	if got := T("Close") + F(" %d", 1) + N(2, " %d line", " %d lines", 2) + As("verb", "Open"); got != "Close 1 2 linesOpen" {
		t.Error(got)
	}
}

func TestNumbersTakeTheirForm(t *testing.T) {
	for code, c := range map[string]struct {
		forms  []string
		counts map[int]string
	}{
		"de": {[]string{"one", "many"}, map[int]string{0: "many", 1: "one", 2: "many", 21: "many"}},
		"fr": {[]string{"one", "many"}, map[int]string{0: "one", 1: "one", 2: "many"}},
		"ru": {[]string{"one", "few", "many"}, map[int]string{0: "many", 1: "one", 2: "few", 4: "few", 5: "many", 11: "many", 12: "many", 21: "one", 22: "few", 111: "many", 112: "many"}},
	} {
		speak(t, code, `{"a|b": ["`+strings.Join(c.forms, `", "`)+`"]}`)
		for n, want := range c.counts {
			if got := N(n, "a", "b"); got != want {
				t.Errorf("%s: %d is %s instead of %s", code, n, got, want)
			}
		}
	}
}

func TestLocales(t *testing.T) {
	t.Cleanup(func() { current.Store(nil) })
	for locale, want := range map[string]string{
		"de_DE.UTF-8": "de", "de": "de", "fr-CA": "fr", "RU": "ru", "ar_EG": "en", "es@euro": "es",
		"C": "en", "": "en", "tlh": "en", "en_GB": "en", "../de": "en", Pseudo: Pseudo,
	} {
		if got, err := Use(locale); got != want || err != nil {
			t.Errorf("%q: %q, %v", locale, got, err)
		}
	}
}

func TestEveryLanguageCanBeSpoken(t *testing.T) {
	for _, l := range Languages() {
		if _, err := open(l.Code); err != nil {
			t.Error(err)
		}
		if _, ok := plurals[l.Code]; !ok && l.Code != "en" {
			t.Errorf("%s: how does it count?", l.Name)
		}
	}
	names := slices.IsSortedFunc(Languages(), func(a, b Language) int { return strings.Compare(a.Name, b.Name) })
	if !names {
		t.Error("the languages are not in the order of their names")
	}
}

func TestDamagedCatalogues(t *testing.T) {
	for _, data := range []string{``, `[]`, `{"a": 1}`, `{"a": [1]}`} {
		if _, err := parse("de", []byte(data)); err == nil {
			t.Errorf("%s was read", data)
		}
	}
	speak(t, "de", `{"%d line|%d lines": ["only one"]}`) // too few forms: English
	if got := N(2, "%d line", "%d lines", 2); got != "2 lines" {
		t.Error(got)
	}
}

func TestOnlyBegunCataloguesAreSpoken(t *testing.T) {
	for data, want := range map[string]bool{
		`{}`: false, `{"a": "", "b": ["", ""]}`: false, `{"a": "", "b": "x"}`: true, `{"a": "", "b": ["", ""], "c": "x"}`: true, "": false,
	} {
		if begun([]byte(data)) != want {
			t.Errorf("%s: %v", data, !want)
		}
	}
	if !slices.ContainsFunc(Spoken(), func(l Language) bool { return l.Code == "en" }) {
		t.Error("English is not spoken")
	}
}
