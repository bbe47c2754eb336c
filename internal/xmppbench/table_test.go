package main

import (
	"strings"
	"testing"

	"culver/internal/benchkit"
)

func filled() *results {
	r := newResults()
	for _, row := range rows {
		for i, side := range []string{windowName, coreName, profanityName, bareName} {
			for _, x := range []float64{3, 1, 2} {
				v := x * float64(i+1)
				if row.rate {
					v = 1 / v
				}
				r.add(side, row.what, v)
			}
		}
	}
	for _, side := range []string{windowName, profanityName} {
		r.shares[side] = []benchkit.Share{{Name: "data of its own", Bytes: 8 << 20}, {Name: "libX", Bytes: 4 << 20}}
	}
	return r
}

func printed(r *results) string {
	var b strings.Builder
	printTable(&b, r)
	return b.String()
}

// Where Culver is ahead on each row, there is no reason to be given.
func TestTableOfACulverThatIsAhead(t *testing.T) {
	text := printed(filled())
	if strings.Count(text, " ahead |") != 2*len(rows) || strings.Contains(text, "behind") || strings.Contains(text, "Where Culver") {
		t.Errorf("\n%s", text)
	}
	for _, want := range []string{"6.00 s (3.00 to 9.00)", "| 2.00 s (1.00 to 3.00) | 0.33 ahead |"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// Where it is behind or level, it says so, and why: from what was measured.
func TestTableOfACulverThatIsBehind(t *testing.T) {
	for _, row := range rows {
		r := filled()
		bad := 100.0
		if row.rate {
			bad = 0.001
		}
		r.values[windowName][row.what] = []float64{bad}
		text := printed(r)
		_, why, found := strings.Cut(text, "Where Culver is not ahead:\n\n- "+row.name+": ")
		if strings.Count(text, " behind |") != 1 || !found || strings.Count(why, "\n") != 1 || len(why) < 30 {
			t.Errorf("%s:\n%s", row.name, text)
		}
	}
	r := filled()
	r.values[windowName][memory] = r.values[profanityName][memory]
	if text := printed(r); strings.Count(text, "1.00 level |") != 1 || !strings.Contains(text, "Culver has 8.0 MiB in data of its own, 4.0 MiB in libX; Profanity has") {
		t.Errorf("\n%s", text)
	}
}

// A side that stayed out, or cannot do something, leaves its cells empty.
func TestTableWithoutASide(t *testing.T) {
	r := newResults()
	r.add(coreName, memory, 1<<20)
	r.add(profanityName, memory, 1<<20)
	text := printed(r)
	if !strings.Contains(text, "| memory at rest | 1.0 MiB | - |  | 1.0 MiB | 1.00 level | - |") {
		t.Errorf("\n%s", text)
	}
	for _, row := range rows { // no reason needs more than there is
		if why := row.why(newResults()); why == "" {
			t.Errorf("%s: no reason", row.name)
		}
	}
}
