package testkit

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"io"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// StraceWritten is the command that runs another one and notes in a file what it and its
// children write, whether it stays or not: for [Written].
func StraceWritten(t testing.TB, trace string) []string {
	t.Helper()
	path, err := exec.LookPath("strace")
	if err != nil {
		t.Fatal("strace is not installed: run `make deps`.")
	}
	return []string{path, "-f", "-qq", "-y", "-xx", "-s", "1000000", "--seccomp-bpf",
		"-e", "trace=write,pwrite64,writev,pwritev,pwritev2", "-o", trace, "--"}
}

var (
	writeCall = regexp.MustCompile(`^\d+ +p?writev?(?:64|2)?\(\d+<([^>]*)>, (.*)$`)
	otherLine = regexp.MustCompile(`^\d+ +(---|\+\+\+|<\.\.\.|\?\?\?\() `) // a signal, an end, the rest of a call, a thread that was gone
	written   = regexp.MustCompile(`"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?`)
)

// Written is what the programs wrote whose calls are noted, by the names of the files,
// one piece after the other. What goes to other programs, to the system or to a device
// is left out.
func Written(trace io.Reader) (map[string][]byte, error) {
	all := map[string][]byte{}
	lines := bufio.NewReader(trace)
	for {
		line, err := lines.ReadString('\n')
		if err == io.EOF {
			return all, nil // a line without an end is of a program that was killed
		}
		if err != nil {
			return nil, err
		}
		m := writeCall.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
		if m == nil {
			if !otherLine.MatchString(line) {
				return nil, fmt.Errorf("strange line %.200q", line)
			}
			continue
		}
		name, err := hexText(m[1])
		if err != nil {
			return nil, err
		}
		if !strings.HasPrefix(name, "/") || strings.HasPrefix(name, "/dev/") || strings.HasPrefix(name, "/proc/") || strings.HasPrefix(name, "/memfd:") {
			continue
		}
		for _, part := range written.FindAllStringSubmatch(m[2], -1) {
			text, err := hexText(part[1])
			if err != nil {
				return nil, err
			}
			if part[2] != "" {
				return nil, fmt.Errorf("%s: more was written than was noted", name)
			}
			all[name] = append(all[name], text...)
		}
	}
}

// hexText is a text of which each byte is written as \x and two digits.
func hexText(s string) (string, error) {
	b, err := hex.DecodeString(strings.ReplaceAll(s, `\x`, ""))
	return string(b), err
}
