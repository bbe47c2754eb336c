package xmpp

import (
	"slices"
	"time"

	"culver/protocol"
)

// A server that ends confirms what it still takes in, and may not get to hand it on:
// ejabberd stops the other's session first, and drops what is on its way there. It has
// forgotten our session then, though it said that it keeps it (XEP-0198, section 5). What it confirmed
// just before that is in doubt, even if our own archive has it.

// doubtSpan is how long before the end.
const doubtSpan = 2 * time.Second

// confirms are the messages that were confirmed last.
type confirms []confirmation

type confirmation struct {
	id string
	at time.Time
}

func (c *confirms) add(id string, now time.Time) {
	old := func(x confirmation) bool { return now.Sub(x.at) >= doubtSpan }
	*c = append(slices.DeleteFunc(*c, old), confirmation{id, now})
}

// doubt tells which messages are in doubt, now that the server does not know the session.
// One that it was to keep no longer, it has had the time to deal with.
func (l *link) doubt(now time.Time) {
	ended := l.until.Add(-l.managed.hold)
	if l.until.IsZero() || !now.Before(l.until) {
		return
	}
	for _, c := range l.confirms {
		if ended.Sub(c.at) < doubtSpan && l.messages.sent(c.id) {
			l.emit(protocol.Doubtful{ID: c.id})
		}
	}
}
