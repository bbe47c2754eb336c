package main

import (
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"culver/internal/benchkit"
)

// options are what to measure.
type options struct {
	size
	program string // Culver with its windows; empty: it stays out
	profile string // where to write a CPU profile of the core; empty: nowhere
	only    string // the sides, with commas between; empty: all
}

// compare measures all sides in turns, and prints the table.
func compare(out io.Writer, o options) error {
	if err := o.check(); err != nil {
		return err
	}
	b := &bench{}
	return b.Run(func() {
		t := b.build(o.size)
		r := newResults()
		all := o.sides(b, t)
		for round := range o.rounds {
			for turn := range all { // who begins has no advantage of it: each does
				s := all[(round+turn)%len(all)]
				benchkit.Progress("Round %d of %d: %s …", round+1, o.rounds, s.name())
				b.round(s, t, o.size, r)
			}
		}
		printHead(out, o, t)
		printTable(out, r)
	})
}

func (o options) sides(b *bench, t *town) (all []side) {
	for _, s := range []side{
		&profanitySide{bench: b, town: t, lines: o.messages},
		&windowSide{bench: b, town: t, program: o.program},
		&coreSide{bench: b, town: t, profile: o.profile},
		&bareSide{bench: b, town: t},
	} {
		if o.wants(s.name()) {
			all = append(all, s)
		}
	}
	return all
}

func (o options) wants(side string) bool {
	if side == windowName && o.program == "" {
		return false
	}
	return o.only == "" || strings.Contains(","+o.only+",", ","+side+",")
}

// check finds what is missing before anything is measured.
func (o options) check() error {
	if o.online < 1 || o.buddies < o.online || o.messages < 1 || o.rounds < 1 {
		return fmt.Errorf("there is nothing to measure with %+v", o.size)
	}
	for _, p := range []string{"prosody", "profanity", "tmux"} {
		if _, err := exec.LookPath(p); err != nil {
			return fmt.Errorf("%s is not installed: run `make deps`", p)
		}
	}
	return nil
}

// printHead says on what and with what it was measured, and how.
func printHead(out io.Writer, o options, t *town) {
	fmt.Fprintf(out, "%s. %s, %d CPUs, %s/%s. Prosody %s, %s, Culver built by %s.\n", time.Now().Format("2006-01-02"),
		benchkit.Processor(), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, t.version(), profanityVersion(), runtime.Version())
	fmt.Fprintf(out, `%d buddies, %d of them online; %d messages each way, for an account with %d buddies, all online, and %d
for the one with thousands. Medians of %d rounds in turns, with the least and the most.

Culver is the program with its windows on a virtual display (Xvfb, drawn without a graphics
card); its core is the same without windows; Profanity runs in a terminal of 120 by 40 (tmux).
All have the same account, over TLS, and keep what is said on the disk: Culver in its encrypted
database, each line before the next, Profanity in its database and its text log. A screen is
looked at %d times a second. What is received ends with the receipt for the last line, which
a client gives when it has come to that; what is sent, with the last line at the other end.
Profanity sends by a script of its own, Culver's core by the call that the windows make. What
had piled up came while the program was stopped. The next log-in is with a roster that is known;
for Culver the passphrase is typed at once. Memory is the proportional set size, %v after the
log-in. The bare client only speaks the protocol: what it takes is the server's part. The server
keeps no archive, which only Culver would read, and has no personal eventing: Prosody would ask
each client five thousand times what it can do, once for each buddy, and that would be measured.

`, o.buddies, o.online, o.messages, few, busyMessages(o.size), o.rounds, time.Second/lookEvery, quiet)
}

// version is the server's, as it says.
func (t *town) version() string {
	out, err := exec.Command("dpkg-query", "-W", "-f", "${Version}", "prosody").Output()
	if err != nil {
		return "of this system"
	}
	return string(out)
}

func profanityVersion() string {
	out, err := exec.Command("profanity", "--version").Output()
	if err != nil {
		return "Profanity of this system"
	}
	first, _, _ := strings.Cut(string(out), "\n")
	return strings.Replace(first, ", version", "", 1)
}
