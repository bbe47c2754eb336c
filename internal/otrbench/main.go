// Otrbench sets Culver's OTR engine beside libotr: both do the same operations
// with the same long-term keys, each in a process of its own, in turns. It
// prints CPU times, their ratio and what the ratio must be, after it has
// checked that both did the same work. golang.org/x/crypto/otr does it, too,
// for information. `make bench-otr` runs it; everything
// happens on the goroutine of main.
package main

import (
	_ "embed"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
)

func main() {
	rounds := flag.Int("rounds", 11, "how many times each operation is measured on each side")
	portable := flag.Bool("purego", false, "build Culver's side without assembly")
	flag.Parse()
	if err := compare(os.Stdout, rows, max(*rounds, 1), *portable); err != nil {
		fmt.Fprintln(os.Stderr, "otrbench:", err)
		os.Exit(1)
	}
}

//go:embed libotrbench/bench.c
var libotrSource []byte

// compare measures the rows and prints the table of them.
func compare(out io.Writer, rows []row, rounds int, portable bool) error {
	dir, err := os.MkdirTemp("", "otrbench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	sides, err := build(dir, portable)
	if err != nil {
		return err
	}
	version, err := sides[libotrSide].output("version")
	if err != nil {
		return err
	}
	if err := giveKeys(dir, &sides); err != nil {
		return fmt.Errorf("make the long-term keys: %w", err)
	}
	results, err := measure(sides, rows, rounds)
	if err != nil {
		return err
	}

	build := "with the assembly that the processor allows"
	if portable {
		build = "portable, -tags purego"
	}
	fmt.Fprintf(out, "%s, %d CPUs, %s/%s. %s. Culver: %s, %s.\n", processor(), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH,
		version, runtime.Version(), build)
	fmt.Fprintf(out, "CPU time of all threads, both sides of the conversation in one process; medians of %d rounds.\n\n", rounds)
	printTable(out, rows, results, portable)
	fmt.Fprintln(out)
	printProof(out, rows, results)
	return nil
}

// measure has all sides do each row in each round.
func measure(sides [sideCount]side, rows []row, rounds int) ([]result, error) {
	show := progress()
	results := make([]result, len(rows))
	for round := range rounds {
		for i, row := range rows {
			show("\rround %d of %d: %-12s", round+1, rounds, row.op)
			var reports [sideCount]report
			for turn := range sideCount { // who begins has no advantage of it: each does
				id := (round + turn) % sideCount
				var err error
				if reports[id], err = sides[id].measure(row.op, row.times(id)); err != nil {
					return nil, err
				}
			}
			if err := sameWork(row, reports); err != nil {
				return nil, fmt.Errorf("%s: not the same work: %w", row.op, err)
			}
			results[i].add(row, reports)
		}
	}
	show("\r%40s\r", "")
	return results, nil
}

// progress prints where things stand to a terminal, if there is one.
func progress() func(format string, args ...any) {
	if info, err := os.Stderr.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return func(string, ...any) {}
	}
	return func(format string, args ...any) { fmt.Fprintf(os.Stderr, format, args...) }
}
