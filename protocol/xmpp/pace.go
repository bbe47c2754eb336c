package xmpp

import (
	"time"

	"mellium.im/xmpp/jid"
)

// Limits of rate. What a server sends is read only so fast for long: what is more waits
// at the server, and nothing is lost. What strangers send is not worth waiting for: what
// is more than anybody reads is dropped, so that they hold up nobody who is known.

// The burst is what a sign-in with a large list and a long archive brings. The cost of a
// stanza is one, and one more for each costSize bytes.
const (
	readBurst, readRate         = 30_000, 1000 // a second
	strangeBurst, strangeRate   = 1000, 20
	costSize                    = 16 << 10
	longestPause, shortestPause = time.Second, 10 * time.Millisecond
)

// allowance is a bucket of tokens that fills by itself.
type allowance struct {
	burst, rate float64
	left        float64
	at          time.Time // when that was
}

func newAllowance(burst, rate float64) allowance {
	return allowance{burst: burst, rate: rate, left: burst}
}

// fill adds what has come since the last time.
func (a *allowance) fill(now time.Time) {
	if now.Before(a.at) {
		return
	}
	if !a.at.IsZero() {
		a.left = min(a.burst, a.left+now.Sub(a.at).Seconds()*a.rate)
	}
	a.at = now
}

// take takes what is there, or reports that it is too little.
func (a *allowance) take(cost float64, now time.Time) bool {
	a.fill(now)
	if a.left < cost {
		return false
	}
	a.left -= cost
	return true
}

// spend takes more than is there if it must, and says how long to pause then.
func (a *allowance) spend(cost float64, now time.Time) (pause time.Duration) {
	a.fill(now)
	a.left -= cost
	if a.left >= 0 {
		return 0
	}
	pause = time.Duration(-a.left / a.rate * float64(time.Second))
	if pause < shortestPause {
		return 0 // it adds up
	}
	return min(pause, longestPause)
}

// paced is the reader's pause after an element of that size, unless the connection ends.
func (l *link) paced(a *allowance, size int64) {
	pause := a.spend(1+float64(size)/costSize, time.Now())
	if pause == 0 {
		return
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-l.conn.done:
	}
}

// tooMuch reports that a stanza is one too many of strangers'. Answers to what was asked
// and what buddies, our server, the rooms that we are in and those to whom the user wrote
// say are always taken; so is presence, of which nothing comes. While the server does not tell who
// is a buddy, nobody is a stranger.
func (l *link) tooMuch(e *element, from jid.JID) bool {
	bare := from.Bare().String()
	if !l.haveList || l.isOwn(from) || l.person(bare) || l.rooms.in[bare] != nil || l.messages.wroteTo(bare) {
		return false
	}
	kind := e.attr("type")
	switch e.name {
	case "iq":
		if kind == "result" || kind == "error" {
			return false
		}
	case "presence":
		if kind != "subscribe" {
			return false
		}
	case "message":
		if kind == "error" || l.archive.asks(bare) {
			return false
		}
	}
	return !l.strange.take(1, time.Now())
}
