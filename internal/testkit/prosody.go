package testkit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// ProsodyOptions say how a server starts.
type ProsodyOptions struct {
	// Users are the accounts, name to password ("alice": "secret").
	Users map[string]string
	// Friends are pairs of users that see each other's presence from the start.
	Friends [][2]string
	// TLS12 keeps the server from offering a newer TLS than version 1.2.
	TLS12 bool
	// Config is Lua that is put before the host section of the configuration.
	Config string
}

// Prosody is one running server for the domain Host on the loopback interface.
// It ends with the test.
type Prosody struct {
	Host      string // the XMPP domain: "localhost"
	Address   string // the address to dial: "127.0.0.1"
	C2S       int    // port for STARTTLS
	DirectTLS int    // port for direct TLS
	Certificate

	dir     string
	rosters map[string][]string // user to the bare addresses of their friends

	mu   sync.Mutex
	proc *prosodyProcess // nil while stopped
}

// prosodyProcess is one run of the program.
type prosodyProcess struct {
	cmd  *exec.Cmd
	done chan struct{} // closed when the process has ended
}

const pollEvery = 10 * time.Millisecond

// StartProsody starts a server and waits until it answers.
func StartProsody(t testing.TB, o ProsodyOptions) *Prosody {
	t.Helper()
	if _, err := exec.LookPath("prosody"); err != nil {
		t.Fatal("prosody is not installed: run `make deps`")
	}
	p := &Prosody{Host: "localhost", Address: "127.0.0.1", dir: t.TempDir(), rosters: map[string][]string{}}
	if err := p.prepare(t, o); err != nil {
		t.Fatalf("prepare prosody: %v", err)
	}
	t.Cleanup(p.Kill)
	p.Start(t)
	return p
}

func (p *Prosody) prepare(t testing.TB, o ProsodyOptions) error {
	for _, port := range []*int{&p.C2S, &p.DirectTLS} {
		claim, err := claimPort()
		if err != nil {
			return fmt.Errorf("find a free port: %w", err)
		}
		t.Cleanup(claim.release)
		*port = claim.port
	}
	var err error
	if p.Certificate, err = newCertificate(p.dir, p.Host); err != nil {
		return err
	}
	for _, folder := range []string{"data", "plugins"} {
		if err := os.Mkdir(filepath.Join(p.dir, folder), 0o700); err != nil {
			return err
		}
	}
	files := map[string]string{
		"prosody.cfg.lua":              p.config(o),
		"plugins/mod_recorder.lua":     recorderModule(p.recording()),
		filepath.Base(p.recording()):   "",
		filepath.Base(p.logFilePath()): "",
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(p.dir, name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	for name, password := range o.Users {
		if err := p.AddUser(name, password); err != nil {
			return err
		}
	}
	for _, pair := range o.Friends {
		if err := p.Befriend(pair[0], pair[1]); err != nil {
			return err
		}
	}
	return nil
}

// Start starts the server again after Stop or Kill, with the same ports,
// accounts and data.
func (p *Prosody) Start(t testing.TB) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.proc != nil {
		t.Fatal("prosody is running already")
	}
	proc, err := p.launch()
	if err != nil {
		t.Fatalf("start prosody: %v", err)
	}
	p.proc = proc
	if err := p.ready(proc); err != nil {
		p.end(syscall.SIGKILL)
		t.Fatalf("prosody did not come up: %v\n%s", err, p.Log())
	}
}

// launch runs the program. Its parent-death signal follows the thread that
// started it, so that thread stays with it until its end.
func (p *Prosody) launch() (*prosodyProcess, error) {
	proc := &prosodyProcess{
		cmd:  exec.Command("prosody", "-F", "--config", filepath.Join(p.dir, "prosody.cfg.lua")),
		done: make(chan struct{}),
	}
	proc.cmd.Dir = p.dir
	bindToParent(proc.cmd)
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := proc.cmd.Start()
		started <- err
		if err == nil {
			_ = proc.cmd.Wait() // how it ended is of no interest: it was told to
			close(proc.done)
		}
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return proc, nil
}

// ready waits for an answer to a stream header: the port opens before the host
// is loaded.
func (p *Prosody) ready(proc *prosodyProcess) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		err := p.probe(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-proc.done:
			return errors.New("it ended")
		case <-ctx.Done():
			return err
		case <-tick.C:
		}
	}
}

func (p *Prosody) probe(ctx context.Context) error {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", net.JoinHostPort(p.Address, fmt.Sprint(p.C2S)))
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(patience / 10)); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(conn, "<?xml version='1.0'?><stream:stream to='%s' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>", p.Host); err != nil {
		return err
	}
	var answer bytes.Buffer
	for buf := make([]byte, 4096); ; {
		n, err := conn.Read(buf)
		answer.Write(buf[:n])
		switch {
		case bytes.Contains(answer.Bytes(), []byte("<starttls")):
			return nil
		case errors.Is(err, io.EOF):
			return errors.New("no stream features before the end of the connection")
		case err != nil:
			return err
		}
	}
}

// Stop ends the server properly: clients are told.
func (p *Prosody) Stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.end(syscall.SIGTERM)
}

// Kill ends the server at once: clients see a broken connection.
func (p *Prosody) Kill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.end(syscall.SIGKILL)
}

// Restart is Stop and Start.
func (p *Prosody) Restart(t testing.TB) {
	t.Helper()
	p.Stop()
	p.Start(t)
}

func (p *Prosody) end(sig syscall.Signal) {
	if p.proc == nil {
		return
	}
	proc := p.proc
	p.proc = nil
	_ = proc.cmd.Process.Signal(sig) // fails only when it is gone
	limit := time.NewTimer(patience)
	defer limit.Stop()
	select {
	case <-proc.done:
	case <-limit.C:
		_ = proc.cmd.Process.Kill()
		<-proc.done
	}
}

// AddUser adds an account, also while the server runs.
func (p *Prosody) AddUser(name, password string) error {
	return p.store("accounts", name, fmt.Sprintf("return { [\"password\"] = %s; };\n", luaString(password)))
}

// Befriend lets two users see each other's presence. It has an effect on users
// who have not logged in since the server started.
func (p *Prosody) Befriend(a, b string) error {
	for _, pair := range [][2]string{{a, b}, {b, a}} {
		p.rosters[pair[0]] = append(p.rosters[pair[0]], pair[1]+"@"+p.Host)
		var text strings.Builder
		text.WriteString("return { [false] = { [\"version\"] = 1; };\n")
		for _, friend := range p.rosters[pair[0]] {
			fmt.Fprintf(&text, "[%s] = { [\"subscription\"] = \"both\"; [\"groups\"] = {}; };\n", luaString(friend))
		}
		text.WriteString("};\n")
		if err := p.store("roster", pair[0], text.String()); err != nil {
			return err
		}
	}
	return nil
}

// store writes one file of the server's own storage.
func (p *Prosody) store(kind, user, lua string) error {
	folder := filepath.Join(p.dir, "data", luaFileName(p.Host), kind)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, luaFileName(user)+".dat"), []byte(lua), 0o600)
}

// Log is what the server logged.
func (p *Prosody) Log() string { return readAll(p.logFilePath()) }

func (p *Prosody) logFilePath() string { return filepath.Join(p.dir, "prosody.log") }

func readAll(path string) string {
	data, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	return string(data)
}
