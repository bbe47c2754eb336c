package testkit

import (
	"fmt"
	"os"
	"strconv"
	"sync"
	"testing"
)

// OnServers runs a test on Prosody and on ejabberd, as two subtests of their names,
// each with a server of its own. Tests that need no options of their own share the
// servers of their package: see [Shared].
func OnServers(t *testing.T, o ServerOptions, test func(t *testing.T, s *Server)) {
	t.Helper()
	t.Run(NameProsody, func(t *testing.T) { test(t, StartProsody(t, o)) })
	t.Run(NameEjabberd, func(t *testing.T) { test(t, StartEjabberd(t, o)) })
}

// Shared are one Prosody and one ejabberd for all tests of a package, each started
// when the first test asks for it. The package's TestMain closes them:
//
//	var shared testkit.Shared
//
//	func TestMain(m *testing.M) {
//		code := m.Run()
//		shared.Close()
//		os.Exit(code)
//	}
//
// Tests take users of their own from [Server.Fresh], and leave the servers running.
type Shared struct {
	Options ServerOptions

	mu      sync.Mutex
	servers map[string]*sharedServer
}

type sharedServer struct {
	server *Server
	dir    string
	err    error
}

// On runs a test on both, as two subtests.
func (h *Shared) On(t *testing.T, test func(t *testing.T, s *Server)) {
	t.Helper()
	for _, name := range []string{NameProsody, NameEjabberd} {
		t.Run(name, func(t *testing.T) { test(t, h.server(t, name)) })
	}
}

// Prosody is the one for tests of what only Prosody does.
func (h *Shared) Prosody(t testing.TB) *Server {
	t.Helper()
	return h.server(t, NameProsody)
}

// Ejabberd is the one for tests of what only ejabberd does.
func (h *Shared) Ejabberd(t testing.TB) *Server {
	t.Helper()
	return h.server(t, NameEjabberd)
}

func (h *Shared) server(t testing.TB, name string) *Server {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.servers[name]
	if s == nil {
		s = &sharedServer{}
		s.err = s.start(name, h.Options)
		if h.servers == nil {
			h.servers = map[string]*sharedServer{}
		}
		h.servers[name] = s
	}
	if s.err != nil {
		t.Fatalf("start %s: %v", name, s.err)
	}
	return s.server
}

func (s *sharedServer) start(name string, o ServerOptions) error {
	k, err := findServer(name)
	if err != nil {
		return err
	}
	if s.dir, err = os.MkdirTemp("", "culver-server-"); err != nil {
		return err
	}
	s.server, err = newServer(name, k, s.dir, o)
	return err
}

// findServer looks whether a server is installed.
func findServer(name string) (kind, error) {
	if name == NameEjabberd {
		return findEjabberd()
	}
	return findProsody()
}

// Close ends the servers.
func (h *Shared) Close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, s := range h.servers {
		if s.server != nil {
			s.server.close()
		}
		if s.dir != "" {
			_ = os.RemoveAll(s.dir) // no test depends on it any more
		}
	}
	h.servers = nil
}

// User is an account of a server that a test has for itself.
type User struct {
	Name     string // "alice3"
	Bare     string // "alice3@localhost"
	Password string
}

// Fresh adds a user that nobody had before, with a name that begins like this.
func (s *Server) Fresh(t testing.TB, name string) User {
	t.Helper()
	name += strconv.FormatInt(s.fresh.Add(1), 10)
	u := User{Name: name, Bare: name + "@" + s.Host, Password: fmt.Sprintf("password of %s", name)}
	if err := s.AddUser(u.Name, u.Password); err != nil {
		t.Fatal(err)
	}
	return u
}

// FreshFriends is Fresh for two who see each other's presence.
func (s *Server) FreshFriends(t testing.TB, a, b string) (User, User) {
	t.Helper()
	one, other := s.Fresh(t, a), s.Fresh(t, b)
	if err := s.Befriend(one.Name, other.Name); err != nil {
		t.Fatal(err)
	}
	return one, other
}
