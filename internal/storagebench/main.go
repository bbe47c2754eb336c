// Storagebench measures Culver's database with a long history in it: a million
// lines of a thousand conversations, encrypted, beside the same work by the same
// SQLite without encryption. It prints a table of times and sizes and what they are
// to be. `make bench-storage` runs it. The work itself is done by the test program of
// package storage, in processes of its own, for nothing that ships with Culver keeps
// anything unencrypted; the lines are made up. Everything happens on the goroutine of
// main. With a million lines it takes about a quarter of an hour if the computer does
// nothing else, and the times are worth little if it does.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

func main() {
	lines := flag.Int("lines", 1_000_000, "how many lines the history has; a million take about a quarter of an hour")
	rounds := flag.Int("rounds", 3, "how many times each side is asked")
	flag.Parse()
	if err := run(max(*lines, 1000), max(*rounds, 1)); err != nil {
		fmt.Fprintln(os.Stderr, "storagebench:", err)
		os.Exit(1)
	}
}

// run fills a database on each side, asks them in turns, and prints the table.
func run(lines, rounds int) error {
	dir, err := os.MkdirTemp("", "storagebench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	program := filepath.Join(dir, "storage.test")
	build := exec.Command("go", "test", "-buildvcs=false", "-c", "-o", program, "culver/storage")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("build the tests of package storage: %w", err)
	}
	var sides [2]side
	for i, name := range []string{encrypted, plain} {
		s := &sides[i]
		*s = side{name: name, program: program, dir: filepath.Join(dir, name), lines: lines, values: map[string][]float64{}}
		fmt.Fprintf(os.Stderr, "Filling the database, %s …\n", name)
		if err := os.Mkdir(s.dir, 0o700); err != nil {
			return err
		}
		if err := s.run("fill"); err != nil {
			return err
		}
	}
	for round := range rounds {
		fmt.Fprintf(os.Stderr, "Asking, round %d of %d …\n", round+1, rounds)
		for i := range sides {
			if err := sides[(round+i)%2].ask(); err != nil { // who begins has no advantage of it: each does
				return err
			}
		}
	}
	printTable(os.Stdout, lines, rounds, sides)
	return nil
}
