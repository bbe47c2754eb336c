package xmpp

import "mellium.im/xmpp/jid"

// handle does what a stanza says. It runs on Run's goroutine and only queues.
// A stanza that makes no sense is left alone: whoever sent it must not be able
// to end our session.
func (l *link) handle(e *element) {
	from, ok := l.sender(e)
	if !ok || l.tooMuch(e, from) {
		return
	}
	switch {
	case e.is(nsClient, "message"):
		taken := func(x extension) func(*element, jid.JID) bool { return x.message }
		if e.attr("type") == "error" || !offer(e, from, taken, l.extensions) {
			l.message(e, from)
		}
	case e.is(nsClient, "presence"):
		taken := func(x extension) func(*element, jid.JID) bool { return x.presence }
		if e.attr("type") == "error" || !offer(e, from, taken, l.extensions) {
			l.presence(e, from)
		}
	case e.is(nsClient, "iq"):
		l.iq(e, from)
	}
}

// sender returns who sent the stanza; one without a sender is from our own
// account (RFC 6120, section 8.1.2.1).
func (l *link) sender(e *element) (jid.JID, bool) {
	from := e.attr("from")
	if from == "" {
		return l.self.Bare(), true
	}
	address, err := parseJID(from)
	return address, err == nil
}

// isOwn reports whether the stanza is from our own server, speaking for itself
// or for our account, and not from another device or another person.
func (l *link) isOwn(from jid.JID) bool {
	s := from.String()
	return s == l.bare || s == l.domain
}

// iq handles requests, and answers to ours.
func (l *link) iq(e *element, from jid.JID) {
	id := e.attr("id")
	switch e.attr("type") {
	case "result", "error":
		// Of our own server also the full address of ours is known to answer.
		own := l.isOwn(from) || from.Equal(l.self)
		if done, ok := l.requests.answered(id, from.String(), own); ok {
			done(e)
		}
	case "set":
		if !l.requested(e, from, func(x extension) map[name]func(*element, jid.JID) { return x.set }) {
			l.refuse(e, from)
		}
	case "get":
		if !l.requested(e, from, func(x extension) map[name]func(*element, jid.JID) { return x.get }) {
			l.refuse(e, from)
		}
	}
}

// refuse answers a request that nobody here understands: to those who may know
// that we are here. To strangers an answer would tell just that.
func (l *link) refuse(e *element, from jid.JID) {
	if !l.seenBy(from) {
		return
	}
	l.answer(reply(e, "error").add(
		newElement(nsClient, "error", newElement(nsStanzas, "service-unavailable")).with("type", "cancel")))
}

// seenBy reports whether somebody may know that we are here: our own server and
// devices, and who is told our presence. Nobody else gets any answer.
func (l *link) seenBy(from jid.JID) bool {
	bare := from.Bare().String()
	return l.isOwn(from) || bare == l.bare || l.roster[bare].Subscription.SeesUs()
}

// reply begins the answer to a request.
func reply(request *element, kind string) *element {
	return newElement(nsClient, "iq").with("type", kind).with("id", request.attr("id")).with("to", request.attr("from"))
}
