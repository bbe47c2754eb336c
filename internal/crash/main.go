// Crash kills Culver again and again, at any moment, and looks each time whether
// something was lost. A child process opens a profile that is encrypted with a
// passphrase, imports, erases, removes and searches, and then runs a whole messenger
// that writes to, and hears from, another one over the practice network. It says on
// its standard output what a front end was shown as sent or received. The parent kills
// it, starts it with the same profile, and compares: no error, no line that was shown
// is lost, none is there twice, and the index of words agrees with the lines. What is
// done follows from a seed; when it is killed is random. `make crash-storage` runs it
// 500 times. Everything of the parent happens on the goroutine of main.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	if dir := os.Getenv(childEnv); dir != "" {
		if err := child(dir); err != nil {
			fmt.Fprintln(os.Stderr, "crash: the child:", err)
			os.Exit(1)
		}
		return
	}
	rounds := flag.Int("rounds", 500, "how many times it is killed")
	seed := flag.Uint64("seed", 1, "what is done in the meantime")
	flag.Parse()
	said, err := run(*rounds, *seed)
	if err != nil {
		fmt.Fprintln(os.Stderr, "crash:", err)
		os.Exit(1)
	}
	fmt.Println(said)
}

// childEnv names the profile of the child; seedEnv, what it does.
const (
	childEnv = "CULVER_CRASH_PROFILE"
	seedEnv  = "CULVER_CRASH_SEED"
)
