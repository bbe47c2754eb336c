package benchkit

import (
	"bufio"
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// PSS is the memory that a process takes, in bytes: what it shares with others counts in
// part.
func PSS(pid int) (float64, error) {
	rollup, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(rollup)) {
		if kib, ok := field(line, "Pss:"); ok {
			return kib * 1024, nil
		}
	}
	return 0, fmt.Errorf("process %d has no Pss", pid)
}

func field(line, name string) (kib float64, ok bool) {
	words := strings.Fields(line)
	if len(words) < 2 || words[0] != name {
		return 0, false
	}
	kib, err := strconv.ParseFloat(words[1], 64)
	return kib, err == nil
}

// Share is what a process has of one kind of memory.
type Share struct {
	Name  string
	Bytes float64
}

// Shares says where the memory of a process is: what it has for itself, and in which
// files, the most first.
func Shares(pid int) ([]Share, error) {
	maps_, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps", pid))
	if err != nil {
		return nil, err
	}
	return sharesOf(maps_), nil
}

func sharesOf(smaps []byte) []Share {
	sum := map[string]float64{}
	name := ""
	for lines := bufio.NewScanner(bytes.NewReader(smaps)); lines.Scan(); {
		words := strings.Fields(lines.Text())
		if len(words) > 0 && !strings.HasSuffix(words[0], ":") { // a mapping begins
			name = "data of its own"
			if len(words) > 5 && strings.HasPrefix(words[5], "/") {
				name, _, _ = strings.Cut(filepath.Base(words[5]), ".so")
			}
		}
		if kib, ok := field(lines.Text(), "Pss:"); ok {
			sum[name] += kib * 1024
		}
	}
	all := make([]Share, 0, len(sum))
	for _, name := range slices.Sorted(maps.Keys(sum)) {
		all = append(all, Share{name, sum[name]})
	}
	slices.SortStableFunc(all, func(a, b Share) int { return cmp.Compare(b.Bytes, a.Bytes) })
	return all
}

// ticks is how many parts of a second the system counts in a process's time.
const ticks = 100

// CPU is how much of the processors' time a process has used.
func CPU(pid int) (time.Duration, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(stat), ") ") // the name may have blanks in it
	words := strings.Fields(rest)
	if len(words) < 13 {
		return 0, fmt.Errorf("process %d has no times", pid)
	}
	user, err := strconv.ParseInt(words[11], 10, 64)
	if err != nil {
		return 0, err
	}
	system, err := strconv.ParseInt(words[12], 10, 64)
	if err != nil {
		return 0, err
	}
	return time.Duration(user+system) * time.Second / ticks, nil
}
