package storage

import (
	"time"
)

// The place of a line in the history is the millisecond since 1970 at which it
// was put there. No two lines have the same, so one that comes in the same
// millisecond as another has the next that is free. All lines are ordered, and
// found by time, by their place: what peers claim in Message.Time is not ordered.

// placeOf is the place that a line of that time has if it is free. Lines of the
// future, and of the time before 1970, come from clocks that are wrong.
func placeOf(t, now time.Time) int64 {
	if t.After(now) {
		t = now
	}
	if t.Unix() < 0 {
		return 0
	}
	return t.UnixMilli()
}

// firstFrom is the first place that is not before t.
func firstFrom(t time.Time) int64 {
	switch {
	case t.Unix() < 0:
		return 0
	case t.Unix() > lastMoment:
		return lastMoment * 1000
	}
	ms := t.UnixMilli()
	if t.After(time.UnixMilli(ms)) {
		ms++
	}
	return ms
}

// bounds are the first place of a span of time and the first behind it. A time
// that is zero is no bound.
func bounds(from, until time.Time) (first, behind int64) {
	behind = lastMoment * 1000
	if !from.IsZero() {
		first = firstFrom(from)
	}
	if !until.IsZero() {
		behind = firstFrom(until)
	}
	return first, behind
}

// lastMoment is later than any line can be, in seconds: the year 36812.
const lastMoment = 1 << 40

// momentOf is when a line took its place.
func momentOf(place int64) time.Time { return time.UnixMilli(place).UTC() }

// nextDay is the midnight before t, and the one behind it, where t is.
func nextDay(t time.Time) (midnight, next time.Time) {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, t.Location()), time.Date(y, m, d+1, 0, 0, 0, 0, t.Location())
}
