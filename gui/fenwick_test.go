package gui

import (
	"math"
	"math/rand/v2"
	"testing"
)

// plain is the same as heights, in the way that cannot be wrong.
type plain []float64

func (p plain) before(i int) (sum float64) {
	for _, v := range p[:i] {
		sum += v
	}
	return sum
}

func (p plain) find(offset float64) (int, float64) {
	for i, v := range p {
		if offset < v || i == len(p)-1 {
			return i, min(offset, v)
		}
		offset -= v
	}
	return 0, 0
}

func TestHeightsAreSums(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var h heights
	var p plain
	for step := range 3000 {
		switch {
		case len(p) == 0 || r.IntN(3) == 0:
			v := float64(r.IntN(100) + 1)
			h.push(v)
			p = append(p, v)
		case r.IntN(20) == 0:
			i := r.IntN(len(p))
			h.remove(i)
			p = append(p[:i:i], p[i+1:]...)
		default:
			i, v := r.IntN(len(p)), float64(r.IntN(100)+1)
			h.set(i, v)
			p[i] = v
		}
		if h.len() != len(p) {
			t.Fatalf("step %d: %d values, not %d", step, h.len(), len(p))
		}
		i := r.IntN(len(p) + 1)
		if got, want := h.before(i), p.before(i); got != want {
			t.Fatalf("step %d: before(%d) = %v, not %v", step, i, got, want)
		}
		if len(p) == 0 {
			continue
		}
		offset := r.Float64() * p.before(len(p))
		gi, gr := h.find(offset)
		wi, wr := p.find(offset)
		if gi != wi || math.Abs(gr-wr) > 1e-6 {
			t.Fatalf("step %d: find(%v) = %d, %v, not %d, %v", step, offset, gi, gr, wi, wr)
		}
	}
}

func TestHeightsReset(t *testing.T) {
	var h heights
	h.reset([]float64{1, 2, 3, 4, 5})
	for i, want := range []float64{0, 1, 3, 6, 10, 15} {
		if got := h.before(i); got != want {
			t.Errorf("before(%d) = %v, not %v", i, got, want)
		}
	}
	if i, rest := h.find(100); i != 4 || rest != 5 {
		t.Errorf("beyond the end: %d, %v", i, rest)
	}
	if i, rest := h.find(-1); i != 0 || rest != 0 {
		t.Errorf("before the start: %d, %v", i, rest)
	}
	var none heights
	if i, rest := none.find(10); i != 0 || rest != 0 {
		t.Errorf("of nothing: %d, %v", i, rest)
	}
}
