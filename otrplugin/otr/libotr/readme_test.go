package libotr

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Every row from F1 to F9 is in README.md, and every test that it names exists.
func TestReadmeNamesTests(t *testing.T) {
	page, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	tests := ""
	for _, pattern := range []string{"*_test.go", "../../../internal/otrfiles/*_test.go"} {
		files, err := filepath.Glob(filepath.FromSlash(pattern))
		if err != nil || len(files) == 0 {
			t.Fatal(files, err)
		}
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			tests += string(b)
		}
	}
	for _, m := range regexp.MustCompile("`((?:Test|Fuzz)[A-Za-z0-9]+)`").FindAllStringSubmatch(string(page), -1) {
		if !strings.Contains(tests, "\nfunc "+m[1]+"(") {
			t.Errorf("README.md names %s, which is not there", m[1])
		}
	}
	for row := '1'; row <= '9'; row++ {
		if strings.Count(string(page), "\n| F"+string(row)+" | ") != 1 {
			t.Errorf("F%c is not one row of README.md", row)
		}
	}
}
