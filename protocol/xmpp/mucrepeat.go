package xmpp

import (
	"time"

	"culver/lang"
	"culver/protocol"
)

// A line for a room has arrived once the room repeats it. That the server took it says
// nothing: the way from there to the room may be broken, or the room be started anew.

// expectRepeat notes that the server has taken a line for a room.
func (l *link) expectRepeat(id string) {
	for _, r := range l.rooms.in {
		if _, waits := r.sent[id]; waits {
			r.sent[id] = time.Now()
			l.awaitRepeats(r)
			return
		}
	}
}

// awaitRepeats looks after a while what a room has not repeated. Before that is given up, it
// is asked whether we are in it: its answer comes behind all that it has repeated.
func (l *link) awaitRepeats(r *room) {
	if r.expecting {
		return
	}
	r.expecting = true
	time.AfterFunc(l.patience.repeat, func() {
		l.later(func() {
			if l.rooms.in[r.address.String()] != r {
				return
			}
			before := time.Now().Add(-l.patience.repeat)
			r.expecting = false
			if overdue, more := r.unrepeated(before); len(overdue) == 0 {
				if more {
					l.awaitRepeats(r)
				}
				return
			}
			r.expecting = true
			l.askRoom(r, func(sure bool) {
				r.expecting = false
				overdue, more := r.unrepeated(before)
				if sure {
					l.giveUp(r, overdue)
				}
				if more || !sure && len(overdue) > 0 {
					l.awaitRepeats(r)
				}
			})
		})
	})
}

// unrepeated are the lines that the server has had since then at least, and whether there are
// others that it has.
func (r *room) unrepeated(since time.Time) (overdue []string, more bool) {
	for id, at := range r.sent {
		switch {
		case at.IsZero():
		case at.After(since):
			more = true
		default:
			overdue = append(overdue, id)
		}
	}
	return overdue, more
}

// giveUp tells that lines have not arrived.
func (l *link) giveUp(r *room, lines []string) {
	bare := r.address.String()
	for _, id := range lines {
		delete(r.sent, id)
		if _, ok := l.messages.returned(id, bare, false); ok {
			l.emit(protocol.Rejected{ID: id, From: addr(r.address), Reason: lang.T("The room did not repeat this line. It may not have reached anybody.")})
		}
	}
}
