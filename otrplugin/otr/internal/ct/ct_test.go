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

// A difference that is drowned by rare, long interruptions shows once they are cropped.
func TestCroppingFindsWhatIsDrowned(t *testing.T) {
	usual := make([]float64, batch)
	for i := range usual {
		usual[i] = 1000 + float64(i%17)
		if i%10 == 0 {
			usual[i] = 1e6
		}
	}
	s := newStatistics(usual)
	for i := range 40_000 {
		fixed := i%2 == 0
		d := 1000 + float64(i%17)
		if fixed {
			d += 2
		}
		if i%20 < 2 { // as often in both classes
			d = 1e6 + float64(i%1013)*1e3
		}
		s.add(fixed, d)
	}
	if all := math.Abs(s.all.t()); all > suspicious {
		t.Errorf("uncropped |t| is %v already", all)
	}
	if s.greatest() < leaking {
		t.Errorf("greatest t is %v", s.greatest())
	}
	if s.median(true) <= s.median(false) || s.samples() != 40_000 {
		t.Errorf("medians %v and %v of %d samples", s.median(true), s.median(false), s.samples())
	}
}

// A cropping that leaves a few samples only says nothing.
func TestFewSamplesDoNotCount(t *testing.T) {
	s := newStatistics(make([]float64, batch))
	s.bounds[0] = 10
	for i := range 2 * (enough - 1) {
		s.add(i%2 == 0, float64(1+i%2*5))
	}
	for i := range 4 {
		s.add(i%2 == 0, 1e9)
	}
	if s.crop[0].t() > -leaking || s.greatest() < -1 {
		t.Errorf("t is %v, of too few samples %v", s.greatest(), s.crop[0].t())
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
