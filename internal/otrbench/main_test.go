package main

import (
	"slices"
	"strings"
	"testing"
)

// The real thing in small: both sides run, agree on the work, and a table comes out.
func TestBothSidesDoTheSameWork(t *testing.T) {
	small := slices.Clone(rows)
	for i := range small {
		small[i].n, small[i].others = 2, min(small[i].others, 1)
	}
	for _, e := range []struct {
		portable bool
		rows     []row
	}{{false, small}, {true, small[:3]}} {
		var out strings.Builder
		if err := compare(&out, e.rows, 1, e.portable); err != nil {
			t.Fatal(err)
		}
		for _, r := range e.rows {
			if !strings.Contains(out.String(), "\n| "+r.name+" |") || !strings.Contains(out.String(), "\n  "+r.op+" ") {
				t.Errorf("portable %v: %s is not told of in\n%s", e.portable, r.op, out.String())
			}
		}
	}
}

// pong is what both sides report of two turns of ping-pong.
func pong() report {
	return report{
		numbers: map[string]int64{
			"cpu_ns": 1000, "memory_bytes": 0, "operations": 2, "secured": 0, "messages": 2, "fragments": 0,
			"rotations": 2, "plaintext": 200, "smp": 0, "wire": 1000,
		},
		fingerprints: []string{"aa", "bb"},
	}
}

func TestOtherWorkIsNoticed(t *testing.T) {
	r := row{op: "pingpong", n: 2}
	all := func() [sideCount]report { return [sideCount]report{pong(), pong(), pong()} }
	if err := sameWork(r, all()); err != nil {
		t.Fatalf("the same work: %v", err)
	}
	for id := range sideCount {
		for _, name := range append(slices.Clone(proofs), "wire") {
			other, missing := all(), all()
			other[id].numbers[name] += 9
			delete(missing[id].numbers, name)
			if id == xcryptoSide && (name == "wire" || name == "fragments") {
				continue // are of version 2
			}
			if sameWork(r, other) == nil {
				t.Errorf("side %d, other %s: not noticed", id, name)
			}
			if sameWork(r, missing) == nil {
				t.Errorf("side %d, no %s: not noticed", id, name)
			}
		}
		for _, keys := range [][]string{nil, {"aa"}, {"aa", "cc"}} {
			other := all()
			other[id].fingerprints = keys
			if sameWork(r, other) == nil {
				t.Errorf("side %d, keys %v: not noticed", id, keys)
			}
		}
	}
	nearly := all()
	nearly[culverSide].numbers["wire"] -= slack // a number had a leading zero
	if err := sameWork(r, nearly); err != nil {
		t.Errorf("some bytes less: %v", err)
	}
	idle := all()
	for id := range idle {
		idle[id].numbers["rotations"] = 0
	}
	if sameWork(r, idle) == nil {
		t.Error("no keys rotate on any side: not noticed")
	}
	fewer := all()
	fewer[libotrSide].numbers["operations"] = 1
	if err := sameWork(row{op: "pingpong", n: 2, others: 1}, fewer); err == nil {
		t.Error("fewer operations, but the others were to do one each: not noticed")
	}
	fewer[xcryptoSide].numbers["operations"] = 1
	if err := sameWork(row{op: "pingpong", n: 2, others: 1}, fewer); err != nil {
		t.Errorf("the others were to do fewer: %v", err)
	}
}

func TestReportsAreRead(t *testing.T) {
	r, err := parseReport("cpu_ns 12\nsample_ns 3\nsample_ns 4\nfingerprint aa\nfingerprint bb\nwire 5\n")
	if err != nil || r.numbers["cpu_ns"] != 12 || r.numbers["wire"] != 5 ||
		!slices.Equal(r.samples, []float64{3, 4}) || !slices.Equal(r.fingerprints, []string{"aa", "bb"}) {
		t.Errorf("read %+v, %v", r, err)
	}
	for _, bad := range []string{"cpu_ns", "cpu_ns x", "oops"} {
		if _, err := parseReport(bad); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

func TestStatistics(t *testing.T) {
	v := []float64{40, 10, 30, 20}
	if got := spread(v); got != "60 %" {
		t.Errorf("spread %q", got)
	}
	if got := (row{value: mean}).settle([]float64{1, 2, 6}); got != 3 {
		t.Errorf("mean %v", got)
	}
	if got := (row{}).settle([]float64{1, 2, 6}); got != 2 {
		t.Errorf("median %v", got)
	}
}

func TestTheTableSaysWhatIsMissed(t *testing.T) {
	rows := []row{
		{op: "a", name: "fast", n: 1, must: 2, portable: 5},
		{op: "b", name: "slow", n: 1, must: 3.5},
		{op: "c", name: "keys", n: 6, others: 1, must: 2, value: mean},
		{op: "d", name: "fat", n: 1, value: memory},
	}
	of := func(theirs, ours []float64) result {
		return result{values: [sideCount][]float64{theirs, ours, {2048e3}}}
	}
	results := []result{
		of([]float64{3e6}, []float64{1e6}),
		of([]float64{3e6}, []float64{1e6}),
		of([]float64{3e6, 1e6, 2e6}, []float64{1.5e6, 0.5e6}),
		of([]float64{40 << 10}, []float64{9 << 10}),
	}
	table := func(portable bool) string {
		var out strings.Builder
		printTable(&out, rows, results, portable)
		return out.String()
	}
	for _, line := range []string{
		"| fast | 3 000 µs | 1 000 µs | 3.00x | 2x | met | 0 %, 0 % | 2 048 µs |\n",
		"| slow | 3 000 µs | 1 000 µs | 3.00x | 3.5x | missed by 0.50 | 0 %, 0 % | 2 048 µs |\n",
		"| keys | 2 000 µs | 1 000 µs | 2.00x | 2x | met | 3, 12 keys | 2 048 µs |\n",
		"| fat | 40.0 KiB (RSS) | 9.0 KiB (live heap) | | 8.0 KiB | missed by 1.0 KiB | | 2000.0 KiB (live heap) |\n",
	} {
		if !strings.Contains(table(false), line) {
			t.Errorf("%q is not in\n%s", line, table(false))
		}
	}
	for _, line := range []string{
		"| fast | 3 000 µs | 1 000 µs | 3.00x | 5x | missed by 2.00 | 0 %, 0 % | 2 048 µs |\n",
		"| slow | 3 000 µs | 1 000 µs | 3.00x |  |  | 0 %, 0 % | 2 048 µs |\n", // nothing is demanded of it
	} {
		if !strings.Contains(table(true), line) {
			t.Errorf("portable: %q is not in\n%s", line, table(true))
		}
	}
	for ns, want := range map[float64]string{1234: "1.2 µs", 99_900: "99.9 µs", 100_400: "100 µs", 12_345_678: "12 346 µs"} {
		if got := micro(ns); got != want {
			t.Errorf("%v ns is %q, want %q", ns, got, want)
		}
	}
}
