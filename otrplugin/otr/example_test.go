package otr_test

import (
	"fmt"
	"log"
	"strings"

	"culver/otrplugin/otr"
)

// A whole conversation: alice asks for privacy, both talk, alice checks with a
// question that bob is bob, bob leaves.
func Example() {
	newSession := func() *otr.Session {
		key, err := otr.GenerateKey(nil)
		if err != nil {
			log.Fatal(err)
		}
		return otr.New(otr.Config{Key: key, InstanceTag: otr.NewInstanceTag(nil), Policy: otr.Manual})
	}
	alice, bob := newSession(), newSession()
	defer alice.Close()
	defer bob.Close()

	// deliver carries what from says to the other side, and back what that answers.
	var deliver func(from string, to, back *otr.Session, r otr.Result, err error)
	deliver = func(from string, to, back *otr.Session, r otr.Result, err error) {
		if err != nil { // for the log: r still holds what has to be answered
			fmt.Println(err)
		}
		name := map[string]string{"alice": "bob", "bob": "alice"}[from]
		for _, w := range r.Wire {
			r, err := to.Receive(w)
			for _, e := range r.Events {
				fmt.Println(strings.TrimSpace(fmt.Sprintln(name, "sees", e.Kind, e.Text)))
			}
			if r.Show {
				fmt.Printf("%s reads %q, sealed: %v\n", name, r.Text, r.Sealed)
			}
			deliver(name, back, to, r, err)
		}
	}
	fromAlice := func(r otr.Result, err error) { deliver("alice", bob, alice, r, err) }
	fromBob := func(r otr.Result, err error) { deliver("bob", alice, bob, r, err) }

	fromAlice(alice.Start())
	fromAlice(alice.Send([]byte("hello")))
	fromBob(bob.Send([]byte("hi")))
	fromAlice(alice.Authenticate([]byte("a pub"), "Where did we meet?"))
	fromBob(bob.Answer([]byte("a pub")))
	fromBob(bob.End())
	_, err := alice.Send([]byte("still there?"))
	fmt.Println(err)

	// Output:
	// alice sees gone-secure
	// bob sees gone-secure
	// bob reads "hello", sealed: true
	// alice reads "hi", sealed: true
	// bob sees ask-answer Where did we meet?
	// alice sees progress
	// bob sees success
	// alice sees success
	// alice sees peer-ended
	// otr: the peer has ended the private conversation
}
