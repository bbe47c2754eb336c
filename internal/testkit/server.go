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
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// ServerOptions say how a server starts, and what it can do: all that Culver knows
// about, but for what is switched off.
type ServerOptions struct {
	// Users are the accounts, name to password ("alice": "secret").
	Users map[string]string
	// Friends are pairs of users that see each other's presence from the start.
	Friends [][2]string
	// TLS12 keeps the server from offering a newer TLS than version 1.2.
	TLS12 bool
	// Registration lets everybody make an account in a stream.
	Registration bool
	// Resume is for how long the server keeps a lost session to be resumed: a minute
	// if it is not said.
	Resume time.Duration
	// UploadLimit is how large a file may be that is uploaded: 10 MB if it is not said.
	UploadLimit int64
	// StanzaLimit is how large a stanza of a client may be: 256 KB if it is not said.
	StanzaLimit int

	// KeepArchive lets Prosody keep its archives over restarts, and more than 1000 lines
	// of each.
	KeepArchive bool

	NoSM       bool // no stream management, XEP-0198
	NoArchive  bool // no message archive, XEP-0313, neither of accounts nor of rooms
	NoCarbons  bool // XEP-0280
	NoCSI      bool // XEP-0352
	NoBlocking bool // XEP-0191
	NoPEP      bool // no personal eventing, and with it no bookmarks and no avatars in it
	NoRooms    bool // no conference.HOST, XEP-0045
	NoUpload   bool // no upload.HOST, XEP-0363
	NoProxy    bool // no proxy.HOST, XEP-0065

	// NoRecord keeps Prosody from writing down what is said: that takes longer than
	// what a load test measures. There are no Stanzas then.
	NoRecord bool

	// Config is Lua that is put before the host section of Prosody's configuration.
	Config string
	// YAML is put at the end of ejabberd's configuration, which has no `modules` of it.
	YAML string
	// Modules are added to ejabberd's modules, or replace them: name to options in
	// YAML ("mod_ping": "{ send_pings: true }"). With "" a module is left out.
	Modules map[string]string
}

// Server is one running XMPP server for the domain Host on the loopback interface,
// Prosody or ejabberd. It ends with the test that started it.
type Server struct {
	Name      string // "Prosody" or "ejabberd"
	Host      string // the XMPP domain: "localhost"
	Address   string // the address to dial: "127.0.0.1"
	C2S       int    // port for STARTTLS
	DirectTLS int    // port for direct TLS
	HTTP      int    // port for uploads without TLS, and ejabberd's API
	HTTPS     int    // port for uploads: where the slots point to
	Proxy65   int    // port for bytestreams through proxy.HOST
	Certificate

	dir     string
	options ServerOptions
	kind    kind
	claims  []claim

	mu   sync.Mutex
	proc *process // nil while stopped

	fresh atomic.Int64 // users made by Fresh
}

// Names of servers.
const (
	NameProsody  = "Prosody"
	NameEjabberd = "ejabberd"
)

// kind is what one kind of server needs, and the other does differently.
type kind interface {
	// prepare writes what the program needs to start.
	prepare(s *Server) error
	// command runs the program.
	command(s *Server) *exec.Cmd
	addUser(s *Server, name, password string) error
	// befriend makes users that were never logged in see one of them, and that one all
	// of them.
	befriend(s *Server, a string, others ...string) error
}

// process is one run of a program.
type process struct {
	cmd  *exec.Cmd
	done chan struct{} // closed when the process has ended
}

const pollEvery = 10 * time.Millisecond

// startServer starts a server for a test, and waits until it answers.
func startServer(t testing.TB, name string, o ServerOptions) *Server {
	t.Helper()
	k, err := findServer(name)
	if err != nil {
		t.Fatal(err)
	}
	s, err := newServer(name, k, t.TempDir(), o)
	t.Cleanup(s.close)
	if err != nil {
		t.Fatalf("start %s: %v", name, err)
	}
	return s
}

// newServer starts a server with its files in dir. It has to be closed, also after
// an error.
func newServer(name string, k kind, dir string, o ServerOptions) (*Server, error) {
	s := &Server{Name: name, Host: "localhost", Address: "127.0.0.1", dir: dir, options: o, kind: k}
	for _, port := range []*int{&s.C2S, &s.DirectTLS, &s.HTTP, &s.HTTPS, &s.Proxy65} {
		var err error
		if *port, err = s.claim(); err != nil {
			return s, err
		}
	}
	var err error
	if s.Certificate, err = newCertificate(dir, s.Host, "conference."+s.Host, "upload."+s.Host, "proxy."+s.Host); err != nil {
		return s, err
	}
	for _, file := range []string{s.recording(), s.logFile()} {
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			return s, err
		}
	}
	if err := k.prepare(s); err != nil {
		return s, err
	}
	if err := s.start(); err != nil {
		return s, err
	}
	for name, password := range o.Users {
		if err := s.AddUser(name, password); err != nil {
			return s, err
		}
	}
	for _, pair := range o.Friends {
		if err := s.Befriend(pair[0], pair[1]); err != nil {
			return s, err
		}
	}
	return s, nil
}

// NewServer is [StartProsody] and [StartEjabberd] for programs that are no test: it keeps
// its files in dir. Close ends it.
func NewServer(name, dir string, o ServerOptions) (*Server, error) {
	k, err := findServer(name)
	if err != nil {
		return nil, err
	}
	s, err := newServer(name, k, dir, o)
	if err != nil {
		s.close()
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	return s, nil
}

// Close ends a server that no test ends.
func (s *Server) Close() { s.close() }

// Again is Start for programs that are no test.
func (s *Server) Again() error {
	if err := s.start(); err != nil {
		return fmt.Errorf("start %s: %w", s.Name, err)
	}
	return nil
}

// claim takes a port for as long as the server is used.
func (s *Server) claim() (int, error) {
	c, err := claimPort()
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	s.claims = append(s.claims, c)
	return c.port, nil
}

// close ends the server for good.
func (s *Server) close() {
	s.Kill()
	for _, c := range s.claims {
		c.release()
	}
	s.claims = nil
}

// path is a file or folder of the server's own.
func (s *Server) path(name string) string { return filepath.Join(s.dir, name) }

// Start starts the server again after Stop or Kill, with the same ports, accounts
// and data: rosters, and messages for who is away. Prosody forgets its
// archives, unless it is to keep them.
func (s *Server) Start(t testing.TB) {
	t.Helper()
	if err := s.start(); err != nil {
		t.Fatalf("start %s: %v", s.Name, err)
	}
}

func (s *Server) start() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.proc != nil {
		return errors.New("it is running already")
	}
	said, err := os.OpenFile(s.path("said"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	cmd := s.kind.command(s)
	cmd.Stdout, cmd.Stderr = said, said
	proc, err := launch(cmd)
	if err := errors.Join(err, said.Close()); err != nil {
		return err
	}
	s.proc = proc
	if err := s.ready(proc); err != nil {
		s.end(syscall.SIGKILL)
		return fmt.Errorf("it did not come up: %w\n%s%s", err, s.Log(), readAll(s.path("said")))
	}
	return nil
}

// launch runs a program. Its parent-death signal follows the thread that started
// it, so that thread stays with it until its end.
func launch(cmd *exec.Cmd) (*process, error) {
	proc := &process{cmd: cmd, done: make(chan struct{})}
	bindToParent(cmd)
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // how it ended is of no interest: it was told to
			close(proc.done)
		}
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return proc, nil
}

// ready waits for an answer to a stream header: ports open before the host is
// loaded.
func (s *Server) ready(proc *process) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		err := s.probe(ctx)
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

func (s *Server) probe(ctx context.Context) error {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", net.JoinHostPort(s.Address, fmt.Sprint(s.C2S)))
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(patience / 10)); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(conn, "<?xml version='1.0'?><stream:stream to='%s' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>", s.Host); err != nil {
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

// Stop ends the server properly: clients are told, or see that the stream ends.
func (s *Server) Stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.end(syscall.SIGTERM)
}

// Kill ends the server at once: clients see a broken connection.
func (s *Server) Kill() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.end(syscall.SIGKILL)
}

// Restart is Stop and Start.
func (s *Server) Restart(t testing.TB) {
	t.Helper()
	s.Stop()
	s.Start(t)
}

func (s *Server) end(sig syscall.Signal) {
	if s.proc == nil {
		return
	}
	proc := s.proc
	s.proc = nil
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

// AddUser adds an account. The server has to run.
func (s *Server) AddUser(name, password string) error {
	if err := s.kind.addUser(s, name, password); err != nil {
		return fmt.Errorf("add the user %s: %w", name, err)
	}
	return nil
}

// Befriend lets a user and others see each other's presence. It has an effect on users
// who have not logged in since the server started.
func (s *Server) Befriend(a string, others ...string) error {
	if err := s.kind.befriend(s, a, others...); err != nil {
		return fmt.Errorf("befriend %s and %d others: %w", a, len(others), err)
	}
	return nil
}

// PID is the server's process, 0 while it is stopped.
func (s *Server) PID() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.proc == nil {
		return 0
	}
	return s.proc.cmd.Process.Pid
}

// Log is what the server logged.
func (s *Server) Log() string { return readAll(s.logFile()) }

func (s *Server) logFile() string { return s.path("server.log") }

func readAll(path string) string {
	data, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	return string(data)
}
