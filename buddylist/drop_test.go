package buddylist

import (
	"fmt"
	"testing"

	"culver/im"
)

// told is a drop in words.
func (d Drop) told() string {
	s := ""
	if d.Splits {
		s = "split, "
	}
	switch d.Kind {
	case DropBefore:
		return fmt.Sprintf("%sin %s before %q at %d", s, d.Group, d.Before.Peer, d.Row)
	case DropInto:
		return fmt.Sprintf("%sinto %s at %d", s, d.Group, d.Row)
	case DropOnto:
		return fmt.Sprintf("%sonto %s, %s, at %d", s, d.Onto.Peer, d.Title, d.Row)
	case DropGroup:
		return fmt.Sprintf("%s before %q at %d", d.Group, d.NextGroup, d.Row)
	}
	return "nothing"
}

func TestDrop(t *testing.T) {
	l := New()
	for _, b := range []struct{ name, group string }{{"ann", "A"}, {"bea", "A"}, {"cat", "A"}, {"dan", "B"}, {"eve", "B"}, {"fay", "C"}, {"mat1", "B"}, {"mat2", "B"}} {
		l.Apply(Buddy{im.Buddy{Account: "x:a", Bare: b.name, Name: b.name, Groups: []string{b.group}}})
	}
	at := func(name string) im.ConvID { return im.ConvID{Account: "x:a", Peer: name} }
	l.Apply(Arranged{Arrangement{Contacts: []Contact{{Name: "Mat", Members: []im.ConvID{at("mat1"), at("mat2")}}}}})
	l.Apply(Room{RoomEntry{Conv: at("pub"), Name: "pub", Kept: true}})
	l.Apply(Asked{Conv: at("zoe")})
	// 0 zoe asks, 1 A, 2 ann, 3 bea, 4 cat, 5 B, 6 dan, 7 eve, 8 Mat, 9 mat1, 10 mat2, 11 C, 12 fay, 13 Chats, 14 pub
	view := View{ShowOffline: true, Sort: ByHand, Expanded: map[im.ConvID]bool{at("mat1"): true}}
	for _, c := range []struct {
		row, over int
		part      float32
		byHand    string
		sorted    string
	}{
		{2, 2, 0.5, "nothing", "nothing"},
		{2, 3, 0.1, "nothing", "onto bea, bea, at 3"},
		{2, 3, 0.9, `in A before "cat" at 4`, "onto bea, bea, at 3"},
		{2, 3, 0.5, "onto bea, bea, at 3", "onto bea, bea, at 3"},
		{2, 4, 0.9, `in A before "" at 5`, "onto cat, cat, at 4"},
		{4, 2, 0.1, `in A before "ann" at 2`, "onto ann, ann, at 2"},
		{4, 3, 0.9, "nothing", "onto bea, bea, at 3"},
		{3, 1, 0.5, `in A before "ann" at 2`, "nothing"},
		{2, 1, 0.5, "nothing", "nothing"},
		{2, 5, 0.5, "into B at 5", "into B at 5"},
		{2, 6, 0.1, `in B before "dan" at 6`, "into B at 5"},
		{2, 6, 0.5, "onto dan, dan, at 6", "onto dan, dan, at 6"},
		{2, 7, 0.9, `in B before "mat1" at 8`, "into B at 5"},
		{2, 8, 0.5, "onto mat1, Mat, at 8", "onto mat1, Mat, at 8"},
		{2, 10, 0.9, "onto mat1, Mat, at 8", "into B at 5"},
		{2, 0, 0.5, "nothing", "nothing"},
		{2, 13, 0.5, "nothing", "nothing"},
		{2, 14, 0.5, "nothing", "nothing"},
		{2, 99, 0.5, "nothing", "nothing"},
		{2, -1, 0.5, "nothing", "nothing"},
		{8, 7, 0.1, `in B before "eve" at 7`, "onto eve, eve, at 7"},
		{8, 9, 0.5, "nothing", "nothing"},
		{8, 7, 0.9, "nothing", "onto eve, eve, at 7"},
		{8, 2, 0.5, "onto ann, ann, at 2", "onto ann, ann, at 2"},
		{8, 11, 0.5, "into C at 11", "into C at 11"},
		{9, 8, 0.5, "nothing", "nothing"},
		{9, 10, 0.5, "nothing", "nothing"},
		{9, 5, 0.5, "split, into B at 5", "split, into B at 5"},
		{9, 2, 0.5, "split, onto ann, ann, at 2", "split, onto ann, ann, at 2"},
		{9, 7, 0.1, `split, in B before "eve" at 7`, "split, onto eve, eve, at 7"},
		{0, 2, 0.5, "nothing", "nothing"},
		{14, 2, 0.5, "nothing", "nothing"},
		{13, 1, 0.5, "nothing", "nothing"},
		{1, 2, 0.5, "nothing", "nothing"},
		{1, 5, 0.5, "nothing", "nothing"},
		{1, 9, 0.5, `A before "C" at 11`, `A before "C" at 11`},
		{1, 12, 0.5, `A before "" at 13`, `A before "" at 13`},
		{1, 14, 0.5, `A before "" at 13`, `A before "" at 13`},
		{11, 2, 0.5, `C before "A" at 1`, `C before "A" at 1`},
		{11, 6, 0.5, `C before "B" at 5`, `C before "B" at 5`},
		{11, 10, 0.5, "nothing", "nothing"},
		{11, 13, 0.5, "nothing", "nothing"},
		{11, 0, 0.5, "nothing", "nothing"},
	} {
		d := l.Display()
		view.Sort = ByHand
		d.Update(view)
		if got := d.Drop(d.Row(c.row), c.over, c.part).told(); got != c.byHand {
			t.Errorf("by hand, %d over %d at %v: %s, not %s", c.row, c.over, c.part, got, c.byHand)
		}
		view.Sort = ByName
		d.Update(view)
		if got := d.Drop(d.Row(c.row), c.over, c.part).told(); got != c.sorted {
			t.Errorf("by name, %d over %d at %v: %s, not %s", c.row, c.over, c.part, got, c.sorted)
		}
	}
}

func TestStep(t *testing.T) {
	l := New()
	for _, b := range []struct{ name, group string }{{"ann", "A"}, {"bea", "A"}, {"cat", "A"}, {"dan", "B"}, {"eve", "C"}} {
		l.Apply(Buddy{im.Buddy{Account: "x:a", Bare: b.name, Name: b.name, Groups: []string{b.group}}})
	}
	at := func(name string) im.ConvID { return im.ConvID{Account: "x:a", Peer: name} }
	l.Apply(Arranged{Arrangement{Contacts: []Contact{{Members: []im.ConvID{at("ann"), at("cat")}}}}})
	l.Apply(Room{RoomEntry{Conv: at("pub"), Name: "pub", Kept: true}})
	d := l.Display()
	d.Update(View{ShowOffline: true, Sort: ByHand, Expanded: map[im.ConvID]bool{at("ann"): true}})
	// 0 A, 1 ann, 2 ann, 3 cat, 4 bea, 5 B, 6 dan, 7 C, 8 eve, 9 Chats, 10 pub
	for _, c := range []struct {
		row      int
		up, down string
	}{
		{0, "nothing", `A before "C" at 7`},
		{1, "nothing", `in A before "" at 5`},
		{2, "nothing", "nothing"},
		{4, `in A before "ann" at 1`, "nothing"},
		{5, `B before "A" at 0`, `B before "" at 9`},
		{6, "nothing", "nothing"},
		{7, `C before "B" at 5`, "nothing"},
		{8, "nothing", "nothing"},
		{10, "nothing", "nothing"},
	} {
		if up, down := d.Step(d.Row(c.row), true).told(), d.Step(d.Row(c.row), false).told(); up != c.up || down != c.down {
			t.Errorf("%d: up %s, down %s", c.row, up, down)
		}
	}
	d.Update(View{ShowOffline: true, Sort: ByName})
	if got := d.Step(d.Row(2), true).told(); got != "nothing" {
		t.Errorf("by name: %s", got)
	}
}
