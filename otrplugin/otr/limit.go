package otr

import "time"

// Limits that keep two programs, or an attacker and one, from answering each
// other for ever.
const (
	errorsAMinute  = 3 // error messages told to the peer
	queriesAMinute = 2 // key exchanges asked for on our own account
	answersAMinute = 6 // key exchanges begun for the peer's asking, that came to nothing

	asksAMinute = 30 // times that one instance begins SMP and our user does not answer

	maxInstances = 32      // of the peer that are kept in mind
	maxAnswers   = 64      // to one open commit
	maxText      = 1 << 19 // bytes of one text to send
	maxQuestion  = 1 << 13 // bytes of an SMP question
	maxRecent    = 16      // texts kept for sending again

	maxEarly      = 16      // messages that wait for others, which they have overtaken
	maxEarlyBytes = 1 << 18 // of all of them
	maxVain       = 3       // waits in a row for nothing: the peer does not count as all do
)

// Times.
const (
	exchangeAge   = time.Minute      // an unanswered key exchange is forgotten
	exchangeRetry = 10 * time.Second // it is not begun anew before that
	recentAge     = time.Minute      // a text is not sent again later
	formerAge     = time.Minute      // keys from before a refresh are forgotten
	heldQuery     = 15 * time.Second // at least, between queries for held texts
	endedQuiet    = time.Minute      // after an end, stray messages are not answered
	heartbeatWait = time.Minute      // without sending, before an empty message

	// SMP that does not go on is stopped. A person has to be found, asked and
	// left to think before message 2; the others are made by programs.
	smpPersonWait  = 30 * time.Minute
	smpProgramWait = 5 * time.Minute
)

// limiter allows some events a minute.
type limiter struct {
	since time.Time
	n     int
}

func (l *limiter) allow(n int, now time.Time) bool {
	if d := now.Sub(l.since); d >= time.Minute || d < 0 {
		l.since, l.n = now, 0
	}
	l.n++
	return l.n <= n
}

// over is when as many as are allowed may happen once more.
func (l *limiter) over() time.Time { return l.since.Add(time.Minute) }

// maxKept is the size of the largest buffer that is kept to be used again, in
// bytes: a line of chat fits.
const maxKept = 768

// besidesText is what a data message holds besides its text, in bytes, if it
// has no records and reveals a key or two.
const besidesText = 320

// reusable is b, emptied, or nil if it is too large to be kept.
func reusable(b []byte) []byte {
	if cap(b) > maxKept {
		return nil
	}
	return b[:0]
}
