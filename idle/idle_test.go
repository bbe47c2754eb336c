package idle

import (
	"testing"
	"time"
)

func TestWatch(t *testing.T) {
	const used = true
	type step struct {
		wall, mono time.Duration // since the step before
		used       bool          // just before
		want       Why
	}
	const s, m = time.Second, time.Minute
	steady := func(n int, last Why) (out []step) {
		for i := range n {
			want := Stay
			if i == n-1 {
				want = last
			}
			out = append(out, step{s, s, false, want})
		}
		return out
	}
	for name, test := range map[string]struct {
		rules Rules
		steps []step
	}{
		"nothing is wanted":            {Rules{}, []step{{m, m, false, Stay}, {24 * time.Hour, s, false, Stay}, {s, time.Hour, false, Stay}}},
		"nobody uses it":               {Rules{After: 5 * s}, steady(5, Unused)},
		"not yet":                      {Rules{After: 6 * s}, steady(5, Stay)},
		"somebody uses it":             {Rules{After: 3 * s}, []step{{s, s, false, Stay}, {s, s, false, Stay}, {s, s, used, Stay}, {s, s, false, Stay}, {s, s, false, Unused}}},
		"it goes on being said":        {Rules{After: s}, []step{{s, s, false, Unused}, {s, s, false, Unused}}},
		"a sleep":                      {Rules{Suspend: true}, []step{{time.Hour, s, false, Slept}}},
		"a sleep, both clocks go on":   {Rules{Suspend: true}, []step{{time.Hour, time.Hour, false, Slept}}},
		"a sleep, used at waking":      {Rules{Suspend: true}, []step{{time.Hour, s, used, Slept}}},
		"a sleep does not matter":      {Rules{After: 2 * time.Hour}, []step{{time.Hour, s, false, Stay}, {s, s, false, Stay}}},
		"a sleep is time without use":  {Rules{After: 2 * m}, []step{{time.Hour, s, used, Unused}}},
		"a nap":                        {Rules{Suspend: true}, []step{{9 * s, s, false, Stay}, {11 * s, s, false, Slept}}},
		"a busy computer":              {Rules{Suspend: true}, []step{{30 * s, 30 * s, false, Stay}, {59 * s, 59 * s, false, Stay}, {m, m, false, Slept}}},
		"the clock is put back":        {Rules{After: 3 * s, Suspend: true}, []step{{-time.Hour, s, false, Stay}, {s, s, false, Stay}, {s, s, false, Unused}}},
		"the clock is put forward":     {Rules{Suspend: true}, []step{{time.Hour, s, false, Slept}}},
		"a clock that goes back":       {Rules{After: 2 * s, Suspend: true}, []step{{s, -time.Hour, false, Stay}, {s, s, false, Unused}}},
		"both, the sleep is told":      {Rules{After: m, Suspend: true}, []step{{time.Hour, s, false, Slept}}},
		"the computer's second is off": {Rules{Suspend: true}, []step{{2 * s, s, false, Stay}, {0, s, false, Stay}}},
	} {
		t.Run(name, func(t *testing.T) {
			now := Reading{Wall: time.Date(2026, 3, 29, 1, 59, 30, 0, time.UTC), Mono: 5 * s}
			var w Watch
			if got := w.Tick(now, test.rules); got != Stay {
				t.Fatalf("at first: %v", got)
			}
			for i, step := range test.steps {
				now.Wall, now.Mono = now.Wall.Add(step.wall), now.Mono+step.mono
				if step.used {
					w.Used()
				}
				if got := w.Tick(now, test.rules); got != step.want {
					t.Fatalf("step %d: %v, not %v", i, got, step.want)
				}
			}
		})
	}
}

func TestUnused(t *testing.T) {
	now := Reading{Wall: time.Unix(1e9, 0)}
	var w Watch
	w.Tick(now, Rules{})
	now.Mono += time.Minute
	w.Tick(now, Rules{})
	if got := w.Unused(); got != time.Minute {
		t.Error(got)
	}
	w.Used()
	if got := w.Unused(); got != 0 {
		t.Error(got)
	}
}

// What is due in the middle of something is due when that is over, and once.
func TestBusy(t *testing.T) {
	const s = time.Second
	now := Reading{Wall: time.Date(2026, 3, 29, 1, 59, 30, 0, time.UTC)}
	var w Watch
	tick := func(r Rules, wall, mono time.Duration, want Why) {
		t.Helper()
		now.Wall, now.Mono = now.Wall.Add(wall), now.Mono+mono
		if got := w.Tick(now, r); got != want {
			t.Errorf("%v, not %v", got, want)
		}
	}
	sleep, idle := Rules{Suspend: true}, Rules{After: 3 * s}
	busySleep, busyIdle := sleep, idle
	busySleep.Busy, busyIdle.Busy = true, true
	tick(sleep, 0, 0, Stay)
	tick(busySleep, time.Hour, s, Stay)
	w.Used() // by whom?
	tick(busySleep, s, s, Stay)
	tick(sleep, s, s, Slept)
	tick(sleep, s, s, Stay)
	tick(busySleep, time.Hour, s, Stay)
	tick(Rules{}, s, s, Stay) // the user does not want it any more
	tick(sleep, s, s, Stay)
	w.Used()
	tick(busyIdle, 5*s, 5*s, Stay)
	tick(idle, s, s, Unused)
	tick(busyIdle, s, s, Stay)
	w.Used()
	tick(idle, s, s, Stay)
}

// Real readings carry a monotonic time of their own, which must not stand in for
// that of the day.
func TestWallIsTheTimeOfDay(t *testing.T) {
	start := time.Now()
	var w Watch
	w.Tick(Reading{start, 0}, Rules{Suspend: true})
	if got := w.Tick(Reading{start.Round(0).Add(time.Hour), time.Second}, Rules{Suspend: true}); got != Slept {
		t.Error(got)
	}
}
