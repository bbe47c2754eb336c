package xmpp

import (
	"context"
	"os"
	"strconv"
	"strings"
	"testing"

	"culver/im"
	"culver/internal/testkit"
	"culver/protocol"
)

// Tests against real servers run on Prosody and on ejabberd, with the same words.
// Put yours beside the feature that it is about, in a file of your own:
//
//	func TestServerShowsTheWeather(t *testing.T) {
//		servers.On(t, func(t *testing.T, s *testkit.Server) {
//			a, b := s.FreshFriends(t, "alice", "bob") // accounts that nobody else uses
//			alice, bob := enter(t, s, a), enter(t, s, b)
//			...
//			s.WaitStanza(t, "> "+a.Bare, "weather") // what went over the wire
//		})
//	}
//
// The two servers are shared by all tests of the package and do all that Culver
// knows about: leave them running. A test that stops its server, or that needs other
// options, starts its own with testkit.OnServers, which takes ejabberd three seconds.
// Where servers differ, say so in the test: if s.Name == testkit.NameEjabberd { ... }.
// What comes in one order on the one and in another on the other is awaited with
// waitAll. On a way that breaks: testkit.StartCutter, and pastCutter for the account.
var servers testkit.Shared

func TestMain(m *testing.M) {
	code := m.Run()
	servers.Close()
	os.Exit(code)
}

// enter logs a fresh user in over STARTTLS.
func enter(t *testing.T, s *testkit.Server, u testkit.User) *client {
	t.Helper()
	return login(t, s, u.Name, u.Password)
}

// login logs in, and waits for the roster.
func login(t *testing.T, s *testkit.Server, user, password string) *client {
	t.Helper()
	c := run(t, newSession(Network{Roots: s.Pool}, at(t, s, user), secret(password), endless))
	online := wait[protocol.Online](c, nil)
	if online.Self.Bare != user+"@"+s.Host || online.Self.Resource == "" {
		t.Fatalf("online as %v", online.Self)
	}
	wait[protocol.Roster](c, nil)
	return c
}

// pastCutter is the account of a user who reaches the server through a proxy that cuts.
func pastCutter(t *testing.T, c *testkit.Cutter, s *testkit.Server, user string) im.Account {
	t.Helper()
	return account(t, map[string]string{
		"address": user + "@" + s.Host, "server": c.Address, "port": strconv.Itoa(c.Port), "security": "starttls",
	})
}

// leave signs off, and waits until it is done.
func leave(t *testing.T, c *client) {
	t.Helper()
	c.cancel()
	if err := c.end(); err != nil {
		t.Errorf("sign-off: %v", err)
	}
}

// expected is an event that waitAll waits for.
type expected func(protocol.Event) bool

// some is any event of that type that fits.
func some[E protocol.Event](fits func(E) bool) expected {
	return func(e protocol.Event) bool {
		match, ok := e.(E)
		return ok && (fits == nil || fits(match))
	}
}

// waitAll waits for events that come in any order.
func waitAll(c *client, all ...expected) {
	c.t.Helper()
	missing := len(all)
	wait(c, func(e protocol.Event) bool {
		for i, want := range all {
			if want != nil && want(e) {
				all[i] = nil
				missing--
				break
			}
		}
		return missing == 0
	})
}

// ask sends a request to the account's own server, and waits for its answer.
func ask(t *testing.T, c *client, kind string, payload *element) {
	t.Helper()
	if answer := askFor(t, c, "", kind, payload); answer.attr("type") != "result" {
		t.Fatalf("the server answered with %s", answer.attr("type"))
	}
}

// askFor sends a request, and returns the answer.
func askFor(t *testing.T, c *client, to, kind string, payload *element) *element {
	t.Helper()
	l, err := c.online()
	must(t, err)
	answered := make(chan *element, 1)
	must(t, l.ask(to, kind, payload, func(e *element) { answered <- e }))
	ctx, cancel := context.WithTimeout(t.Context(), waitLimit)
	defer cancel()
	select {
	case e := <-answered:
		return e
	case <-ctx.Done():
		t.Fatal("no answer")
		return nil
	}
}

// settled waits until the server has come to all that the client sent before.
func settled(t *testing.T, c *client) {
	t.Helper()
	ask(t, c, "get", newElement(nsPing, "ping"))
}

// recordedSince is what the server recorded since it had recorded that much.
func recordedSince(s *testkit.Server, before int) string { return s.Stanzas()[before:] }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// lines are those of a record that hold all the parts.
func lines(record string, parts ...string) (out []string) {
next:
	for line := range strings.Lines(record) {
		for _, part := range parts {
			if !strings.Contains(line, part) {
				continue next
			}
		}
		out = append(out, line)
	}
	return out
}
