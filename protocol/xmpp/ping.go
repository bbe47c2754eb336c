package xmpp

import "mellium.im/xmpp/jid"

// pings answers pings (XEP-0199) of our own server.
func (l *link) pings() extension {
	return extension{get: map[name]func(*element, jid.JID){{nsPing, "ping"}: func(e *element, from jid.JID) {
		if l.isOwn(from) || l.isOccupantSelf(from) {
			l.answer(reply(e, "result"))
			return
		}
		l.refuse(e, from)
	}}}
}
