package main

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"culver/im"
)

// What goes wrong is found.
func TestCheck(t *testing.T) {
	said := &thread{name: "t", word: "w", private: true}
	for n := 1; n <= 4; n++ {
		said.lines = append(said.lines, &line{text: fmt.Sprintf("w %06d x", n)})
	}
	said.lines[1].failed = true
	for order, want := range map[string]string{
		"1 2 3 4":   "",
		"1 3 4 2":   "", // it was shown as failed
		"1 2 4":     "Line 3 of t is there 0 times",
		"1 2 3 3 4": "Line 3 of t is there 2 times",
		"1 2 4 3":   "Line 3 of t stands behind line 4",
		"1 2 3o 4":  "Line 3 of t is not private",
		"1 2x 3 4":  "Line 2 of t reads",
	} {
		var there []im.Message
		for _, f := range strings.Fields("9 " + order) {
			text := fmt.Sprintf("w %06s x", strings.TrimRight(f, "ox"))
			if strings.HasSuffix(f, "x") {
				text += "y"
			}
			m := im.Message{Text: im.Plain(text), Seal: im.Seal{Level: im.Private}}
			if strings.HasSuffix(f, "o") {
				m.Seal = im.Seal{}
			}
			there = append(there, m)
		}
		wrong := said.check("a place", there)
		if want == "" && len(wrong) > 0 || want != "" && (len(wrong) != 1 || !strings.HasPrefix(wrong[0].Error(), want)) {
			t.Errorf("%s: %v, want %q", order, wrong, want)
		}
	}
}

// The server's record says in which order somebody got two lines.
func TestHanded(t *testing.T) {
	hand := func(id string) string { return "< bob@a/x <message id='" + id + "'><body>x</body></message>\n" }
	for name, c := range map[string]struct {
		record string
		turned bool
	}{
		"in order":            {hand("one") + hand("two"), false},
		"turned":              {hand("two") + hand("one"), true},
		"again, in order":     {hand("one") + hand("two") + hand("one") + hand("two"), false},
		"late, again":         {hand("one") + hand("two") + hand("one"), true},
		"to somebody else":    {hand("one") + hand("two") + "< eve@a/x <message id='one'/>\n", false},
		"out of the archive":  {hand("one") + hand("two") + "< bob@a/x <message><result><forwarded xmlns=''><message id='one'/></forwarded></result></message>\n", false},
		"from bob":            {hand("one") + hand("two") + "> bob@a/x <message id='one'/>\n", false},
		"without the last LF": {hand("two") + strings.TrimSuffix(hand("one"), "\n"), true},
	} {
		when := handed(strings.NewReader(c.record), "bob@a")
		if turned := when["one"] > when["two"]; turned != c.turned || when["two"] == 0 {
			t.Errorf("%s: %v", name, when)
		}
	}
}

func TestFlat(t *testing.T) {
	warm := reading{cut: 50, lines: 100, goroutines: 40, heap: 10 << 20}
	for name, c := range map[string]struct {
		later reading
		grew  bool
	}{
		"the same":        {warm, false},
		"lines":           {reading{lines: 10000, goroutines: 40, heap: 30 << 20}, false},
		"memory":          {reading{lines: 100, goroutines: 40, heap: 30 << 20}, true},
		"goroutines":      {reading{lines: 10000, goroutines: 80, heap: 10 << 20}, true},
		"fewer than once": {reading{lines: 100, goroutines: 10, heap: 1 << 20}, false},
	} {
		if err := flat([]reading{warm, c.later}); (err != nil) != c.grew {
			t.Errorf("%s: %v", name, err)
		}
	}
	if flat(nil) != nil {
		t.Error("nothing grew")
	}
}

// A short run, with all that is in a long one. Its folder has a long name: Prosody does
// not start with one if its configuration says anything twice. It stays after a failure.
func TestShortRun(t *testing.T) {
	out, err := os.MkdirTemp("", "culver-"+strings.Repeat("long-", 30))
	if err != nil {
		t.Fatal(err)
	}
	if err := soak(t.Context(), "Prosody", plan{cuts: 10, lines: 160, restart: 100, seed: 1}, out); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(out); err != nil {
		t.Error(err)
	}
}
