package testkit

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// secretService is the name on the bus of the Secret Service
// (freedesktop.org Secret Storage Specification).
const secretService = "org.freedesktop.secrets"

// Bus is a D-Bus session bus of its own, which starts no services by itself.
type Bus struct {
	Address string // for DBUS_SESSION_BUS_ADDRESS
	home    string
	t       testing.TB
}

// StartBus starts a bus that has no keyring.
func StartBus(t testing.TB) *Bus {
	t.Helper()
	// Not t.TempDir: the name of a socket has at most 107 bytes.
	home, err := os.MkdirTemp("", "bus")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(home) })
	config := filepath.Join(home, "bus.conf")
	err = os.WriteFile(config, fmt.Appendf(nil, `<busconfig>
<type>session</type><listen>unix:dir=%s</listen><auth>EXTERNAL</auth>
<policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
</policy>
</busconfig>`, home), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	b := &Bus{home: home, t: t}
	out := b.start("dbus-daemon", nil, "--config-file="+config, "--nofork", "--print-address=1")
	b.Address = out.waitFor("unix:")
	return b
}

// StartKeyring starts a bus with an empty, unlocked keyring.
func StartKeyring(t testing.TB) *Bus {
	t.Helper()
	b := StartBus(t)
	b.startKeyring([]byte("correct horse"), "--unlock")
	return b
}

// StartPlainKeyring starts a bus with an empty keyring that needs no password: its
// files, in the folder Files, are not encrypted, so that one can see what it keeps.
func StartPlainKeyring(t testing.TB) *Bus {
	t.Helper()
	b := StartBus(t)
	if err := os.MkdirAll(b.Files(), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"default":       "plain",
		"plain.keyring": "[keyring]\ndisplay-name=plain\nctime=0\nmtime=0\nlock-on-idle=false\nlock-after=false\n",
	} {
		if err := os.WriteFile(filepath.Join(b.Files(), name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b.startKeyring(nil)
	return b
}

// Files is the folder of the keyring's files.
func (b *Bus) Files() string { return filepath.Join(b.home, ".local/share/keyrings") }

// StartLockedKeyring starts a bus with a keyring that is locked, and without
// anything that could ask the user for its password.
func StartLockedKeyring(t testing.TB) *Bus {
	t.Helper()
	b := StartBus(t)
	// The first start makes the keyring, the second finds it locked.
	b.startKeyring([]byte("correct horse"), "--unlock").stop()
	if _, err := os.Stat(filepath.Join(b.Files(), "login.keyring")); err != nil {
		t.Fatalf("gnome-keyring-daemon made no keyring: %v", err)
	}
	b.startKeyring(nil)
	return b
}

// Env is the environment of a program that uses the bus.
func (b *Bus) Env() []string {
	env := b.environ()
	return append(env, "DBUS_SESSION_BUS_ADDRESS="+b.Address)
}

// EnvWithoutBus is the environment of a program that finds no session bus,
// unless the system has one for every program of the user.
func EnvWithoutBus() []string {
	var env []string
	for _, e := range os.Environ() {
		name, _, _ := strings.Cut(e, "=")
		switch name {
		case "DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY", "GNOME_KEYRING_CONTROL":
		default:
			env = append(env, e)
		}
	}
	return env
}

// environ is the environment of a program whose home is the bus's folder.
func (b *Bus) environ() []string {
	env := append(EnvWithoutBus(), "HOME="+b.home, "XDG_RUNTIME_DIR="+b.home)
	for _, name := range []string{"XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"} {
		env = append(env, name+"=")
	}
	return env
}

// Notifications has the calls noted from now on by which programs notify the user,
// whether somebody shows them or not; heard are those so far.
func (b *Bus) Notifications() (heard func() string) {
	b.t.Helper()
	watch := b.start("dbus-monitor", nil, "--session", "interface='org.freedesktop.Notifications'")
	watch.waitFor("NameLost") // from here on it sees everything
	var mu sync.Mutex
	var all strings.Builder
	go func() {
		for line := range watch.lines {
			mu.Lock()
			all.WriteString(line + "\n")
			mu.Unlock()
		}
	}()
	return func() string {
		mu.Lock()
		defer mu.Unlock()
		return all.String()
	}
}

// startKeyring starts the daemon and waits until it has its name on the bus.
func (b *Bus) startKeyring(password []byte, flags ...string) *program {
	b.t.Helper()
	watch := b.start("dbus-monitor", nil, "--session", "type='signal',member='NameOwnerChanged'")
	watch.waitFor("NameLost") // from here on it sees everything
	daemon := b.start("gnome-keyring-daemon", password, append(flags, "--foreground", "--components=secrets")...)
	watch.waitFor(`"` + secretService + `"`)
	watch.stop()
	return daemon
}

// program is a program that is running.
type program struct {
	t     testing.TB
	name  string
	cmd   *exec.Cmd
	lines chan string // what it prints, line by line; closed at its end
	quit  chan struct{}
	ended bool
}

// start starts a program that is stopped at the end of the test.
func (b *Bus) start(name string, stdin []byte, args ...string) *program {
	b.t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		b.t.Fatalf("%s is not installed: run `make deps`.", name)
	}
	p := &program{t: b.t, name: name, cmd: exec.Command(path, args...),
		lines: make(chan string), quit: make(chan struct{})}
	p.cmd.Env = b.environ()
	if b.Address != "" {
		p.cmd.Env = b.Env()
	}
	p.cmd.Dir = b.home
	p.cmd.Stdin = bytes.NewReader(stdin)
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		b.t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		b.t.Fatalf("start %s: %v", name, err)
	}
	go p.read(out)
	b.t.Cleanup(p.stop)
	return p
}

// read passes on what the program prints, until it ends or nobody listens.
func (p *program) read(out io.Reader) {
	defer close(p.lines)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		select {
		case p.lines <- lines.Text():
		case <-p.quit:
			return
		}
	}
}

// waitFor waits for a line that contains what, and returns it.
func (p *program) waitFor(what string) string {
	p.t.Helper()
	timeout := time.After(patience)
	for {
		select {
		case line, ok := <-p.lines:
			if !ok {
				p.t.Fatalf("%s ended early", p.name)
			}
			if strings.Contains(line, what) {
				return line
			}
		case <-timeout:
			p.t.Fatalf("%s did not print %q in %v", p.name, what, patience)
		}
	}
}

// stop ends the program and waits for its end.
func (p *program) stop() {
	if p.ended {
		return
	}
	p.ended = true
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	kill := time.AfterFunc(patience, func() { _ = p.cmd.Process.Kill() })
	defer kill.Stop()
	close(p.quit)
	for range p.lines {
	}
	_ = p.cmd.Wait()
}
