package xmpp

import (
	"time"

	"mellium.im/xmpp/jid"

	"culver/im"
	"culver/lang"
	"culver/protocol"
)

// The codes that tell what a presence or a change means (XEP-0045, section 15.6.2).
const (
	statusOpen      = "100" // all see who one is
	statusSelf      = "110"
	statusChanged   = "104"
	statusLogged    = "170"
	statusNotLogged = "171"
	statusNowOpen   = "172"
	statusNowHalf   = "173"
	statusNowClosed = "174"
	statusCreated   = "201"
	statusBanned    = "301"
	statusRenamed   = "303"
	statusKicked    = "307"
	statusNoMember  = "321"
	statusMembers   = "322"
	statusShutdown  = "332"
	statusTrouble   = "333" // a technical one
)

// statuses are the codes in what a room says.
func statuses(x *element) map[string]bool {
	codes := map[string]bool{}
	if x == nil {
		return codes
	}
	for _, c := range x.children {
		if c.is(nsRoomUser, "status") && len(codes) < 32 {
			codes[c.attr("code")] = true
		}
	}
	return codes
}

// roomPresence takes the presence of those in rooms, and drops that of rooms that we are
// not in.
func (l *link) roomPresence(e *element, from jid.JID) (taken bool) {
	x := e.child(nsRoomUser, "x")
	r := l.rooms.in[from.Bare().String()]
	if r == nil {
		return x != nil
	}
	nick := from.Resourcepart()
	if nick == "" || x == nil || r.place == asking {
		return true // the room itself, or what knows no more than GC 1.0
	}
	r.heard = time.Now()
	switch codes := statuses(x); e.attr("type") {
	case "":
		l.occupantHere(r, nick, e, x, codes)
	case "unavailable":
		l.occupantGone(r, nick, x, codes)
	}
	return true
}

func (l *link) occupantHere(r *room, nick string, e, x *element, codes map[string]bool) {
	bare := r.address.String()
	o := im.Occupant{Nick: nick, Own: codes[statusSelf] || r.place == inside && nick == r.nick, Role: im.Participant,
		Presence: im.Presence{Show: show(e.childText(nsClient, "show")), Status: clip(e.childText(nsClient, "status"), maxStatus)}}
	if item := x.child(nsRoomUser, "item"); item != nil {
		o.Role, o.Standing = role(item.attr("role")), standing(item.attr("affiliation"))
		if who, err := parseJID(item.attr("jid")); err == nil {
			o.Bare = who.Bare().String()
		}
	}
	before, there := r.occupants[nick]
	if !there && !o.Own && (len(r.occupants) >= maxOccupants || l.people() >= maxAllPeople) {
		return
	}
	r.occupants[nick] = o
	if r.place == inside {
		if o.Own {
			r.nick, r.wants = nick, ""
		}
		if !there || before != o {
			l.emit(protocol.OccupantHere{Room: bare, Occupant: o})
		}
		return
	}
	r.flags.logged = r.flags.logged || codes[statusLogged]
	r.flags.open = r.flags.open || codes[statusOpen]
	r.created = r.created || codes[statusCreated]
	if codes[statusSelf] {
		r.nick = nick
		l.entered(r)
	}
}

// people is how many are known in all rooms.
func (l *link) people() (n int) {
	for _, r := range l.rooms.in {
		n += len(r.occupants)
	}
	return n
}

// entered is called when the room has told of all who are there, and of us last.
func (l *link) entered(r *room) {
	bare := r.address.String()
	r.place = inside
	joined := protocol.RoomJoined{Room: bare, Nick: r.nick, Created: r.created}
	for _, o := range r.occupants {
		joined.Occupants = append(joined.Occupants, o)
	}
	l.emit(joined)
	if r.created {
		// Nobody else can come in before its owner has said what it is like (XEP-0045,
		// section 10.1.2): for now, as the service thinks best.
		l.askInTime(bare, "set", newElement(nsRoomOwner, "query", newElement(nsDataForm, "x").with("type", "submit")), func(answer *element) {
			if reason := refusal(answer, lang.T("The new room could not be opened for others.")); reason != "" {
				l.emit(protocol.RoomTrouble{Room: bare, Reason: reason})
			}
			l.learnAgain(r)
		})
	} else if r.learn() {
		l.emit(protocol.RoomDescribed{Room: bare, Traits: r.traits})
	}
	l.catchUp(r)
}

func (l *link) occupantGone(r *room, nick string, x *element, codes map[string]bool) {
	bare := r.address.String()
	own := nick == r.nick && r.place == inside
	if codes[statusSelf] && !own || r.place != inside {
		delete(r.occupants, nick)
		return // from when we were there before
	}
	item := x.child(nsRoomUser, "item")
	by, words, renamed := "", "", ""
	if item != nil {
		words = clip(item.childText(nsRoomUser, "reason"), maxStatus)
		if actor := item.child(nsRoomUser, "actor"); actor != nil {
			by = clip(actor.attr("nick"), maxNick)
			if by == "" {
				by = clip(actor.attr("jid"), maxNick)
			}
		}
		if full, err := nickAddress(r.address, item.attr("nick")); err == nil && codes[statusRenamed] {
			renamed = full.Resourcepart()
		}
	}
	if _, there := r.occupants[nick]; !there && !own {
		return
	}
	delete(r.occupants, nick)
	why := exitOf(codes)
	if renamed != "" {
		if own {
			r.nick, r.wants = renamed, ""
		}
		l.emit(protocol.OccupantGone{Room: bare, Nick: nick, Renamed: renamed})
		return
	}
	other := ""
	if destroyed := x.child(nsRoomUser, "destroy"); destroyed != nil {
		why, words = protocol.ExitDestroyed, clip(destroyed.childText(nsRoomUser, "reason"), maxStatus)
		if to, err := parseJID(destroyed.attr("jid")); err == nil {
			other = to.Bare().String()
		}
	}
	if !own {
		l.emit(protocol.OccupantGone{Room: bare, Nick: nick, Why: why, By: by, Words: words})
		return
	}
	delete(l.rooms.in, bare)
	if why == protocol.ExitLeft {
		why = protocol.ExitLost // we did not ask for it
	}
	l.emit(protocol.RoomLeft{Room: bare, Why: why, By: by, Words: words, Other: other})
}

// exitOf is why somebody had to go.
func exitOf(codes map[string]bool) protocol.RoomExit {
	switch {
	case codes[statusBanned]:
		return protocol.ExitBanned
	case codes[statusNoMember], codes[statusMembers]:
		return protocol.ExitMembers
	case codes[statusShutdown]:
		return protocol.ExitShutdown
	case codes[statusTrouble]: // with 307, which says nothing then
		return protocol.ExitLeft
	case codes[statusKicked]:
		return protocol.ExitKicked
	default:
		return protocol.ExitLeft
	}
}

var roleNames = [...]string{im.NoRole: "none", im.Visitor: "visitor", im.Participant: "participant", im.Moderator: "moderator"}

func role(name string) im.Role {
	for r, n := range roleNames {
		if n == name {
			return im.Role(r)
		}
	}
	return im.NoRole
}

var standingNames = map[im.Standing]string{im.Banned: "outcast", im.NoStanding: "none", im.Member: "member", im.Admin: "admin", im.Owner: "owner"}

func standing(name string) im.Standing {
	for s, n := range standingNames {
		if n == name {
			return s
		}
	}
	return im.NoStanding
}

// roomError takes a presence that a room returns: it does not let us in, or not under
// another nick. What is no room of ours is not taken.
func (l *link) roomError(e *element, from jid.JID) (taken bool) {
	bare := from.Bare().String()
	r := l.rooms.in[bare]
	if r == nil {
		return e.child(nsRoom, "x") != nil
	}
	condition := stanzaCondition(e)
	switch {
	case r.place == entering && (from.Resourcepart() == "" || from.Resourcepart() == r.nick):
		delete(l.rooms.in, bare)
		l.emit(r.refused(condition))
	case r.place == inside && r.wants != "" && (from.Resourcepart() == r.wants || from.Resourcepart() == "" || from.Resourcepart() == r.nick):
		reason := lang.F("You cannot be called %s there.", r.wants)
		switch condition {
		case "conflict":
			reason = lang.F("Somebody else in the room is called %s. Choose another nickname.", r.wants)
		case "not-acceptable", "not-allowed", "forbidden":
			reason = lang.T("The room does not let you change your nickname.")
		}
		r.wants = ""
		l.emit(protocol.RoomTrouble{Room: bare, Reason: reason})
	case r.place == inside && from.Resourcepart() == "":
		l.checkRoom(r) // it may be that it does not know us any more
	}
	return true
}

// refused says why we are not let in (XEP-0045, section 7.2).
func (r *room) refused(condition string) protocol.RoomRefused {
	room := r.address.String()
	e := protocol.RoomRefused{Room: room}
	say := func(why protocol.RoomRefusal, text string) protocol.RoomRefused {
		e.Why, e.Reason = why, text
		return e
	}
	switch condition {
	case "not-authorized":
		if r.join.Password == "" {
			return say(protocol.WrongRoomSecret, lang.F("The room %s asks for a password.", room))
		}
		return say(protocol.WrongRoomSecret, lang.F("This is not the password of the room %s.", room))
	case "forbidden":
		return say(protocol.BannedFromRoom, lang.F("You are banned from the room %s.", room))
	case "item-not-found", "gone":
		return say(protocol.NoSuchRoom, lang.F("There is no room %s, or it is locked by its owner.", room))
	case "not-allowed":
		return say(protocol.NoSuchRoom, lang.F("There is no room %s, and you may not make one there.", room))
	case "registration-required", "subscription-required":
		return say(protocol.NotMember, lang.F("Only members may come into the room %s. Ask one of its owners.", room))
	case "conflict":
		if nick, err := nickAddress(r.address, r.nick+"_"); err == nil {
			e.Nick = nick.Resourcepart()
		}
		return say(protocol.NickTaken, lang.F("Somebody else in the room %s is called %s. Choose another nickname.", room, r.nick))
	case "not-acceptable":
		return say(protocol.NickTaken, lang.F("The room %s wants you to use the nickname that is registered for you.", room))
	case "jid-malformed":
		return say(protocol.NickTaken, lang.F("The room %s does not take this nickname. Choose another one.", room))
	case "service-unavailable", "resource-constraint":
		return say(protocol.RoomFull, lang.F("The room %s is full, or its service does not work just now. Try again later.", room))
	case "remote-server-not-found":
		return say(protocol.NoSuchRoom, lang.F("The service %s cannot be found. Check the address of the room.", r.address.Domainpart()))
	case "remote-server-timeout":
		return say(protocol.RoomUnreachable, lang.F("The service %s does not answer.", r.address.Domainpart()))
	default:
		return say(protocol.RefusedOther, lang.F("The room %s does not let you in (%s).", room, known(condition)))
	}
}
