package gui

import (
	"time"

	"culver/messenger"
)

// unused is for how long the user has done nothing, by what they want that to be known from.
func (g *GUI) unused() time.Duration {
	own := g.idle.Unused()
	if g.settings[messenger.SettingIdle] != messenger.IdleComputer {
		return own
	}
	if d, known := g.system.Unused(); known {
		return min(own, d)
	}
	return own
}

// rest tells the messenger when the user has done nothing for so long that it counts, and
// when they are back.
func (g *GUI) rest() {
	after, unused := messenger.IdleAfter(g.settings), g.unused()
	resting := after > 0 && unused >= after
	if resting == g.resting {
		return
	}
	g.resting = resting
	var since time.Time
	if resting {
		since = g.now().Add(-unused).Round(0).Truncate(time.Second)
	}
	g.front.SetIdle(since)
}
