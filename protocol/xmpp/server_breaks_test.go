package xmpp

import (
	"strings"
	"testing"

	"culver/im"
	"culver/internal/testkit"
	"culver/protocol"
)

func TestServerGoesAway(t *testing.T) {
	testkit.OnServers(t, testkit.ServerOptions{Resume: 1e9}, func(t *testing.T, s *testkit.Server) {
		a, b := s.FreshFriends(t, "alice", "bob")
		alice := enter(t, s, a)
		s.Kill()
		alice.failure(protocol.Lost)
		if _, held := alice.Held(); !held {
			t.Error("the session is over at once")
		}
		run(t, newSession(Network{Roots: s.Pool}, at(t, s, a.Name), secret(a.Password), endless)).failure(protocol.Unreachable)

		s.Start(t)
		next := newSession(Network{Roots: s.Pool}, at(t, s, a.Name), secret(a.Password), endless)
		next.Continue(alice.Session)
		alice = run(t, next)
		wait[protocol.Roster](alice, nil) // servers forget sessions when they end: a new one
		must(t, alice.Send(protocol.Outgoing{ID: "kept", To: im.Addr{Bare: b.Bare}, Body: "kept"}))
		wait[protocol.Sent](alice, nil)
		settled(t, alice)
		s.Stop()
		alice.failure(protocol.Lost)

		s.Start(t)
		bob := enter(t, s, b)
		if got := wait[protocol.Received](bob, nil); got.Body != "kept" || !got.Late {
			t.Errorf("received %+v", got)
		}
		enter(t, s, a)
		wait(bob, func(e protocol.PresenceChanged) bool { return e.From.Bare == a.Bare && e.Presence.Show == im.Available })
	})
}

// TestServerWayBreaks: whatever happens on the way, the session ends with a cause
// that says to try again.
func TestServerWayBreaks(t *testing.T) {
	servers.On(t, func(t *testing.T, s *testkit.Server) {
		u := s.Fresh(t, "alice")
		way := testkit.StartCutter(t, s.Address, s.C2S)
		start := func(p patience) *client {
			return run(t, newSession(Network{Roots: s.Pool}, pastCutter(t, way, s, u.Name), secret(u.Password), p))
		}
		for name, cut := range map[string]func(){"reset": way.Reset, "end": way.Finish} {
			t.Run(name, func(t *testing.T) {
				alice, bob := start(endless), enter(t, s, s.Fresh(t, "bob"))
				wait[protocol.Roster](alice, nil)
				settled(t, alice)
				cut()
				alice.failure(protocol.Lost)
				for _, body := range []string{"one", "two"} {
					must(t, bob.Send(protocol.Outgoing{ID: body, To: im.Addr{Bare: u.Bare}, Body: body}))
				}
				settled(t, bob)
				next := newSession(Network{Roots: s.Pool}, pastCutter(t, way, s, u.Name), secret(u.Password), endless)
				next.Continue(alice.Session)
				alice = run(t, next)
				wait[protocol.Resumed](alice, nil)
				for _, want := range []string{"one", "two"} {
					if got := wait[protocol.Received](alice, nil); got.Body != want {
						t.Errorf("received %+v, want %s", got, want)
					}
				}
				settled(t, alice)
				none[protocol.Received](alice)
				leave(t, alice)
			})
		}
		t.Run("in the middle of the sign-in", func(t *testing.T) {
			for _, bytes := range []int64{1, 150, 700, 2000} {
				way.Wait(t, "the end of the last connection, whose bytes would count", func(c *testkit.Cutter) bool {
					_, open := c.Connections()
					return open == 0
				})
				way.ResetAfter(testkit.Down, bytes)
				if f, ok := start(endless).end().(*protocol.Failure); !ok || !f.Cause.Retry() {
					t.Errorf("after %d bytes: %v", bytes, f)
				}
				way.Pass()
			}
		})
	})
}

// TestServerStanzaLimit: what is larger than a server takes ends the session, so
// nothing that large is sent.
func TestServerStanzaLimit(t *testing.T) {
	servers.On(t, func(t *testing.T, s *testkit.Server) {
		u := s.Fresh(t, "alice")
		alice := enter(t, s, u)
		limit := alice.Limits().MaxMessage
		must(t, alice.Send(protocol.Outgoing{ID: "most", To: im.Addr{Bare: u.Bare}, Body: strings.Repeat("&", limit)}))
		if got := wait[protocol.Received](alice, nil); len(got.Body) != limit {
			t.Errorf("%d of %d bytes came back", len(got.Body), limit)
		}
		l, err := alice.online()
		must(t, err)
		must(t, l.send(newElement(nsClient, "message").with("to", u.Bare).add(newText(nsClient, "body", strings.Repeat("x", 300<<10)))))
		alice.failure(protocol.Lost)
	})
}
