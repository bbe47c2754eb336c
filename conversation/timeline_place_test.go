package conversation

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"culver/im"
)

func at(second int) im.Message {
	return im.Message{ID: fmt.Sprint(second), Origin: fmt.Sprint("o", second), Time: time.Unix(int64(second), 0)}
}

func ids(t *Timeline) (all []string) {
	for _, m := range t.Lines(0) {
		all = append(all, m.ID)
	}
	return all
}

func TestPlace(t *testing.T) {
	l := NewTimeline([]im.Message{at(10), at(30)})
	if i := l.Place(at(20)); i != 1 {
		t.Errorf("placed at %d", i)
	}
	if i := l.Place(at(40)); i != 3 {
		t.Errorf("placed at %d", i)
	}
	if i := l.Place(at(5)); i != 0 {
		t.Errorf("placed at %d", i)
	}
	same := at(20)
	same.ID = "later of two"
	if i := l.Place(same); i != 3 {
		t.Errorf("placed at %d", i)
	}
	again := at(20)
	again.Text, again.Time = im.Plain("changed"), time.Unix(99, 0)
	if i := l.Place(again); i != 2 || l.At(2).Text.String() != "changed" {
		t.Errorf("placed at %d", i)
	}
	if got := ids(l); !slices.Equal(got, []string{"5", "10", "20", "later of two", "30", "40"}) {
		t.Errorf("%q", got)
	}
	var none Timeline
	if i := none.Place(at(1)); i != 0 || none.Len() != 1 {
		t.Errorf("placed at %d of %d", i, none.Len())
	}
}

// Whatever was put where, and in which order, all lines are found again.
func TestPlaceKeepsTheIndex(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 0))
		var l Timeline
		there := map[string]bool{}
		for range 60 {
			m := at(r.IntN(50))
			switch r.IntN(4) {
			case 0:
				l.Add(m)
			case 1:
				l.Prepend([]im.Message{m})
			case 2:
				l.Place(m)
			case 3:
				l.Remove(m.ID)
				delete(there, m.ID)
				continue
			}
			there[m.ID] = true
		}
		for id := range there {
			if m, ok := l.Find(id); !ok || m.ID != id {
				t.Fatalf("seed %d: %s is found as %+v", seed, id, m)
			}
			if m, ok := l.ByOrigin(im.Addr{}, "o"+id); ok && m.ID != id {
				t.Fatalf("seed %d: %s is found as %+v", seed, id, m)
			}
		}
		if l.Len() != len(there) {
			t.Fatalf("seed %d: %d lines, want %d", seed, l.Len(), len(there))
		}
	}
}
