// Package ct looks for secrets that show in the time a function takes, in the
// manner of dudect (Reparaz, Balasch and Verbauwhede, "Dude, is my code
// constant time?", 2017): it times the function with a fixed secret and with
// random ones, in random order, and asks by Welch's t-test whether the two
// kinds of times differ. It can find a leak, and never prove that there is
// none. It is for the tests with the build tag ct, which `make ct` runs; it
// uses the caller's goroutine and thread, and switches the garbage collector
// off while it measures.
package ct

import (
	crand "crypto/rand"
	"fmt"
	"io"
	"math"
	"runtime"
	"runtime/debug"
	"time"
)

// Subject is a function of a secret whose time must not tell it.
type Subject struct {
	Name string
	// Fixed is the secret of the one class; those of the other are random, of
	// the same length, after Shape.
	Fixed []byte
	// Shape makes random bytes a valid secret. Nil: any bytes are one.
	Shape func([]byte)
	// Noise is how many bytes follow the secret that are random in both
	// classes: for a function that blinds.
	Noise int
	// Run is what is timed. It gets the secret and the noise, always in the
	// same place, and must not keep them.
	Run func(secret []byte)
	// Calls of Run are one sample; enough for a microsecond, better two.
	Calls int
	// Samples are how many are taken, of both classes together.
	Samples int
}

// The bounds of |t|, dudect's: below the first the classes look the same, from
// the second on they do not. In between a noisy machine may be to blame.
const (
	suspicious = 4.5
	leaking    = 10
)

// again is how many times as many samples decide about what was suspicious.
// The t of a true difference doubles then; that of noise does not.
const again = 4

// Verdict is what the samples say.
type Verdict string

const (
	Fine       Verdict = "no leak seen"
	Suspicious Verdict = "suspicious"
	Leaking    Verdict = "LEAKS"
)

// Finding is what was found about a subject.
type Finding struct {
	Name    string
	Samples int
	// T is the statistic with the greatest absolute value of all croppings;
	// positive if the fixed secret takes longer.
	T float64
	// Fixed and Random are the medians of one call.
	Fixed, Random time.Duration
	Repeated      bool // it was suspicious at first
}

// Verdict judges by the greatest t.
func (f Finding) Verdict() Verdict {
	switch t := math.Abs(f.T); {
	case t < suspicious:
		return Fine
	case t < leaking:
		return Suspicious
	default: // also if it is no number
		return Leaking
	}
}

// String is the finding as a row of a table: what `make ct` prints.
func (f Finding) String() string {
	verdict := string(f.Verdict())
	if f.Repeated {
		verdict += ", measured again"
	}
	return fmt.Sprintf("ct: %-55s %8d  %10v  %10v  %8.2f  %s", f.Name, f.Samples, f.Fixed, f.Random, math.Abs(f.T), verdict)
}

// Measure takes the samples, and if they are suspicious once more.
func (s Subject) Measure() (Finding, error) {
	f, err := s.measure(s.Samples)
	if err == nil && f.Verdict() == Suspicious {
		f, err = s.measure(again * s.Samples)
		f.Repeated = true
	}
	return f, err
}

// batch is how many samples are taken between two rests, in which secrets are
// drawn and garbage is collected.
const batch = 1000

func (s Subject) measure(samples int) (Finding, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer debug.SetGCPercent(debug.SetGCPercent(-1))

	b := newBatch(len(s.Fixed) + s.Noise)
	var stats statistics
	for warm := false; len(stats.samples) < samples; warm = true {
		if err := b.draw(crand.Reader, s); err != nil {
			return Finding{}, err
		}
		runtime.GC()
		b.run(s)
		if warm {
			stats.add(b.fixed, b.times)
		}
	}
	calls := float64(s.Calls)
	return Finding{
		Name: s.Name, Samples: len(stats.samples), T: stats.greatest(),
		Fixed:  time.Duration(stats.median(true) / calls),
		Random: time.Duration(stats.median(false) / calls),
	}, nil
}

// samplesBatch is some samples, drawn before they are measured.
type samplesBatch struct {
	fixed   []bool
	secrets []byte // one after the other
	secret  []byte // where each is put before it is used
	times   []float64
	coins   []byte
}

func newBatch(size int) *samplesBatch {
	return &samplesBatch{
		fixed: make([]bool, batch), secrets: make([]byte, batch*size), secret: make([]byte, size),
		times: make([]float64, batch), coins: make([]byte, batch),
	}
}

// draw chooses the class of each sample by a coin, and its secret.
func (b *samplesBatch) draw(rand io.Reader, s Subject) error {
	if _, err := io.ReadFull(rand, b.coins); err != nil {
		return fmt.Errorf("draw classes: %w", err)
	}
	if _, err := io.ReadFull(rand, b.secrets); err != nil {
		return fmt.Errorf("draw secrets: %w", err)
	}
	for i, coin := range b.coins {
		secret := b.at(i)
		if b.fixed[i] = coin&1 == 0; b.fixed[i] {
			copy(secret, s.Fixed)
		} else if s.Shape != nil {
			s.Shape(secret[:len(s.Fixed)])
		}
	}
	return nil
}

func (b *samplesBatch) at(i int) []byte {
	n := len(b.secret)
	return b.secrets[i*n : (i+1)*n]
}

// run measures the batch.
func (b *samplesBatch) run(s Subject) {
	for i := range b.times {
		copy(b.secret, b.at(i))
		start := time.Now()
		for range s.Calls {
			s.Run(b.secret)
		}
		b.times[i] = float64(time.Since(start))
	}
}
