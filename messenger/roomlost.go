package messenger

import (
	"time"

	"culver/conversation"
	"culver/im"
	"culver/lang"
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
	switch {
	case !r.wanted:
		m.outside(r, lang.T("The connection to the room was lost."))
	case m.returnTo(r):
		m.outside(r, lang.T("The connection to the room was lost. It is entered again soon."))
	default:
		r.wanted = false
		m.outside(r, lang.T("The connection to the room was lost too often."))
		m.notice(r.id, im.Alarm, im.Plain(lang.T("The connection to this room was lost too often. Join it again when you like.")))
	}
}

// returnTo goes into a room again, a little later, unless that was done too often.
func (m *Messenger) returnTo(r *room) bool {
	if r.known.Place == conversation.Inside && time.Since(r.entered) >= calmInRoom {
		r.lost = 0
	}
	if r.lost++; r.lost > maxReturns {
		r.lost = 0
		return false
	}
	m.after(firstReturn<<(2*(r.lost-1)), func() {
		if m.rooms[r.id] == r && r.wanted && r.known.Place == conversation.Outside {
			m.enter(r)
		}
	})
	return true
}
