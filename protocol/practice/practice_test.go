package practice

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"culver/im"
	"culver/protocol"
	"culver/protocol/protocoltest"
)

func TestConformance(t *testing.T) {
	protocoltest.Run(t, func(t *testing.T) (a, b protocoltest.End) {
		h := NewHub()
		end := func(bare string) protocoltest.End {
			e := h.End(bare)
			account, err := e.Account(nil)
			must(t, err)
			return protocoltest.End{Protocol: e, Account: account}
		}
		return end("a@practice"), end("b@practice")
	})
}

const waitLimit = 2 * time.Minute

// stay is a person's session on a hub.
type stay struct {
	protocol.Session
	t      *testing.T
	self   im.Addr
	events chan protocol.Event
	cancel context.CancelFunc
	result chan error
}

// join signs a person on. The session ends with the test.
func join(t *testing.T, h *Hub, bare string) *stay {
	t.Helper()
	e := h.End(bare)
	account, err := e.Account(nil)
	must(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	s := &stay{Session: e.New(account, im.Secret{}), t: t, events: make(chan protocol.Event, 1024), cancel: cancel, result: make(chan error, 1)}
	go func() { s.result <- s.Run(ctx, func(e protocol.Event) { s.events <- e }) }()
	t.Cleanup(func() {
		cancel()
		s.end()
	})
	s.self = next[protocol.Online](s).Self
	next[protocol.Roster](s)
	return s
}

// end waits for Run to return.
func (s *stay) end() error {
	s.t.Helper()
	select {
	case err := <-s.result:
		s.result <- err // for the clean-up
		return err
	case <-time.After(waitLimit):
		s.t.Error("Run did not return")
		return nil
	}
}

// next is the next event, which must be of that type.
func next[E protocol.Event](s *stay) E {
	s.t.Helper()
	var want E
	select {
	case e := <-s.events:
		got, ok := e.(E)
		if !ok {
			s.t.Fatalf("%s saw %T%+v, want %T", s.self.Bare, e, e, want)
		}
		return got
	case <-time.After(waitLimit):
		s.t.Fatalf("%s saw no %T", s.self.Bare, want)
	}
	return want
}

// say sends a message and waits for the hub to take it.
func (s *stay) say(to, body string, sealed bool) {
	s.t.Helper()
	must(s.t, s.Send(protocol.Outgoing{ID: body, To: im.Addr{Bare: to}, Body: body, Hints: protocol.Hints{Sealed: sealed}}))
	if sent := next[protocol.Sent](s); sent.ID != body {
		s.t.Errorf("%s was sent, want %s", sent.ID, body)
	}
}

func (s *stay) refused(id, from, reason string) {
	s.t.Helper()
	r := next[protocol.Rejected](s)
	if r.ID != id || r.From.Bare != from || !strings.Contains(r.Reason, reason) || !strings.HasSuffix(r.Reason, ".") {
		s.t.Errorf("%+v", r)
	}
}

func TestOfflineStore(t *testing.T) {
	h := NewHub()
	h.End("bob@practice")
	alice := join(t, h, "alice@practice")
	for i := range maxStored {
		alice.say("bob@practice", fmt.Sprint(i), false)
	}
	alice.say("bob@practice", "one too many", false)
	alice.refused("one too many", "bob@practice", "is not online")

	bob := join(t, h, "bob@practice")
	for i := range maxStored {
		if got := next[protocol.Received](bob); got.Body != fmt.Sprint(i) || got.ID != got.Body || !got.Late || got.From != alice.self {
			t.Fatalf("received %+v, want %d", got, i)
		}
	}
	alice.say("bob@practice", "now", false)
	if got := next[protocol.Received](bob); got.Body != "now" || got.Late {
		t.Errorf("received %+v", got)
	}

	bob.cancel()
	must(t, bob.end())
	alice.say("bob@practice", "later", false)
	bob = join(t, h, "bob@practice")
	if got := next[protocol.Received](bob); got.Body != "later" { // what was taken is not kept
		t.Errorf("received %+v", got)
	}
}

func TestSealedIsNotStored(t *testing.T) {
	h := NewHub()
	h.End("bob@practice")
	alice := join(t, h, "alice@practice")
	alice.say("bob@practice", "sealed", true)
	alice.refused("sealed", "bob@practice", "bob@practice is not online")
	alice.say("bob@practice", "open", false)

	bob := join(t, h, "bob@practice")
	if got := next[protocol.Received](bob); got.Body != "open" {
		t.Errorf("received %+v", got)
	}
	alice.say("bob@practice", "sealed again", true)
	if got := next[protocol.Received](bob); got.Body != "sealed again" || got.Late {
		t.Errorf("received %+v", got)
	}
}

func TestNobodyThere(t *testing.T) {
	alice := join(t, NewHub(), "alice@practice")
	alice.say("nobody@practice", "hello?", false)
	alice.refused("hello?", "nobody@practice", "nobody with this address")
}

func TestReplaced(t *testing.T) {
	h := NewHub()
	h.Befriend("alice@practice", "bob@practice", "Bob")
	alice := join(t, h, "alice@practice")
	first := join(t, h, "bob@practice")
	next[protocol.PresenceChanged](first)
	if e := next[protocol.PresenceChanged](alice); e.From != first.self || e.Presence.Show != im.Available {
		t.Errorf("%+v", e)
	}

	second := join(t, h, "bob@practice")
	f, ok := errors.AsType[*protocol.Failure](first.end())
	if !ok || f.Cause != protocol.Replaced || !strings.HasSuffix(f.Text, ".") {
		t.Errorf("the first ended with %+v", f)
	}
	if err := first.Send(protocol.Outgoing{ID: "x", To: alice.self, Body: "x"}); !errors.Is(err, protocol.ErrOffline) {
		t.Errorf("Send of the first returned %v", err)
	}
	if e := next[protocol.PresenceChanged](alice); e.From != first.self || e.Presence.Show != im.Offline {
		t.Errorf("%+v", e)
	}
	if e := next[protocol.PresenceChanged](alice); e.From != second.self || e.Presence.Show != im.Available {
		t.Errorf("%+v", e)
	}
	next[protocol.PresenceChanged](second)
	alice.say("bob@practice", "to the one who is here", false)
	if got := next[protocol.Received](second); got.Body != "to the one who is here" {
		t.Errorf("received %+v", got)
	}

	first.cancel() // late, and without effect on the second
	second.say("alice@practice", "still here", false)
	if got := next[protocol.Received](alice); got.Body != "still here" || got.From != second.self {
		t.Errorf("received %+v", got)
	}
}

func TestTryout(t *testing.T) {
	h := NewHub()
	trial := h.Try("you@practice", "pat@practice", "Pat is a practice buddy.").Trial()
	if trial.Peer != "pat@practice" || trial.Words == "" || trial.Account.ID.Bare() != "you@practice" || !trial.Account.Enabled {
		t.Errorf("%+v", trial)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
