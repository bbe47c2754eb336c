package messenger

import (
	"time"

	"culver/conversation"
	"culver/im"
)

// How a room is entered again that puts the user out and does not say why: later each
// time, and not for ever.
const (
	firstReturn = time.Second
	maxReturns  = 5
	calmInRoom  = 10 * time.Minute // inside for that long, it counts from the start
)

// roomLost notes that the user is not in a room any more and nobody knows why, and goes
// in again.
func (m *Messenger) roomLost(r *room) {
	if time.Since(r.entered) >= calmInRoom {
		r.lost = 0
	}
	r.lost++
	if !r.wanted {
		m.outside(r, "The connection to the room was lost.")
		return
	}
	if r.lost > maxReturns {
		r.wanted, r.lost = false, 0
		m.outside(r, "The connection to the room was lost too often.")
		m.notice(r.id, im.Alarm, im.Plain("The connection to this room was lost too often. Join it again when you like."))
		return
	}
	m.outside(r, "The connection to the room was lost. It is entered again soon.")
	m.after(firstReturn<<(2*(r.lost-1)), func() {
		if m.rooms[r.id] == r && r.wanted && r.known.Place == conversation.Outside {
			m.enter(r)
		}
	})
}
