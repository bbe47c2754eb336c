package main

import (
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"culver/internal/benchkit"
	"culver/internal/pilot"
)

// bench is one run.
type bench struct{ benchkit.Bench }

// compare measures all programs, and prints the table.
func compare(out io.Writer, o options) error {
	if o.turns < 1 || o.chats < 1 || o.online < o.chats || o.buddies < o.online {
		return fmt.Errorf("there is nothing to measure with %+v", o)
	}
	for _, p := range []string{"prosody", "pidgin", "xdotool"} {
		if _, err := exec.LookPath(p); err != nil {
			return fmt.Errorf("%s is not installed: run `make deps`", p)
		}
	}
	b := &bench{}
	return b.Run(func() {
		t := b.found(o)
		display, err := pilot.OpenDisplay(1280, 1000)
		b.Must(err)
		b.Cleanup(display.Close)
		s, err := openScreen(display.Name)
		b.Must(err)
		b.Cleanup(s.close)
		ours, theirs := b.newCulver(t, o.program), b.newPidgin(t)
		all := []program{ours, theirs}
		if d := b.newDino(); d != nil {
			all = append(all, d)
		}

		ours.start(display) // it gets its roster
		ours.signedIn(o)
		ours.stop()
		b.Must(s.empty(benchkit.Patience))

		r := newResults()
		for turn := range o.turns {
			benchkit.Progress("Starts: %d of %d …", turn+1, o.turns)
			for i := range all { // who begins has no advantage of it: each does
				p := all[(turn+i)%len(all)]
				took := b.starts(p, display, s)
				r.add(p.name(), start, took.Seconds())
			}
		}
		for i, p := range all {
			benchkit.Progress("At rest: %s …", p.name())
			p.start(display)
			_, err := s.filled(benchkit.Patience)
			b.Must(err)
			if c, ok := p.(chatty); ok {
				c.signedIn(o)
				b.talk(t, o.chats, fmt.Sprint("rest", i))
				c.has(o.chats)
			}
			u := b.watch(p)
			r.add(p.name(), memory, u.memory)
			r.add(p.name(), resting, u.cpu)
			r.shares[p.name()] = u.shares
			p.stop()
			b.Must(s.empty(benchkit.Patience))
		}
		printHead(out, o)
		printTable(out, r, all)
	})
}

// chatty is a program that has conversations.
type chatty interface {
	// signedIn waits until the program shows who is online.
	signedIn(options)
	// has waits until it shows so many conversations, and has the keyboard in one.
	has(n int)
}

// printHead says on what and with what it was measured, and how.
func printHead(out io.Writer, o options) {
	fmt.Fprintf(out, "%s. %s, %d CPUs, %s/%s. Pidgin %s, Dino %s, Culver built by %s.\n", time.Now().Format("2006-01-02"),
		benchkit.Processor(), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, versionOf("pidgin"), versionOf("dino-im"), runtime.Version())
	fmt.Fprintf(out, `%d buddies, %d of them online; %d conversations; %d starts of each program in turns.

All are on one virtual display (Xvfb, drawn without a graphics card). A start ends when there is
something in the middle of the window, for Culver a list of buddies that answers: the display is
looked at %d times a second. The files are in the system's cache. Culver's keys come from a
keyring, its roster from its encrypted database. Memory is the proportional set size, %v after
the last conversation came; the processor is watched for %v after that, with the keyboard in the
entry. Dino has no account, and shows its first window.

`, o.buddies, o.online, o.chats, o.turns, time.Second/lookEvery, rest, idle)
}

// versionOf is that of a package of the system, as far as it can be told.
func versionOf(pack string) string {
	out, err := exec.Command("dpkg-query", "-W", "-f", "${Version}", pack).Output()
	if err != nil {
		return "of this system"
	}
	return strings.TrimSpace(string(out))
}
