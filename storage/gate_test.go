package storage

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
)

func TestGate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g gate
		check(t, g.enter(t.Context()), g.enter(t.Context()))
		alone := make(chan error, 1)
		go func() { alone <- g.alone(t.Context()) }()
		synctest.Wait()
		same(t, "alone beside others", len(alone), 0)

		// Nobody enters before the one who waits, but whoever gives up.
		entered := make(chan error, 1)
		go func() { entered <- g.enter(t.Context()) }()
		gone, cancel := context.WithCancel(t.Context())
		given := make(chan error, 2)
		go func() { given <- g.enter(gone) }()
		go func() { given <- g.alone(gone) }()
		synctest.Wait()
		cancel()
		for range 2 {
			if err := <-given; !errors.Is(err, context.Canceled) {
				t.Errorf("gave up: %v", err)
			}
		}
		g.leave()
		synctest.Wait()
		same(t, "alone beside one", len(alone), 0)
		g.leave()
		check(t, <-alone)
		synctest.Wait()
		same(t, "entered beside one alone", len(entered), 0)
		g.leave()
		check(t, <-entered)
		g.leave()
	})
}

// Who waited to be alone and gave up keeps nobody out.
func TestGateGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g gate
		check(t, g.enter(t.Context()))
		gone, cancel := context.WithCancel(t.Context())
		given := make(chan error)
		go func() { given <- g.alone(gone) }()
		synctest.Wait()
		entered := make(chan error, 1)
		go func() { entered <- g.enter(t.Context()) }()
		synctest.Wait()
		cancel()
		if err := <-given; !errors.Is(err, context.Canceled) {
			t.Errorf("gave up: %v", err)
		}
		check(t, <-entered)
	})
}
