// Command journey plays the practice journey with the real program on a virtual
// display: from the first-run window to a verified conversation. It leaves
// numbered pictures and a transcript.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"culver/internal/pilot"
)

func main() {
	program := flag.String("culver", "build/culver", "the `program` to play with")
	out := flag.String("out", "out", "the `folder` for pictures and the transcript")
	screen := flag.String("screen", "1280x900", "the `size` of the virtual screen; FYNE_SCALE and FYNE_THEME say what is shown on it")
	flag.Parse()
	if err := run(*program, *out, *screen); err != nil {
		fmt.Fprintln(os.Stderr, "journey:", err)
		os.Exit(1)
	}
}

// stuck is why a journey does not go on.
type stuck string

func run(program, out, screen string) (err error) {
	var width, height int
	if _, err := fmt.Sscanf(screen, "%dx%d", &width, &height); err != nil {
		return fmt.Errorf("read the size of the screen, %q: %w", screen, err)
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	transcript, err := os.Create(filepath.Join(out, "transcript.txt"))
	if err != nil {
		return err
	}
	defer transcript.Close()
	profile, err := os.MkdirTemp("", "culver-journey-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(profile)
	display, err := pilot.OpenDisplay(width, height)
	if err != nil {
		return err
	}
	defer display.Close()

	start := time.Now()
	you := &pilot.Person{Name: "The newcomer",
		Tell: func(s string) {
			line := fmt.Sprintf("%6.1fs  %s\n", time.Since(start).Seconds(), s)
			fmt.Print(line)
			transcript.WriteString(line)
		},
	}
	you.Fail = func(s string) {
		you.Fail = func(s string) { panic(stuck(s)) }
		you.PicturesScreen(filepath.Join(out, "stuck.png"))
		panic(stuck(s))
	}
	defer func() {
		if p := recover(); p != nil {
			s, ok := p.(stuck)
			if !ok {
				panic(p)
			}
			err = fmt.Errorf("%s", string(s))
		}
	}()
	if err := you.Start(display, program, filepath.Join(profile, "profile"), "DBUS_SESSION_BUS_ADDRESS="); err != nil {
		return err
	}
	defer you.Kill()
	n := 0
	picture := func(window, name string) {
		n++
		you.Pictures(window, filepath.Join(out, fmt.Sprintf("%02d-%s.png", n, name)))
	}
	you.ProtectsProfile(picture)
	you.HasLesson(picture)
	you.LooksAround(picture)
	you.Fronts("Buddy List")
	you.Presses("ctrl+q")
	you.WaitEnd()
	if strings.Contains(you.Log(), "Error in Fyne call thread") {
		return fmt.Errorf("the toolkit was called from the wrong thread:\n%s", you.Log())
	}
	return nil
}
