package conversation

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"culver/im"
)

func TestByOrigin(t *testing.T) {
	bob := im.Addr{Bare: "bob@x", Resource: "phone"}
	tl := NewTimeline([]im.Message{
		{ID: "1", From: bob, Origin: "a"}, {ID: "2", Out: true, Origin: "a"}, {ID: "3", From: im.Addr{Bare: "eve@x"}, Origin: "a"},
		{ID: "4", From: im.Addr{Bare: "bob@x", Resource: "desk"}, Origin: "a"}, {ID: "5", From: bob}, {ID: "6", Out: true},
	})
	tl.Prepend([]im.Message{{ID: "0", From: bob, Origin: "a"}, {ID: "00", From: bob, Origin: "old"}, {ID: "00", From: bob, Origin: "old"}})
	for _, c := range []struct{ from, origin, want string }{
		{"bob@x", "a", "4"}, {"", "a", "2"}, {"eve@x", "a", "3"}, {"bob@x", "old", "00"},
		{"carol@x", "a", ""}, {"bob@x", "", ""}, {"", "", ""}, {"bob@x", "nothing", ""}, {"", "6", ""},
	} {
		m, ok := tl.ByOrigin(im.Addr{Bare: c.from}, c.origin)
		if m.ID != c.want || ok != (c.want != "") {
			t.Errorf("%q of %q is %q", c.origin, c.from, m.ID)
		}
	}
}

// In a room all have the same address, and are told apart by what they are called there.
func TestByOriginInARoom(t *testing.T) {
	at := func(nick string) im.Addr { return im.Addr{Bare: "room@x", Resource: nick} }
	tl := NewTimeline([]im.Message{{ID: "1", From: at("Bob"), Origin: "a"}, {ID: "2", From: at("Eve"), Origin: "a"}, {ID: "3", Out: true, From: at("Bob"), Origin: "a"}})
	for _, c := range []struct {
		from im.Addr
		want string
	}{{at("Bob"), "1"}, {at("Eve"), "2"}, {at("Dan"), ""}, {at(""), "2"}, {im.Addr{}, "3"}, {im.Addr{Resource: "Bob"}, ""}} {
		if m, _ := tl.ByOrigin(c.from, "a"); m.ID != c.want {
			t.Errorf("that of %v is %q, want %q", c.from, m.ID, c.want)
		}
	}
}

// Whatever is added, changed and removed: a line is found by its origin as if all were
// looked at.
func TestByOriginAfterChanges(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	tl := &Timeline{}
	some := func() im.Message {
		return im.Message{ID: fmt.Sprint(r.IntN(40)), Out: r.IntN(2) == 0, From: im.Addr{Bare: fmt.Sprint("p", r.IntN(2))},
			Origin: []string{"", "a", "b", "c"}[r.IntN(4)]}
	}
	for range 5000 {
		switch r.IntN(4) {
		case 0:
			tl.Prepend([]im.Message{some(), some()})
		case 1:
			tl.Remove(some().ID)
		default:
			tl.Add(some())
		}
		from, origin := []string{"", "p0", "p1"}[r.IntN(3)], []string{"a", "b", "c"}[r.IntN(3)]
		want := ""
		for _, m := range tl.Lines(0) {
			if m.Origin == origin && m.Out == (from == "") && (m.Out || m.From.Bare == from) {
				want = m.ID
			}
		}
		if m, _ := tl.ByOrigin(im.Addr{Bare: from}, origin); m.ID != want {
			t.Fatalf("%q of %q is %q, want %q", origin, from, m.ID, want)
		}
	}
}
