package testkit

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
)

// terminal is a virtual one, of tmux, with one program in it.
type terminal struct {
	t    testing.TB
	dir  string // of its own: the socket's name has at most 107 bytes
	tmux *exec.Cmd
	done chan struct{} // closed when tmux has ended
}

// The usual size of the screen: nothing that a test has said scrolls away.
const (
	terminalColumns = 200
	terminalRows    = 240
)

// openTerminal runs the program of these words in a new terminal of that size.
func openTerminal(t testing.TB, env []string, columns, rows int, program ...string) *terminal {
	t.Helper()
	for _, name := range []string{"tmux", program[0]} {
		if _, err := exec.LookPath(name); err != nil {
			t.Fatalf("%s is not installed: run `make deps`", name)
		}
	}
	dir, err := os.MkdirTemp("", "term")
	if err != nil {
		t.Fatal(err)
	}
	term := &terminal{t: t, dir: dir, done: make(chan struct{})}
	t.Cleanup(term.close)
	config := fmt.Sprintf("set -g status off\nset -g default-terminal screen\nset -sg escape-time 0\n"+
		"set -g remain-on-exit on\nnew-session -d -x %d -y %d \"exec '%s'\"\n",
		columns, rows, strings.Join(program, "' '"))
	if err := os.WriteFile(term.path("conf"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	// In the foreground, for a server in the background would outlive a test that is killed.
	term.tmux = exec.Command("tmux", "-D", "-u", "-S", term.path("socket"), "-f", term.path("conf"))
	term.tmux.Env = env
	term.tmux.Dir = dir
	bindToParent(term.tmux)
	if err := term.start(); err != nil {
		t.Fatalf("start tmux: %v", err)
	}
	if !within(patience, func() bool { return term.pid() > 0 }) {
		t.Fatalf("no terminal in %v", patience)
	}
	return term
}

func (term *terminal) path(name string) string { return filepath.Join(term.dir, name) }

// start runs tmux. Its parent-death signal follows the thread that started it, so
// that thread stays with it until its end.
func (term *terminal) start() error {
	started := make(chan error)
	go func() {
		defer close(term.done)
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := term.tmux.Start()
		started <- err
		if err == nil {
			_ = term.tmux.Wait() // how it ended is of no interest: it was told to
		}
	}()
	return <-started
}

// ask runs a command of tmux's.
func (term *terminal) ask(words ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	out, err := exec.CommandContext(ctx, "tmux", append([]string{"-u", "-S", term.path("socket")}, words...)...).CombinedOutput()
	return string(out), err
}

// enter types a line, and Enter.
func (term *terminal) enter(line string) {
	term.t.Helper()
	for _, words := range [][]string{{"send-keys", "-l", "--", line}, {"send-keys", "Enter"}} {
		if out, err := term.ask(words...); err != nil {
			term.t.Fatalf("type %q: %v: %s", line, err, out)
		}
	}
}

// screen is what is to be seen, line by line, without what is blank.
func (term *terminal) screen() string {
	out, err := term.ask("capture-pane", "-p")
	if err != nil {
		return ""
	}
	var b strings.Builder
	for line := range strings.Lines(out) {
		if line = strings.TrimRight(line, " \n"); line != "" {
			fmt.Fprintln(&b, line)
		}
	}
	return b.String()
}

// pid is the program's process, 0 if there is none.
func (term *terminal) pid() int {
	out, err := term.ask("display-message", "-p", "#{?pane_dead,0,#{pane_pid}}")
	if err != nil {
		return 0
	}
	pid, err := strconv.Atoi(strings.TrimSpace(out))
	if err != nil {
		return 0
	}
	return pid
}

// kill ends the program without a word, and the terminal with it.
func (term *terminal) kill() {
	if pid := term.pid(); pid > 0 {
		if program, err := os.FindProcess(pid); err == nil {
			_ = program.Kill() // fails only when it is gone
		}
	}
	term.close()
}

// close takes the terminal away, which ends the program if it still runs.
func (term *terminal) close() {
	if term.tmux.Process == nil {
		os.RemoveAll(term.dir)
		return
	}
	_, _ = term.ask("kill-server") // fails when it has ended
	limit := time.NewTimer(patience)
	defer limit.Stop()
	select {
	case <-term.done:
	case <-limit.C:
		_ = term.tmux.Process.Kill()
		<-term.done
	}
	os.RemoveAll(term.dir)
}

// patience is how long a program may take for one thing; it is only ever used up
// when something is broken, however slow the machine is.
const patience = 2 * time.Minute

// within waits until ok, looking again and again: for what nothing tells of.
func within(limit time.Duration, ok func() bool) bool {
	tick := time.NewTicker(5 * pollEvery)
	defer tick.Stop()
	late := time.NewTimer(limit)
	defer late.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-late.C:
			return ok()
		}
	}
	return true
}
