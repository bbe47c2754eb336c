package main_test

import (
	"bufio"
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/version"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The rows of known flaws in programs of this kind that are about what a program is
// made of, and whether all rows have their tests.

// libraries are those that may be loaded while the program runs: parts of Windows that it
// never takes from elsewhere.
var libraries = []string{`"user32.dll"`, `"kernel32.dll"`}

// loads lists what in a file loads code of others while the program runs.
func loads(fset *token.FileSet, file *ast.File) (found []string) {
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			f, ok := n.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			switch f.Sel.Name {
			case "NewLazyDLL", "LoadDLL", "MustLoadDLL", "LoadLibrary", "LoadLibraryEx", "Dlopen", "Open":
				name, ok := "", false
				if len(n.Args) > 0 {
					var lit *ast.BasicLit
					if lit, ok = n.Args[0].(*ast.BasicLit); ok {
						name = lit.Value
					}
				}
				x, _ := f.X.(*ast.Ident)
				if f.Sel.Name == "Open" && (x == nil || x.Name != "plugin") || ok && f.Sel.Name == "NewLazyDLL" && slices.Contains(libraries, name) {
					return true
				}
				found = append(found, fmt.Sprintf("%v: %s(%s)", fset.Position(n.Pos()), f.Sel.Name, name))
			}
		}
		return true
	})
	return found
}

// TestCVE_2021_29949_NothingIsLoaded: the OTR engine is a part of the program, and no code
// is looked for while it runs, where somebody else's may lie.
func TestCVE_2021_29949_NothingIsLoaded(t *testing.T) {
	fset := token.NewFileSet()
	for _, s := range sources(t, fset) {
		if s.test {
			continue
		}
		for _, f := range loads(fset, s.ast) {
			t.Error(f)
		}
	}
	for code, want := range map[string]bool{
		`syscall.NewLazyDLL("user32.dll")`: false, `syscall.NewLazyDLL("libotr.dll")`: true, `syscall.NewLazyDLL(name)`: true,
		`syscall.LoadDLL("user32.dll")`: true, `windows.LoadLibraryEx("x", 0, 0)`: true, `purego.Dlopen("libotr.so.5", 1)`: true, `os.Open("x")`: false,
		`plugin.Open("x.so")`: true,
	} {
		file, err := parser.ParseFile(fset, "x.go", "package x\nvar _ = "+code, 0)
		if err != nil {
			t.Fatal(err)
		}
		if found := loads(fset, file); len(found) > 0 != want {
			t.Errorf("%s: %q", code, found)
		}
	}
}

// starters are the files that may start other programs, which are not tests.
var starters = []string{"toolkit.go", "toolkit_windows.go"}

// TestCVE_2019_19954_WhereProgramsAreStarted: the program starts the user's browser and, on
// Windows, what shows notifications, and nothing else; TestProgramsOfTheSystem says
// from where.
func TestCVE_2019_19954_WhereProgramsAreStarted(t *testing.T) {
	fset := token.NewFileSet()
	for _, s := range sources(t, fset) {
		row, _ := layerOf(s.pkg)
		if s.test || row.test || strings.HasPrefix(s.pkg, "internal/") || slices.Contains(starters, s.file) {
			continue
		}
		for _, spec := range s.ast.Imports {
			if path, _ := strconv.Unquote(spec.Path.Value); path == "os/exec" {
				t.Errorf("%v: other programs are started", fset.Position(spec.Pos()))
			}
		}
		ast.Inspect(s.ast, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok && slices.Contains([]string{"StartProcess", "ForkExec", "CreateProcess", "ShellExecute"}, sel.Sel.Name) {
				t.Errorf("%v: %s", fset.Position(n.Pos()), sel.Sel.Name)
			}
			return true
		})
	}
}

// TestCVE_2026_1229_LibrariesThatAreLeftOut: what is not in the program is not wrong in it
// (also GO-2025-3754 and CVE-2023-1732, of the same library). The engine's own
// arithmetic is held against the standard library's.
func TestCVE_2026_1229_LibrariesThatAreLeftOut(t *testing.T) {
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(bytes.NewReader(text))
		for lines.Scan() {
			if strings.Contains(lines.Text(), "cloudflare/circl") {
				t.Errorf("%s: %s", name, lines.Text())
			}
		}
	}
}

// TestCVE_2026_56859_TheDecoderIsNewEnough: what was wrong in Go's XML decoder is mended in
// the version that the program is built with at least.
func TestCVE_2026_56859_TheDecoderIsNewEnough(t *testing.T) {
	text, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`(?m)^go (\S+)$`).FindSubmatch(text)
	if m == nil || version.Compare("go"+string(m[1]), "go1.26") < 0 {
		t.Errorf("go.mod is content with %s", m)
	}
}

// TestFlawsHaveTheirTests: each row of docs/security.md names tests that are there, in the
// folder that it says, and each test that is called after a flaw has a row.
func TestFlawsHaveTheirTests(t *testing.T) {
	text, err := os.ReadFile("docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{} // folder: name
	for _, s := range sources(t, token.NewFileSet()) {
		for _, d := range s.ast.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && s.test && f.Recv == nil {
				there[s.pkg+": "+f.Name.Name] = true
			}
		}
	}
	rows := 0
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(line, "|")
		if len(cells) != 6 || !regexp.MustCompile("CVE-|GHSA-").MatchString(cells[1]) {
			continue
		}
		rows++
		folder, found := ".", false
		for _, m := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(cells[4], -1) {
			if !strings.HasPrefix(m[1], "Test") {
				folder = m[1]
				continue
			}
			found = true
			if !there[folder+": "+m[1]] {
				t.Errorf("%s: %s is not in %s", strings.TrimSpace(cells[1]), m[1], folder)
			}
		}
		if !found {
			t.Errorf("%s has no test", strings.TrimSpace(cells[1]))
		}
	}
	if rows < 30 {
		t.Errorf("%d rows", rows)
	}
	for name := range there {
		_, test, _ := strings.Cut(name, ": ")
		if (strings.HasPrefix(test, "TestCVE_") || strings.HasPrefix(test, "TestGHSA_")) && !strings.Contains(string(text), "`"+test+"`") {
			t.Errorf("docs/security.md does not name %s", name)
		}
	}
}
