//go:build wine

package windows

import (
	"path/filepath"
	"testing"

	"culver/internal/testkit"
)

// The packages whose tests run on Windows, in the order in which they are.
var packages = []string{"storage", "unlock"}

func TestUnitsOnWindows(t *testing.T) {
	w := testkit.StartWine(t)
	for _, name := range packages {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join("..", "..", name)
			tests := w.Command(w.Compile("test", "-c", "culver/"+name), "-test.timeout=25m")
			tests.Dir = dir
			if out, err := tests.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}
