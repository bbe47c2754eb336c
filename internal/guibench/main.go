// Guibench sets Culver's windows beside Pidgin's and Dino's, on one virtual display, in
// turns: how long it takes from the start until the list of buddies is on the screen, how
// much memory a program takes that is at rest, with a thousand buddies and ten
// conversations, and how much of a processor while nobody does anything. It prints a table.
//
// Pidgin has the same roster and the same conversations, over the same Prosody. Dino stands
// for messengers of today: it is measured with its first window, which is empty.
//
// `make bench-gui` runs it, after the benchmarks of the lists themselves.
package main

import (
	"flag"
	"fmt"
	"os"
)

// options are what to measure.
type options struct {
	program                       string // Culver
	buddies, online, chats, turns int
}

func main() {
	var o options
	flag.StringVar(&o.program, "culver", "build/culver", "Culver's `program`")
	flag.IntVar(&o.buddies, "buddies", 1000, "how many buddies are on the roster")
	flag.IntVar(&o.online, "online", 100, "how many of them are online")
	flag.IntVar(&o.chats, "chats", 10, "how many of them begin a conversation")
	flag.IntVar(&o.turns, "rounds", 7, "how many times each program is started")
	flag.Parse()
	if err := compare(os.Stdout, o); err != nil {
		fmt.Fprintln(os.Stderr, "guibench:", err)
		os.Exit(1)
	}
}
