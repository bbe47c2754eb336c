package main_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Each page that holds Culver against Pidgin keeps its promise: every row is there once,
// says how Culver compares, and names tests that exist.
func TestPidginTable(t *testing.T) {
	tests := testsByName(t)
	comparePage(t, tests, "docs/pidgin-otr.md", map[string]int{"U": 72, "C": 19})
	comparePage(t, tests, "docs/pidgin.md", map[string]int{"G": 42})
}

// testsByName are all tests of the module, as "package.TestName".
func testsByName(t *testing.T) map[string]bool {
	t.Helper()
	tests := map[string]bool{}
	function := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, "_test.go") {
			return err
		}
		b, err := os.ReadFile(name)
		for _, m := range function.FindAllStringSubmatch(string(b), -1) {
			tests[filepath.Base(filepath.Dir(name))+"."+m[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return tests
}

// comparePage looks at a page whose rows have a letter and a number, up to last of that letter.
func comparePage(t *testing.T, tests map[string]bool, name string, last map[string]int) {
	t.Helper()
	page, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile(`^ ([A-Z]\d+) $`)
	verdict := regexp.MustCompile(`^ \*\*(Same|Better|Not here)\*\*`)
	quoted := regexp.MustCompile("`([^`]*)`")
	there := map[string]bool{}
	for line := range strings.Lines(string(page)) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		if len(cells) < 3 || !row.MatchString(cells[1]) {
			continue
		}
		id := strings.TrimSpace(cells[1])
		switch {
		case len(cells) != 6:
			t.Errorf("%s: %d cells", id, len(cells)-2)
			continue
		case there[id]:
			t.Errorf("%s is there twice", id)
		case !verdict.MatchString(cells[3]):
			t.Errorf("%s does not say how Culver compares", id)
		case strings.HasPrefix(cells[3], " **Not here**") && !strings.HasPrefix(cells[3], " **Not here**: "):
			t.Errorf("%s does not say why it is not here", id)
		}
		there[id] = true
		named := quoted.FindAllStringSubmatch(cells[4], -1)
		if len(named) == 0 {
			t.Errorf("%s names no test", id)
		}
		for _, m := range named {
			if !tests[m[1]] {
				t.Errorf("%s: there is no test %q", id, m[1])
			}
		}
	}
	for letter, last := range last {
		for n := 1; n <= last; n++ {
			if id := fmt.Sprint(letter, n); !there[id] {
				t.Errorf("there is no row %s", id)
			}
		}
	}
}
