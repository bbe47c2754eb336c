package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"culver/internal/libotr"
)

// The sides.
const (
	libotrSide = iota
	culverSide
	xcryptoSide
	sideCount
)

// side is the program of one implementation.
type side struct {
	bin  string
	keys string // where it finds the long-term keys
}

// build compiles the sides.
func build(dir string, portable bool) (sides [sideCount]side, err error) {
	sides[libotrSide].bin, err = libotr.Build("libotrbench", libotrSource, func(string) []string { return []string{"version"} })
	if err != nil {
		return sides, err
	}
	for id, name := range map[int]string{culverSide: "culverbench", xcryptoSide: "xcryptobench"} {
		sides[id].bin = filepath.Join(dir, name)
		args := []string{"build", "-buildvcs=false", "-o", sides[id].bin}
		if portable {
			args = append(args, "-tags", "purego")
		}
		if out, err := exec.Command("go", append(args, "culver/internal/otrbench/"+name)...).CombinedOutput(); err != nil {
			return sides, fmt.Errorf("build %s: %w\n%s", name, err, out)
		}
	}
	return sides, nil
}

// giveKeys has libotr make two long-term keys, and gives them to all sides: to
// libotr as its files, to the others as numbers.
func giveKeys(dir string, sides *[sideCount]side) error {
	numbers, err := sides[libotrSide].output("keys", dir)
	if err != nil {
		return err
	}
	file := filepath.Join(dir, "numbers")
	sides[libotrSide].keys, sides[culverSide].keys, sides[xcryptoSide].keys = dir, file, file
	return os.WriteFile(file, []byte(numbers), 0o600)
}

// output runs the program and returns what it prints.
func (s *side) output(args ...string) (string, error) {
	out, err := exec.Command(s.bin, args...).Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		err = fmt.Errorf("%w: %s", err, bytes.TrimSpace(exit.Stderr))
	}
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", filepath.Base(s.bin), strings.Join(args, " "), err)
	}
	return strings.TrimSpace(string(out)), nil
}

// measure runs an operation n times.
func (s *side) measure(op string, n int) (report, error) {
	out, err := s.output(op, strconv.Itoa(n), s.keys)
	if err != nil {
		return report{}, err
	}
	r, err := parseReport(out)
	if err != nil {
		return report{}, fmt.Errorf("%s %s: %w", filepath.Base(s.bin), op, err)
	}
	return r, nil
}

// report is what a side tells of a run: what was measured, and what proves the work.
type report struct {
	numbers      map[string]int64
	samples      []float64 // nanoseconds
	fingerprints []string
}

func parseReport(out string) (report, error) {
	r := report{numbers: make(map[string]int64)}
	for line := range strings.Lines(out) {
		name, text, _ := strings.Cut(strings.TrimSpace(line), " ")
		if name == "fingerprint" {
			r.fingerprints = append(r.fingerprints, text)
			continue
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return r, fmt.Errorf("read the report: %w", err)
		}
		if name == "sample_ns" {
			r.samples = append(r.samples, float64(n))
		} else {
			r.numbers[name] = n
		}
	}
	return r, nil
}

// processor is what the system calls its processor.
func processor() string {
	info, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return "unknown processor"
	}
	for line := range strings.Lines(string(info)) {
		if name, model, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(model)
		}
	}
	return "unknown processor"
}
