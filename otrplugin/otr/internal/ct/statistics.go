package ct

import (
	"cmp"
	"math"
	"slices"
)

// croppings is how many bounds there are above which times are left out. What
// interrupts a process makes times long, whatever the secret; and some leaks
// show in the fastest times only.
const croppings = 100

// enough is how many samples of each class a cropping needs to count.
const enough = 500

// stretch is how many samples are taken one after the other before the machine
// is thought to have another speed: others work on it, too.
const stretch = 50

// sample is a time in units of the median of its stretch.
type sample struct {
	fixed bool
	time  float64
}

// statistics are the times of both classes.
type statistics struct {
	samples []sample
	times   [2][]float64 // nanoseconds
}

// add adds times, in the order in which they were taken, and which of them are
// of the fixed class.
func (s *statistics) add(fixed []bool, times []float64) {
	for from := 0; from < len(times); from += stretch {
		part := times[from:min(from+stretch, len(times))]
		usual := median(part)
		for i, d := range part {
			s.samples = append(s.samples, sample{fixed[from+i], d / usual})
			class := classOf(fixed[from+i])
			s.times[class] = append(s.times[class], d)
		}
	}
}

func classOf(fixed bool) int {
	if fixed {
		return 0
	}
	return 1
}

// median is that of the times of one class.
func (s *statistics) median(fixed bool) float64 { return median(s.times[classOf(fixed)]) }

func median(v []float64) float64 {
	if len(v) == 0 {
		return math.NaN()
	}
	return slices.Sorted(slices.Values(v))[len(v)/2]
}

// greatest is the t of the greatest absolute value: of all samples, and of the
// shortest ones up to the quantiles 1-2^(-10 i/100), which dudect takes.
func (s *statistics) greatest() float64 {
	slices.SortFunc(s.samples, func(a, b sample) int { return cmp.Compare(a.time, b.time) })
	var w welch
	greatest, done := 0.0, 0
	for i := range croppings + 1 {
		upTo := len(s.samples)
		if i < croppings {
			upTo = int((1 - math.Pow(0.5, 10*float64(i+1)/croppings)) * float64(upTo))
		}
		for ; done < upTo; done++ {
			w.add(classOf(s.samples[done].fixed), s.samples[done].time)
		}
		if min(w[0].n, w[1].n) < enough && upTo < len(s.samples) {
			continue
		}
		if t := w.t(); !(math.Abs(t) <= math.Abs(greatest)) { // also if it is no number
			greatest = t
		}
	}
	return greatest
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
