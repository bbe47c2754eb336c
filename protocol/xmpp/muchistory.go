package xmpp

import (
	"time"

	"mellium.im/xmpp/jid"

	"culver/protocol"
)

// What was said in a room while we were not there, from its archive (XEP-0313). What is
// said meanwhile waits, so that all stays in order.

// The limits of what is fetched when we come in.
const (
	maxCatchUps     = 2  // rooms whose archives are read at once
	maxCatchUpPages = 10 // of one

	clockSlack = time.Hour // for clocks, where a line has to be found by its time
)

// catching is which rooms' archives are read.
type catching struct {
	reading int
	queue   []*room
}

// catchUp reads what was said in a room, if it keeps an archive.
func (l *link) catchUp(r *room) {
	if !r.info.has(nsArchive) {
		return
	}
	r.holding, r.told = true, map[string]bool{}
	l.rooms.queue = append(l.rooms.queue, r)
	l.nextCatchUp()
}

func (l *link) nextCatchUp() {
	for l.rooms.reading < maxCatchUps && len(l.rooms.queue) > 0 {
		r := l.rooms.queue[0]
		l.rooms.queue = l.rooms.queue[1:]
		l.rooms.reading++
		l.readRoom(r, missed(r.join), maxCatchUpPages)
	}
}

// missed asks for what was said behind the last line that is known. If that has an ID in the
// archive, its time is told as well: some servers begin at the beginning if they do not know it.
func missed(j protocol.RoomJoin) protocol.ArchiveQuery {
	switch {
	case j.After != "" && !j.Since.IsZero():
		return protocol.ArchiveQuery{After: j.After, From: j.Since.Add(-clockSlack), Max: maxArchivePage}
	case j.After != "":
		return protocol.ArchiveQuery{After: j.After, Max: maxArchivePage}
	case j.Since.IsZero():
		return protocol.ArchiveQuery{Newest: true, Max: firstHistory}
	default:
		return protocol.ArchiveQuery{From: j.Since, Max: maxArchivePage}
	}
}

// readRoom reads a page, and those after it.
func (l *link) readRoom(r *room, q protocol.ArchiveQuery, pages int) {
	over := false
	end := func() {
		if over {
			return
		}
		over = true
		l.rooms.reading--
		l.endHolding(r)
		r.told = nil
		l.nextCatchUp()
	}
	if l.rooms.in[r.address.String()] != r {
		end()
		return
	}
	err := l.readArchive(r.address.String(), q, func(p archivePage) {
		if over {
			return
		}
		if p.unknown && q.After != "" { // the archive does not have that line any more
			over = true
			l.readRoom(r, missed(protocol.RoomJoin{Since: r.join.Since}), pages-1)
			return
		}
		for a := range p.readable() {
			if line, ok := r.line(a.message.e, a.message.from.Resourcepart()); ok && line.Nick != "" && l.rooms.in[r.address.String()] == r {
				line.Time, line.Late, line.Own, line.Archive = a.message.time, true, false, a.id
				r.told[a.id] = true
				l.emit(line)
			}
		}
		_, last := p.outermost()
		if p.complete || p.failed || last == "" || q.Newest {
			end()
			return
		}
		over = true
		next := protocol.ArchiveQuery{After: last, Max: maxArchivePage}
		if pages <= 1 { // it is too much: then rather what was said just now
			next = protocol.ArchiveQuery{Newest: true, Max: maxArchivePage}
		}
		l.readRoom(r, next, pages-1)
	})
	if err != nil {
		end()
	}
}

// endHolding lets go of what was said meanwhile.
func (l *link) endHolding(r *room) {
	held := r.held
	r.held, r.heldSize, r.holding = nil, 0, false
	if l.rooms.in[r.address.String()] != r {
		return
	}
	for _, line := range held {
		if line.Own || line.Archive == "" || !r.told[line.Archive] {
			l.emit(line)
		}
	}
}

// roomForwarded reads a line of a room's archive: it has to be one of that room.
func roomForwarded(wrapper *element, room string) (copied, bool) {
	f := wrapper.child(nsForward, "forwarded")
	if f == nil {
		return copied{}, false
	}
	e := f.child(nsClient, "message")
	if e == nil || isCopy(e) || e.attr("type") != "groupchat" {
		return copied{}, false
	}
	from, err := parseJID(e.attr("from"))
	if err != nil || from.Bare().String() != room {
		return copied{}, false
	}
	c := copied{e: e, from: from}
	c.time, c.late = stamp(f)
	return c, c.late
}

// selfPing is how long a room may be silent before we ask whether we are still there.
const selfPing = 10 * time.Minute

// watchRooms looks from time to time whether we are still in the rooms that say nothing
// (XEP-0410).
func (l *link) watchRooms() {
	if l.rooms.watched {
		return
	}
	l.rooms.watched = true
	time.AfterFunc(selfPing, func() {
		_ = l.do(func() { // else there is no link any more
			l.rooms.watched = false
			l.checkRooms(selfPing)
			if len(l.rooms.in) > 0 {
				l.watchRooms()
			}
		})
	})
}

// resumeRooms looks whether we are still in the rooms after there was no connection; those
// that were about to let us in have time from now on.
func (l *link) resumeRooms() {
	for _, r := range l.rooms.in {
		if r.place == entering {
			r.heard = time.Now()
		}
	}
	l.checkRooms(0)
}

// checkRooms asks the rooms that were silent that long.
func (l *link) checkRooms(silence time.Duration) {
	for _, r := range l.rooms.in {
		if r.place == inside && time.Since(r.heard) >= silence {
			l.checkRoom(r)
		}
	}
}

// checkRoom asks a room whether we are in it. What does not answer is no answer.
func (l *link) checkRoom(r *room) { l.askRoom(r, func(bool) {}) }

// askRoom is checkRoom, and tells whether we are in it, unless we are not.
func (l *link) askRoom(r *room, done func(sure bool)) {
	bare := r.address.String()
	l.askInTime(bare+"/"+r.nick, "get", newElement(nsPing, "ping"), func(answer *element) {
		if l.rooms.in[bare] != r {
			return
		}
		if answer == nil {
			done(false)
			return
		}
		r.heard = time.Now()
		if answer.attr("type") != "error" {
			done(true)
			return
		}
		switch stanzaCondition(answer) {
		case "service-unavailable", "feature-not-implemented", "item-not-found":
			done(true)
			return
		case "remote-server-not-found", "remote-server-timeout":
			done(false)
			return
		}
		delete(l.rooms.in, bare)
		l.emit(protocol.RoomLeft{Room: bare, Why: protocol.ExitLost})
	})
}

// isOccupantSelf reports that this is our own address in a room: what comes from there we
// have sent ourselves.
func (l *link) isOccupantSelf(from jid.JID) bool {
	r := l.rooms.in[from.Bare().String()]
	return r != nil && r.place == inside && from.Resourcepart() == r.nick
}
