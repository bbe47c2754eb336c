package pilot

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Patience is how long a person waits for something to appear. It is only ever used
// up when something is broken, however slow the machine is.
const Patience = 2 * time.Minute

// Person is somebody who uses a Culver.
type Person struct {
	Name string
	// Tell is called with each thing that the person does or sees, in words.
	Tell func(string)
	// Fail is called when something does not appear; it must not return.
	Fail func(string)
	// Speaks says what a text of the program's is in its language; nil: it is English.
	Speaks func(string) string
	// Waits is for how long it is waited for something to appear: 0 is Patience.
	Waits time.Duration

	display *Display
	command []string
	env     []string
	socket  string
	cmd     *exec.Cmd
	ended   chan error
	log     *output
}

// output is what the program wrote, for looking at while it runs.
type output struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.Write(b)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.String()
}

// Start runs the program with its profile in a folder. Env is added to the
// environment.
func (p *Person) Start(d *Display, program, profile string, env ...string) error {
	return p.StartCommand(d, []string{program, "--profile", profile}, env...)
}

// StartCommand runs the program by a command: with other arguments, or by way of
// another program.
func (p *Person) StartCommand(d *Display, command []string, env ...string) error {
	p.display, p.command, p.env = d, command, env
	return p.StartAgain()
}

// StartAgain runs the program once more after it ended, as before.
func (p *Person) StartAgain() error {
	dir, err := os.MkdirTemp("", "culver-inspect-")
	if err != nil {
		return err
	}
	p.socket = filepath.Join(dir, "socket")
	p.log, p.ended = &output{}, make(chan error, 1)
	p.cmd = exec.Command(p.command[0], p.command[1:]...)
	p.cmd.Env = append(p.display.env(), append([]string{"CULVER_INSPECT=" + p.socket, "LANG=en_US.UTF-8"}, p.env...)...)
	p.cmd.Stdout, p.cmd.Stderr = p.log, p.log
	own(p.cmd)
	if err := p.cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", p.command[0], err)
	}
	go func() { p.ended <- p.cmd.Wait(); os.RemoveAll(dir) }()
	return nil
}

// Log is what the program wrote to its output.
func (p *Person) Log() string { return p.log.String() }

// WaitEnd waits for the program to end by itself, properly.
func (p *Person) WaitEnd() {
	select {
	case err := <-p.ended:
		p.ended <- err
		if err != nil {
			p.Fail(fmt.Sprintf("the program ended with %v: %s", err, p.Log()))
		}
	case <-time.After(Patience):
		p.cmd.Process.Signal(syscall.SIGQUIT) // it writes down what it is at
		err := <-p.ended
		p.ended <- err
		p.Fail("the program does not end: " + p.Log())
	}
}

// Signals sends the program a signal.
func (p *Person) Signals(s syscall.Signal) {
	if err := p.cmd.Process.Signal(s); err != nil {
		p.Fail(err.Error())
	}
	p.Tell(fmt.Sprintf("the program of %s gets the signal %v", p.Name, s))
}

// Crashes ends the program as a fault in it would, and waits until it has.
func (p *Person) Crashes() {
	p.Signals(syscall.SIGABRT)
	select {
	case err := <-p.ended:
		p.ended <- err
	case <-time.After(Patience):
		p.Fail("the program does not crash: " + p.Log())
	}
}

// Windows are the titles of the windows in which there is something to see.
func (p *Person) Windows() []string {
	things, err := p.Look()
	if err != nil {
		p.Fail(err.Error())
	}
	var titles []string
	for _, t := range things {
		if !slices.Contains(titles, t.Window) {
			titles = append(titles, t.Window)
		}
	}
	return titles
}

// Kill ends the program at once, if it still runs.
func (p *Person) Kill() {
	if p.cmd == nil || p.cmd.Process == nil {
		return
	}
	killOwn(p.cmd)
	err := <-p.ended
	p.ended <- err
}

// Thing is something on the screen: see the front end's description of itself.
type Thing struct {
	Window  string  `json:"window"`
	Kind    string  `json:"kind"`
	Name    string  `json:"name"`
	Value   string  `json:"value"`
	X       float64 `json:"x"` // in pixels, within the window
	Y       float64 `json:"y"`
	Width   float64 `json:"width"`
	Height  float64 `json:"height"`
	Enabled bool    `json:"enabled"`
	Focused bool    `json:"focused"` // it has the keyboard, once its window is in front
	Chosen  bool    `json:"chosen"`  // of a row
}

// Look is all that is on the screen.
func (p *Person) Look() ([]Thing, error) {
	var things []Thing
	if err := p.inquire("dump", &things); err != nil {
		return nil, err
	}
	return things, nil
}

// LetsPass has time pass for the lock that comes by itself, and reports for how long
// nobody has used the program then.
func (p *Person) LetsPass(d time.Duration) (unused time.Duration) {
	var seconds float64
	if err := p.inquire("pass "+d.String(), &seconds); err != nil {
		p.Fail(err.Error())
	}
	return time.Duration(seconds * float64(time.Second))
}

// inquire asks the program by a line, and reads what it answers.
func (p *Person) inquire(line string, answer any) error {
	c, err := net.DialTimeout("unix", p.socket, time.Second)
	if err != nil {
		return err
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(Patience))
	if _, err := io.WriteString(c, line+"\n"); err != nil {
		return err
	}
	if err := json.NewDecoder(c).Decode(answer); err != nil {
		return fmt.Errorf("read what the program says of itself: %w", err)
	}
	return nil
}

// find waits for a thing that is as wanted.
func (p *Person) find(what string, ok func(Thing) bool) Thing {
	var found Thing
	var things []Thing
	var dumb error // why it does not answer
	err := within(p.patience(), func() bool {
		select {
		case err := <-p.ended:
			p.ended <- err
			p.Fail(fmt.Sprintf("looking for %s: the program ended (%v): %s", what, err, p.Log()))
		default:
		}
		if things, dumb = p.Look(); dumb != nil {
			return false
		}
		for _, t := range things {
			if ok(t) {
				found = t
				return true
			}
		}
		return false
	})
	if err != nil && (dumb != nil || len(things) == 0) {
		p.cmd.Process.Signal(syscall.SIGQUIT) // it writes down what it is at
		err := <-p.ended
		p.ended <- err
		p.Fail(fmt.Sprintf("%s looks for %s, but the program does not answer (%v): %s", p.Name, what, dumb, p.Log()))
	}
	if err != nil {
		var b strings.Builder
		for _, t := range things {
			fmt.Fprintf(&b, "  %+v\n", t)
		}
		p.Fail(fmt.Sprintf("%s looks in vain for %s; there is:\n%s", p.Name, what, b.String()))
	}
	return found
}

// unread is what a title ends with while there is something unread.
var unread = regexp.MustCompile(` \([0-9]+\)$`)

// geometry is where a window is on the screen, and its ID. How much is unread in
// it does not matter: that may change at any time.
func (p *Person) geometry(title string) (id string, x, y float64) {
	title = unread.ReplaceAllString(title, "")
	var out string
	err := within(p.patience(), func() bool {
		var err error
		out, err = p.display.run("xdotool", "search", "--onlyvisible", "--name", "^"+quote(title)+`( \([0-9]+\))?$`)
		return err == nil && strings.TrimSpace(out) != ""
	})
	if err != nil {
		p.Fail(fmt.Sprintf("there is no window %q", title))
	}
	ids := strings.Fields(out)
	id = ids[len(ids)-1]
	// xdotool knows this, too, but counts the window manager's frame twice.
	out, err = p.display.run("xwininfo", "-id", id)
	if err != nil {
		p.Fail(err.Error())
	}
	for line := range strings.Lines(out) {
		k, v, _ := strings.Cut(strings.TrimSpace(line), ":")
		n, _ := strconv.ParseFloat(strings.TrimSpace(v), 64)
		switch k {
		case "Absolute upper-left X":
			x = n
		case "Absolute upper-left Y":
			y = n
		}
	}
	return id, x, y
}

// quote makes a title a regular expression that fits only itself.
func quote(s string) string {
	var b strings.Builder
	for _, r := range s {
		if strings.ContainsRune(`\.+*?()|[]{}^$`, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// PID is the process of the person's program.
func (p *Person) PID() int { return p.cmd.Process.Pid }
