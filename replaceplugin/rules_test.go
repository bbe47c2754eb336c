package replaceplugin

import (
	"strings"
	"testing"
	"testing/quick"
	"unicode/utf8"
)

func TestReplacing(t *testing.T) {
	rules := Rules{
		{Typed: "u", Sent: "you"}, {Typed: "teh", Sent: "the"}, {Typed: "adn", Sent: "and"},
		{Typed: "omw", Sent: "on my way!"}, {Typed: "HP", Sent: "https://example.net/"},
		{Typed: "ms", Sent: "Microsoft"}, {Typed: "US", Sent: "United States", Exact: true},
		{Typed: ":)", Sent: "☺"}, {Typed: "école", Sent: "school"}, {Typed: "loop", Sent: "loop loop"}, {Typed: "you", Sent: "thou"},
	}.sorted()
	table := newTable(rules)
	for typed, want := range map[string]string{
		"":                     "",
		"u":                    "you",
		"U":                    "You",
		"u r here":             "you r here",
		"Teh end":              "The end",
		"TEH END":              "THE END",
		"tEh end":              "the end",
		"teh, adn 'teh' (teh)": "the, and 'the' (the)",
		"teh,adn;u!":           "the,and;you!",
		"\"teh\" teh…":         "\"the\" the…",
		"  teh\n\tteh  ":       "  the\n\tthe  ",
		// not whole words
		"u-turn":          "u-turn",
		"u's tehran _u_":  "u's tehran _u_",
		"u2 2u u.s.a":     "u2 2u u.s.a",
		"tehteh":          "tehteh",
		"ADN":             "AND",
		"hp":              "https://example.net/",
		"HP":              "https://example.net/",
		"MS":              "Microsoft",
		"us":              "us",
		"US":              "United States",
		":) :)) x:)":      "☺ :)) x:)",
		"École ÉCOLE":     "School SCHOOL",
		"loop":            "loop loop",
		"u/me":            "u/me",
		"https://u/teh u": "https://u/teh you",
		"u@example.net":   "u@example.net",
		`C:\u teh`:        `C:\u the`,
		"Omw":             "On my way!",
		"?OTRv3?":         "?OTRv3?",
		"teh\xffu":        "teh\xffu",
	} {
		if got := table.replace(typed); got != want {
			t.Errorf("%q: got %q, want %q", typed, got, want)
		}
	}
}

func TestNothingElseChanges(t *testing.T) {
	table := newTable(beginning().sorted())
	same := func(s string) bool {
		got := table.replace(s)
		return got == s || strings.ContainsAny(s, "dehirstu") && utf8.ValidString(s) == utf8.ValidString(got)
	}
	if err := quick.Check(same, &quick.Config{MaxCount: 3000}); err != nil {
		t.Error(err)
	}
	long := strings.Repeat("x,", 200_000)
	if table.replace(long) != long {
		t.Error("a long line changed")
	}
}

func TestWhatCannotBeSetUp(t *testing.T) {
	for _, r := range []Rule{
		{}, {Typed: "a"}, {Sent: "a"}, {Typed: "two words", Sent: "x"}, {Typed: "a\nb", Sent: "x"}, {Typed: "a", Sent: "b\x00"},
		{Typed: "a", Sent: "\xff"}, {Typed: "same", Sent: "same"}, {Typed: "x@y", Sent: "z"}, {Typed: "a/b", Sent: "z"},
		{Typed: strings.Repeat("a", 101), Sent: "x"}, {Typed: "a", Sent: strings.Repeat("x", 1001)},
	} {
		if r.check() == nil {
			t.Errorf("%+v is taken", r)
		}
		if len(append(beginning(), r).sorted()) != len(beginning()) {
			t.Errorf("%+v comes in from a store", r)
		}
	}
	twice := Rules{{Typed: "A", Sent: "b"}, {Typed: "a", Sent: "c"}, {Typed: "a", Sent: "d", Exact: true}}.sorted()
	if len(twice) != 2 || newTable(twice).replace("a A") != "d b" {
		t.Errorf("rules that come twice: %+v", twice)
	}
	if len(beginning().sorted()) != len(beginning()) {
		t.Error("the rules for a start are not fit")
	}
	many := make(Rules, 0, maxRules+5)
	for i := range maxRules + 5 {
		many = append(many, Rule{Typed: strings.Repeat("a", i%90+1) + string(rune('a'+i%26)) + string(rune(0x4e00+i)), Sent: "x"})
	}
	if n := len(many.sorted()); n != maxRules {
		t.Errorf("%d rules", n)
	}
}
