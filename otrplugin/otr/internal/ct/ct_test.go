package ct

import (
	"bytes"
	"math"
	"strings"
	"testing"
	"time"
)

// The two samples and their t are an example worked by hand.
func TestWelch(t *testing.T) {
	var w welch
	for _, x := range []float64{1, 2, 3, 4, 5} { // mean 3, variance 2.5
		w.add(0, x)
	}
	for _, x := range []float64{2, 4, 6, 8} { // mean 5, variance 20/3
		w.add(1, x)
	}
	if want := -2 / math.Sqrt(2.5/5+20.0/3/4); math.Abs(w.t()-want) > 1e-12 {
		t.Errorf("t is %v, want %v", w.t(), want)
	}
	var same welch
	for class := range 2 {
		same.add(class, 7)
		same.add(class, 7)
	}
	if same.t() != 0 {
		t.Errorf("t of the same times is %v", same.t())
	}
	same.add(0, 8)
	same.add(1, 1)
	if same.t() <= 0 {
		t.Errorf("t is %v, though the first class takes longer", same.t())
	}
}

// fill adds batches: what time makes of each sample's number and class.
func fill(s *statistics, batches int, time func(batch, i int, fixed bool) float64) {
	fixed, times := make([]bool, batch), make([]float64, batch)
	for n := range batches {
		for i := range batch {
			fixed[i] = i%2 == 0
			times[i] = time(n, i, fixed[i])
		}
		s.add(fixed, times)
	}
}

// A difference that is drowned by rare, long interruptions shows once they are cropped.
func TestCroppingFindsWhatIsDrowned(t *testing.T) {
	var s statistics
	fill(&s, 40, func(n, i int, fixed bool) float64 {
		switch {
		case i%20 < 2: // as often in both classes
			return 1e6 + float64((n*batch+i)%1013)*1e3
		case fixed:
			return 1002 + float64(i%17)
		default:
			return 1000 + float64(i%17)
		}
	})
	var all welch
	for _, x := range s.samples {
		all.add(classOf(x.fixed), x.time)
	}
	if math.Abs(all.t()) > suspicious {
		t.Errorf("uncropped |t| is %v already", all.t())
	}
	if s.greatest() < leaking {
		t.Errorf("greatest t is %v", s.greatest())
	}
	if s.median(true) <= s.median(false) {
		t.Errorf("medians %v and %v", s.median(true), s.median(false))
	}
}

// A machine that is now fast and now slow hides nothing.
func TestChangesOfSpeedHideNothing(t *testing.T) {
	var s statistics
	fill(&s, 20, func(n, i int, fixed bool) float64 {
		d := float64(1000 + i%17)
		if fixed {
			d += 2
		}
		return d * float64(1+n%5)
	})
	if s.greatest() < leaking {
		t.Errorf("greatest t is %v", s.greatest())
	}
}

// A cropping that leaves a few samples only says nothing.
func TestFewSamplesDoNotCount(t *testing.T) {
	var s statistics
	fill(&s, 5, func(n, i int, fixed bool) float64 {
		switch {
		case i < 60 && fixed:
			return 1
		case i < 60:
			return 1.5
		default: // pairs of the same
			return float64(10 + 7*i/2%100)
		}
	})
	if s.greatest() > suspicious || s.greatest() < -suspicious {
		t.Errorf("greatest t is %v", s.greatest())
	}
}

// The same times for all are no difference; two that never change are an
// infinite one.
func TestTimesWithoutVariance(t *testing.T) {
	var same, different statistics
	fill(&same, 2, func(int, int, bool) float64 { return 7 })
	fill(&different, 2, func(_, _ int, fixed bool) float64 {
		if fixed {
			return 7
		}
		return 8
	})
	if same.greatest() != 0 {
		t.Errorf("t of the same times is %v", same.greatest())
	}
	if v := (Finding{T: different.greatest()}).Verdict(); v != Leaking {
		t.Errorf("%v for different times", v)
	}
}

func TestVerdicts(t *testing.T) {
	for x, want := range map[float64]Verdict{
		0: Fine, 4.4: Fine, -4.4: Fine, 4.5: Suspicious, -9.9: Suspicious, 10: Leaking, -300: Leaking,
		math.Inf(-1): Leaking, math.NaN(): Leaking,
	} {
		if got := (Finding{T: x}).Verdict(); got != want {
			t.Errorf("|t| of %v: %s, want %s", x, got, want)
		}
	}
	row := Finding{Name: "a function", Samples: 123, T: -4.567, Fixed: time.Microsecond, Random: time.Millisecond, Repeated: true}.String()
	for _, part := range []string{"ct: a function ", " 123 ", " 1µs ", " 1ms ", " 4.57 ", "suspicious, measured again"} {
		if !strings.Contains(row, part) {
			t.Errorf("%q is not in the row %q", part, row)
		}
	}
}

// What is measured gets the fixed secret or one that Shape has made, always in the same place.
func TestSecretsAreOfTheirClass(t *testing.T) {
	fixed := []byte("fixed")
	var place *byte
	noises := make(map[byte]bool)
	seen := make(map[bool]int)
	f, err := Subject{
		Name: "none", Fixed: fixed, Calls: 3, Samples: 2500,
		Noise: 1,
		Shape: func(b []byte) {
			if b[0] = 'r'; len(b) != len(fixed) {
				t.Fatalf("%d bytes to shape", len(b))
			}
		},
		Run: func(b []byte) {
			if place == nil {
				place = &b[0]
			}
			secret, isFixed := b[:len(fixed)], bytes.HasPrefix(b, fixed)
			if &b[0] != place || len(b) != len(fixed)+1 || !isFixed && secret[0] != 'r' {
				t.Fatalf("secret %q", b)
			}
			if seen[isFixed]++; isFixed {
				noises[b[len(fixed)]] = true
			}
		},
	}.measure(2500)
	if err != nil {
		t.Fatal(err)
	}
	if f.Samples < 2500 || f.Name != "none" || seen[true]+seen[false] != 3*(f.Samples+batch) {
		t.Errorf("%d samples, run %v", f.Samples, seen)
	}
	if len(noises) < 200 {
		t.Errorf("the fixed secret has %d noises", len(noises))
	}
	if seen[true] < f.Samples || seen[false] < f.Samples { // of some three times as many each
		t.Errorf("the classes are not even: %v", seen)
	}
}

// recorder notes whether a test failed.
type recorder struct{ failed bool }

func (r *recorder) Helper()               {}
func (r *recorder) Errorf(string, ...any) { r.failed = true }

func TestWhatLeaksFails(t *testing.T) {
	for x, want := range map[float64]struct{ check, checkLeaks bool }{
		1: {false, true}, 7: {false, true}, 12: {true, false},
	} {
		var check, checkLeaks recorder
		judge(&check, Finding{Name: "x", T: x}, false)
		judge(&checkLeaks, Finding{Name: "x", T: x}, true)
		if check.failed != want.check {
			t.Errorf("|t| = %v: failed %v", x, check.failed)
		}
		if checkLeaks.failed != want.checkLeaks {
			t.Errorf("|t| = %v, known to leak: failed %v", x, checkLeaks.failed)
		}
	}
}
