package gui

// heights is a Fenwick tree of line heights: it finds the line at an offset, and
// the offset of a line, in O(log n). float64 keeps millions of lines exact to
// the pixel, which float32 does not.
type heights struct {
	tree   []float64 // 1-based partial sums
	values []float64
}

func (h *heights) len() int { return len(h.values) }

// reset takes over new values.
func (h *heights) reset(values []float64) {
	h.values = values
	h.tree = make([]float64, len(values)+1)
	for i, v := range values {
		h.tree[i+1] += v
		if up := i + 1 + (i+1)&-(i+1); up < len(h.tree) {
			h.tree[up] += h.tree[i+1]
		}
	}
}

// push appends a value.
func (h *heights) push(v float64) {
	if len(h.tree) == 0 {
		h.tree = []float64{0}
	}
	h.values = append(h.values, v)
	i := len(h.values)
	sum := v
	for low := i & -i; low > 1; {
		low >>= 1
		sum += h.tree[i-low]
	}
	h.tree = append(h.tree, sum)
}

// remove takes value i out: O(n), for the rare line that is taken back.
func (h *heights) remove(i int) {
	h.reset(append(h.values[:i:i], h.values[i+1:]...))
}

func (h *heights) at(i int) float64 { return h.values[i] }

func (h *heights) set(i int, v float64) {
	d := v - h.values[i]
	if d == 0 {
		return
	}
	h.values[i] = v
	for i++; i < len(h.tree); i += i & -i {
		h.tree[i] += d
	}
}

// before is the sum of the first i values.
func (h *heights) before(i int) float64 {
	var sum float64
	for ; i > 0; i &= i - 1 {
		sum += h.tree[i]
	}
	return sum
}

func (h *heights) total() float64 { return h.before(h.len()) }

// find is the index of the value that covers an offset, and the rest within it.
// Offsets beyond the end give the last one.
func (h *heights) find(offset float64) (i int, rest float64) {
	if h.len() == 0 || offset <= 0 {
		return 0, 0
	}
	step := 1
	for step*2 < len(h.tree) {
		step *= 2
	}
	rest = offset
	for ; step > 0; step /= 2 {
		if i+step < len(h.tree) && h.tree[i+step] <= rest {
			i += step
			rest -= h.tree[i]
		}
	}
	if i >= h.len() {
		i = h.len() - 1
		rest = h.values[i]
	}
	return i, rest
}
