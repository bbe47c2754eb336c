package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// verb is a place for a value.
var verb = regexp.MustCompile(`%(?:\[(\d+)\])?[-+# 0]*\d*(?:\.\d+)?([a-zA-Z%])`)

// verbs are the places for values in a text, by the number of the value.
func verbs(s string) map[int]string {
	out := map[int]string{}
	next := 1
	for _, m := range verb.FindAllStringSubmatch(s, -1) {
		if m[2] == "%" {
			continue
		}
		if m[1] != "" {
			next = int(m[1][0] - '0')
		}
		out[next] = m[2]
		next++
	}
	return out
}

// faults is what in a translation does not fit its text.
func faults(english, translation string) (wrong []string) {
	if !maps.Equal(verbs(english), verbs(translation)) {
		wrong = append(wrong, "it has other values")
	}
	for _, end := range []string{"…", ":", "\n", " "} {
		if strings.HasSuffix(english, end) != strings.HasSuffix(strings.ReplaceAll(translation, "\u00a0:", ":"), end) {
			wrong = append(wrong, "only one of them ends in "+end)
		}
	}
	if strings.Count(english, "\n") != strings.Count(translation, "\n") {
		wrong = append(wrong, "it has another number of lines")
	}
	return wrong
}

func TestCataloguesFitTheCode(t *testing.T) {
	said, err := collect("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range codes() {
		c, err := read(cataloguePath("../..", code))
		if err != nil {
			t.Fatal(err)
		}
		for english, v := range c {
			original, ok := said[english]
			if !ok {
				t.Errorf("%s: nobody says %q any more: make wording", code, english)
				continue
			}
			translations, isList := v.([]any)
			if isList != original.counted {
				t.Errorf("%s: %q is a list, or has to be one: make wording", code, english)
			}
			if !isList {
				translations = []any{v}
			}
			for _, tr := range translations {
				plain := english
				if original.counted {
					_, plain, _ = strings.Cut(english, "|")
				}
				if s := tr.(string); s != "" {
					for _, wrong := range faults(plain, s) {
						t.Errorf("%s: %q: %q: %s", code, english, s, wrong)
					}
				}
			}
		}
	}
}

func TestFaultsAreFound(t *testing.T) {
	for _, c := range []struct {
		english, translation string
		ok                   bool
	}{
		{"%s has %d", "%d von %s", false},
		{"%s has %d", "%[2]d von %[1]s", true},
		{"100%% of %s", "%s zu 100%%", true},
		{"Add…", "Neu", false},
		{"Name:", "Nom\u00a0:", true},
		{"a\nb", "a b", false},
	} {
		if wrong := faults(c.english, c.translation); (len(wrong) == 0) != c.ok {
			t.Errorf("%q, %q: %v", c.english, c.translation, wrong)
		}
	}
}

func TestTextsAreCollected(t *testing.T) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "x.go", `package x
import say "culver/lang"
func f(n int) { g(say.T("one" + " two")); say.F("%s", n); say.As("verb", "Open"); say.N(n, "a", "b"); lang.T("other") }`, 0)
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]text{}
	if err := collectFile(fset, f, nil, said); err != nil {
		t.Fatal(err)
	}
	if got := slices.Sorted(maps.Keys(said)); !slices.Equal(got, []string{"%s", "Open (verb)", "a|b", "one two"}) || !said["a|b"].counted {
		t.Error(got)
	}
	f, _ = parser.ParseFile(fset, "y.go", `package x
import "culver/lang"
func f(s string) { lang.T(s) }`, 0)
	if err := collectFile(fset, f, nil, said); err == nil {
		t.Error("a text that cannot be found was taken")
	}
	f, _ = parser.ParseFile(fset, "z.go", `package x
import "culver/lang"
// sayf says it.
//
//culver:text 1
func (x *t) sayf(n int, format string) { lang.F(format, n) }
func f(x *t) { x.sayf(1, "spoken %d"); other(1, "unspoken") }`, parser.ParseComments)
	speakers, err := speakersOf(fset, []*ast.File{f})
	if err != nil {
		t.Fatal(err)
	}
	clear(said)
	if err := collectFile(fset, f, speakers, said); err != nil || len(said) != 1 || said["spoken %d"].where == "" {
		t.Error(said, err)
	}
}

func TestRenew(t *testing.T) {
	c := catalogue{"kept": "behalten", "gone": "weg", "counted": "nicht"}
	after, open := c.renew(map[string]text{"kept": {}, "new": {}, "counted": {counted: true}})
	if len(after) != 3 || after["kept"] != "behalten" || after["new"] != "" || open != 2 {
		t.Error(after, open)
	}
}
