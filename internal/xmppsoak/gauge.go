package main

import (
	"fmt"
	"runtime"
	"strings"
	"time"
)

// What may be added between the first look and any later one. Lines that are on show
// are in memory, at both ends: that is what each may take.
const (
	spareGoroutines = 16
	spareHeap       = 6 << 20
	spareLine       = 3 << 10
)

// reading is what the program holds at one time, after what nobody uses any more is gone.
type reading struct {
	cut, lines int
	at         time.Duration
	goroutines int
	heap       uint64
}

func (r *run) read(cut int) {
	runtime.GC()
	runtime.GC() // what finalizers let go of
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	r.gauge = append(r.gauge, reading{cut, r.said(), time.Since(r.began), runtime.NumGoroutine(), m.HeapAlloc})
}

// flat checks that nothing grew since everything was warm.
func flat(all []reading) error {
	if len(all) < 2 {
		return nil
	}
	first := all[0]
	for _, g := range all[1:] {
		if g.goroutines > first.goroutines+spareGoroutines {
			return sentencef("There are %d goroutines after %d cuts, and were %d after %d.", g.goroutines, g.cut, first.goroutines, first.cut)
		}
		if most := first.heap + spareHeap + uint64(max(0, g.lines-first.lines))*spareLine; g.heap > most {
			return sentencef("The heap has %d KiB after %d cuts, and had %d KiB after %d: with what was said since, %d KiB were to be expected at most.",
				g.heap>>10, g.cut, first.heap>>10, first.cut, most>>10)
		}
	}
	return nil
}

func table(all []reading) string {
	var b strings.Builder
	fmt.Fprintf(&b, "  %8s %8s %8s %12s %10s\n", "cuts", "time", "lines", "goroutines", "heap KiB")
	for _, g := range all {
		fmt.Fprintf(&b, "  %8d %8s %8d %12d %10d\n", g.cut, g.at.Round(time.Second), g.lines, g.goroutines, g.heap>>10)
	}
	return b.String()
}
