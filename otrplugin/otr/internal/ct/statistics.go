package ct

import (
	"math"
	"slices"
)

// croppings is how many bounds there are above which times are left out. What
// interrupts a process makes times long, whatever the secret; and some leaks
// show in the fastest times only.
const croppings = 100

// enough is how many samples of each class a cropping needs to count.
const enough = 500

// statistics are the times of both classes: all of them, and cropped.
type statistics struct {
	bounds [croppings]float64
	all    welch
	crop   [croppings]welch
	times  [2][]float64
}

// newStatistics sets the bounds by usual times: the quantiles 1-2^(-10 i/100),
// which dudect takes.
func newStatistics(usual []float64) (s statistics) {
	sorted := slices.Sorted(slices.Values(usual))
	for i := range s.bounds {
		q := 1 - math.Pow(0.5, 10*float64(i+1)/croppings)
		s.bounds[i] = sorted[int(q*float64(len(sorted)))]
	}
	return s
}

func (s *statistics) add(fixed bool, d float64) {
	class := classOf(fixed)
	s.times[class] = append(s.times[class], d)
	s.all.add(class, d)
	for i, bound := range s.bounds {
		if d < bound {
			s.crop[i].add(class, d)
		}
	}
}

func classOf(fixed bool) int {
	if fixed {
		return 0
	}
	return 1
}

func (s *statistics) samples() int { return len(s.times[0]) + len(s.times[1]) }

func (s *statistics) median(fixed bool) float64 {
	v := slices.Sorted(slices.Values(s.times[classOf(fixed)]))
	if len(v) == 0 {
		return math.NaN()
	}
	return v[len(v)/2]
}

// greatest is the t of the greatest absolute value.
func (s *statistics) greatest() float64 {
	t := s.all.t()
	for i := range s.crop {
		c := &s.crop[i]
		if min(c[0].n, c[1].n) < enough {
			continue
		}
		if x := c.t(); math.Abs(x) > math.Abs(t) {
			t = x
		}
	}
	return t
}

// moments are the mean and the variance of times, by Welford's method.
type moments struct{ n, mean, m2 float64 }

func (m *moments) add(x float64) {
	m.n++
	d := x - m.mean
	m.mean += d / m.n
	m.m2 += d * (x - m.mean)
}

// welch are the moments of two classes, whose variances may differ.
type welch [2]moments

func (w *welch) add(class int, x float64) { w[class].add(x) }

// t is Welch's statistic: the difference of the means in units of its own
// standard error. Without any variance it is 0 for equal means, else infinite.
func (w *welch) t() float64 {
	a, b := w[0], w[1]
	d := a.mean - b.mean
	if d == 0 {
		return 0
	}
	return d / math.Sqrt(a.m2/(a.n-1)/a.n+b.m2/(b.n-1)/b.n)
}
