package main

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// The test program is the child, too.
func TestMain(m *testing.M) {
	if dir := os.Getenv(childEnv); dir != "" {
		if err := child(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func TestKilledAgainAndAgain(t *testing.T) {
	said, err := run(20, 1000)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(said)
}

// What goes wrong is found.
func TestListen(t *testing.T) {
	for _, c := range []struct{ says, want string }{
		{"has a/1\nhas a/2\nready \nshown a/3", ""},
		{"has a/1\nhas a/1\nready ", "twice"},
		{"has a/2\nready ", "lost"},
		{"nonsense", "what is"},
	} {
		_, _, err := listen(strings.NewReader(c.says), shown{"a/1": true, "b/1": false}, func() {})
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%q: %v, want %q", c.says, err, c.want)
		}
	}
	lines := shown{"a/1": true, "b/1": true}
	if _, _, err := listen(strings.NewReader("has a/1\nhas b/1\nhas b/2\nready \nerasing-all b/\nerasing a/1\nshown c/1"), lines, func() {}); err != nil {
		t.Fatal(err)
	}
	if lines["a/1"] || lines["b/1"] || lines["b/2"] || !lines["c/1"] {
		t.Errorf("lines: %v", lines)
	}
}
