package main

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"text/tabwriter"

	"culver/internal/quantile"
)

// result is what the rounds of a row gave.
type result struct {
	values [sideCount][]float64 // one number a round: nanoseconds or bytes
	last   [sideCount]report
}

func (res *result) add(r row, reports [sideCount]report) {
	for id, rep := range reports {
		res.values[id] = append(res.values[id], r.count(rep))
	}
	res.last = reports
}

// count is what a report adds to the result.
func (r row) count(rep report) float64 {
	n := float64(rep.numbers["operations"])
	switch r.value {
	case typical:
		return quantile.Of(rep.samples, 0.5)
	case memory:
		return float64(rep.numbers["memory_bytes"]) / (2 * n)
	default:
		return float64(rep.numbers["cpu_ns"]) / n
	}
}

// settle is the one number of all rounds.
func (r row) settle(v []float64) float64 {
	if r.value != mean {
		return quantile.Of(v, 0.5)
	}
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	return sum / float64(len(v))
}

// spread is the distance between the quartiles, in percent of the median.
func spread(v []float64) string {
	return fmt.Sprintf("%.0f %%", 100*(quantile.Of(v, 0.75)-quantile.Of(v, 0.25))/quantile.Of(v, 0.5))
}

// verdict tells whether a ratio is what it must be.
func verdict(ratio, must float64) string {
	switch {
	case must == 0:
		return ""
	case ratio >= must:
		return "met"
	default:
		return fmt.Sprintf("missed by %.2f", must-ratio)
	}
}

// printTable prints the table in Markdown.
func printTable(out io.Writer, rows []row, results []result, portable bool) {
	fmt.Fprintln(out, "| operation, both sides together | libotr | Culver | ratio | must | | spread | x/crypto/otr |")
	fmt.Fprintln(out, "| --- | ---: | ---: | ---: | ---: | --- | ---: | ---: |")
	for i, r := range rows {
		var settled [sideCount]float64
		for id, v := range results[i].values {
			settled[id] = r.settle(v)
		}
		theirs, ours, others := settled[libotrSide], settled[culverSide], settled[xcryptoSide]
		if r.value == memory {
			says := "met"
			if ours > mostMemory {
				says = "missed by " + kib(ours-mostMemory)
			}
			fmt.Fprintf(out, "| %s | %s (RSS) | %s (live heap) | | %s | %s | | %s (live heap) |\n",
				r.name, kib(theirs), kib(ours), kib(mostMemory), says, kib(others))
			continue
		}
		must := ""
		if m := r.mustFor(portable); m != 0 {
			must = strconv.FormatFloat(m, 'g', -1, 64) + "x"
		}
		fmt.Fprintf(out, "| %s | %s | %s | %s | %s | %s | %s | %s |\n", r.name, micro(theirs), micro(ours), ratio(theirs/ours),
			must, verdict(theirs/ours, r.mustFor(portable)), r.spreads(results[i]), micro(others))
	}
}

// spreads are libotr's and Culver's, or of how many operations a mean is.
func (r row) spreads(res result) string {
	theirs, ours := res.values[libotrSide], res.values[culverSide]
	if r.value == mean {
		return fmt.Sprintf("%d, %d keys", len(theirs)*r.times(libotrSide), len(ours)*r.times(culverSide))
	}
	return spread(theirs) + ", " + spread(ours)
}

// micro is a time in microseconds, with digits in groups of three.
func micro(ns float64) string {
	us := ns / 1000
	if us < 100 {
		return fmt.Sprintf("%.1f µs", us)
	}
	digits := strconv.Itoa(int(math.Round(us)))
	if cut := len(digits) - 3; cut > 0 {
		digits = digits[:cut] + " " + digits[cut:]
	}
	return digits + " µs"
}

func kib(bytes float64) string { return fmt.Sprintf("%.1f KiB", bytes/1024) }

func ratio(r float64) string {
	if r >= 100 {
		return fmt.Sprintf("%.0fx", r)
	}
	return fmt.Sprintf("%.2fx", r)
}

// printProof prints what was done in the last round.
func printProof(out io.Writer, rows []row, results []result) {
	fmt.Fprintln(out, "All sides did the same work, with the same long-term keys. In the last round:")
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "  operation\t%s\tbytes a message: libotr\tCulver\n", strings.Join(proofs, "\t"))
	for i, r := range rows {
		fmt.Fprintf(table, "  %s", r.op)
		last := results[i].last
		for _, name := range proofs {
			fmt.Fprintf(table, "\t%d", last[culverSide].numbers[name])
		}
		for _, rep := range []report{last[libotrSide], last[culverSide]} {
			if m := rep.numbers["messages"]; m > 0 {
				fmt.Fprintf(table, "\t%.1f", float64(rep.numbers["wire"])/float64(m))
			} else {
				fmt.Fprint(table, "\t-")
			}
		}
		fmt.Fprintln(table)
	}
	table.Flush()
}
