package conversation

import (
	"fmt"
	"strings"
	"testing"

	"culver/im"
)

func TestWhoseNamesLookAlike(t *testing.T) {
	r := NewRoom()
	here := func(nick, bare string) im.Occupant {
		o := im.Occupant{Nick: nick, Name: nick, Bare: bare}
		r.Apply(OccupantHere{o})
		return o
	}
	is := func(o im.Occupant, want string) {
		t.Helper()
		if got := r.Alike(o); got != want {
			t.Errorf("%q looks like %q, not %q", o.Nick, got, want)
		}
	}
	bob := here("bob", "bob@x")
	is(bob, "")
	is(here("eve", "eve@x"), "")
	is(here("bob.", "bob@x"), "") // of the same person
	b0b := here("b0b", "")
	is(b0b, "bob")
	is(bob, "b0b")
	is(here("b0b", "bob@x"), "") // now it is known whose it is
	is(bob, "")
	r.Apply(OccupantGone{Nick: "b0b"})
	is(here("BOB", "eve@x"), "bob")
	r.Apply(OccupantGone{Nick: "bob"})
	is(im.Occupant{Nick: "BOB", Name: "BOB", Bare: "eve@x"}, "bob.")
	r.Apply(OccupantGone{Nick: "bob."})
	r.Apply(OccupantGone{Nick: "nobody"})
	is(im.Occupant{Nick: "new", Name: "bob"}, "BOB")
	is(im.Occupant{Nick: "new", Name: "bob", Bare: "eve@x"}, "")
	r.Apply(RoomEntered{Nick: "me", Occupants: []im.Occupant{{Nick: "Adm1n", Name: "Adm1n"}}})
	is(im.Occupant{Nick: "new", Name: "bob"}, "")
	is(im.Occupant{Nick: "admin", Name: "admin"}, "Adm1n")
	r.Apply(RoomPlace{})
	is(im.Occupant{Nick: "admin", Name: "admin"}, "")
	if n := len(r.alike.owners) + len(r.alike.ids); n != 0 {
		t.Errorf("%d names are left of nobody", n)
	}
}

func TestWhomANameLooksLikeStaysTheSame(t *testing.T) {
	var n Namesakes
	for i := range 100 {
		n.Add(fmt.Sprint(i), fmt.Sprint(i%3), "bob")
	}
	first, _ := n.Of("new", "", "bob")
	for i := range 100 {
		if id := fmt.Sprint(i); id != first {
			n.Remove(id, fmt.Sprint(i%3), "bob")
		}
		if got, ok := n.Of("new", "", "bob"); !ok || got != first {
			t.Fatalf("it is %q, and was %q", got, first)
		}
	}
}

// Whoever runs a room can fill it.
func TestALargeRoomTakesNoMoreForOneName(t *testing.T) {
	alike := func(i int) string { return "b" + strings.Repeat(".", i%64) + "ob" + strings.Repeat("-", i/64) }
	for what, name := range map[string]func(i int) (nick, bare string){
		"all different": func(i int) (string, string) { return fmt.Sprintf("cook %d", i), fmt.Sprintf("cook%d@x", i) },
		"all alike":     func(i int) (string, string) { return alike(i), fmt.Sprintf("cook%d@x", i) },
		"all the same":  func(i int) (string, string) { return alike(i), "bob@x" },
	} {
		r := NewRoom()
		for i := range 5000 {
			nick, bare := name(i)
			r.Apply(OccupantHere{im.Occupant{Nick: nick, Name: nick, Bare: bare}})
		}
		o := im.Occupant{Nick: "bob", Name: "bob", Bare: "bob@x"}
		r.Alike(o)
		if n := testing.AllocsPerRun(100, func() {
			r.Apply(OccupantHere{o})
			r.Alike(o)
			r.Apply(OccupantGone{Nick: "bob"})
		}); n > 50 {
			t.Errorf("%s: %v allocations", what, n)
		}
	}
}
