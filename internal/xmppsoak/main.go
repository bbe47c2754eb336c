// Xmppsoak lets two whole Culvers talk over real XMPP servers while their connections
// are cut, stalled, throttled, delayed and overtaken again and again, and the server is
// restarted now and then. Each of the two has two accounts: one for a conversation in
// the open, one for a private one. At the end every line that was typed has to be in the
// other's conversation and history, once and in order, but for those that were shown as
// failed and sent again; nothing private may ever have been seen by the server; and
// goroutines and memory must not have grown. `make soak-xmpp` cuts 500 times. The
// weather follows from a seed, which is printed; what comes of it depends on the machine
// as well.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"culver/internal/testkit"
)

func main() {
	p := plan{restart: 100}
	flag.IntVar(&p.cuts, "cuts", 500, "how many times connections are cut")
	flag.IntVar(&p.lines, "lines", 20000, "how many lines are said, half of them in private")
	flag.Uint64Var(&p.seed, "seed", 0, "the weather; 0: any")
	server := flag.String("server", "prosody", "prosody, ejabberd or both, one after the other")
	out := flag.String("out", "", "the `folder` for what is left after a failure; empty: a new one")
	flag.Parse()
	servers := map[string][]string{"prosody": {testkit.NameProsody}, "ejabberd": {testkit.NameEjabberd},
		"both": {testkit.NameProsody, testkit.NameEjabberd}}[strings.ToLower(*server)]
	if servers == nil || p.cuts < 1 || p.lines < 4 || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	if p.seed == 0 {
		p.seed = 1 + rand.Uint64N(1e9)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	failed := false
	for _, name := range servers {
		if err := soak(ctx, name, p, *out); err != nil {
			fmt.Fprintf(os.Stderr, "\n%s: FAILED\n%v\n", name, err)
			fmt.Fprintf(os.Stderr, "The weather again: make soak-xmpp SERVER=%s SEED=%d CUTS=%d LINES=%d\n", strings.ToLower(name), p.seed, p.cuts, p.lines)
			failed = true
		}
	}
	if failed {
		os.Exit(1)
	}
}

// plan is what is to be done on one server.
type plan struct {
	cuts, lines int
	restart     int // after each so many cuts the server is restarted
	seed        uint64
}

// soak is one run on one server. Its files are removed if nothing was found.
func soak(ctx context.Context, name string, p plan, out string) (err error) {
	dir, err := os.MkdirTemp(out, "culver-soak-"+strings.ToLower(name)+"-")
	if err != nil {
		return err
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return err
	}
	defer func() {
		if err == nil {
			err = os.RemoveAll(dir)
		} else {
			err = errors.Join(err, sentencef("All that happened is in %s.", dir))
		}
	}()
	fmt.Printf("%s: %d cuts, %d lines, seed %d. Both keep a history of all, to compare it at the end.\n", name, p.cuts, p.lines, p.seed)
	r, err := begin(ctx, name, dir, p)
	if err != nil {
		return err
	}
	err = r.play(ctx)
	end := r.end()
	if err == nil {
		err = end
	}
	if err != nil {
		return err
	}
	if err := r.audit(ctx); err != nil {
		return err
	}
	fmt.Print(r.summary())
	return nil
}
