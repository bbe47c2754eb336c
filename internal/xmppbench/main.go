// Xmppbench sets Culver beside Profanity, the messenger for terminals: the same account
// of the same Prosody on the same machine, in turns. It measures how long it takes from
// the log-in until a roster of thousands is on the screen, how many messages a second
// come in and go out, and how much memory a program takes that is at rest. It prints a
// table, and where Culver is not ahead, what was measured of the reason.
//
// There are two Culvers: the program with its windows, on a virtual display, and its core
// without windows, which is this program itself, started once more. Beside them is a bare
// client that does nothing but speak the protocol: what it takes is the server's share,
// which nobody gets below.
//
// `make bench-xmpp` runs it. Everything happens on the goroutine of main but for reading
// from connections.
package main

import (
	"flag"
	"fmt"
	"os"

	"culver/internal/benchkit"
)

// bench is one run.
type bench struct{ benchkit.Bench }

// size is how much there is to do.
type size struct{ buddies, online, messages, rounds int }

func main() {
	var o options
	flag.IntVar(&o.buddies, "buddies", 5000, "how many buddies are on the roster")
	flag.IntVar(&o.online, "online", 500, "how many of them are online")
	flag.IntVar(&o.messages, "messages", 1000, "how many messages go each way")
	flag.IntVar(&o.rounds, "rounds", 3, "how many times everything is measured")
	flag.StringVar(&o.program, "culver", "", "Culver's `program`, with its windows; empty: it stays out")
	flag.StringVar(&o.profile, "cpuprofile", "", "write CPU profiles of the core to `file`.1, file.2 and so on: one for each time it runs")
	flag.StringVar(&o.only, "only", "", "which `sides` to measure, with commas between: Profanity, Culver, core, bare")
	flag.Parse()
	run := func() error { return compare(os.Stdout, o) }
	if dir := os.Getenv(coreEnv); dir != "" {
		run = func() error { return runCore(dir) }
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "xmppbench:", err)
		os.Exit(1)
	}
}
