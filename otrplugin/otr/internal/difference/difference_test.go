package difference

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
)

// asked makes a question that can be asked of libotr: messages are C strings.
func asked(q Question, in []byte) []byte {
	switch q {
	case WhatIsIt, Armour:
		in, _, _ = bytes.Cut(in, []byte{0})
	case Pieces:
		if !bytes.HasSuffix(in, []byte{0}) {
			in = append(in, 0)
		}
	}
	return in
}

// compare reports a difference that nobody has thought of.
func compare(t testing.TB, q Question, in []byte, theirs string) {
	t.Helper()
	if ours := Ours(q, in); ours != theirs && excuse(q, in, theirs, ours) == "" {
		t.Errorf("%c %q\nlibotr: %s\nours:   %s", q, in, theirs, ours)
	}
}

// Some twenty thousand messages, made of what messages are made of and then
// changed, mean the same to us as to libotr.
func TestDifference(t *testing.T) {
	const rounds, each = 20, 1000
	o := newOracle(t)
	for round := range rounds {
		dice := rand.New(rand.NewPCG(uint64(round), 4))
		var q [each]Question
		var in [each][]byte
		for i := range q {
			q[i], in[i] = ask(dice)
			in[i] = asked(q[i], in[i])
		}
		put := make(chan error, 1)
		go func() {
			for i := range q {
				o.put(q[i], in[i])
			}
			put <- o.flush()
		}()
		for i := range q {
			compare(t, q[i], in[i], o.get(t, q[i], in[i]))
		}
		if err := <-put; err != nil {
			t.Fatal(err)
		}
		if t.Failed() {
			t.Fatalf("round %d", round)
		}
	}
}

// Every deviation is still one.
func TestKnown(t *testing.T) {
	o := newOracle(t)
	dice := rand.New(rand.NewPCG(7, 7))
	seen := make(map[string]bool)
	for n := 0; len(seen) < len(known); n++ {
		if n == 100_000 {
			t.Fatalf("only %d deviations of %d were seen: %v", len(seen), len(known), seen)
		}
		q, in := ask(dice)
		in = asked(q, in)
		o.put(q, in)
		if err := o.flush(); err != nil {
			t.Fatal(err)
		}
		if theirs, ours := o.get(t, q, in), Ours(q, in); theirs != ours {
			seen[excuse(q, in, theirs, ours)] = true
		}
	}
}

// FuzzDifference looks for messages that mean something else to libotr.
func FuzzDifference(f *testing.F) {
	dice := rand.New(rand.NewPCG(5, 5))
	for range 200 {
		q, in := ask(dice)
		f.Add(byte(strings.IndexByte(questions, byte(q))), in)
	}
	o := newOracle(f)
	f.Fuzz(func(t *testing.T, q byte, in []byte) {
		question := Question(questions[int(q)%len(questions)])
		in = asked(question, in)
		o.put(question, in)
		if err := o.flush(); err != nil {
			t.Fatal(err)
		}
		compare(t, question, in, o.get(t, question, in))
	})
}
