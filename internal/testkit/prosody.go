package testkit

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// Prosody and ProsodyOptions are what tests that need nothing but Prosody call a
// server and its options.
type (
	Prosody        = Server
	ProsodyOptions = ServerOptions
)

// StartProsody starts Prosody and waits until it answers.
func StartProsody(t testing.TB, o ServerOptions) *Server {
	t.Helper()
	return startServer(t, NameProsody, o)
}

func findProsody() (kind, error) {
	if _, err := exec.LookPath("prosody"); err != nil {
		return nil, errors.New("prosody is not installed: run `make deps`")
	}
	return &prosody{rosters: map[string][]string{}}, nil
}

// prosody keeps its accounts and rosters in files, which tests write themselves:
// its own tool takes a second for each.
type prosody struct {
	mu      sync.Mutex
	rosters map[string][]string // user to the bare addresses of their friends
}

func (p *prosody) prepare(s *Server) error {
	for _, folder := range []string{"data", "plugins"} {
		if err := os.Mkdir(s.path(folder), 0o700); err != nil {
			return err
		}
	}
	if err := os.WriteFile(s.path("prosody.cfg.lua"), []byte(prosodyConfig(s)), 0o600); err != nil {
		return err
	}
	if err := os.WriteFile(s.path("plugins/mod_database.lua"), []byte(prosodyDatabase), 0o600); err != nil {
		return err
	}
	return os.WriteFile(s.path("plugins/mod_recorder.lua"), []byte(prosodyRecorder(s.recording())), 0o600)
}

func (p *prosody) command(s *Server) *exec.Cmd {
	cmd := exec.Command("prosody", "-F", "--config", s.path("prosody.cfg.lua"))
	cmd.Dir = s.dir
	return cmd
}

func (p *prosody) addUser(s *Server, name, password string) error {
	file := p.file(s, "accounts", name)
	if _, err := os.Stat(file); err == nil {
		return errors.New("there is one of that name")
	}
	return p.store(file, fmt.Sprintf("return { [\"password\"] = %s; };\n", luaString(password)))
}

func (p *prosody) befriend(s *Server, a string, others ...string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, b := range others {
		p.rosters[a] = append(p.rosters[a], b+"@"+s.Host)
		p.rosters[b] = append(p.rosters[b], a+"@"+s.Host)
	}
	for _, user := range append([]string{a}, others...) {
		var text strings.Builder
		text.WriteString("return { [false] = { [\"version\"] = 1; };\n")
		for _, friend := range p.rosters[user] {
			fmt.Fprintf(&text, "[%s] = { [\"subscription\"] = \"both\"; [\"groups\"] = {}; };\n", luaString(friend))
		}
		text.WriteString("};\n")
		if err := p.store(p.file(s, "roster", user), text.String()); err != nil {
			return err
		}
	}
	return nil
}

// file is a file of the server's own storage.
func (p *prosody) file(s *Server, kind, user string) string {
	return filepath.Join(s.dir, "data", luaFileName(s.Host), kind, luaFileName(user)+".dat")
}

func (p *prosody) store(file, lua string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	return os.WriteFile(file, []byte(lua), 0o600)
}
