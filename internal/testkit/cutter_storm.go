package testkit

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"time"
)

// Weather says how bad it gets on the way through a [Cutter].
type Weather struct {
	Calm time.Duration // the longest pause before a fault
	Bad  time.Duration // the longest time that a fault lasts
}

// Fault is one thing that happens to connections, after a pause.
type Fault struct {
	Kind  string
	Calm  time.Duration // until it begins
	Bad   time.Duration // how long it lasts
	Bytes int           // for cuts after so many bytes; bytes a second for a throttle
	Up    bool          // it is about what the client says: else what the server says
}

// Kinds of faults.
const (
	faultReset       = "reset"
	faultFinish      = "finish"
	faultResetAfter  = "reset in the middle"
	faultFinishAfter = "finish in the middle"
	faultStall       = "stall"
	faultHalfStall   = "stall in one direction"
	faultLost        = "stall, then reset" // what was sent into the hole is lost
	faultThrottle    = "throttle"
	faultDelay       = "delay"
	faultRefuse      = "refuse"
	faultOvertake    = "overtake" // the server hears of it later than of the next connection
)

// faultKinds are all kinds of faults.
var faultKinds = []string{
	faultReset, faultFinish, faultResetAfter, faultFinishAfter, faultStall, faultHalfStall, faultLost, faultThrottle,
	faultDelay, faultRefuse, faultOvertake,
}

// Faults are faults without an end: the same ones for the same seed.
func (w Weather) Faults(seed uint64) iter.Seq[Fault] {
	return func(yield func(Fault) bool) {
		dice := rand.New(rand.NewPCG(seed, 0))
		upTo := func(d time.Duration) time.Duration { return time.Duration(dice.Int64N(int64(d) + 1)) }
		for yield(Fault{
			Kind: faultKinds[dice.IntN(len(faultKinds))], Calm: upTo(w.Calm), Bad: upTo(w.Bad),
			Bytes: 1 + dice.IntN(4000), Up: dice.IntN(2) == 0,
		}) {
		}
	}
}

// Cuts reports whether no connection outlives the fault. Those in the middle need
// somebody who says enough.
func (f Fault) Cuts() bool {
	switch f.Kind {
	case faultReset, faultFinish, faultLost, faultRefuse, faultOvertake:
		return true
	}
	return false
}

func (f Fault) String() string {
	return fmt.Sprintf("%s after %v, for %v, %d bytes, up: %v", f.Kind, f.Calm, f.Bad, f.Bytes, f.Up)
}

// Play waits for the pause, lets the fault happen, and mends the way. It returns an
// error only if the context ended before; the way is mended then, too.
func (c *Cutter) Play(ctx context.Context, f Fault) error {
	defer c.Pass()
	if err := sleep(ctx, f.Calm); err != nil {
		return err
	}
	d := Down
	if f.Up {
		d = Up
	}
	switch f.Kind {
	case faultReset:
		c.Reset()
		return nil
	case faultFinish:
		c.Finish()
		return nil
	case faultResetAfter:
		c.ResetAfter(d, int64(f.Bytes))
	case faultFinishAfter:
		c.FinishAfter(d, int64(f.Bytes))
	case faultStall, faultLost:
		c.Stall()
	case faultHalfStall:
		c.Stall(d)
	case faultThrottle:
		c.Throttle(f.Bytes, d)
	case faultDelay:
		c.Delay(f.Bad)
	case faultRefuse:
		c.Refuse()
		c.Reset()
	case faultOvertake:
		c.Delay(f.Bad, Up)
		err := sleep(ctx, f.Bad/2)
		c.Overtake()
		return err
	}
	err := sleep(ctx, f.Bad)
	if f.Kind == faultLost {
		c.Reset()
	}
	return err
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
