//go:build cgo && !ci && linux

package main

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// What happens last does not shorten what was to be waited for, and it is over in time.
func TestDozeStaysAwake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &doze{}
		if d.left() > 0 {
			t.Error("it is awake for nothing")
		}
		d.stay(awake)
		d.stir()
		if got := d.left(); got != awake {
			t.Errorf("awake for %v after a key, want %v", got, awake)
		}
		<-time.After(awake)
		if d.left() > 0 {
			t.Error("it stays awake")
		}
		d.stir()
		if got := d.left(); got != drawing {
			t.Errorf("awake for %v after something to draw, want %v", got, drawing)
		}
	})
}

// Who is stirred between being told to wait and waiting does not wait; nor does who is to end.
func TestDozeIsStirredBeforeItWaits(t *testing.T) {
	d := &doze{}
	d.stir()
	d.wait(t.Context()) // would panic: there is no toolkit
	ctx, end := context.WithCancel(t.Context())
	end()
	(&doze{}).wait(ctx)
}
