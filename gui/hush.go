package gui

import "time"

// hush keeps what is typed from going astray. When a form with the keyboard closes
// by itself, the window behind it gets the keyboard, and with it the rest of what
// the user is typing: of a secret, perhaps, into a line of a conversation, which
// Enter sends. Until they pause, that is swallowed.
type hush struct {
	last  time.Time // of what was swallowed; zero: nothing is
	since time.Time
}

const (
	hushPause = time.Second     // of the user's, after which they type on purpose
	hushMost  = 5 * time.Second // in all: nobody types blindly for longer
)

// begin swallows from now on.
func (h *hush) begin(now time.Time) { h.last, h.since = now, now }

// swallows reports that what is typed now was not meant for where it arrives.
func (h *hush) swallows(now time.Time) bool {
	if h.last.IsZero() {
		return false
	}
	if now.Sub(h.last) >= hushPause || now.Sub(h.since) >= hushMost || now.Before(h.last) {
		*h = hush{}
		return false
	}
	h.last = now
	return true
}

func (g *GUI) hushed() bool { return g.hush.swallows(g.now()) }
