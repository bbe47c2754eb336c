package xmpp

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"culver/im"
	"culver/internal/testkit"
	"culver/protocol"
)

// steady is an account that connects again and again, as the messenger does, but at
// once, and goes on with the session before where the server lets it.
type steady struct {
	t      *testing.T
	make   func() *Session
	cancel context.CancelFunc
	over   chan struct{}

	mu      sync.Mutex
	session *Session
	online  bool
	sees    bool // somebody else is there
	begun   int  // sessions that began anew
	resumed int
	got     []string // bodies, in order, each once
	ids     map[string]bool
	doubles int
	sent    []string // IDs that the server confirmed, in order
	waiting []protocol.Outgoing
	changed chan struct{} // closed when anything of this changes
}

func keep(t *testing.T, user testkit.User, s *testkit.Server, port int, p patience) *steady {
	a := account(t, map[string]string{"address": user.Bare, "server": s.Address, "port": strconv.Itoa(port), "security": "direct"})
	k := &steady{t: t, over: make(chan struct{}), ids: map[string]bool{}, changed: make(chan struct{})}
	k.make = func() *Session { return newSession(Network{Roots: s.Pool}, a, secret(user.Password), p) }
	ctx, cancel := context.WithCancel(t.Context())
	k.cancel = cancel
	go k.run(ctx)
	t.Cleanup(k.stop)
	return k
}

func (k *steady) stop() {
	k.cancel()
	<-k.over
}

func (k *steady) run(ctx context.Context) {
	defer close(k.over)
	var before *Session
	for ctx.Err() == nil {
		s := k.make()
		if before != nil {
			s.Continue(before)
		}
		before = nil
		err := s.Run(ctx, func(e protocol.Event) { k.take(s, e) })
		k.change(func() { k.online = false })
		if _, held := s.Held(); held {
			before = s
		}
		if f := protocol.AsFailure(err); f != nil && !f.Cause.Retry() {
			k.t.Errorf("gave up: %v (%v)", f, f.Err)
			return
		}
	}
}

func (k *steady) change(f func()) {
	k.mu.Lock()
	defer k.mu.Unlock()
	f()
	close(k.changed)
	k.changed = make(chan struct{})
}

func (k *steady) take(s *Session, e protocol.Event) {
	k.change(func() {
		switch e := e.(type) {
		case protocol.Checkpoint:
			e.Passed()
		case protocol.Online:
			k.session, k.online = s, true
			k.begun++
		case protocol.Resumed:
			k.session, k.online = s, true
			k.resumed++
		case protocol.Received:
			if k.ids[e.ID] { // as the messenger does
				k.doubles++
			} else {
				k.ids[e.ID] = true
				k.got = append(k.got, e.Body)
			}
		case protocol.PresenceChanged:
			k.sees = k.sees || e.Presence.Show != im.Offline && e.From.Bare != s.account.ID.Bare()
		case protocol.Sent:
			k.sent = append(k.sent, e.ID)
		case protocol.Rejected:
			k.t.Errorf("%s came back: %s", e.ID, e.Reason)
		}
		if k.online {
			for _, o := range k.waiting {
				if err := s.Send(o); err != nil {
					k.t.Errorf("send %s: %v", o.ID, err)
				}
			}
			k.waiting = nil
		}
	})
}

// say sends a line, now or once there is a connection.
func (k *steady) say(to, text string) {
	k.change(func() {
		o := protocol.Outgoing{ID: "id-" + text, To: im.Addr{Bare: to}, Body: text}
		if !k.online {
			k.waiting = append(k.waiting, o)
		} else if err := k.session.Send(o); err != nil {
			k.t.Errorf("send %s: %v", text, err)
		}
	})
}

func (k *steady) until(what string, ok func() bool) {
	k.t.Helper()
	limit := time.After(waitLimit)
	for {
		k.mu.Lock()
		done, changed := ok(), k.changed
		k.mu.Unlock()
		if done {
			return
		}
		select {
		case <-changed:
		case <-k.over:
			k.t.Fatalf("ended before: %s", what)
		case <-limit:
			k.t.Fatalf("never: %s (got %d, sent %d)", what, len(k.got), len(k.sent))
		}
	}
}

// TestNothingIsLostDoubledOrReordered cuts a connection at any byte in either direction
// while lines go both ways, in each of the ways in which connections break.
func TestNothingIsLostDoubledOrReordered(t *testing.T) {
	testkit.OnServers(t, testkit.ServerOptions{}, func(t *testing.T, s *testkit.Server) {
		for kind, cut := range map[string]func(*testkit.Cutter, testkit.Direction, int64){
			"reset":  (*testkit.Cutter).ResetAfter,
			"finish": (*testkit.Cutter).FinishAfter,
			"stall":  nil,
		} {
			t.Run(kind, func(t *testing.T) { testCuts(t, s, cut) })
		}
	})
}

func testCuts(t *testing.T, s *testkit.Server, cut func(*testkit.Cutter, testkit.Direction, int64)) {
	rounds, lines := 15, 8
	if cut == nil {
		rounds = 3 // each has to be noticed
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	cutter := testkit.StartCutter(t, s.Address, s.DirectTLS)
	p := defaultPatience
	p.confirm = 300 * time.Millisecond
	a, b := s.FreshFriends(t, "alice", "bob")
	alice, bob := keep(t, a, s, cutter.Port, p), keep(t, b, s, s.DirectTLS, defaultPatience)
	// What comes for somebody just when they sign in, ejabberd may keep for the next time.
	bob.until("bob sees alice", func() bool { return bob.sees })
	alice.until("alice sees bob", func() bool { return alice.sees })
	var toBob, toAlice []string
	for round := range rounds {
		if cut == nil {
			cutter.Stall(testkit.Direction(random.IntN(2)))
		} else {
			cut(cutter, testkit.Direction(random.IntN(2)), random.Int64N(6000))
		}
		for i := range lines {
			n := round*lines + i
			toBob, toAlice = append(toBob, fmt.Sprint("a", n)), append(toAlice, fmt.Sprint("b", n))
			alice.say(b.Bare, toBob[n])
			bob.say(a.Bare, toAlice[n])
		}
		if cut == nil {
			resumed := alice.count()
			alice.until("the loss", func() bool { return !alice.online || alice.resumed > resumed })
			cutter.Pass()
		}
		bob.until("the last line", func() bool { return len(bob.got) >= len(toBob) })
		alice.until("the last line", func() bool { return len(alice.got) >= len(toAlice) })
	}
	cutter.Pass()
	alice.until("confirmation", func() bool { return len(alice.sent) >= len(toBob) })
	alice.stop()
	bob.stop()
	if s.Name == testkit.NameEjabberd {
		// What comes for us just when it resumes, it puts behind what comes next, and so it
		// does with what the old connection had handed over; some of that it has forgotten.
		t.Logf("%d out of order, %d doubles", inversions(alice.got)+inversions(bob.got), bob.doubles)
		bob.doubles = 0
		for _, got := range [][]string{alice.got, bob.got} {
			slices.SortFunc(got, func(a, b string) int { return number(a) - number(b) })
		}
	}
	same(t, "bob got", bob.got, toBob)
	same(t, "alice got", alice.got, toAlice)
	for i := range toBob {
		toBob[i] = "id-" + toBob[i]
	}
	same(t, "alice was confirmed", alice.sent, toBob)
	if alice.doubles+bob.doubles > 0 {
		t.Errorf("alice got %d twice, bob %d", alice.doubles, bob.doubles)
	}
	t.Logf("%d lines each way, resumed %d times", len(toBob), alice.resumed)
	if alice.begun != 1 || alice.resumed == 0 {
		t.Errorf("began %d times, resumed %d times", alice.begun, alice.resumed)
	}
}

func (k *steady) count() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.resumed
}

func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Errorf("%s %d, want %d; from %d on %q, want %q", what, len(got), len(want), i, got[i:min(len(got), i+5)], want[i:min(len(want), i+5)])
			return
		}
	}
}

func number(line string) int {
	n, _ := strconv.Atoi(line[1:])
	return n
}

func inversions(lines []string) (n int) {
	for i := range lines {
		if i > 0 && number(lines[i]) < number(lines[i-1]) {
			n++
		}
	}
	return n
}
