package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
)

// The sides.
const (
	encrypted = "encrypted"
	plain     = "plain"
)

// side is a database and what was measured with it.
type side struct {
	name, program, dir string
	lines              int
	values             map[string][]float64 // by name: one a round
}

// ask asks a copy, for some of what is asked changes the database.
func (s *side) ask() error {
	whole := s.dir
	defer func() { s.dir = whole }()
	s.dir += ".asked"
	if err := os.CopyFS(s.dir, os.DirFS(whole)); err != nil {
		return err
	}
	defer os.RemoveAll(s.dir)
	return s.run("ask")
}

// run has the test program do something, and takes down its numbers.
func (s *side) run(what string) error {
	cmd := exec.Command(s.program, what, s.name, s.dir, strconv.Itoa(s.lines))
	cmd.Env = append(os.Environ(), "CULVER_STORAGE_TEST_CHILD=bench")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("%s, %s: %w", what, s.name, err)
	}
	for scan := bufio.NewScanner(bytes.NewReader(out)); scan.Scan(); {
		name, number, ok := strings.Cut(scan.Text(), " ")
		value, err := strconv.ParseFloat(number, 64)
		if !ok || err != nil {
			return fmt.Errorf("%s, %s: cannot read %q", what, s.name, scan.Text())
		}
		name = what + "/" + name
		s.values[name] = append(s.values[name], value)
	}
	return nil
}

// value is the median of all rounds, and whether it was measured.
func (s *side) value(name string) (float64, bool) {
	all := slices.Sorted(slices.Values(s.values[name]))
	if len(all) == 0 {
		return 0, false
	}
	return all[len(all)/2], true
}
