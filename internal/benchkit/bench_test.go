package benchkit

import (
	"slices"
	"testing"
)

// What a run started ends with it, the last first, also if it fails.
func TestBenchEndsWhatItStarted(t *testing.T) {
	for _, fails := range []bool{false, true} {
		var ended []int
		b := &Bench{}
		err := b.Run(func() {
			b.Cleanup(func() { ended = append(ended, 1) })
			b.Cleanup(func() { ended = append(ended, 2) })
			if fails {
				b.Fatalf("no %s", "luck")
			}
		})
		if !slices.Equal(ended, []int{2, 1}) || fails != (err != nil) || fails != b.Failed() {
			t.Errorf("fails %v: ended %v, %v", fails, ended, err)
		}
	}
}

// What goes wrong without a word is not lost.
func TestBenchLetsOthersPanic(t *testing.T) {
	defer func() {
		if p := recover(); p != "oops" {
			t.Errorf("it panicked with %v", p)
		}
	}()
	_ = (&Bench{}).Run(func() { panic("oops") })
}
