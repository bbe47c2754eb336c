package protocoltest

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"culver/im"
	"culver/protocol"
)

// End is one account and the network as that account reaches it.
type End struct {
	Protocol protocol.Protocol
	Account  im.Account
	Password im.Secret
}

// bare is the address of the account.
func (e End) bare() string { return e.Account.ID.Bare() }

func (e End) session() protocol.Session { return e.Protocol.New(e.Account.Clone(), e.Password) }

// waitLimit is for a test that has failed; none waits that long.
const waitLimit = 2 * time.Minute

// user is an account with a running session.
type user struct {
	protocol.Session
	t      *testing.T
	end    End
	self   im.Addr
	events chan protocol.Event
	cancel context.CancelFunc
	result chan error
}

// join runs a session until it is online and has shown its roster.
func join(t *testing.T, end End) (*user, []im.Buddy) {
	t.Helper()
	return joinWith(t, end, end.session())
}

func joinWith(t *testing.T, end End, s protocol.Session) (*user, []im.Buddy) {
	t.Helper()
	u := start(t, end, s)
	first := u.next()
	online, ok := first.(protocol.Online)
	if !ok {
		t.Fatalf("the first event is %T%+v, want Online", first, first)
	}
	if u.self = online.Self; u.self.Bare != end.bare() {
		t.Fatalf("online as %v, want %s", u.self, end.bare())
	}
	second := u.next()
	roster, ok := second.(protocol.Roster)
	if !ok {
		t.Fatalf("the second event is %T%+v, want Roster", second, second)
	}
	return u, roster.Buddies
}

// settle waits until messages to the account's bare address come here: not every
// network can tell when that is, but a message to oneself takes the same way.
func (u *user) settle() {
	u.t.Helper()
	must(u.t, u.Send(protocol.Outgoing{ID: "settle", To: im.Addr{Bare: u.end.bare()}, Body: "settle"}))
	await(u, "a message to itself", func(e protocol.Received) bool { return e.Body == "settle" })
}

// start runs a session. It ends with the test.
func start(t *testing.T, end End, s protocol.Session) *user {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	u := &user{Session: s, t: t, end: end, events: make(chan protocol.Event, 4096), cancel: cancel, result: make(chan error, 1)}
	var emitting atomic.Int32
	go func() {
		u.result <- s.Run(ctx, func(e protocol.Event) {
			if emitting.Add(1) != 1 {
				t.Error("emit was called by two goroutines at a time")
			}
			if point, ok := e.(protocol.Checkpoint); ok {
				point.Passed()
			} else {
				u.events <- e
			}
			emitting.Add(-1)
		})
	}()
	t.Cleanup(func() {
		cancel()
		select {
		case <-u.result:
		case <-time.After(waitLimit):
			t.Error("Run does not return after its context ended")
		}
	})
	return u
}

// leave signs off and returns what Run returned.
func (u *user) leave() error {
	u.t.Helper()
	u.cancel()
	select {
	case err := <-u.result:
		u.result <- err // for the clean-up
		return err
	case <-time.After(waitLimit):
		u.t.Fatal("Run does not return after its context ended")
		return nil
	}
}

// next waits for an event.
func (u *user) next() protocol.Event {
	u.t.Helper()
	select {
	case e := <-u.events:
		return e
	case err := <-u.result:
		u.result <- err
		u.t.Fatalf("Run of %s returned too early: %v", u.end.bare(), err)
	case <-time.After(waitLimit):
		u.t.Fatalf("nothing more happens to %s", u.end.bare())
	}
	return nil
}

// await waits for an event of that type that fits; others are passed over.
func await[E protocol.Event](u *user, what string, fits func(E) bool) E {
	u.t.Helper()
	limit := time.After(waitLimit)
	for {
		select {
		case e := <-u.events:
			if match, ok := e.(E); ok && fits(match) {
				return match
			}
			u.t.Logf("%s passed over %T%+v", u.end.bare(), e, e)
		case <-limit:
			u.t.Fatalf("%s never saw: %s", u.end.bare(), what)
		}
	}
}

// rosterOf returns the session's RosterEditor, or skips the test: not every
// network keeps rosters.
func rosterOf(u *user) protocol.RosterEditor {
	u.t.Helper()
	r, ok := u.Session.(protocol.RosterEditor)
	if !ok {
		u.t.Skip("this network keeps no buddy list")
	}
	return r
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
