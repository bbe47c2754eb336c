package discovery

import (
	"testing"
)

func TestFindQuery(t *testing.T) {
	for in, want := range map[string]struct {
		offered Versions
		found   bool
	}{
		"?OTR?":                  {0, true},
		"?OTRv2?":                {V2, true},
		"?OTRv23?":               {V2 | V3, true},
		"?OTRv32?":               {V2 | V3, true},
		"?OTR?v2?":               {V2, true},
		"?OTRv24x?":              {V2, true},
		"?OTR?v24x?":             {V2, true},
		"?OTR?v?":                {0, true},
		"?OTRv?":                 {0, true},
		"?OTRv4?":                {0, true},
		"<b>?OTRv23?</b> hello":  {V2 | V3, true},
		"say ?OTR and ?OTRv3?\n": {V3, true},
		"?OTRv23?\nI would like": {V2 | V3, true},
		"":                       {},
		"?OTR":                   {},
		"?OTRv23":                {},
		"?OTRv2 3?":              {},
		"?OTR is just text":      {},
		"?otrv23?":               {},
		"OTRv23?":                {},
	} {
		if offered, found := FindQuery([]byte(in)); offered != want.offered || found != want.found {
			t.Errorf("%q: %b, %v", in, offered, found)
		}
	}
}

func TestQuery(t *testing.T) {
	for v, want := range map[Versions]string{V2 | V3: "?OTRv23?", V2: "?OTRv2?", V3: "?OTRv3?"} {
		q := string(MakeQuery(v, "words"))
		if q != want+"\nwords" {
			t.Errorf("%b: %q", v, q)
		}
		if offered, _ := FindQuery([]byte(q)); offered != v {
			t.Errorf("%b: offers %b", v, offered)
		}
	}
}

func TestBest(t *testing.T) {
	for _, c := range []struct {
		a, b Versions
		want int
	}{
		{V2 | V3, V2 | V3, 3}, {V2, V2 | V3, 2}, {V2 | V3, V2, 2}, {V3, V2 | V3, 3}, {V2, V3, 0}, {0, V2 | V3, 0}, {0, 0, 0},
	} {
		if got := Best(c.a, c.b); got != c.want {
			t.Errorf("%b and %b: %d", c.a, c.b, got)
		}
	}
}

func TestOffers(t *testing.T) {
	const base = "\x20\x09\x20\x20\x09\x09\x09\x09\x20\x09\x20\x09\x20\x09\x20\x20"
	const v1 = "\x20\x09\x20\x09\x20\x20\x09\x20"
	const v2 = "\x20\x20\x09\x09\x20\x20\x09\x20"
	const v3 = "\x20\x20\x09\x09\x20\x20\x09\x09"
	if got := string(AddOffer([]byte("hi"), V2|V3)); got != "hi"+base+v2+v3 {
		t.Errorf("offer %q", got)
	}
	for in, want := range map[string]struct {
		rest    string
		offered Versions
		found   bool
	}{
		"hi":                                  {"hi", 0, false},
		"hi" + base:                           {"hi", 0, true},
		"hi" + base + v2:                      {"hi", V2, true},
		"hi" + base + v3 + v2:                 {"hi", V2 | V3, true},
		"hi" + base + v1 + v2 + v3:            {"hi", V2 | V3, true},
		base + v3 + "hi":                      {"hi", V3, true},
		"h" + base + v1 + "i":                 {"hi", 0, true},
		"hi" + base + v2 + "  \t":             {"hi  \t", V2, true},
		"hi" + base + "\t\t\t\t\t\t\t\t" + v3: {"hi", V3, true},
		"hi" + base[:15]:                      {"hi" + base[:15], 0, false},
	} {
		rest, offered, found := CutOffer([]byte(in))
		if string(rest) != want.rest || offered != want.offered || found != want.found {
			t.Errorf("%q: %q, %b, %v", in, rest, offered, found)
		}
	}
}

func TestOnlyQuery(t *testing.T) {
	for in, want := range map[string]bool{
		"?OTR?": true, "?OTRv23?": true, "?OTR?v2?": true, " ?OTRv?\n": true, "?OTRv4x?": true,
		"": false, "?OTR": false, "?OTRv23": false, "?OTRv23? hi": false, "hi ?OTRv23?": false, "?OTRv2 3?": false, "?OTR?x": false,
		"?OTRv2?secret?": false, "?": false, "v2?": false, "?OTR?secret?": false,
	} {
		if OnlyQuery([]byte(in)) != want {
			t.Errorf("%q: %v", in, !want)
		}
	}
}
