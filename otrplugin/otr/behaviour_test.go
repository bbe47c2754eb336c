package otr

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// declared finds the names of tests and fuzzers in the files of a folder.
func declared(t *testing.T, dir string, pattern *regexp.Regexp, names map[string]bool, prefix string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no tests in %s: %v", dir, err)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range pattern.FindAllStringSubmatch(string(source), -1) {
			names[prefix+m[1]] = true
		}
	}
}

// The table in README.md has every row, what it names exists, and every
// scenario stands at the rows that it says it is about.
func TestBehaviourTable(t *testing.T) {
	function := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	tests, scenarios := make(map[string]bool), make(map[string]bool)
	declared(t, ".", function, tests, "")
	leaves, err := os.ReadDir("internal")
	if err != nil {
		t.Fatal(err)
	}
	for _, leaf := range leaves {
		if found, _ := filepath.Glob(filepath.Join("internal", leaf.Name(), "*_test.go")); len(found) > 0 {
			declared(t, filepath.Join("internal", leaf.Name()), function, tests, leaf.Name()+".")
		}
	}
	pipe := filepath.Join("..", "..", "internal", "otrpipe")
	declared(t, pipe, regexp.MustCompile(`scenario\{name: "([^"]+)"`), scenarios, "")
	staged := make([]string, 0, len(scenarios))
	for name := range scenarios {
		staged = append(staged, name)
	}
	slices.Sort(staged)
	declared(t, pipe, function, scenarios, "")

	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	quoted := regexp.MustCompile("`([^`]+)`")
	at := make(map[string]string) // the scenarios of each row
	for _, line := range strings.Split(string(readme), "\n") {
		cells := strings.Split(line, "|")
		if len(cells) == 5 && strings.Contains(cells[3], "`") && !strings.Contains(cells[1], "`") { // what libotr is weak in
			for _, m := range quoted.FindAllStringSubmatch(cells[3], -1) {
				if !tests[m[1]] && !scenarios[m[1]] {
					t.Errorf("%s: there is no test or scenario %s", cells[1], m[1])
				}
			}
		}
		if len(cells) != 6 || !regexp.MustCompile(`^ P\d+ $`).MatchString(cells[1]) {
			continue
		}
		id := strings.TrimSpace(cells[1])
		if _, double := at[id]; double {
			t.Errorf("%s is there twice", id)
		}
		at[id] = cells[4]
		named := quoted.FindAllStringSubmatch(cells[3], -1)
		if len(named) == 0 || strings.TrimSpace(cells[2]) == "" {
			t.Errorf("%s: no rule or no test", id)
		}
		for _, m := range named {
			if !tests[m[1]] {
				t.Errorf("%s: there is no test %s", id, m[1])
			}
		}
		if strings.TrimSpace(cells[4]) == "not visible to a peer" {
			continue
		}
		named = quoted.FindAllStringSubmatch(cells[4], -1)
		if len(named) == 0 {
			t.Errorf("%s: no scenario", id)
		}
		for _, m := range named {
			if !scenarios[m[1]] {
				t.Errorf("%s: there is no scenario %q", id, m[1])
			}
		}
	}
	for n := 1; n <= 57; n++ {
		if _, found := at[fmt.Sprint("P", n)]; !found {
			t.Errorf("there is no row P%d", n)
		}
	}
	for _, name := range staged {
		rows := regexp.MustCompile(`\bP\d+\b`).FindAllString(name, -1)
		if len(rows) == 0 {
			t.Errorf("the scenario %q names no row", name)
		}
		for _, id := range rows {
			if !strings.Contains(at[id], "`"+name+"`") {
				t.Errorf("%s: the scenario %q is not at its row", id, name)
			}
		}
	}
}
