package main

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// copyOf is one copy of the program, and its profile.
type copyOf struct {
	t    *testing.T
	path func(string) string // how it names a file of this computer
	cmd  func(args ...string) *exec.Cmd
	dir  string // of the profile; "": the program is portable
}

func (c *copyOf) does(args ...string) string {
	c.t.Helper()
	if c.dir != "" {
		args = append([]string{"-profile", c.path(c.dir)}, args...)
	}
	var out, problems bytes.Buffer
	cmd := c.cmd(args...)
	cmd.Stdout, cmd.Stderr = &out, &problems
	if err := cmd.Run(); err != nil {
		c.t.Fatalf("%q: %v\n%s%s", args, err, out.Bytes(), problems.Bytes())
	}
	return out.String()
}

// here is a copy on this computer.
func here(t *testing.T) func() *copyOf {
	t.Helper()
	program := filepath.Join(t.TempDir(), "moving")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return func() *copyOf {
		return &copyOf{t: t, path: func(s string) string { return s }, dir: t.TempDir(),
			cmd: func(args ...string) *exec.Cmd { return exec.Command(program, args...) }}
	}
}

// moves backs up from one copy, restores into the other, and compares what they hold.
func moves(t *testing.T, from, to *copyOf, file string) string {
	t.Helper()
	from.does("backup", from.path(file))
	to.does("restore", to.path(file))
	before, after := from.does("tell"), to.does("tell")
	if before != after {
		t.Errorf("before:\n%.6000s\nafter:\n%.6000s", before, after)
	}
	return after
}

func TestEverythingMoves(t *testing.T) {
	copies, dir := here(t), t.TempDir()
	first, second := copies(), copies()
	first.does("make", filepath.Join(dir, "made.age"))
	first.does("restore", filepath.Join(dir, "made.age"))
	told := moves(t, first, second, filepath.Join(dir, "one.age"))
	for _, want := range []string{"Zuhause – домой 家", "cMOkc3N3b3Jk", `"xmpp:alice@example.net": "`, "m999", "half a line", "Böb", `\"trust\":\"smp\"`,
		`\"refused\":true`, `\"keep\":\"ask\"`, `"theme": "dark"`, `\"notify\":false`} {
		if !strings.Contains(told, want) {
			t.Errorf("there is no %s in\n%.4000s", want, told)
		}
	}
	out := second.does("restore", filepath.Join(dir, "one.age"))
	if !strings.Contains(out, "1,000 were here already") || second.does("tell") != told {
		t.Errorf("the second time, something changed:\n%s", out)
	}
}
