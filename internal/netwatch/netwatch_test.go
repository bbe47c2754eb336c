package netwatch

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestSights(t *testing.T) {
	noon := time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
	last := sight{"home", noon, time.Hour}
	for name, c := range map[string]struct {
		now  sight
		want bool
	}{
		"nothing":            {sight{"home", noon.Add(every), time.Hour + every}, false},
		"busy":               {sight{"home", noon.Add(time.Minute), time.Hour + time.Minute}, false},
		"another network":    {sight{"train", noon.Add(every), time.Hour + every}, true},
		"none":               {sight{"", noon.Add(every), time.Hour + every}, true},
		"slept":              {sight{"home", noon.Add(time.Hour), time.Hour + every}, true},
		"the clock was set":  {sight{"home", noon.Add(every + time.Second), time.Hour + every}, false},
		"the clock was late": {sight{"home", noon.Add(-time.Hour), time.Hour + every}, false},
	} {
		if got := c.now.after(last); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// What the system tells is looked at once it has ended, and is told once.
func TestWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var place atomic.Value
		var changes atomic.Int32
		place.Store("home")
		told := make(chan struct{}, 1)
		ctx, cancel := context.WithCancel(t.Context())
		over := make(chan struct{})
		began := time.Now()
		go func() {
			defer close(over)
			watch(ctx, told, func() { changes.Add(1) }, func() sight {
				return sight{place.Load().(string), time.Now(), time.Since(began)}
			})
		}()
		expect := func(what string, after time.Duration, n int32) {
			t.Helper()
			<-time.After(after)
			synctest.Wait()
			if got := changes.Load(); got != n {
				t.Errorf("%s: told %d times, want %d", what, got, n)
			}
		}
		shower := func() {
			for range 10 {
				told <- struct{}{}
				<-time.After(settle / 10)
			}
		}
		expect("nothing changed", time.Hour, 0)
		place.Store("train")
		expect("found by looking", every, 1)
		shower()
		expect("nothing changed after all", settle, 1)
		place.Store("hotel")
		shower()
		expect("it settles", settle, 2)
		expect("that was all", time.Hour, 2)
		place.Store("station")
		for range 15 {
			shower()
		}
		expect("though they do not end", 0, 3)
		cancel()
		<-over
	})
}
