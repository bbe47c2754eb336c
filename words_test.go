package main_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"testing"
)

// The core and the contracts know accounts, buddies, conversations, seals and
// forms. What OTR, XMPP or a toolkit is, they must not know: a second network or
// plugin would find no place then.
var (
	neutral = []string{
		"im", "protocol", "plugin", "accounts", "buddylist", "conversation", "messenger", "storage", "internal/queue",
	}
	// foreignName finds the words in an identifier, foreignText in a string.
	foreignName = regexp.MustCompile(`OTR|XMPP|^(otr|xmpp|jabber|fyne|pidgin)|(Otr|Xmpp|Jabber|Fyne|Pidgin)`)
	foreignText = regexp.MustCompile(`(?i)\b(otr|xmpp|jabber|fyne|pidgin)\b`)
)

// spoken are words that mean something else in the strings of a package.
var spoken = []struct{ pkg, word, why string }{
	{"conversation", "xmpp", "the scheme of links that may be clicked, like mailto"},
}

func isSpoken(pkg, word string) bool {
	for _, e := range spoken {
		if e.pkg == pkg && e.word == word {
			return true
		}
	}
	return false
}

// foreignWords lists the identifiers and strings of a file that name a plugin, a
// network or a toolkit. Comments may give them as examples.
func foreignWords(fset *token.FileSet, s source) []string {
	var out []string
	if s.test || !slices.Contains(neutral, s.pkg) {
		return nil
	}
	ast.Inspect(s.ast, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false // the layers are checked elsewhere
		case *ast.Ident:
			if foreignName.MatchString(n.Name) {
				out = append(out, fmt.Sprintf("%v: %s", fset.Position(n.Pos()), n.Name))
			}
		case *ast.BasicLit:
			text, err := strconv.Unquote(n.Value)
			if err != nil || n.Kind != token.STRING {
				return true
			}
			for _, word := range foreignText.FindAllString(text, -1) {
				if !isSpoken(s.pkg, word) {
					out = append(out, fmt.Sprintf("%v: %q", fset.Position(n.Pos()), text))
				}
			}
		}
		return true
	})
	return out
}

func TestTheCoreNamesNoNetworkPluginOrToolkit(t *testing.T) {
	fset := token.NewFileSet()
	for _, s := range sources(t, fset) {
		for _, w := range foreignWords(fset, s) {
			t.Errorf("%s: the core must not know this word", w)
		}
	}
}

func TestForeignWordsAreFound(t *testing.T) {
	for code, want := range map[string]int{
		`package im; func NotReady() {}`:                    0,
		`package im; const botResult = "not read"`:          0,
		`package im; type OTRState int`:                     1,
		`package im; var otrKey string`:                     1,
		`package im; var useXmpp bool`:                      1,
		`package im; const s = "Start an OTR session"`:      1,
		`package im; const s = "xmpp:romeo@example.org"`:    1,
		"package im\n// for instance \"otr\"\nconst s = ``": 0,
	} {
		fset := token.NewFileSet()
		parsed, err := parser.ParseFile(fset, "im/fake.go", code, parser.ParseComments)
		if err != nil {
			t.Fatalf("%s: %v", code, err)
		}
		if got := foreignWords(fset, source{"im/fake.go", "im", false, parsed}); len(got) != want {
			t.Errorf("%s: found %q, want %d", code, got, want)
		}
	}
}
