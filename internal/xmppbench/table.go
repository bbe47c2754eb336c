package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"culver/internal/benchkit"
	"culver/internal/quantile"
)

// results are the numbers of all rounds, by side and by what was measured, and where the
// memory of each side was in the last one.
type results struct {
	values map[string]map[string][]float64
	shares map[string][]benchkit.Share
}

func newResults() *results {
	return &results{map[string]map[string][]float64{}, map[string][]benchkit.Share{}}
}

func (r *results) add(side, what string, value float64) {
	if r.values[side] == nil {
		r.values[side] = map[string][]float64{}
	}
	r.values[side][what] = append(r.values[side][what], value)
}

// median is that of a side; ok is false if it was not measured.
func (r *results) median(side, what string) (m float64, ok bool) {
	v := r.values[side][what]
	return quantile.Of(v, 0.5), len(v) > 0
}

// row is one line of the table.
type row struct {
	what string // of the results
	name string
	rate bool // more is better
	show func(float64) string
	// why says what was measured of the reason that Culver is not ahead.
	why func(r *results) string
}

// rows are those of the table. What %d stands for are the buddies, and those online.
var rows = []row{
	{firstListed, "connection to roster shown, first log-in", false, seconds, whyLogin(firstListed)},
	{firstOnline, "the same, until who is online is shown to be", false, seconds, whyLogin(firstOnline)},
	{againListed, "program start to roster shown, next log-in", false, seconds, whyStart},
	{againOnline, "the same, until who is online is shown to be", false, seconds, whyStart},
	{received, "messages a second received, as they come", true, rate, whyRate(received)},
	{busyReceived, "the same with thousands of buddies", true, rate, whyRate(busyReceived)},
	{backlog, "messages a second received that had piled up", true, rate, whyRate(backlog)},
	{sent, "messages a second sent", true, rate, whyRate(sent)},
	{receiveCPU, "processor time for a message received", false, micros, whyCPU(receiveCPU)},
	{sendCPU, "processor time for a message sent", false, micros, whyCPU(sendCPU)},
	{memory, "memory at rest", false, mebibytes, whyMemory},
}

func seconds(s float64) string   { return fmt.Sprintf("%.2f s", s) }
func rate(n float64) string      { return fmt.Sprintf("%.0f", n) }
func micros(s float64) string    { return fmt.Sprintf("%.0f µs", s*1e6) }
func mebibytes(b float64) string { return fmt.Sprintf("%.1f MiB", b/(1<<20)) }

// within is how near to each other two numbers are that count as level: the spread of
// the rounds is larger.
const within = 0.05

// verdict sets Culver's number beside Profanity's.
func (r row) verdict(ours, theirs float64) string {
	ratio := ours / theirs
	word := "behind"
	switch {
	case math.Abs(ratio-1) <= within:
		word = "level"
	case (ratio > 1) == r.rate:
		word = "ahead"
	}
	return fmt.Sprintf("%.2f %s", ratio, word)
}

// printTable prints the table in Markdown, and below it, for each row where a Culver is
// not ahead, the reason.
func printTable(out io.Writer, r *results) {
	fmt.Fprintln(out, "| | Profanity | Culver | Culver / Profanity | its core | core / Profanity | bare client |")
	fmt.Fprintln(out, "| --- | ---: | ---: | --- | ---: | --- | ---: |")
	var reasons []string
	for _, row := range rows {
		theirs, known := r.median(profanityName, row.what)
		cells := []string{row.name, r.cell(row, profanityName)}
		behind := false
		for _, side := range []string{windowName, coreName} {
			ours, measured := r.median(side, row.what)
			verdict := ""
			if known && measured {
				verdict = row.verdict(ours, theirs)
				behind = behind || !strings.HasSuffix(verdict, "ahead")
			}
			cells = append(cells, r.cell(row, side), verdict)
		}
		cells = append(cells, r.cell(row, bareName))
		fmt.Fprintf(out, "| %s |\n", strings.Join(cells, " | "))
		if behind {
			reasons = append(reasons, fmt.Sprintf("- %s: %s", row.name, row.why(r)))
		}
	}
	if len(reasons) > 0 {
		fmt.Fprintf(out, "\nWhere Culver is not ahead:\n\n%s\n", strings.Join(reasons, "\n"))
	}
}

// cell is a median, and the least and the most.
func (r *results) cell(row row, side string) string {
	v := r.values[side][row.what]
	if len(v) == 0 {
		return "-"
	}
	text := row.show(quantile.Of(v, 0.5))
	if len(v) > 1 {
		unit := func(x float64) string { number, _, _ := strings.Cut(row.show(x), " "); return number }
		text += fmt.Sprintf(" (%s to %s)", unit(slices.Min(v)), unit(slices.Max(v)))
	}
	return text
}

// whyLogin: the server needs its time, whoever asks.
func whyLogin(what string) func(*results) string {
	return func(r *results) string {
		floor, ok := r.median(bareName, what)
		if !ok {
			return "no bare client was measured."
		}
		return fmt.Sprintf("a client that does nothing but the protocol takes %s: that is the server's part. It is %s of Culver's, %s of its core's and %s of Profanity's.",
			seconds(floor), r.part(floor, windowName, what), r.part(floor, coreName, what), r.part(floor, profanityName, what))
	}
}

// part is how much of a side's number another one is.
func (r *results) part(of float64, side, what string) string {
	m, ok := r.median(side, what)
	if !ok {
		return "-"
	}
	return fmt.Sprintf("%.0f %%", 100*of/m)
}

// whyStart: before it connects, a Culver makes its keys from the passphrase, and the one
// with windows opens these.
func whyStart(r *results) string {
	var parts []string
	for _, side := range []string{windowName, coreName, profanityName} {
		if m, ok := r.median(side, connecting); ok {
			parts = append(parts, fmt.Sprintf("%s %s", side, seconds(m)))
		}
	}
	return "from the start to the connection it takes " + strings.Join(parts, ", ") +
		". Before it connects Culver turns the passphrase into keys, which is slow on purpose, and opens its windows; Profanity keeps the password in a file as it is."
}

// whyRate: the server hands out, and takes, no more.
func whyRate(what string) func(*results) string {
	return func(r *results) string {
		bound := what
		if bound == backlog {
			bound = received
		}
		text := ""
		if most, ok := r.median(bareName, bound); ok {
			text = fmt.Sprintf("between bare clients the server carries %s a second; ", rate(most))
		}
		return text + whyCPU(receiveCPU)(r)
	}
}

func whyCPU(what string) func(*results) string {
	return func(r *results) string {
		var parts []string
		for _, side := range []string{windowName, coreName, profanityName} {
			if m, ok := r.median(side, what); ok {
				parts = append(parts, fmt.Sprintf("%s %s", side, micros(m)))
			}
		}
		return "of the processors a message takes " + strings.Join(parts, ", ") + "."
	}
}

// whyMemory says where Culver's memory is.
func whyMemory(r *results) string {
	var parts []string
	for _, side := range []string{windowName, coreName, profanityName} {
		if len(r.shares[side]) > 0 {
			parts = append(parts, side+" has "+describe(r.shares[side], 4))
		}
	}
	return strings.Join(parts, "; ") + "."
}

// describe names the largest shares, and the rest together.
func describe(all []benchkit.Share, n int) string {
	var parts []string
	rest := 0.0
	for i, s := range all {
		if i < n {
			parts = append(parts, fmt.Sprintf("%s in %s", mebibytes(s.Bytes), s.Name))
		} else {
			rest += s.Bytes
		}
	}
	if rest > 0 {
		parts = append(parts, fmt.Sprintf("%s elsewhere", mebibytes(rest)))
	}
	return strings.Join(parts, ", ")
}
