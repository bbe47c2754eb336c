package xmpp

import (
	"mellium.im/xmpp/jid"

	"culver/im"
	"culver/lang"
	"culver/protocol"
)

// The rooms that the user keeps (XEP-0402), on the server so that all devices have them.
// What older programs left there (XEP-0048) is read where there is nothing newer.

const (
	nsBookmarks    = "urn:xmpp:bookmarks:1" // XEP-0402
	nsOldBookmarks = "storage:bookmarks"    // XEP-0048
	nsPrivate      = "jabber:iq:private"    // XEP-0049
)

// maxBookmarks is how many are read.
const maxBookmarks = 500

// bookmarking reads the bookmarks of a new session, and hears of changes. Only our own
// account has any (CVE-2023-28686): nobody else may say where we go.
func (l *link) bookmarking() extension {
	x := l.nodeEvents(nsBookmarks, func(items *element, from jid.JID) {
		if from.String() == l.bare {
			l.bookmarksChanged(items)
		}
	})
	x.features = append(x.features, nsBookmarks)
	x.online = l.readBookmarks
	return x
}

func (l *link) readBookmarks() {
	l.whenHomeKnown(func(server, account *info) {
		if !account.is("pubsub", "pep") {
			l.readPrivateBookmarks(server)
			return
		}
		l.nodeItems(nsBookmarks, func(items *element, none bool) {
			switch {
			case none && !server.has(nsPrivate):
				l.emit(protocol.Bookmarks{})
				return
			case none:
				l.readPrivateBookmarks(server)
				return
			case items == nil:
				return // there may be some: those from before hold
			}
			var all []im.Bookmark
			for _, item := range items.children {
				if b, ok := l.readBookmark(item); ok && len(all) < maxBookmarks {
					all = append(all, b)
				}
			}
			l.emit(protocol.Bookmarks{All: all})
		})
	})
}

// readPrivateBookmarks reads what older programs left.
func (l *link) readPrivateBookmarks(server *info) {
	if !server.has(nsPrivate) {
		return
	}
	l.askInTime("", "get", newElement(nsPrivate, "query", newElement(nsOldBookmarks, "storage")), func(answer *element) {
		if answer == nil || answer.attr("type") != "result" {
			return
		}
		if query := answer.child(nsPrivate, "query"); query != nil {
			l.emit(protocol.Bookmarks{All: l.readOldBookmarks(query.child(nsOldBookmarks, "storage"))})
		}
	})
}

// readBookmark reads one; its ID is the address of the room.
func (l *link) readBookmark(item *element) (im.Bookmark, bool) {
	conference := item.child(nsBookmarks, "conference")
	if item.name != "item" || conference == nil {
		return im.Bookmark{}, false
	}
	b, ok := l.bookmarkOf(item.attr("id"), conference, nsBookmarks)
	if ok {
		l.noteExtras(b.Room, conference.child(nsBookmarks, "extensions"))
	}
	return b, ok
}

// maxExtras is how much memory is given to what other programs keep with one bookmark.
const maxExtras = 16 << 10

// noteExtras notes what other programs keep with a bookmark: it has to stay when it changes
// (XEP-0402).
func (l *link) noteExtras(room string, extras *element) {
	delete(l.rooms.extras, room)
	if extras == nil || extras.weight() > maxExtras || len(l.rooms.extras) >= maxBookmarks {
		return
	}
	if l.rooms.extras == nil {
		l.rooms.extras = map[string]*element{}
	}
	l.rooms.extras[room] = extras
}

func (l *link) bookmarkOf(address string, conference *element, space string) (im.Bookmark, bool) {
	room, err := roomAddress(address)
	if err != nil || l.person(room.String()) {
		return im.Bookmark{}, false
	}
	b := im.Bookmark{Room: room.String(), Name: clip(conference.attr("name"), maxStatus), Auto: truth(conference.attr("autojoin")),
		Password: clip(conference.childText(space, "password"), maxStatus)}
	if nick, err := nickAddress(room, conference.childText(space, "nick")); err == nil {
		b.Nick = nick.Resourcepart()
	}
	return b, true
}

func (l *link) readOldBookmarks(storage *element) (all []im.Bookmark) {
	if storage == nil {
		return nil
	}
	seen := map[string]bool{}
	for _, c := range storage.children {
		if !c.is(nsOldBookmarks, "conference") || len(all) >= maxBookmarks {
			continue
		}
		if b, ok := l.bookmarkOf(c.attr("jid"), c, nsOldBookmarks); ok && !seen[b.Room] {
			seen[b.Room] = true
			all = append(all, b)
		}
	}
	return all
}

// bookmarksChanged takes what our account says has changed.
func (l *link) bookmarksChanged(items *element) {
	if items.name == "purge" || items.name == "delete" {
		l.emit(protocol.Bookmarks{})
		return
	}
	for i, c := range items.children {
		if i == maxBookmarks {
			return
		}
		switch {
		case c.is(nsPubSubEvent, "item"):
			if b, ok := l.readBookmark(c); ok {
				l.emit(protocol.BookmarkChanged{Bookmark: b})
			}
		case c.is(nsPubSubEvent, "retract"):
			if room, err := roomAddress(c.attr("id")); err == nil {
				l.emit(protocol.BookmarkRemoved{Room: room.String()})
			}
		}
	}
}

// SetBookmark keeps a room.
func (s *Session) SetBookmark(b im.Bookmark) error {
	conference := newElement(nsBookmarks, "conference").with("name", clip(sanitize(b.Name), maxStatus))
	if b.Auto {
		conference.with("autojoin", "true")
	}
	if b.Nick != "" {
		conference.add(newText(nsBookmarks, "nick", sanitize(b.Nick)))
	}
	if b.Password != "" {
		conference.add(newText(nsBookmarks, "password", sanitize(b.Password)))
	}
	return s.toRoom(b.Room, func(l *link, address jid.JID) {
		if extras := l.rooms.extras[address.String()]; extras != nil {
			conference.add(extras)
		}
		l.publishPrivate(nsBookmarks, address.String(), conference, func(problem string) {
			if problem != "" {
				l.emit(protocol.RoomDone{Room: address.String(), Reason: lang.F("The room could not be kept in the Buddy List. %s", problem)})
				return
			}
			if kept, ok := l.bookmarkOf(address.String(), conference, nsBookmarks); ok {
				l.emit(protocol.BookmarkChanged{Bookmark: kept})
			}
		})
	})
}

// RemoveBookmark takes a room off the list.
func (s *Session) RemoveBookmark(room string) error {
	return s.toRoom(room, func(l *link, address jid.JID) {
		l.retract(nsBookmarks, address.String(), func(problem string) {
			if problem != "" {
				l.emit(protocol.RoomDone{Room: address.String(), Reason: lang.F("The room could not be taken off the Buddy List. %s", problem)})
				return
			}
			l.emit(protocol.BookmarkRemoved{Room: address.String()})
		})
	})
}
