// Package idle decides when a program that can be locked is to lock itself: when
// nobody has used it for some time, and when the computer has slept. It has no clock
// and no goroutine: whoever owns a [Watch] tells it what two clocks say, about once a
// second, on one goroutine.
package idle

import "time"

// Rules are what the user wants.
type Rules struct {
	After   time.Duration // unused for so long; 0: never
	Suspend bool          // after a sleep of the computer
	Busy    bool          // not now: as soon as this is over
}

// Why is the reason for locking.
type Why int

// The reasons.
const (
	Stay   Why = iota // do not lock
	Unused            // for as long as the rules say
	Slept             // the computer did
)

// Reading is what the clocks say at one moment.
type Reading struct {
	Wall time.Time     // the time of day
	Mono time.Duration // since any moment in the past; it never goes back
}

const (
	// jump is how much further than the other clock that of the day goes in a sleep
	// that counts. The clock is also set by the network or by hand; to lock then
	// does no harm.
	jump = 10 * time.Second
	// late is how long nothing may be heard. On some systems both clocks go on
	// while the computer sleeps. It is so long that a busy computer does not count
	// as one that sleeps.
	late = time.Minute
)

// Watch watches over one run of the program. The zero value begins with the first Tick.
type Watch struct {
	last   Reading
	begun  bool
	unused time.Duration
	slept  bool // and it was not told yet
}

// Used says that somebody uses the program.
func (w *Watch) Used() { w.unused = 0 }

// Unused is for how long nobody has used the program, as of the last Tick.
func (w *Watch) Unused() time.Duration { return w.unused }

// Tick says what time it is, and reports whether to lock. What came after the last
// Tick counts as time without use, even if Used was called since: whoever finds the
// program after a night has not used it in the night.
func (w *Watch) Tick(now Reading, r Rules) Why {
	if !w.begun {
		w.last, w.begun = now, true
		return Stay
	}
	mono := max(now.Mono-w.last.Mono, 0)
	wall := now.Wall.Round(0).Sub(w.last.Wall.Round(0)) // by the time of day
	w.last = now
	w.unused += max(mono, wall)
	w.slept = r.Suspend && (w.slept || wall-mono >= jump || mono >= late)
	switch {
	case r.Busy:
	case w.slept:
		w.slept = false
		return Slept
	case r.After > 0 && w.unused >= r.After:
		return Unused
	}
	return Stay
}
