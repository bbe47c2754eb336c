package main

import (
	"testing"
)

// Conversations of which each is known, with each other and with libotr. make
// soak-otr plays others, for longer.
func TestConversations(t *testing.T) {
	first, conversations := uint64(1), uint64(150)
	if testing.Short() {
		conversations = 25
	}
	var total tally
	with := [2]int{}
	for seed := first; seed < first+conversations; seed++ {
		c := castOf(seed)
		w, err := play(seed, c)
		if err != nil {
			if w != nil {
				t.Log(w.transcript())
			}
			t.Fatal(err)
		}
		total.add(w.tally)
		if c.libotr >= 0 {
			with[1]++
		} else {
			with[0]++
		}
	}
	if with[0] == 0 || with[1] == 0 || total.texts == 0 || total.forged == 0 || total.sessions == 0 {
		t.Fatalf("conversations %d, with %d: %v", conversations, with, total)
	}
}

// The same seed is the same conversation.
func TestReplay(t *testing.T) {
	for seed := uint64(1); seed < 12; seed++ {
		one, err := play(seed, castOf(seed))
		if err != nil {
			t.Fatal(err)
		}
		two, err := play(seed, castOf(seed))
		if err != nil {
			t.Fatal(err)
		}
		if len(one.script) != len(two.script) || one.tally != two.tally {
			t.Errorf("seed %d: %v, then %v", seed, one.tally, two.tally)
		}
	}
}

// A flood of forged messages, from as many senders as there are numbers for,
// takes bounded memory.
func TestFlood(t *testing.T) {
	messages := 20_000
	if testing.Short() {
		messages = 2_000
	}
	w, err := newWorld(3, cast{libotr: -1, clients: [2]int{1, 1}})
	if err != nil {
		t.Fatal(err)
	}
	defer w.close()
	a := w.clients[0]
	flood := func(n int) {
		for range n {
			w.act(a, "recv", string(w.forge(0)))
			w.links[1].queue = nil
			w.script = nil
			if w.dice.IntN(50) == 0 {
				w.wait(1e9)
			}
		}
	}
	flood(messages / 10)
	before := heapInUse()
	flood(messages)
	if w.fault != nil {
		t.Fatal(w.fault)
	}
	if after := heapInUse(); after > before+(1<<20) {
		t.Fatalf("the heap grew from %d to %d KiB", before>>10, after>>10)
	}
}
