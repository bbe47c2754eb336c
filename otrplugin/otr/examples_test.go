package otr_test

import (
	"fmt"
	"log"
	"strings"

	"culver/otrplugin/otr"
)

// network connects two sessions, and prints what each of them has to tell.
type network struct{ alice, bob *otr.Session }

// connect makes two sessions with keys of their own.
func connect(change func(alice, bob *otr.Config)) network {
	var cfg [2]otr.Config
	for i := range cfg {
		key, err := otr.GenerateKey(nil)
		if err != nil {
			log.Fatal(err)
		}
		cfg[i] = otr.Config{Key: key, InstanceTag: otr.NewInstanceTag(nil), Policy: otr.Manual}
	}
	if change != nil {
		change(&cfg[0], &cfg[1])
	}
	return network{otr.New(cfg[0]), otr.New(cfg[1])}
}

func (n network) Close() {
	n.alice.Close()
	n.bob.Close()
}

// fromAlice and fromBob carry what a call made to the other side, and back what that answers.
func (n network) fromAlice(r otr.Result, err error) { carry("alice", n.alice, "bob", n.bob, r, err) }
func (n network) fromBob(r otr.Result, err error)   { carry("bob", n.bob, "alice", n.alice, r, err) }

func carry(from string, back *otr.Session, name string, to *otr.Session, r otr.Result, err error) {
	if err != nil {
		log.Fatal(err)
	}
	for _, w := range r.Wire {
		r, err := to.Receive(w)
		for _, e := range r.Events {
			fmt.Println(strings.TrimSpace(fmt.Sprintln(name, "sees", e.Kind, e.Text)))
		}
		if r.Show {
			fmt.Printf("%s reads %q, sealed: %v\n", name, r.Text, r.Sealed)
		}
		carry(name, to, from, back, r, err)
	}
}

// Is it really Bob who holds Bob's key? Only he knows where they met. A wrong
// answer tells neither of them more than that it was wrong.
func ExampleSession_Authenticate() {
	n := connect(nil)
	defer n.Close()
	n.fromAlice(n.alice.Start())

	n.fromAlice(n.alice.Authenticate([]byte("in a pub"), "Where did we meet?"))
	n.fromBob(n.bob.Answer([]byte("at work")))
	fmt.Println("again")
	n.fromAlice(n.alice.Authenticate([]byte("in a pub"), "In which kind of place?"))
	n.fromBob(n.bob.Answer([]byte("in a pub")))
	// Output:
	// alice sees gone-secure
	// bob sees gone-secure
	// bob sees ask-answer Where did we meet?
	// alice sees progress
	// bob sees failure
	// alice sees failure
	// again
	// bob sees ask-answer In which kind of place?
	// alice sees progress
	// bob sees success
	// alice sees success
}

// Under RequireEncryption nothing leaves in clear: what is typed waits, in
// order, until there is a private conversation, which Send asks for by itself.
func ExampleSession_Send_requireEncryption() {
	n := connect(func(alice, _ *otr.Config) { alice.Policy = otr.Always })
	defer n.Close()

	first, err := n.alice.Send([]byte("are you there?"))
	if err != nil {
		log.Fatal(err)
	}
	second, err := n.alice.Send([]byte("this is between us"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("held:", first.Held, second.Held, n.alice.Held())
	fmt.Println("asks for a conversation:", strings.HasPrefix(string(first.Wire[0]), "?OTRv23?"))

	n.fromAlice(first, nil)
	fmt.Println("held:", n.alice.Held())
	// Output:
	// held: true true 2
	// asks for a conversation: true
	// alice sees gone-secure
	// alice sees delivered
	// bob sees gone-secure
	// bob reads "are you there?", sealed: true
	// bob reads "this is between us", sealed: true
	// held: 0
}

// Keep a key between runs of the program, in an encrypted store. For files of
// libotr, as Pidgin has them, see the package libotr below this one.
func ExampleParsePrivateKey() {
	key, err := otr.GenerateKey(nil)
	if err != nil {
		log.Fatal(err)
	}
	stored := key.Marshal() // secret: encrypt it
	again, err := otr.ParsePrivateKey(stored)
	clear(stored)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("the same:", again.Fingerprint() == key.Fingerprint())
	fmt.Println("in a log:", again)
	// Output:
	// the same: true
	// in a log: [redacted]
}

// Between messages there is time to work out what the next ones need, on
// another goroutine; then Send and Receive take microseconds.
func ExampleSession_Prepare() {
	n := connect(nil)
	defer n.Close()
	n.fromAlice(n.alice.Start())

	done := make(chan *otr.Work)
	work := n.alice.Prepare() // nil if there is nothing to do
	go func() {
		work.Run() // touches neither the session nor its Config
		done <- work
	}()
	fmt.Println("used:", n.alice.Adopt(<-done)) // on the session's goroutine
	fmt.Println("more to do:", n.alice.Prepare() != nil)

	n.fromAlice(n.alice.Send([]byte("that was quick")))
	// Output:
	// alice sees gone-secure
	// bob sees gone-secure
	// used: true
	// more to do: false
	// bob reads "that was quick", sealed: true
}
