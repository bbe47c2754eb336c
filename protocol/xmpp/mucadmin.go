package xmpp

import (
	"strconv"
	"strings"

	"mellium.im/xmpp/jid"

	"culver/im"
	"culver/lang"
	"culver/protocol"
)

// What moderators, administrators and owners do (XEP-0045, sections 8 to 10).

// The limits of lists.
const (
	maxPeople    = 2000
	maxFound     = 1000
	maxRoomForms = 16
)

// refusal says why a room refused something; empty: it did not. Nothing is the answer that
// did not come.
func refusal(answer *element, what string) string {
	if answer == nil {
		return lang.F("%s The room does not answer.", what)
	}
	if answer.attr("type") != "error" {
		return ""
	}
	switch condition := stanzaCondition(answer); condition {
	case "forbidden", "not-allowed", "not-authorized":
		return lang.F("%s You may not do that there.", what)
	case "item-not-found":
		return lang.F("%s There is nobody, or nothing, of that name.", what)
	case "conflict":
		return lang.F("%s The room needs at least one owner.", what)
	case "not-acceptable":
		return lang.F("%s The room does not take these values.", what)
	case "service-unavailable", "feature-not-implemented":
		return lang.F("%s The service cannot do that.", what)
	case "remote-server-not-found", "remote-server-timeout":
		return lang.F("%s The service does not answer.", what)
	default:
		return what + " (" + known(condition) + ")"
	}
}

// roomDone answers what was asked with an ID.
func (l *link) roomDone(id, room, reason string) {
	l.emit(protocol.RoomDone{ID: id, Room: room, Reason: reason})
}

// changeRoom asks a room for a change.
func (l *link) changeRoom(id string, address jid.JID, query *element, what string) {
	bare := address.String()
	l.askInTime(bare, "set", query, func(answer *element) { l.roomDone(id, bare, refusal(answer, what)) })
}

func adminItem(reason string) *element {
	item := newElement(nsRoomAdmin, "item")
	if reason = clip(sanitize(reason), maxStatus); reason != "" {
		item.add(newText(nsRoomAdmin, "reason", reason))
	}
	return item
}

// SetRole changes what an occupant may do, or has them leave.
func (s *Session) SetRole(id, bare, nick string, role im.Role, reason string) error {
	if role < im.NoRole || role > im.Moderator {
		return sentencef("There is no such role.")
	}
	return s.toRoom(bare, func(l *link, address jid.JID) {
		item := adminItem(reason).with("nick", nick).with("role", roleNames[role])
		l.changeRoom(id, address, newElement(nsRoomAdmin, "query", item), lang.T("What they may do was not changed."))
	})
}

// SetStanding changes what somebody is to a room.
func (s *Session) SetStanding(id, bare, who string, to im.Standing, reason string) error {
	address, err := parseAddress(who)
	if err != nil {
		return err
	}
	name, ok := standingNames[to]
	if !ok {
		return sentencef("There is no such standing.")
	}
	return s.toRoom(bare, func(l *link, room jid.JID) {
		item := adminItem(reason).with("jid", address.Bare().String()).with("affiliation", name)
		l.changeRoom(id, room, newElement(nsRoomAdmin, "query", item), lang.T("The list was not changed."))
	})
}

// AskStanding asks who has a standing.
func (s *Session) AskStanding(id, bare string, of im.Standing) error {
	name, ok := standingNames[of]
	if !ok {
		return sentencef("There is no such standing.")
	}
	return s.toRoom(bare, func(l *link, address jid.JID) {
		item := newElement(nsRoomAdmin, "item").with("affiliation", name)
		room := address.String()
		l.askInTime(room, "get", newElement(nsRoomAdmin, "query", item), func(answer *element) {
			if reason := refusal(answer, lang.T("The list cannot be seen.")); reason != "" {
				l.roomDone(id, room, reason)
				return
			}
			l.emit(readPeople(id, room, answer.child(nsRoomAdmin, "query")))
		})
	})
}

func readPeople(id, room string, query *element) protocol.RoomPeople {
	out := protocol.RoomPeople{ID: id, Room: room}
	if query == nil {
		return out
	}
	seen := map[string]bool{}
	for _, c := range query.children {
		who, err := parseJID(c.attr("jid"))
		if !c.is(nsRoomAdmin, "item") || err != nil || seen[who.Bare().String()] {
			continue
		}
		if len(out.People) == maxPeople {
			out.More = true
			break
		}
		seen[who.Bare().String()] = true
		out.People = append(out.People, protocol.RoomPerson{Bare: who.Bare().String(), Nick: clip(c.attr("nick"), maxNick),
			Reason: clip(c.childText(nsRoomAdmin, "reason"), maxStatus)})
	}
	return out
}

// AskRoomSettings asks what the room can be set to.
func (s *Session) AskRoomSettings(id, bare string) error {
	return s.toRoom(bare, func(l *link, address jid.JID) {
		room := address.String()
		l.askInTime(room, "get", newElement(nsRoomOwner, "query"), func(answer *element) {
			if reason := refusal(answer, lang.T("The settings cannot be seen.")); reason != "" {
				l.roomDone(id, room, reason)
				return
			}
			form := findForm(answer.child(nsRoomOwner, "query"), "")
			if form == nil || len(form.fields) == 0 {
				l.roomDone(id, room, lang.T("The room has no settings."))
				return
			}
			if len(l.rooms.asked) >= maxRoomForms {
				clear(l.rooms.asked)
			}
			l.rooms.asked[room] = form
			l.emit(protocol.RoomSettings{ID: id, Room: room, Form: form.show()})
		})
	})
}

// SetRoomSettings sends the answers to the form that was shown last.
func (s *Session) SetRoomSettings(id, bare string, answers map[string]string) error {
	return s.toRoom(bare, func(l *link, address jid.JID) {
		form := l.rooms.asked[address.String()]
		if form == nil {
			l.roomDone(id, address.String(), lang.T("The settings were not saved. Open them again."))
			return
		}
		x, err := form.answer(answers)
		if err != nil {
			l.roomDone(id, address.String(), err.Error())
			return
		}
		l.changeRoom(id, address, newElement(nsRoomOwner, "query", x), lang.T("The settings were not saved."))
		if r := l.rooms.in[address.String()]; r != nil {
			l.learnAgain(r)
		}
	})
}

// DestroyRoom ends a room for good.
func (s *Session) DestroyRoom(id, bare, reason string) error {
	return s.toRoom(bare, func(l *link, address jid.JID) {
		destroy := newElement(nsRoomOwner, "destroy")
		if reason = clip(sanitize(reason), maxStatus); reason != "" {
			destroy.add(newText(nsRoomOwner, "reason", reason))
		}
		l.changeRoom(id, address, newElement(nsRoomOwner, "query", destroy), lang.T("The room was not destroyed."))
	})
}

// FindRooms asks which rooms a service has.
func (s *Session) FindRooms(id, service string) error {
	l, err := s.online()
	if err != nil {
		return err
	}
	if strings.TrimSpace(service) == "" {
		return l.do(func() {
			l.whenKnown(func(offered *services) {
				for _, o := range offered.others {
					if o.is("conference", "text") && o.has(nsRoom) {
						l.findRooms(id, o.address.String())
						return
					}
				}
				l.roomDone(id, "", lang.T("Your server names no service for rooms. Enter the address of one."))
			})
		})
	}
	address, err := parseAddress(service)
	if err != nil || address.Localpart() != "" {
		return sentencef("%q is not the address of a service. One looks like rooms.example.net.", shorten(service))
	}
	return l.do(func() { l.findRooms(id, address.Domainpart()) })
}

func (l *link) findRooms(id, service string) {
	// Some services tell of a part of their rooms only unless they are asked for a page (XEP-0045,
	// section 6.3); to others that says nothing.
	page := newElement(nsPages, "set", newText(nsPages, "max", strconv.Itoa(maxFound)))
	l.askInTime(service, "get", newElement(nsDiscoItems, "query", page), func(answer *element) {
		if reason := refusal(answer, lang.F("The rooms of %s cannot be seen.", service)); reason != "" {
			l.roomDone(id, "", reason)
			return
		}
		items := readItems(answer, maxFound+1)
		found := protocol.RoomsFound{ID: id, Service: service, More: countIn(answer.child(nsDiscoItems, "query")) > len(items)}
		for _, item := range items {
			address, err := roomAddress(item.address)
			if err != nil || item.node != "" {
				continue
			}
			if len(found.Rooms) == maxFound {
				found.More = true
				break
			}
			found.Rooms = append(found.Rooms, protocol.RoomFound{Room: address.String(), Name: clip(item.name, maxStatus)})
		}
		l.emit(found)
	})
}

// countIn is how many there are in all, of which a page is told (XEP-0059); 0: it does not say.
func countIn(answer *element) int {
	if answer == nil {
		return 0
	}
	set := answer.child(nsPages, "set")
	if set == nil {
		return 0
	}
	n, err := strconv.Atoi(set.childText(nsPages, "count"))
	if err != nil {
		return 0
	}
	return n
}
