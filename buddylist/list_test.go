package buddylist

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"culver/im"
)

const acc = im.AccountID("xmpp:me@x")

func buddy(bare string, groups ...string) im.Buddy {
	return im.Buddy{Account: acc, Bare: bare, Groups: groups}
}

func at(bare, resource string, show im.Show, priority int) Presence {
	return Presence{Account: acc, From: im.Addr{Bare: bare, Resource: resource}, Presence: im.Presence{Show: show, Priority: priority}}
}

func apply(events ...Event) *List {
	l := New()
	for _, e := range events {
		l.Apply(e)
	}
	return l
}

func conv(bare string) im.ConvID { return im.ConvID{Account: acc, Peer: bare} }

func TestPresenceIsThatOfTheBestDevice(t *testing.T) {
	l := apply(at("b@x", "phone", im.Away, 5), at("b@x", "desk", im.Available, 0), at("b@x", "tv", im.Available, 1))
	if p, r := l.Presence(conv("b@x")); p.Show != im.Available || r != "tv" {
		t.Fatalf("got %v %q", p, r)
	}
	l.Apply(at("b@x", "tv", im.Offline, 0))
	if _, r := l.Presence(conv("b@x")); r != "desk" {
		t.Fatalf("got %q", r)
	}
	l.Apply(at("b@x", "", im.Offline, 0))
	if p, _ := l.Presence(conv("b@x")); p.Show != im.Offline {
		t.Fatal("an unavailable without a device left devices")
	}
}

func TestRosterReplacesButKeepsWhatElseIsKnown(t *testing.T) {
	l := apply(Buddy{buddy("old@x")}, Buddy{buddy("b@x")}, at("b@x", "r", im.Available, 0), Unread{Conv: conv("old@x"), Count: 2},
		Roster{acc, []im.Buddy{buddy("b@x"), buddy("new@x")}})
	if _, ok := l.Buddy(conv("old@x")); ok {
		t.Fatal("a buddy no longer on the roster is still listed")
	}
	if !l.HasDevice(conv("b@x"), "r") {
		t.Fatal("presence was lost")
	}
	if got := len(l.Buddies(acc)); got != 2 {
		t.Fatalf("%d buddies", got)
	}
}

func TestRows(t *testing.T) {
	l := apply(
		Buddy{im.Buddy{Account: acc, Bare: "z@x", Name: "Zoe", Groups: []string{"Work", "Friends"}}},
		Buddy{buddy("a@x", "Work")}, Buddy{buddy("n@x")},
		at("z@x", "r", im.Available, 0), Asked{conv("q@x"), "let me in"})
	got := []string{}
	for _, r := range l.Rows(View{ShowOffline: true}) {
		switch r.Kind {
		case GroupRow:
			got = append(got, "#"+r.Group)
		case RequestRow:
			got = append(got, "?"+r.Title)
		default:
			got = append(got, r.Title)
		}
	}
	want := []string{"?q@x", "#Buddies", "n@x", "#Friends", "Zoe", "#Work", "Zoe", "a@x"}
	if !slices.Equal(got, want) {
		t.Fatalf("got %v, want %v", got, want)
	}
}

func TestRowsHideWhatTheViewHides(t *testing.T) {
	l := apply(Buddy{buddy("on@x", "G")}, Buddy{buddy("off@x", "H")}, at("on@x", "r", im.Away, 0))
	count := func(v View) int { return len(l.Rows(v)) }
	for _, c := range []struct {
		name string
		view View
		want int
	}{
		{"online only", View{}, 2},
		{"empty groups too", View{ShowEmpty: true}, 3},
		{"all", View{ShowOffline: true}, 4},
		{"collapsed", View{ShowOffline: true, Collapsed: map[string]bool{"G": true, "H": true}}, 2},
		{"search finds who is offline, in collapsed groups", View{Filter: "OFF", Collapsed: map[string]bool{"H": true}}, 2},
		{"search finds nobody", View{Filter: "zzz", ShowEmpty: true}, 0},
	} {
		if got := count(c.view); got != c.want {
			t.Errorf("%s: %d rows, want %d", c.name, got, c.want)
		}
	}
	l.Apply(Unread{Conv: conv("off@x"), Count: 1})
	if got := count(View{}); got != 4 {
		t.Errorf("somebody with unread lines is hidden: %d rows", got)
	}
}

// A replica built from Events shows the same rows, whatever happened before.
func TestEventsRebuildTheList(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	names := []string{"a@x", "b@x", "c@x"}
	for range 300 {
		l := New()
		for range 20 {
			n := names[rng.IntN(len(names))]
			switch rng.IntN(10) {
			case 0:
				l.Apply(Buddy{buddy(n, "G")})
			case 1:
				l.Apply(Removed{conv(n)})
			case 2, 3:
				l.Apply(at(n, string(rune('p'+rng.IntN(2))), im.Show(rng.IntN(6)), rng.IntN(2)))
			case 4:
				l.Apply(Asked{conv(n), "x"})
			case 5:
				l.Apply(Answered{conv(n)})
			case 6:
				l.Apply(Unread{Conv: conv(n), Count: rng.IntN(2)})
			case 7:
				l.Apply(Offline{Account: acc})
			case 8:
				l.Apply(Knocked{conv(n), rng.IntN(2) == 0, "x"})
			case 9:
				l.Apply(Blocked{acc, names[:rng.IntN(3)]})
			}
		}
		replica := apply(l.Events()...)
		v := View{ShowOffline: true, ShowEmpty: true}
		if a, b := l.Rows(v), replica.Rows(v); !reflect.DeepEqual(a, b) {
			t.Fatalf("replica differs:\n%+v\n%+v", a, b)
		}
	}
}

func TestForgottenLeavesNothing(t *testing.T) {
	l := apply(Buddy{buddy("b@x")}, at("b@x", "r", im.Available, 0), Asked{conv("q@x"), ""}, Knocked{conv("k@x"), true, ""}, Blocked{acc, []string{"e@x"}}, Forgotten{acc})
	if len(l.entries) != 0 || l.CanBlock(acc) || len(l.Events()) != 0 {
		t.Fatal("something is left")
	}
}

func TestWhoKnocksIsOneRow(t *testing.T) {
	l := apply(Buddy{buddy("b@x")}, Asked{conv("b@x"), "again"}, Knocked{conv("k@x"), true, "hello"})
	rows := l.Rows(View{ShowOffline: true})
	if len(rows) != 4 || rows[0].Kind != KnockRow || rows[0].Conv != conv("k@x") || rows[0].Total != 1 || rows[0].Reason != "hello" || rows[1].Kind != RequestRow {
		t.Fatalf("%+v", rows)
	}
	if !l.Asking(conv("k@x")) || !l.Knocking(conv("k@x")) || l.Knocking(conv("b@x")) {
		t.Error("who knocks is not known")
	}
	l.Apply(Knocked{conv("m@x"), false, "spam"})
	if rows := l.Rows(View{Filter: "nobody"}); len(rows) != 2 || !rows[0].Conv.IsZero() || rows[0].Total != 2 {
		t.Errorf("%+v", rows)
	}
	l.Apply(Answered{conv("k@x")})
	l.Apply(Answered{conv("m@x")})
	if rows := l.Rows(View{}); len(rows) != 1 || l.Knocking(conv("k@x")) {
		t.Errorf("%+v", rows)
	}
}

func TestBlocked(t *testing.T) {
	l := apply(Buddy{buddy("b@x")})
	if l.CanBlock(acc) || l.BlockedAs(conv("b@x")) != "" {
		t.Error("blocked before it is known")
	}
	l.Apply(Blocked{acc, []string{"e@x", "spam.example"}})
	for peer, want := range map[string]string{"b@x": "", "e@x": "e@x", "anybody@spam.example": "spam.example", "spam.example": "spam.example", "x": ""} {
		if got := l.BlockedAs(conv(peer)); got != want {
			t.Errorf("%s: %q", peer, got)
		}
	}
	l.Apply(Blocked{acc, []string{"b@x"}})
	if rows := l.Rows(View{ShowOffline: true}); !rows[1].Blocked || l.BlockedAs(conv("e@x")) != "" {
		t.Errorf("%+v", rows)
	}
	l.Apply(Offline{Account: acc})
	if l.CanBlock(acc) || l.BlockedAs(conv("b@x")) != "" {
		t.Error("it is claimed to be known while offline")
	}
}

func TestTwins(t *testing.T) {
	l := New()
	for _, b := range []im.Buddy{{Account: "x:a", Bare: "bob@x", Name: "Bob"}, {Account: "x:b", Bare: "other@x", Name: "Bob"}, {Account: "x:a", Bare: "carol@x"}, {Account: "x:a", Bare: "c2@x", Name: "carol@x"}} {
		l.Apply(Buddy{Buddy: b})
	}
	for _, r := range l.Rows(View{ShowOffline: true}) {
		if r.Kind == BuddyRow && r.Twin != (r.Title == "Bob") {
			t.Errorf("%+v", r)
		}
	}
}
