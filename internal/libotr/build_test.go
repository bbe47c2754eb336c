package libotr

import (
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
)

// Packages are tested at the same time, and on a new computer all of them build first.
func TestBuiltByManyAtOnce(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("HOME", t.TempDir())
	source := []byte("#include <stdio.h>\nint main(void) { puts(\"it runs\"); return 0; }\n" + strings.Repeat("// some more to read\n", 50_000))
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			program, err := Build("hello", source, func(string) []string { return nil })
			if err != nil {
				t.Error(err)
				return
			}
			if out, err := exec.Command(program).Output(); err != nil || string(out) != "it runs\n" {
				t.Errorf("%q, %v", out, err)
			}
		})
	}
	all.Wait()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(cache + "/culver-test")
	if err != nil || len(left) != 1 {
		t.Fatalf("left: %v, %v", left, err)
	}
	if files, err := os.ReadDir(cache + "/culver-test/" + left[0].Name()); err != nil || len(files) != 1 {
		t.Errorf("left with it: %v, %v", files, err)
	}
}
