package conversation

import "testing"

func TestNamesThatLookAlike(t *testing.T) {
	for _, pair := range [][2]string{
		{"Alice", "АLІСЕ"}, {"paypal", "раураl"}, {"Admin", "Adm1n"}, {"modern", "modem"},
		{"bob", "b\u200bob"}, {"bob", "bo\u0301b"}, {"Bob ", " bob."}, {"ＡＬＩＣＥ", "alice"}, {"lll", "IiI"}, {"Zoë", "zoe"},
	} {
		if Skeleton(pair[0]) != Skeleton(pair[1]) {
			t.Errorf("%q and %q look different: %q, %q", pair[0], pair[1], Skeleton(pair[0]), Skeleton(pair[1]))
		}
	}
	for _, pair := range [][2]string{{"alice", "bob"}, {"ann", "anna"}, {"张伟", "张敏"}, {"bob", "bobby"}} {
		if Skeleton(pair[0]) == Skeleton(pair[1]) {
			t.Errorf("%q and %q look alike", pair[0], pair[1])
		}
	}
}

func TestWhatNamesSomebody(t *testing.T) {
	for _, c := range []struct {
		text, name string
		want       bool
	}{
		{"bob: hello", "Bob", true}, {"hello BOB", "bob", true}, {"bobby", "bob", false}, {"kabob bob", "bob", true},
		{"(bob)", "bob", true}, {"b", "bob", false}, {"", "bob", false}, {"anything", "", false},
		{"hé bøb!", "bøb", true}, {"xbøb", "bøb", false}, {"@bob,", "bob", true}, {"bob_", "bob", false},
		{"a.b is here", "a.b", true}, {"ibob", "bob", false}, {"你好bob", "bob", false},
	} {
		if got := Names(c.text, c.name); got != c.want {
			t.Errorf("%q names %q: %v", c.text, c.name, got)
		}
	}
}
