package main

import (
	"fmt"
	"sync"

	"culver/internal/benchkit"
	"culver/internal/testkit"
)

// user has the buddies.
const user = "alice"

// town is a server with a user and all whom she knows.
type town struct {
	server *testkit.Server
	home   []*benchkit.Client // those who are online
}

// found starts a server, on which o.online of the user's o.buddies are signed in.
func (b *bench) found(o options) *town {
	benchkit.Progress("Founding a town of %d, of whom %d are at home …", o.buddies, o.online)
	t := &town{server: testkit.StartProsody(b, testkit.ServerOptions{NoRecord: true, NoPEP: true, NoArchive: true})}
	people := make([]string, o.buddies)
	for i := range people {
		people[i] = fmt.Sprintf("buddy%04d", i)
	}
	for _, name := range append(people, user) {
		b.Must(t.server.AddUser(name, benchkit.PasswordOf(name)))
	}
	b.Must(t.server.Befriend(user, people...))
	t.home = make([]*benchkit.Client, o.online)
	errs := make([]error, o.online)
	var all sync.WaitGroup
	gate := make(chan struct{}, 8) // at once
	for i := range t.home {
		all.Go(func() {
			gate <- struct{}{}
			defer func() { <-gate }()
			if t.home[i], errs[i] = benchkit.Enter(t.server, people[i]); errs[i] == nil {
				errs[i] = t.home[i].Say("<presence><status>about</status></presence>")
			}
		})
	}
	all.Wait()
	for i, err := range errs {
		b.Must(err)
		b.Cleanup(t.home[i].Leave)
	}
	return t
}

// address is the user's.
func (t *town) address() string { return user + "@" + t.server.Host }

// talk has n of those at home begin a conversation with the user.
func (b *bench) talk(t *town, n int, of string) {
	for _, c := range t.home[:n] {
		b.Must(c.Flood(t.address(), 1, of))
	}
}
