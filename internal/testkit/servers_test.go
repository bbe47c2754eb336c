package testkit

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestShared(t *testing.T) {
	var shared Shared
	defer shared.Close()
	var first []*Server
	shared.On(t, func(t *testing.T, s *Server) {
		alice, bob := s.FreshFriends(t, "alice", "bob")
		other := s.Fresh(t, "alice")
		if alice.Bare == other.Bare {
			t.Errorf("%s is two users", alice.Bare)
		}
		enter(t, s, alice.Name, alice.Password)
		enter(t, s, bob.Name, bob.Password)
		first = append(first, s)
	})
	shared.On(t, func(t *testing.T, s *Server) {
		if s != first[0] && s != first[1] {
			t.Error("another server")
		}
		enter(t, s, s.Fresh(t, "alice").Name, "password of alice4")
	})
	if shared.Prosody(t).Name != NameProsody || shared.Ejabberd(t).Name != NameEjabberd {
		t.Error("the wrong servers")
	}
	dir := first[0].dir
	shared.Close()
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("the folder stays behind: %v", err)
	}
}

// complaints collects what a check finds.
type complaints struct {
	testing.TB
	said []string
}

func (c *complaints) Helper()                   {}
func (c *complaints) Error(a ...any)            { c.said = append(c.said, fmt.Sprint(a...)) }
func (c *complaints) Errorf(f string, a ...any) { c.said = append(c.said, fmt.Sprintf(f, a...)) }

func TestServerOverhears(t *testing.T) {
	users := map[string]string{"alice": "secret"}
	OnServers(t, ServerOptions{Users: users}, func(t *testing.T, s *Server) {
		const open, sealed, private = "a line for everybody", "?OTR:AAMD.", "nobody may read this"
		h := enter(t, s, "alice", "secret")
		finds := func(problem string) {
			t.Helper()
			c := &complaints{}
			s.NeverSaw(c, open, private)
			if all := strings.Join(c.said, "\n"); (problem == "") != (all == "") || !strings.Contains(all, problem) {
				t.Errorf("found %q, want %q", all, problem)
			}
		}
		tell := func(body string) {
			h.say("<message to='alice@localhost' type='chat'><body>" + body + "</body></message>")
		}
		finds("does not even hold the open text")
		tell(open)
		finds("nothing of OTR")
		tell(sealed)
		finds("")
		tell("psst: " + private)
		finds("the server saw \"" + private)
	})
}
