package quantile

import (
	"math"
	"testing"
)

func TestOf(t *testing.T) {
	v := []float64{40, 10, 30, 20}
	for q, want := range map[float64]float64{0: 10, 0.25: 17.5, 0.5: 25, 0.75: 32.5, 1: 40} {
		if got := Of(v, q); got != want {
			t.Errorf("quantile %v: %v, want %v", q, got, want)
		}
	}
	if !math.IsNaN(Of(nil, 0.5)) {
		t.Error("the median of nothing is a number")
	}
}
