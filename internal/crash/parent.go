package main

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"time"
)

// longest is when the child is killed at the latest, from when it is ready on.
const longest = 700 * time.Millisecond

// shown is what the child was asked, and said, so far: by line, whether it has to be
// there. One that was being erased may be there or not.
type shown map[string]bool

// run kills the child so many times, and says what was survived.
func run(rounds int, seed uint64) (string, error) {
	dir, err := os.MkdirTemp("", "culver-crash")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	lines, most := shown{}, 0
	for round := range rounds + 1 {
		n, err := once(dir, seed+uint64(round), lines, round == rounds)
		if err != nil {
			return "", fmt.Errorf("round %d: %w", round+1, err)
		}
		most = max(most, n)
	}
	return fmt.Sprintf("Killed %d times, with up to %d lines in the history: no line that was shown is lost, none is there twice, no error.", rounds, most), nil
}

// once starts the child, compares what it has with what was shown, and kills it; the
// last time it only looks.
func once(dir string, seed uint64, lines shown, last bool) (there int, err error) {
	self, err := os.Executable()
	if err != nil {
		return 0, err
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), childEnv+"="+dir, fmt.Sprint(seedEnv, "=", seed))
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.StdoutPipe()
	if err != nil {
		return 0, err
	}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	var killer *time.Timer
	kill := func(after time.Duration) { killer = time.AfterFunc(after, func() { cmd.Process.Kill() }) }
	if !last && rand.IntN(10) == 0 {
		kill(rand.N(2 * time.Second)) // perhaps while it opens the profile
	}
	there, ready, err := listen(out, lines, func() {
		if killer == nil {
			kill(rand.N(longest))
		}
	})
	if killer == nil { // it failed before it was ready
		cmd.Process.Kill()
	} else if !ready {
		killer.Stop()
		cmd.Process.Kill()
	}
	_ = cmd.Wait()
	if err == nil && said.Len() > 0 {
		err = fmt.Errorf("it said: %s", strings.TrimSpace(said.String()))
	}
	if err == nil && last && !ready {
		err = fmt.Errorf("it did not open the profile")
	}
	return there, err
}

// listen reads what the child says until it is dead.
func listen(out io.Reader, lines shown, begins func()) (there int, ready bool, err error) {
	has := map[string]bool{}
	for s := bufio.NewScanner(out); s.Scan(); {
		word, id, _ := strings.Cut(s.Text(), " ")
		switch word {
		case "has":
			if has[id] {
				return 0, false, fmt.Errorf("%s is there twice", id)
			}
			has[id] = true
		case "ready":
			ready = true
			for id, must := range lines {
				if must && !has[id] {
					return 0, false, fmt.Errorf("%s was shown, and is lost", id)
				}
			}
			clear(lines)
			for id := range has {
				lines[id] = true
			}
			there = len(has)
			begins()
		case "shown":
			lines[id] = true
		case "erasing":
			lines[id] = false
		case "erasing-all":
			for other := range lines {
				if strings.HasPrefix(other, id) {
					lines[other] = false
				}
			}
		default:
			return 0, false, fmt.Errorf("what is %q?", s.Text())
		}
	}
	return there, ready, nil
}
