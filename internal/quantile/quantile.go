// Package quantile tells what lies in the middle of measurements, and how far they spread.
// It keeps nothing, and any goroutine may use it.
package quantile

import (
	"math"
	"slices"
)

// Of is the value below which q of the values are, between two of them if need be; NaN
// if there are none.
func Of(v []float64, q float64) float64 {
	if len(v) == 0 {
		return math.NaN()
	}
	v = slices.Sorted(slices.Values(v))
	at := q * float64(len(v)-1)
	low := int(at)
	if low+1 == len(v) {
		return v[low]
	}
	return v[low] + (at-float64(low))*(v[low+1]-v[low])
}
