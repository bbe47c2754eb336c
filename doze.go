//go:build cgo && !ci && linux

package main

import (
	"context"
	"os"
	"sync/atomic"
	"syscall"
	"time"

	"fyne.io/fyne/v2"
	"github.com/go-gl/glfw/v3.4/glfw"
)

// The toolkit looks sixty times a second whether anything has happened, all day long. A
// doze makes its goroutine wait for the system instead while nothing does.
const (
	// drawing is for how long it looks by itself after it was given something to do: that
	// this is drawn.
	drawing = 60 * time.Millisecond
	// awake is the same after a key or the mouse: longer than anything it leaves for later,
	// as the second half of a double click.
	awake = 500 * time.Millisecond
	// nap is for how long it waits at most: what the toolkit has other goroutines tell it
	// does not wake it. Between two naps it looks around.
	nap, between = time.Second, 20 * time.Millisecond
)

// doze is the wait. Its methods may be called on any goroutine.
type doze struct {
	napping atomic.Bool
	until   atomic.Int64 // when the toolkit may wait again, in nanoseconds
}

// stir ends the wait: there is something to do.
func (d *doze) stir() {
	d.stay(drawing)
	if d.napping.Load() {
		defer func() { _ = recover() }() // the toolkit has ended since
		glfw.PostEmptyEvent()
	}
}

// stay keeps the toolkit from waiting.
func (d *doze) stay(long time.Duration) {
	for until := time.Now().Add(long).UnixNano(); ; {
		old := d.until.Load()
		if until <= old || d.until.CompareAndSwap(old, until) {
			return
		}
	}
}

// left is for how long the toolkit is not to wait yet.
func (d *doze) left() time.Duration { return time.Until(time.Unix(0, d.until.Load())) }

// run has the toolkit wait again and again, until the context ends.
func (d *doze) run(ctx context.Context) {
	defer context.AfterFunc(ctx, d.stir)()
	d.stay(awake)
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(max(d.left(), between)):
		}
		if d.left() > 0 {
			continue
		}
		waited := make(chan struct{})
		fyne.Do(func() { d.wait(ctx); close(waited) })
		select {
		case <-waited:
		case <-ctx.Done():
			return
		}
	}
}

// onMainThread reports that this is the goroutine of the toolkit, which keeps the first
// thread. Once the toolkit has ended, what it is told to do is done by who says so.
func onMainThread() bool { return syscall.Gettid() == os.Getpid() }

// wait lets the system wake the toolkit. It belongs to the toolkit's goroutine.
func (d *doze) wait(ctx context.Context) {
	d.napping.Store(true)
	defer d.napping.Store(false)
	if ctx.Err() != nil || d.left() > 0 || !onMainThread() { // or stirred too early to be woken
		return
	}
	began := time.Now()
	glfw.WaitEventsTimeout(nap.Seconds())
	if time.Since(began) < nap*9/10 && d.left() <= 0 { // it was not stirred: it is the user
		d.stay(awake)
	}
}
