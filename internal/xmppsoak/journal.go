package main

import (
	"bufio"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

// journal is all that happened, on the disk, so that what is kept of it does not count
// as growth.
type journal struct {
	mu    sync.Mutex
	file  *os.File
	out   *bufio.Writer
	began time.Time
}

func newJournal(path string) (*journal, error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	return &journal{file: f, out: bufio.NewWriter(f), began: time.Now()}, nil
}

func (j *journal) note(format string, args ...any) {
	j.mu.Lock()
	defer j.mu.Unlock()
	fmt.Fprintf(j.out, "%9.3f %s\n", time.Since(j.began).Seconds(), fmt.Sprintf(format, args...))
}

// flush writes what is not on the disk yet.
func (j *journal) flush() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.out.Flush()
}

// around are the entries that hold one of the words, and shortly before and after them
// those of the weather and of these accounts.
func (j *journal) around(accounts []string, words ...string) string {
	if err := j.flush(); err != nil {
		return err.Error()
	}
	data, err := os.ReadFile(j.file.Name())
	if err != nil {
		return err.Error()
	}
	const near, most = 1.0, 90
	all := strings.Split(strings.TrimSpace(string(data)), "\n")
	at := func(s string) (t float64) { fmt.Sscanf(s, "%f", &t); return t }
	holds := func(s string, words []string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return w != "" && strings.Contains(s, w) })
	}
	is := func(s string) bool { return holds(s, words) }
	var times []float64
	for _, s := range all {
		if is(s) {
			times = append(times, at(s))
		}
	}
	var b strings.Builder
	n := 0
	for _, s := range all {
		t := at(s)
		close := slices.ContainsFunc(times, func(u float64) bool { return t > u-near && t < u+near })
		if is(s) || close && (strings.Contains(s, "the weather: ") || strings.Contains(s, " account: ") && holds(s, accounts)) {
			if n++; n > most {
				b.WriteString("    …\n")
				break
			}
			b.WriteString("    " + s + "\n")
		}
	}
	return b.String()
}
