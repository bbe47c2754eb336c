//go:build unix

package sound

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// stand puts a program into the path that does this.
func stand(t *testing.T, dir, name, script string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
}

// The first program that can play does; what it gets is fixed, but for the samples.
func TestPlayingByPrograms(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PATH", dir+":/usr/bin:/bin")
	stand(t, dir, "pacat", "echo >>"+dir+"/tried; exit 1") // no server, for instance
	stand(t, dir, "aplay", `echo "$TOKEN $*" >>`+dir+`/args; cat >`+dir+`/data`)
	b := &byProgram{env: append(os.Environ(), "TOKEN=ours"), programs: programs("linux")}
	for range 2 {
		b.play(context.Background(), []int16{1, 2, 3})
	}
	read := func(name string) string {
		text, _ := os.ReadFile(filepath.Join(dir, name))
		return string(text)
	}
	if got := read("data"); got != "\x01\x00\x02\x00\x03\x00" {
		t.Errorf("played %q", got)
	}
	if got := strings.Split(strings.TrimSpace(read("args")), "\n"); len(got) != 2 || got[0] != "ours -q -t raw -f S16_LE -r 44100 -c 1" {
		t.Errorf("called by %q", got)
	}
	if read("tried") != "\n" {
		t.Error("what cannot play is tried again and again")
	}
}

func TestPlayingFiles(t *testing.T) {
	dir, files := t.TempDir(), t.TempDir()
	stand(t, dir, "player", `cat "$1" >`+dir+`/data`)
	b := &byProgram{env: os.Environ(), dir: files, programs: []program{{name: filepath.Join(dir, "player"), file: true}}}
	b.play(context.Background(), []int16{1, 2, 3})
	if data, _ := os.ReadFile(filepath.Join(dir, "data")); string(data) != string(wave([]int16{1, 2, 3})) {
		t.Errorf("played %q", data)
	}
	if left, _ := os.ReadDir(files); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

// Without a program that plays there is silence.
func TestPlayingByNothing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	b := &byProgram{programs: programs("linux")}
	b.play(context.Background(), []int16{1})
	if len(b.programs) != 0 {
		t.Errorf("%v", b.programs)
	}
}
