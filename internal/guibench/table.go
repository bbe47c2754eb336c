package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"culver/internal/benchkit"
	"culver/internal/quantile"
)

// What is measured.
const (
	start   = "start"   // seconds
	memory  = "memory"  // bytes
	resting = "resting" // of one processor
)

// results are the numbers, by program and by what was measured, and where the memory was.
type results struct {
	values map[string]map[string][]float64
	shares map[string][]benchkit.Share
}

func newResults() *results {
	return &results{map[string]map[string][]float64{}, map[string][]benchkit.Share{}}
}

func (r *results) add(program, what string, value float64) {
	if r.values[program] == nil {
		r.values[program] = map[string][]float64{}
	}
	r.values[program][what] = append(r.values[program][what], value)
}

// rows are those of the table.
var rows = []struct {
	what, name string
	show       func(float64) string
}{
	{start, "start to a list that can be used", func(s float64) string { return fmt.Sprintf("%.3f s", s) }},
	{memory, "memory at rest", mebibytes},
	{resting, "processor at rest", func(part float64) string { return fmt.Sprintf("%.2f %%", 100*part) }},
}

func mebibytes(b float64) string { return fmt.Sprintf("%.1f MiB", b/(1<<20)) }

// printTable prints the table in Markdown: each program's median, with the least and the
// most, and Culver's part of each other's. The first program is Culver.
func printTable(out io.Writer, r *results, all []program) {
	head, rule := "| |", "| --- |"
	for i, p := range all {
		head, rule = head+" "+p.name()+" |", rule+" ---: |"
		if i > 0 {
			head, rule = head+" Culver / "+p.name()+" |", rule+" ---: |"
		}
	}
	fmt.Fprintln(out, head)
	fmt.Fprintln(out, rule)
	ours := r.values[all[0].name()]
	for _, row := range rows {
		cells := []string{row.name}
		for i, p := range all {
			v := r.values[p.name()][row.what]
			text := row.show(quantile.Of(v, 0.5))
			if len(v) > 1 {
				text += fmt.Sprintf(" (%s to %s)", row.show(slices.Min(v)), row.show(slices.Max(v)))
			}
			cells = append(cells, text)
			if theirs := quantile.Of(v, 0.5); i > 0 {
				ratio := "-"
				if theirs > 0 {
					ratio = fmt.Sprintf("%.2f", quantile.Of(ours[row.what], 0.5)/theirs)
				}
				cells = append(cells, ratio)
			}
		}
		fmt.Fprintf(out, "| %s |\n", strings.Join(cells, " | "))
	}
	fmt.Fprintf(out, "\nCulver's memory: %s.\n", shares(r.shares[all[0].name()], 6))
}

// shares names the largest, and the rest together.
func shares(all []benchkit.Share, n int) string {
	var parts []string
	rest := 0.0
	for i, s := range all {
		if i < n {
			parts = append(parts, fmt.Sprintf("%s in %s", mebibytes(s.Bytes), s.Name))
		} else {
			rest += s.Bytes
		}
	}
	return strings.Join(append(parts, mebibytes(rest)+" elsewhere"), ", ")
}
