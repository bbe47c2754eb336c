package main_test

import (
	"go/ast"
	"go/token"
	"strings"
	"testing"
)

// The longest that files may be, in lines.
const (
	longestFile = 500
	longestTest = 800
)

// sentences counts the sentences of a text roughly: full stops at the end of a
// word, outside of indented drawings.
func sentences(text string) int {
	n := 0
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(line, "\t") || strings.HasPrefix(line, "    ") {
			continue
		}
		for word := range strings.FieldsSeq(line) {
			if strings.HasSuffix(strings.TrimRight(word, `"')`), ".") {
				n++
			}
		}
	}
	return n
}

func TestPackagesSayWhatTheyAreFor(t *testing.T) {
	fset := token.NewFileSet()
	comments := map[string][]string{} // the package comments, by package
	for _, s := range sources(t, fset) {
		if s.test {
			continue
		}
		if _, ok := comments[s.pkg]; !ok {
			comments[s.pkg] = nil
		}
		if s.ast.Doc != nil {
			comments[s.pkg] = append(comments[s.pkg], s.ast.Doc.Text())
		}
	}
	for pkg, docs := range comments {
		switch {
		case len(docs) == 0:
			t.Errorf("%s: no package comment: say what it owns and which goroutine may touch it", pkg)
		case len(docs) > 1:
			t.Errorf("%s: %d package comments: one file tells what the package is for", pkg, len(docs))
		case sentences(docs[0]) < 2:
			t.Errorf("%s: the package comment is less than two sentences: say what it owns and which goroutine may touch it", pkg)
		}
	}
}

func TestFilesAreShort(t *testing.T) {
	fset := token.NewFileSet()
	for _, s := range sources(t, fset) {
		most := longestFile
		if s.test {
			most = longestTest
		}
		if lines := fset.File(s.ast.FileStart).LineCount() - 1; lines > most && !ast.IsGenerated(s.ast) {
			t.Errorf("%s has %d lines, more than %d: is there a second concept in it?", s.file, lines, most)
		}
	}
}

func TestSentencesAreCounted(t *testing.T) {
	for text, want := range map[string]int{
		"":                            0,
		"Package im is small":         0,
		"Package im is small.":        1,
		"One. Two.\nThree (3.)":       3,
		"See v0.7.0 of it.":           1,
		"Drawn:\n\n\ta. b. c.\n\nOk.": 1,
	} {
		if got := sentences(text); got != want {
			t.Errorf("%q has %d sentences, want %d", text, got, want)
		}
	}
}
