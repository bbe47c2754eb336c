package main

import (
	"fmt"
	"os"
	"sync"

	"culver/internal/benchkit"
	"culver/internal/testkit"
)

// account is one that the clients under test use, in turns.
type account struct {
	name            string
	buddies, online int
}

// few is how many buddies the account has that is to write and to read.
const few = 20

// friend writes to them, and is written to.
const friend = "friend"

// town is the server with all its people.
type town struct {
	server *testkit.Server
	way    *testkit.Cutter // by which clients under test come, so that it is known when
	came   int             // how many did
	said   int             // how many times the friend began to write
	friend *benchkit.Client
	host   string
	// known has thousands of buddies, quiet few, who are all online.
	known, quiet account
}

// build starts a server with a roster of n.buddies for the user, of whom n.online are there.
func (b *bench) build(n size) *town {
	fmt.Fprintf(os.Stderr, "Founding a town of %d, of whom %d are at home …\n", n.buddies, n.online)
	t := &town{server: testkit.StartProsody(b, testkit.ServerOptions{NoRecord: true, NoPEP: true, NoArchive: true})}
	t.host = t.server.Host
	t.way = testkit.StartCutter(b, t.server.Address, t.server.C2S)
	people := []string{friend}
	for i := 1; i < n.buddies; i++ {
		people = append(people, fmt.Sprintf("buddy%04d", i))
	}
	t.known = account{"alice", n.buddies, n.online}
	t.quiet = account{"carol", min(few, n.online), min(few, n.online)}
	for _, name := range append(people, t.known.name, t.quiet.name) {
		b.Must(t.server.AddUser(name, benchkit.PasswordOf(name)))
	}
	b.Must(t.server.Befriend(t.known.name, people...))
	b.Must(t.server.Befriend(t.quiet.name, people[:t.quiet.buddies]...))

	home := make([]*benchkit.Client, n.online)
	errs := make([]error, n.online)
	var all sync.WaitGroup
	gate := make(chan struct{}, 8) // at once
	for i := range home {
		all.Go(func() {
			gate <- struct{}{}
			defer func() { <-gate }()
			if home[i], errs[i] = benchkit.Enter(t.server, people[i]); errs[i] == nil {
				errs[i] = home[i].Say("<presence><status>about</status></presence>")
			}
		})
	}
	all.Wait()
	for i, err := range errs {
		b.Must(err)
		b.Cleanup(home[i].Leave)
	}
	b.Must(home[0].Pong())
	t.friend = home[0]
	return t
}
