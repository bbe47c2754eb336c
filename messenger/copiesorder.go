package messenger

import (
	"time"

	"culver/im"
)

// The archive is in order, but the times in it say little: some servers know only
// seconds, and no clock is like ours. Where lines of it stand among those that came by
// themselves follows from their neighbours.

// turns is what is known of the order of a page of the archive.
type turns struct {
	row   []turn
	floor time.Time // nothing of the page is older than what stands there already
}

// turn is one line of the page.
type turn struct {
	fresh int       // its place among those that are new; -1: it came by itself before
	came  time.Time // when it did
}

// came notes a line that is there. Only one that came as this very entry of the archive
// says anything: others were sent again, or are ours, and have the time of that.
func (t *turns) came(old, found im.Message) {
	if !old.Out && found.Archive != "" && old.Archive == found.Archive {
		t.row = append(t.row, turn{-1, old.Moment()})
	}
}

// next notes that the next line of the page is the one at this place of the new ones.
func (t *turns) next(fresh int) { t.row = append(t.row, turn{fresh: fresh}) }

// settle gives the new lines times at which they stand behind what is before them in
// the archive, and before what is behind them.
func (t *turns) settle(fresh []im.Message) {
	bounded := false
	var latest time.Time
	for i := len(t.row) - 1; i >= 0; i-- {
		if t.row[i].fresh < 0 {
			bounded, latest = true, t.row[i].came.Add(-time.Millisecond)
			continue
		}
		at := &fresh[t.row[i].fresh].Time
		switch {
		case bounded && at.After(latest):
			*at = latest
			latest = latest.Add(-time.Millisecond) // no two lines have the same place in the history
		case bounded:
			latest = *at
		}
	}
	for _, turn := range t.row {
		at := turn.came
		if turn.fresh >= 0 {
			if fresh[turn.fresh].Time.Before(t.floor) {
				fresh[turn.fresh].Time = t.floor
			}
			at = fresh[turn.fresh].Time
		}
		if at.After(t.floor) {
			t.floor = at
		}
	}
}
