package ratchet

import (
	"bytes"
	"errors"
	"testing"

	"culver/otrplugin/otr/internal/wire"
)

// parted is a message taken apart.
func parted(t *testing.T, msg []byte) *Message {
	t.Helper()
	msg = bytes.Clone(msg)
	in := wire.NewReader(msg)
	in.Header()
	m, err := Read(msg, in)
	if err != nil {
		t.Fatal(err)
	}
	return &m
}

// Verify tells what may be taken, and takes nothing: neither a counter nor keys nor
// what is to be revealed change, however often it is asked.
func TestVerifyChangesNothing(t *testing.T) {
	a, b := newTwo(t)
	one, two := parted(t, seal(a, "one")), parted(t, seal(a, "two"))
	own, peer := b.ownID, b.peerID
	for range 3 {
		if err := b.Verify(two); err != nil || !two.Ahead() || two.First() {
			t.Fatal(err)
		}
		if err := b.Verify(one); err != nil || one.Ahead() || !one.First() {
			t.Fatal(err)
		}
	}
	if one.Compare(two) >= 0 || two.Compare(one) <= 0 || one.Compare(one) != 0 {
		t.Fatal("not in order")
	}
	if b.ownID != own || b.peerID != peer || len(revealed(t, seal(b, "x"))) > 0 {
		t.Fatal("keys have changed")
	}
	for _, m := range []*Message{one, two} {
		if err := b.Verify(m); err != nil {
			t.Fatal(err)
		}
		if _, _, err := b.Take(nil, m); err != nil {
			t.Fatal(err)
		}
	}
}

// Nothing is taken that was not verified, or was taken, or is not to be taken any more.
func TestTakeIsStrict(t *testing.T) {
	refused := func(what string, r *Ratchet, m *Message) {
		t.Helper()
		if text, extra, err := r.Take(nil, m); !errors.Is(err, ErrUnreadable) || text != nil || extra != [32]byte{} {
			t.Errorf("%s: %q, %v", what, text, err)
		}
	}
	verified := func(r *Ratchet, msg []byte) *Message {
		t.Helper()
		m := parted(t, msg)
		if err := r.Verify(m); err != nil {
			t.Fatal(err)
		}
		return m
	}
	a, b := newTwo(t)
	msg := seal(a, "one")
	refused("not verified", b, parted(t, msg))
	forged := bytes.Clone(msg)
	forged[len(forged)-10] ^= 1 // of the MAC
	m := parted(t, forged)
	if err := b.Verify(m); !errors.Is(err, ErrUnreadable) {
		t.Fatal(err)
	}
	refused("forged", b, m)
	if err := (*Ratchet)(nil).Verify(m); !errors.Is(err, ErrUnreadable) {
		t.Fatal(err)
	}

	again, late := verified(b, msg), verified(b, msg)
	if text, _, err := b.Take(nil, again); string(text) != "one" || err != nil {
		t.Fatal(err)
	}
	refused("taken", b, again)
	refused("a copy of it was taken", b, late)

	two, three := seal(a, "two"), seal(a, "three")
	early := verified(b, two)
	if _, _, err := b.Take(nil, verified(b, three)); err != nil {
		t.Fatal(err)
	}
	refused("a later one was taken", b, early)

	gone := verified(b, seal(a, "gone"))
	for range 3 { // keys rotate
		for _, way := range [][2]*Ratchet{{b, a}, {a, b}} {
			if _, err := open(way[1], seal(way[0], "turn")); err != nil {
				t.Fatal(err)
			}
		}
	}
	refused("its keys are gone", b, gone)

	wiped := verified(b, seal(a, "wiped"))
	b.Wipe()
	refused("wiped", b, wiped)
}
