package xmpp

import (
	"crypto/rand"
	"strings"
	"time"

	"mellium.im/xmpp/jid"

	"culver/lang"
	"culver/protocol"
)

func newStanzaID() string { return rand.Text() }

// roomMessage takes what is said in rooms, to all or to us alone, and invitations. What is
// said in a room that we are not in is dropped, whatever it is.
func (l *link) roomMessage(e *element, from jid.JID) (taken bool) {
	if isCopy(e) {
		return false // from an archive, which is asked for by ID
	}
	if l.invitation(e, from) {
		return true
	}
	r := l.rooms.in[from.Bare().String()]
	x := e.child(nsRoomUser, "x")
	switch groupchat := e.attr("type") == "groupchat"; {
	case r == nil || r.place == asking:
		return groupchat || x != nil || r != nil
	case groupchat:
		l.roomLine(r, e, x, from.Resourcepart())
	case from.Resourcepart() == "":
		l.roomNews(r, e, x)
	default:
		r.heard = time.Now()
		l.roomAside(r, e, from.Resourcepart())
	}
	return true
}

// roomLine takes a line for all.
func (l *link) roomLine(r *room, e, x *element, nick string) {
	r.heard = time.Now()
	if nick == "" {
		l.roomChanged(r, statuses(x))
	}
	line, ok := r.line(e, nick)
	// One with a text is a line with a subject, as e-mail has them; only one without
	// sets the topic (XEP-0045, section 8.1).
	if subject := e.child(nsClient, "subject"); subject != nil && e.child(nsClient, "body") == nil && e.child(nsClient, "thread") == nil {
		topic := protocol.RoomTopic{Room: r.address.String(), Topic: clip(subject.text, maxTopic), By: nick}
		if !r.topic || line.Late { // the first one was set before we came in
			topic.Time = line.Time
		}
		r.topic = true
		l.emit(topic)
		return
	}
	if !ok {
		return
	}
	if _, waits := r.sent[line.ID]; line.Own && waits {
		delete(r.sent, line.ID)
		if l.messages.sent(line.ID) {
			l.emit(protocol.Sent{ID: line.ID})
		}
	}
	if !r.holding || line.Late {
		l.emit(line)
		return
	}
	r.heldSize += len(line.Body)
	if r.held = append(r.held, line); len(r.held) == maxHistory || r.heldSize > maxHeld {
		l.endHolding(r) // too much waits for what is older
	}
}

// line reads a line, if there is something to read in it.
func (r *room) line(e *element, nick string) (protocol.RoomMessage, bool) {
	bare := r.address.String()
	text := content(e)
	line := protocol.RoomMessage{Room: bare, Nick: nick, ID: text.ID, Body: text.Body, Replaces: text.Replaces}
	line.Time, line.Late = r.stamp(e)
	if !line.Late {
		line.Time = time.Now()
		line.Own = nick != "" && nick == r.nick && r.place == inside
	}
	if r.info.has(nsArchive) || r.info.has(nsIDs) {
		line.Archive = stanzaIDBy(e, bare)
	}
	return line, line.Body != ""
}

// stamp reports when a line was said that is older than our being there: the room says so
// (XEP-0045, section 7.2.13). Others who do so once we are in have no say: our own server marks what
// waited for another connection, and who talks there might want to be overlooked.
func (r *room) stamp(e *element) (said time.Time, late bool) {
	for _, d := range e.children {
		if d.is(nsDelay, "delay") && (d.attr("from") == r.address.String() || !r.topic) {
			return stamped(d), true
		}
	}
	return time.Time{}, false
}

// stanzaIDBy is the ID that an archive gave to a message, if it gave only one. Who says so
// has to be known to take away what others forge.
func stanzaIDBy(e *element, by string) string {
	id := ""
	for _, c := range e.children {
		if c.is(nsIDs, "stanza-id") && c.attr("by") == by {
			if id != "" || len(c.attr("id")) > maxStanzaID {
				return ""
			}
			id = c.attr("id")
		}
	}
	return id
}

// roomNews takes what the room itself says to us alone.
func (l *link) roomNews(r *room, e, x *element) {
	r.heard = time.Now()
	if x != nil {
		if declined := x.child(nsRoomUser, "decline"); declined != nil {
			who, err := parseJID(declined.attr("from"))
			if err == nil && r.place == inside {
				text := lang.F("%s does not want to come in.", who.Bare())
				if words := clip(declined.childText(nsRoomUser, "reason"), maxStatus); words != "" {
					text = lang.F("%s does not want to come in. They write: %s", who.Bare(), words)
				}
				l.emit(protocol.RoomTrouble{Room: r.address.String(), Reason: text})
			}
			return
		}
		l.roomChanged(r, statuses(x))
	}
	if line, ok := r.line(e, ""); ok && r.place == inside {
		l.emit(line)
	}
}

// roomChanged looks what the room is like if it says that this has changed (XEP-0045,
// section 10.2.1).
func (l *link) roomChanged(r *room, codes map[string]bool) {
	before := r.flags
	switch {
	case codes[statusLogged]:
		r.flags.logged = true
	case codes[statusNotLogged]:
		r.flags.logged = false
	}
	switch {
	case codes[statusNowOpen], codes[statusOpen]:
		r.flags.open = true
	case codes[statusNowHalf], codes[statusNowClosed]:
		r.flags.open = false
	}
	if r.flags != before && r.place == inside && r.learn() {
		l.emit(protocol.RoomDescribed{Room: r.address.String(), Traits: r.traits})
	}
	if r.flags != before || codes[statusChanged] {
		l.learnAgain(r)
	}
}

// roomAside takes a line of an occupant for us alone (XEP-0045, section 7.5). Nothing else
// that occupants send us counts: they are strangers.
func (l *link) roomAside(r *room, e *element, nick string) {
	switch e.attr("type") {
	case "", "normal", "chat":
	default:
		return
	}
	text := content(e)
	if text.Body == "" || r.place != inside {
		return
	}
	aside := protocol.RoomAside{Room: r.address.String(), Nick: nick, ID: text.ID, Body: text.Body}
	if aside.Time, aside.Late = stamp(e); aside.Late && l.onlyInterrupted(e) {
		aside.Late = false
	}
	if !aside.Late {
		aside.Time = time.Now()
	}
	l.emit(aside)
}

// sendToRoom queues a line for a room, or for one of its occupants. Nothing is asked about
// it: what the room repeats has arrived, and no occupant is asked for receipts.
func (l *link) sendToRoom(o protocol.Outgoing, to jid.JID) error {
	o.Hints, o.WantReceipt, o.Typing = protocol.Hints{}, false, false
	if o.ID == "" {
		return sentencef("Lines in rooms need an ID.")
	}
	m := chat(o, o.ID, to)
	item := outgoing{stanza: true, chat: true, id: o.ID, room: to.Resourcepart() == ""}
	if !item.room {
		// Nobody can tell what a copy of it would belong to.
		m.add(newElement(nsRoomUser, "x")).add(newElement(nsHints, "no-copy"))
	} else {
		m.set("type", "groupchat")
		if err := l.do(func() {
			if r := l.rooms.in[to.String()]; r != nil && len(r.sent) < maxTracked {
				r.sent[o.ID] = time.Time{}
			}
		}); err != nil {
			return err
		}
	}
	l.messages.add(o.ID, to.String())
	item.bytes = m.marshal()
	return l.out.put(item)
}

// roomReturned takes what a room returns: a line, or a topic. What was said to all only the
// room itself returns, not one of those who are there; what was said to one of them comes
// back from there, or from the room.
func (l *link) roomReturned(e *element, from jid.JID, id string) (taken bool) {
	r := l.rooms.in[from.Bare().String()]
	if r == nil {
		return false
	}
	bare := r.address.String()
	condition := stanzaCondition(e)
	if strings.HasPrefix(id, topicID) && from.Resourcepart() == "" {
		l.emit(protocol.RoomTrouble{Room: bare, Reason: refusal(e, lang.T("The topic was not changed."))})
		return true
	}
	if _, ok := l.messages.returned(id, from.String(), false); !ok {
		return true
	}
	delete(r.sent, id)
	reason := lang.F("The room did not take the line (%s).", known(condition))
	switch {
	case from.Resourcepart() != "" && (condition == "item-not-found" || condition == "service-unavailable" || condition == "recipient-unavailable"):
		reason = lang.T("They are not in the room any more.")
	case from.Resourcepart() != "" || condition == "forbidden" || condition == "not-allowed":
		reason = lang.T("The room does not let you say that.")
	case condition == "not-acceptable":
		reason = lang.T("You are not in the room any more.")
		l.checkRoom(r)
	case condition == "policy-violation" || condition == "resource-constraint":
		reason = lang.T("The room did not take the line: you write too fast, or too much at once.")
	case condition == "remote-server-timeout" || condition == "remote-server-not-found":
		reason = lang.T("The service of the room does not answer.")
	}
	l.emit(protocol.Rejected{ID: id, From: addr(from), Reason: reason})
	return true
}

// invitation takes an invitation into a room, from a person (XEP-0249) or from the room
// (XEP-0045, section 7.8.2). It is only a question: nothing is done about it here.
func (l *link) invitation(e *element, from jid.JID) (taken bool) {
	if e.attr("type") == "groupchat" {
		return false
	}
	in := protocol.RoomInvited{}
	if x := e.child(nsRoomUser, "x"); x != nil && x.child(nsRoomUser, "invite") != nil {
		invite := x.child(nsRoomUser, "invite")
		by, err := parseJID(invite.attr("from"))
		if err != nil || from.Resourcepart() != "" || from.Localpart() == "" {
			return true
		}
		in = protocol.RoomInvited{Room: from.String(), By: by.Bare().String(), ByRoom: true,
			Words: invite.childText(nsRoomUser, "reason"), Password: x.childText(nsRoomUser, "password")}
	} else if x := e.child(nsInvite, "x"); x != nil {
		room, err := roomAddress(x.attr("jid"))
		if err != nil {
			return true
		}
		in = protocol.RoomInvited{Room: room.String(), By: from.Bare().String(), Words: x.attr("reason"), Password: x.attr("password")}
		if l.rooms.in[in.By] != nil { // an occupant, who is nobody for good
			in.By, in.ByRoom = from.String(), true
		}
	} else {
		return false
	}
	in.Words, in.Password = clip(in.Words, maxStatus), clip(in.Password, maxStatus)
	if in.By != l.bare && !l.person(in.Room) {
		l.emit(in)
	}
	return true
}

// InviteToRoom asks somebody in: by the room where only members may come in, which makes
// them one, else by ourselves, which also reaches who takes nothing from strangers.
func (s *Session) InviteToRoom(bare, who, reason string) error {
	invited, err := parseAddress(who)
	if err != nil {
		return err
	}
	reason = clip(sanitize(strings.TrimSpace(reason)), maxStatus)
	return s.toRoom(bare, func(l *link, address jid.JID) {
		r := l.rooms.in[address.String()]
		if r == nil || r.place != inside {
			l.emit(protocol.RoomTrouble{Room: bare, Reason: lang.T("Nobody was invited: you are not in the room.")})
			return
		}
		m := newElement(nsClient, "message").with("id", newStanzaID())
		if r.info.has("muc_membersonly") {
			invite := newElement(nsRoomUser, "invite").with("to", invited.Bare().String())
			if reason != "" {
				invite.add(newText(nsRoomUser, "reason", reason))
			}
			m.with("to", address.String()).add(newElement(nsRoomUser, "x", invite))
		} else {
			m.with("to", invited.Bare().String()).add(newElement(nsInvite, "x").with("jid", address.String()).
				with("reason", reason).with("password", sanitize(r.join.Password)))
		}
		_ = l.send(m)
	})
}

// DeclineRoom answers an invitation that came by the room.
func (s *Session) DeclineRoom(bare, who, reason string) error {
	by, err := parseAddress(who)
	if err != nil {
		return err
	}
	return s.toRoom(bare, func(l *link, address jid.JID) {
		decline := newElement(nsRoomUser, "decline").with("to", by.Bare().String())
		if reason = clip(sanitize(reason), maxStatus); reason != "" {
			decline.add(newText(nsRoomUser, "reason", reason))
		}
		_ = l.send(newElement(nsClient, "message", newElement(nsRoomUser, "x", decline)).with("id", newStanzaID()).with("to", address.String()))
	})
}
