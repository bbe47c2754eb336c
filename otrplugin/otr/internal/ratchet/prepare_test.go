package ratchet

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"culver/otrplugin/otr/internal/ake"
	"culver/otrplugin/otr/internal/modp"
)

// prepare does all that can be prepared, and reports whether there was any.
func prepare(r *Ratchet) bool {
	w := r.Prepare()
	if w == nil {
		return false
	}
	w.Run()
	used := r.Adopt(w)
	w.Wipe()
	return used
}

// twins are two conversations with the same keys and the same randomness.
func twins(t testing.TB) (all [2][2]*Ratchet) {
	t.Helper()
	for n := range all {
		random := rand.NewChaCha8([32]byte{'t'})
		x, err := modp.NewKeyPair(random)
		if err != nil {
			t.Fatal(err)
		}
		y, err := modp.NewKeyPair(random)
		if err != nil {
			t.Fatal(err)
		}
		for i, o := range []*ake.Outcome{
			{Own: x, Peer: y.Public, PeerID: 1, Secret: x.Shared(&y.Public)},
			{Own: y, Peer: x.Public, PeerID: 1, Secret: y.Shared(&x.Public)},
		} {
			if all[n][i], err = New(rand.NewChaCha8([32]byte{byte(i)}), o, nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	return all
}

// A prepared conversation is the same to the byte as one that isn't, whoever
// speaks when, and rotates its keys alike; and nothing is derived twice.
func TestPreparedIsTheSame(t *testing.T) {
	all := twins(t)
	random := rand.New(rand.NewPCG(5, 6))
	prepared := 0
	for turn := range 60 {
		from := random.IntN(2)
		var sent [2][]byte
		for n, two := range all {
			if n == 1 {
				for _, r := range two {
					if random.IntN(4) > 0 && prepare(r) {
						prepared++
					}
				}
			}
			sent[n] = seal(two[from], "text")
			if turn%5 == 4 {
				continue // it got lost
			}
			if text, err := open(two[1-from], sent[n]); text != "text" || err != nil {
				t.Fatal(turn, n, err)
			}
		}
		if !bytes.Equal(sent[0], sent[1]) {
			t.Fatalf("turn %d: another message", turn)
		}
		for i := range 2 {
			if a, b := all[0][i], all[1][i]; a.ownID != b.ownID || a.peerID != b.peerID {
				t.Fatalf("turn %d: rotated otherwise", turn)
			}
		}
	}
	if prepared < 30 {
		t.Fatalf("prepared %d times only", prepared)
	}
}

// With everything prepared, a turn has no exponentiation left.
func TestNothingLeftToDo(t *testing.T) {
	a, b := newTwo(t)
	for range 6 {
		prepare(a)
		prepare(b)
		msg := seal(a, "x")
		prepare(a)
		if a.pairs[newest][newest] == nil || a.spare == nil || !a.own[newest].Public.Valid() || a.Prepare() != nil {
			t.Fatal("the answer is not prepared for")
		}
		spare := b.spare
		if _, err := open(b, msg); err != nil {
			t.Fatal(err)
		}
		if b.own[newest] != spare && b.ownID > 2 {
			t.Fatal("another key than the prepared one")
		}
		prepare(b)
		if b.pairs[previous][newest] == nil || b.spare == nil || !b.own[newest].Public.Valid() {
			t.Fatal("the reply is not prepared")
		}
		if b.Prepare() != nil {
			t.Fatal("an answer expected before anything was sent")
		}
		a, b = b, a
	}
}

// What comes too late is not taken, and counters that were used stay.
func TestStaleWork(t *testing.T) {
	for name, meanwhile := range map[string]func(a, b *Ratchet){
		"rotated": func(a, b *Ratchet) { open(b, seal(a, "x")); open(a, seal(b, "y")) },
		"rotated twice": func(a, b *Ratchet) {
			open(b, seal(a, "x"))
			open(a, seal(b, "y"))
			open(b, seal(a, "z"))
			open(a, seal(b, "y"))
		},
		"wiped": func(a, b *Ratchet) { a.Wipe() },
	} {
		a, b := newTwo(t)
		open(b, seal(a, "1"))
		open(a, seal(b, "2"))
		w := a.Prepare()
		w.Run()
		made := *w
		meanwhile(a, b)
		if a.Adopt(w) || b.Adopt(w) || (*Ratchet)(nil).Adopt(w) {
			t.Errorf("%s: adopted", name)
		}
		w.Wipe()
		if !wiped(&made) || w.ratchet != nil {
			t.Errorf("%s: something is left", name)
		}
		if name != "wiped" {
			if text, err := open(b, seal(a, "on")); text != "on" || err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	a, b := newTwo(t)
	open(b, seal(a, "1"))
	open(a, seal(b, "2"))
	w := a.Prepare()
	w.Run()
	made := *w
	seal(a, "in between")
	if !a.Adopt(w) || a.pairs[previous][newest].send.ctr != 1 || w.spare != nil || w.pairs[previous] == nil {
		t.Fatal("a counter was set back")
	}
	if w.Wipe(); *made.pairs[previous] != (pair{}) {
		t.Fatal("what was not needed is left")
	}
	w.Run()
	if w.Wipe(); a.Adopt(w) {
		t.Fatal("adopted twice")
	}
	if text, err := open(b, seal(a, "on")); text != "on" || err != nil {
		t.Fatal(err)
	}
	(*Work)(nil).Wipe()
	(*Work)(nil).Run()
	if a.Adopt(nil) {
		t.Fatal("adopted nothing")
	}
}

// wiped reports whether all the secrets that the work held are overwritten.
func wiped(w *Work) bool {
	if w.spare != nil && !gone(w.spare) {
		return false
	}
	if w.fresh != nil && !gone(w.fresh) {
		return false
	}
	for _, p := range w.pairs {
		if p != nil && *p != (pair{}) {
			return false
		}
	}
	for _, k := range w.own {
		if k != nil && !gone(k) {
			return false
		}
	}
	return bytes.Trim(w.random, "\x00") == nil
}

func TestWorkForgetsItsInput(t *testing.T) {
	for _, run := range []bool{true, false} {
		a, b := newTwo(t)
		open(b, seal(a, "1"))
		w := b.Prepare()
		if w.random == nil || w.fresh == nil || w.own[previous] == nil {
			t.Fatal("nothing to do")
		}
		input := Work{random: w.random, fresh: w.fresh, own: w.own}
		if run {
			w.Run()
		} else {
			w.Wipe()
		}
		if !wiped(&input) {
			t.Fatal("copies of private keys are left")
		}
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, bytes.ErrTooLarge }

// Without randomness no key is prepared, and no old one used again.
func TestNoRandomness(t *testing.T) {
	a, b := newTwo(t)
	open(b, seal(a, "1"))
	b.rand = broken{}
	w := b.Prepare()
	if w == nil || w.random != nil || w.own[previous] == nil {
		t.Fatalf("%+v", w)
	}
	w.Run()
	if !b.Adopt(w) || b.spare != nil {
		t.Fatal("a key out of nothing")
	}
	if w := b.Prepare(); w != nil {
		t.Fatal("something to do")
	}
	open(a, seal(b, "2"))
	if _, err := open(b, seal(a, "3")); err == nil {
		t.Fatal("rotated without a key")
	}
}

// Work is stale when the key of either side alone was rotated.
func TestStaleByOneKey(t *testing.T) {
	on := func(a, b *Ratchet) {
		t.Helper()
		for range 3 {
			if s, err := open(b, seal(a, "on")); s != "on" || err != nil {
				t.Fatal(s, err)
			}
			if s, err := open(a, seal(b, "back")); s != "back" || err != nil {
				t.Fatal(s, err)
			}
		}
	}
	t.Run("peer", func(t *testing.T) {
		a, b := newTwo(t)
		late := seal(a, "1")
		w := a.Prepare()
		w.Run()
		own, peer := a.ownID, a.peerID
		open(a, seal(b, "crossing"))
		if a.ownID != own || a.peerID != peer+1 {
			t.Fatal("rotated otherwise")
		}
		if a.Adopt(w) {
			t.Error("adopted")
		}
		w.Wipe()
		open(b, late)
		on(a, b)
	})
	t.Run("own", func(t *testing.T) {
		a, b := newTwo(t)
		m := seal(a, "1")
		open(a, seal(b, "c"))
		open(b, m)
		seal(a, "2")
		w := a.Prepare()
		w.Run()
		own, peer := a.ownID, a.peerID
		open(a, seal(b, "d"))
		if a.ownID != own+1 || a.peerID != peer {
			t.Fatal("rotated otherwise", a.ownID-own, a.peerID-peer)
		}
		if a.Adopt(w) {
			t.Error("adopted")
		}
		w.Wipe()
		on(a, b)
	})
}
