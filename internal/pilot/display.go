package pilot

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// Display is a virtual screen.
type Display struct {
	Name string // ":42"
	x    *exec.Cmd
	wm   *exec.Cmd
}

// The programs that a Display needs.
var needed = []string{"Xvfb", "openbox", "xdotool", "import", "xprop", "xwininfo"}

// OpenDisplay starts an X server of this size on a free display, and a window
// manager on it.
func OpenDisplay(width, height int) (*Display, error) {
	for _, p := range needed {
		if _, err := exec.LookPath(p); err != nil {
			return nil, fmt.Errorf("%s is not installed: run `make deps`", p)
		}
	}
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	d := &Display{x: exec.Command("Xvfb", "-displayfd", "3", "-nolisten", "tcp", "-noreset",
		"-screen", "0", fmt.Sprintf("%dx%dx24", width, height))}
	d.x.ExtraFiles = []*os.File{w}
	own(d.x)
	err = d.x.Start()
	w.Close()
	if err != nil {
		return nil, fmt.Errorf("start Xvfb: %w", err)
	}
	r.SetReadDeadline(time.Now().Add(Patience))
	number, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		d.Close()
		return nil, fmt.Errorf("wait for Xvfb: %w", err)
	}
	d.Name = ":" + strings.TrimSpace(number)
	d.wm = exec.Command("openbox", "--sm-disable")
	d.wm.Env = d.env()
	own(d.wm)
	if err := d.wm.Start(); err != nil {
		d.Close()
		return nil, fmt.Errorf("start openbox: %w", err)
	}
	if err := within(Patience, func() bool {
		out, err := d.run("xprop", "-root", "_NET_SUPPORTING_WM_CHECK")
		return err == nil && strings.Contains(out, "window id")
	}); err != nil {
		d.Close()
		return nil, fmt.Errorf("wait for the window manager: %w", err)
	}
	return d, nil
}

// Close ends the window manager and the X server.
func (d *Display) Close() {
	for _, c := range []*exec.Cmd{d.wm, d.x} {
		if c != nil && c.Process != nil {
			c.Process.Kill()
			c.Wait()
		}
	}
}

func (d *Display) env() []string {
	return append(os.Environ(), "DISPLAY="+d.Name, "WAYLAND_DISPLAY=")
}

// run runs a program of the display's.
func (d *Display) run(name string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	c := exec.CommandContext(ctx, name, args...)
	c.Env = d.env()
	out, err := c.CombinedOutput()
	if err != nil {
		return string(out), fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, out)
	}
	return string(out), nil
}

// within waits until ok, looking again and again: for what no event tells of.
func within(patience time.Duration, ok func() bool) error {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	late := time.After(patience)
	for !ok() {
		select {
		case <-tick.C:
		case <-late:
			return fmt.Errorf("not within %v", patience)
		}
	}
	return nil
}
