package main

import (
	"fmt"
	"slices"
)

// proofs are the numbers that have to be the same on all sides.
var proofs = []string{"operations", "secured", "messages", "fragments", "rotations", "plaintext", "smp"}

// slack is by how many bytes messages may differ on average: numbers on the
// wire have no leading zeros.
const slack = 4

// sameWork checks that all sides did the same work, and that it was the
// operation's work at all.
func sameWork(r row, reports [sideCount]report) error {
	ours := reports[culverSide]
	for id, other := range reports {
		for _, name := range proofs {
			t, hasT := other.numbers[name]
			o, hasO := ours.numbers[name]
			if !hasT || !hasO {
				return fmt.Errorf("the proof %q is missing", name)
			}
			switch {
			case name == "operations" && t != int64(r.times(id)):
				return fmt.Errorf("%d operations, not %d", t, r.times(id))
			case name == "operations":
			case name == "fragments" && id == xcryptoSide: // of version 2, which are not as long
			case t != o:
				return fmt.Errorf("%s: %d and %d", name, t, o)
			}
		}
		if len(ours.fingerprints) != 2 || !slices.Equal(other.fingerprints, ours.fingerprints) {
			return fmt.Errorf("long-term keys: %v and %v", other.fingerprints, ours.fingerprints)
		}
	}
	t, hasT := reports[libotrSide].numbers["wire"]
	o, hasO := ours.numbers["wire"]
	if d := max(t-o, o-t); !hasT || !hasO || d > slack*ours.numbers["messages"] {
		return fmt.Errorf("bytes on the wire: %d and %d", t, o)
	}
	return r.complete(ours.numbers)
}

// complete checks that the operation did what it is meant to.
func (r row) complete(done map[string]int64) error {
	n := int64(r.n)
	want := map[string]int64{"operations": n}
	switch r.op {
	case "keygen":
	case "ake":
		want["secured"], want["messages"] = 2*n, 4*n
	case "oneway":
		want["messages"], want["plaintext"], want["rotations"] = n, 100*n, 0
	case "pingpong", "foreground":
		want["messages"], want["plaintext"], want["rotations"] = n, 100*n, n
	case "fragments":
		want["messages"], want["plaintext"] = n, 64<<10*n
		if done["fragments"] < 200*n {
			return fmt.Errorf("%d fragments only", done["fragments"])
		}
	case "smp":
		want["messages"], want["smp"] = 4*n, 2*n
	case "memory":
		want["secured"], want["plaintext"] = 2*n, 400*n
	default:
		return fmt.Errorf("no proof is known")
	}
	for name, w := range want {
		if done[name] != w {
			return fmt.Errorf("%s: %d, not %d", name, done[name], w)
		}
	}
	return nil
}
