package otr

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Every test that THREATS.md and STATES.md name exists, in the folder that
// they name before it: `folder`: `TestOne`, `TestTwo`; `TestInThisPackage`.
func TestThreatsNameTests(t *testing.T) {
	names := regexp.MustCompile("`(internal/[a-z]+|libotr)`:?|`((?:Test|Fuzz)[A-Za-z0-9]+)`|[;|.)]|\n\n")
	for _, page := range []string{"THREATS.md", "STATES.md"} {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		var folders []string // one or more stand before their tests
		for _, m := range names.FindAllStringSubmatch(string(text), -1) {
			switch {
			case m[1] != "":
				folders = append(folders, m[1])
			case m[2] != "":
				found++
				if len(folders) == 0 {
					folders = []string{"."}
				}
				for _, f := range folders {
					if !hasTest(t, f, m[2]) {
						t.Errorf("%s names %s in %s, which is not there", page, m[2], f)
					}
				}
			default:
				folders = nil
			}
		}
		if page == "THREATS.md" && found < 30 {
			t.Errorf("%s names %d tests", page, found)
		}
	}
}

// hasTest reports whether a test or fuzzer is in the package of a folder.
func hasTest(t *testing.T, folder, name string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(filepath.FromSlash(folder), "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		source, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(source), "\nfunc "+name+"(") {
			return true
		}
	}
	return false
}
