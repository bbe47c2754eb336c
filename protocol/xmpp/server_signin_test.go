package xmpp

import (
	"strconv"
	"strings"
	"testing"

	"culver/internal/testkit"
	"culver/protocol"
)

func TestServerSignIn(t *testing.T) {
	servers.On(t, func(t *testing.T, s *testkit.Server) {
		d := s.Fresh(t, "dave")
		const odd = "back\\slash \"and\" =, \u00e9"
		must(t, s.AddUser("o"+d.Name, odd))
		before := len(s.Stanzas())
		for name, answers := range map[string]map[string]string{
			"direct TLS":                {"port": strconv.Itoa(s.DirectTLS), "security": "direct"},
			"by itself to STARTTLS":     {"port": strconv.Itoa(s.C2S)},
			"by itself to direct":       {"port": strconv.Itoa(s.DirectTLS)},
			"with the name of a device": {"port": strconv.Itoa(s.C2S), "resource": "laptop"},
		} {
			t.Run(name, func(t *testing.T) {
				answers["address"], answers["server"] = "o"+d.Bare, s.Address
				c := run(t, newSession(Network{Roots: s.Pool}, account(t, answers), secret(odd), endless))
				online := wait[protocol.Online](c, nil)
				if want := answers["resource"]; want != "" && online.Self.Resource != want {
					t.Errorf("online as %v", online.Self)
				}
				leave(t, c)
			})
		}
		said := recordedSince(s, before)
		// With TLS 1.3, Prosody 0.12 offers no binding, and ejabberd 23.01 one with which
		// nobody gets in. A server that names the right one is bound to.
		want := "mechanism='SCRAM-SHA-256'"
		if len(lines(said, "< ", "<channel-binding", "tls-exporter")) > 0 {
			want = "mechanism='SCRAM-SHA-256-PLUS'"
		}
		if len(lines(said, "> ", "<auth ", want)) != 4 {
			t.Errorf("not signed in with %s each time:\n%s", want, strings.Join(lines(said, "<auth "), ""))
		}
		if s.Name == testkit.NameEjabberd && len(lines(said, "< ", "SCRAM-SHA-256-PLUS")) == 0 {
			t.Error("no binding was offered: this does not prove that it is passed over")
		}

		t.Run("pinned", func(t *testing.T) {
			a := at(t, s, d.Name)
			a.Options["pin"] = s.SHA256
			c := run(t, newSession(Network{}, a, secret(d.Password), endless)) // the system does not know the issuer
			wait[protocol.Online](c, nil)
		})
	})
}

// TestServerChannelBinding signs in bound to the TLS channel, which both servers
// can with TLS 1.2.
func TestServerChannelBinding(t *testing.T) {
	testkit.OnServers(t, testkit.ServerOptions{TLS12: true}, func(t *testing.T, s *testkit.Server) {
		a := s.Fresh(t, "alice")
		enter(t, s, a)
		s.WaitStanza(t, "> ", "<auth", "mechanism='SCRAM-SHA-256-PLUS'")
		run(t, newSession(Network{Roots: s.Pool}, at(t, s, a.Name), secret("looking-glass"), endless)).failure(protocol.WrongPassword)
	})
}

func TestServerRefusals(t *testing.T) {
	servers.On(t, func(t *testing.T, s *testkit.Server) {
		trusting := Network{Roots: s.Pool}
		u := s.Fresh(t, "alice")
		t.Run("wrong password", func(t *testing.T) {
			run(t, newSession(trusting, at(t, s, u.Name), secret("looking-glass"), endless)).failure(protocol.WrongPassword)
		})
		t.Run("unknown user", func(t *testing.T) {
			run(t, newSession(trusting, at(t, s, "mallory"), secret("x"), endless)).failure(protocol.WrongPassword)
		})
		t.Run("unknown domain", func(t *testing.T) {
			a := account(t, map[string]string{"address": "alice@elsewhere.example", "server": s.Address, "port": strconv.Itoa(s.C2S)})
			run(t, newSession(trusting, a, secret("x"), endless)).failure(protocol.WrongAddress)
		})
		t.Run("untrusted certificate", func(t *testing.T) {
			for _, port := range []int{s.C2S, s.DirectTLS} {
				a := account(t, map[string]string{"address": u.Bare, "server": s.Address, "port": strconv.Itoa(port)})
				f := run(t, newSession(Network{}, a, secret(u.Password), endless)).failure(protocol.Untrusted)
				if f.Certificate == nil || f.Certificate.SHA256 != s.SHA256 || f.Certificate.Problem == "" {
					t.Errorf("certificate %+v", f.Certificate)
				}
			}
		})
		t.Run("another certificate than the pinned one", func(t *testing.T) {
			a := at(t, s, u.Name)
			a.Options["pin"] = strings.Repeat("0", 64)
			f := run(t, newSession(trusting, a, secret(u.Password), endless)).failure(protocol.Untrusted)
			if f.Certificate == nil || f.Certificate.SHA256 != s.SHA256 {
				t.Errorf("certificate %+v", f.Certificate)
			}
		})
	})
}

func TestServerReplaced(t *testing.T) {
	servers.On(t, func(t *testing.T, s *testkit.Server) {
		c := s.Fresh(t, "carol")
		a := at(t, s, c.Name)
		a.Options["resource"] = "desk"
		first := run(t, newSession(Network{Roots: s.Pool}, a, secret(c.Password), endless))
		wait[protocol.Roster](first, nil)
		second := run(t, newSession(Network{Roots: s.Pool}, a, secret(c.Password), endless))
		wait[protocol.Online](second, nil)
		first.failure(protocol.Replaced)
		settled(t, second)
	})
}
