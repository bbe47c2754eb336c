package testkit

import (
	"os"
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
