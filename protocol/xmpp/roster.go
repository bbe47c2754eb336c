package xmpp

import (
	"mellium.im/xmpp/jid"

	"culver/im"
	"culver/protocol"
)

// The roster (RFC 6121, section 2). Its owner is the server: what is kept here
// is what the server said, and changes when it says so.

// firstRoster asks for the whole list. Presence goes out after the answer: only
// then is it known who everybody is that the server will tell of. A server that
// cannot tell is asked once more, later; until then what is known from before
// holds.
func (l *link) firstRoster(announce func() error) error {
	return l.askRoster(func(came bool) {
		l.answered = true
		if !came {
			l.relist.Reset(l.patience.relist)
		}
		if err := announce(); err != nil {
			l.end(err)
		}
	})
}

// secondRoster asks once more. If that fails, too, there is the next connection.
func (l *link) secondRoster() {
	_ = l.askRoster(func(bool) {})
}

// askRoster asks for the whole list, and tells done whether it came.
func (l *link) askRoster(done func(came bool)) error {
	l.listing = true
	l.allow()
	err := l.ask("", "get", l.rosterRequest(), func(answer *element) {
		l.listing = false
		l.allow()
		if l.unchanged(answer) {
			done(true)
			return
		}
		query := answer.child(nsRoster, "query")
		if query == nil || answer.attr("type") != "result" {
			if l.known.version != "" { // perhaps it is the version that it does not like
				l.known = knownList{}
				if err := l.askRoster(done); err == nil {
					return
				}
			}
			done(false)
			return
		}
		l.listed(query)
		done(true)
	})
	if err != nil {
		l.listing = false
		l.allow()
	}
	return err
}

// allow lets through what may be as large as a roster while the server was asked for that.
func (l *link) allow() {
	if l.listing || l.blocks.listing {
		l.conn.allowRoster()
	} else {
		l.conn.allowStanza()
	}
}

// listed takes the whole list.
func (l *link) listed(query *element) {
	clear(l.roster)
	var buddies []im.Buddy
	for _, item := range query.children {
		if b, ok := l.buddy(item); ok && !l.knows(b.Bare) {
			l.roster[b.Bare] = b
			buddies = append(buddies, b)
		}
	}
	l.known, l.haveList = knownList{}, true
	l.emit(protocol.Roster{Buddies: buddies})
	l.tellVersion(query)
}

func (l *link) knows(bare string) bool {
	_, ok := l.roster[bare]
	return ok
}

// buddy reads one entry of the roster.
func (l *link) buddy(item *element) (im.Buddy, bool) {
	if !item.is(nsRoster, "item") {
		return im.Buddy{}, false
	}
	address, err := parseJID(item.attr("jid"))
	if err != nil {
		return im.Buddy{}, false
	}
	b := im.Buddy{
		Account:      im.NewAccountID(Scheme, l.bare),
		Bare:         address.Bare().String(),
		Name:         item.attr("name"),
		Subscription: im.SubscriptionNone,
		Asking:       item.attr("ask") == "subscribe",
	}
	switch s := im.Subscription(item.attr("subscription")); s {
	case im.SubscriptionTo, im.SubscriptionFrom, im.SubscriptionBoth:
		b.Subscription = s
	}
	for _, c := range item.children {
		if c.is(nsRoster, "group") && c.text != "" {
			b.Groups = append(b.Groups, c.text)
		}
	}
	return b, true
}

// rosterPushes takes changes of the roster. Only our own account may push them (RFC
// 6121, section 2.1.6; CVE-2015-8688); nobody else is answered.
func (l *link) rosterPushes() extension {
	return extension{set: map[name]func(*element, jid.JID){{nsRoster, "query"}: func(e *element, from jid.JID) {
		if from.String() == l.bare {
			l.pushed(e.child(nsRoster, "query"))
			l.answer(reply(e, "result"))
		}
	}}}
}

// pushed takes a change from the server (RFC 6121, section 2.1.6).
func (l *link) pushed(query *element) {
	if l.listing {
		l.known = knownList{} // it is not the list any more
	}
	for _, item := range query.children {
		b, ok := l.buddy(item)
		switch {
		case !ok:
		case item.attr("subscription") == "remove":
			delete(l.roster, b.Bare)
			delete(l.portraits, b.Bare)
			l.emit(protocol.BuddyRemoved{Bare: b.Bare})
		default:
			l.roster[b.Bare] = b
			l.emit(protocol.BuddyChanged{Buddy: b})
		}
	}
	l.tellVersion(query)
}

func (l *link) setBuddy(bare, name string, groups []string) error {
	return l.editRoster(bare, rosterItem(bare, name, groups))
}

func rosterItem(bare, name string, groups []string) *element {
	item := newElement(nsRoster, "item").with("jid", bare).with("name", sanitize(name))
	for _, g := range groups {
		if g = sanitize(g); g != "" {
			item.add(newText(nsRoster, "group", g))
		}
	}
	return item
}

func (l *link) removeBuddy(bare string) error {
	return l.editRoster(bare, newElement(nsRoster, "item").with("jid", bare).with("subscription", "remove"))
}

// editRoster asks for a change. If the server agrees, it pushes the new entry;
// if it refuses, the entry as it still is tells so.
func (l *link) editRoster(bare string, item *element) error {
	return l.ask("", "set", newElement(nsRoster, "query", item), func(answer *element) {
		if answer.attr("type") != "error" {
			return
		}
		if b, ok := l.roster[bare]; ok {
			l.emit(protocol.BuddyChanged{Buddy: b})
		} else {
			l.emit(protocol.BuddyRemoved{Bare: bare})
		}
	})
}
