// Command screenshots takes pictures of every window of the real program, on a virtual
// display, with a Prosody and people to talk with: in light and dark, at the usual and at
// double size, in English and in German. They are there to be looked at: is anything cut
// off, too small, or beside where it belongs?
//
// What is shown, and how it is reached, is one table: [scenes]. Its test looks whether a
// window of the program is missing in it.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"culver/lang"
)

// options are what the one who starts it wants to see.
type options struct {
	program, out            string
	themes, scales, tongues []string
	scene                   string // only that one, and what it needs
	jobs                    int    // programs at once
	patience                time.Duration
	told                    bool
}

func main() {
	var o options
	flag.StringVar(&o.program, "culver", "build/culver", "the `program` to look at")
	flag.StringVar(&o.out, "out", "out/screenshots", "the `folder` for the pictures")
	list := func(to *[]string, name, standard, usage string) {
		*to = strings.Split(standard, ",")
		flag.Func(name, usage+" (default "+standard+")", func(s string) error { *to = strings.Split(s, ","); return nil })
	}
	list(&o.tongues, "languages", "en,de", "the `languages`")
	list(&o.themes, "themes", "light,dark", "the `themes`")
	list(&o.scales, "scales", "1,2", "the `scales`")
	flag.StringVar(&o.scene, "scene", "", "only this `scene`, and what it needs")
	flag.IntVar(&o.jobs, "jobs", 2, "how `many` programs run at once")
	flag.DurationVar(&o.patience, "patience", time.Minute, "how long it is waited for a window, at most")
	flag.BoolVar(&o.told, "v", false, "tell each step")
	flag.Parse()
	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "screenshots:", err)
		os.Exit(1)
	}
}

// run walks through the program once for each look that it can have. All walks of a
// language are over before the next one begins: the people that are talked with are in
// this process, and speak it, too.
func run(o options) error {
	if err := os.MkdirAll(o.out, 0o755); err != nil {
		return err
	}
	var failed []error
	for _, tongue := range o.tongues {
		if _, err := lang.Use(tongue); err != nil {
			return err
		}
		var mu sync.Mutex
		var all sync.WaitGroup
		free := make(chan struct{}, max(1, o.jobs))
		for _, theme := range o.themes {
			for _, scale := range o.scales {
				free <- struct{}{}
				all.Go(func() {
					defer func() { <-free }()
					began := time.Now()
					l := look{tongue, theme, scale}
					n, err := walkThrough(o, l)
					fmt.Printf("%s: %d pictures in %.0f s\n", l, n, time.Since(began).Seconds())
					if err != nil {
						mu.Lock()
						failed = append(failed, fmt.Errorf("%s: %w", l, err))
						mu.Unlock()
					}
				})
			}
		}
		all.Wait()
	}
	if err := writeIndex(o); err != nil {
		return err
	}
	fmt.Println(filepath.Join(o.out, "index.html"), "shows them side by side.")
	if failed != nil {
		return errors.Join(failed...)
	}
	return nil
}

// look is how the program looks.
type look struct{ tongue, theme, scale string }

func (l look) String() string { return l.tongue + "-" + l.theme + "-" + l.scale + "x" }
