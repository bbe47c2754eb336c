//go:build wine

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"culver/internal/testkit"
)

// portable is a copy on a Windows computer that keeps its profile beside itself.
func portable(t *testing.T, w *testkit.Wine) *copyOf {
	t.Helper()
	b, err := os.ReadFile(w.Compile("build", "."))
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(w.Drive(), "stick")
	if err := os.MkdirAll(filepath.Join(dir, "Data"), 0o700); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "moving.exe")
	if err := os.WriteFile(program, b, 0o700); err != nil {
		t.Fatal(err)
	}
	return &copyOf{t: t, path: w.Path, cmd: func(args ...string) *exec.Cmd { return w.Command(program, args...) }}
}

func TestMovingToAPortableWindowsAndBack(t *testing.T) {
	w := testkit.StartWine(t)
	copies, dir := here(t), t.TempDir()
	first, stick, back := copies(), portable(t, w), copies()
	first.does("make", filepath.Join(dir, "made.age"))
	first.does("restore", filepath.Join(dir, "made.age"))
	told := moves(t, first, stick, filepath.Join(dir, "there.age"))
	if moves(t, stick, back, filepath.Join(dir, "back.age")) != told {
		t.Error("what came back is not what went there")
	}
	if left, err := os.ReadDir(filepath.Join(w.Drive(), "stick", "Data")); err != nil || len(left) == 0 {
		t.Errorf("nothing is on the stick: %v", err)
	}
}
