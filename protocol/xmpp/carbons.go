package xmpp

import (
	"mellium.im/xmpp/jid"

	"culver/protocol"
)

// carbons are copies of what other devices of ours get and send (XEP-0280). They are
// asked for on every new session. Only our own account may send them: what anybody
// else says to be one is nothing (CVE-2017-5589 and its kin).
func (l *link) carbons() extension {
	return extension{
		message: l.carbon,
		online: func() {
			// A server that has none refuses, and nothing is different then.
			if err := l.ask("", "set", newElement(nsCarbons, "enable"), func(*element) {}); err != nil {
				l.end(err)
			}
		},
	}
}

func (l *link) carbon(e *element, from jid.JID) (taken bool) {
	got, sent := e.child(nsCarbons, "received"), e.child(nsCarbons, "sent")
	if got == nil && sent == nil {
		return false
	}
	if from.String() != l.bare || got != nil && sent != nil {
		return true
	}
	wrapper := got
	if sent != nil {
		wrapper = sent
	}
	// What we wrote to ourselves comes as both.
	c, ok := l.forwarded(wrapper)
	if !ok || c.own != (sent != nil) {
		return true
	}
	if r, ok := c.received(); ok {
		r.Archive = l.archived(c.e)
		l.emit(r)
	}
	if id := receiptOf(c.e); id != "" && !c.own {
		l.emit(protocol.Delivered{From: addr(c.from), ID: id})
	}
	if state, ok := c.state(); ok {
		l.emit(protocol.TypingChanged{From: addr(c.from), State: state})
	}
	return true
}
