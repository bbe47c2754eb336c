package xmpp

import (
	"cmp"
	"crypto/rand"
	"strings"
	"time"

	"mellium.im/xmpp/jid"

	"culver/im"
	"culver/lang"
	"culver/protocol"
)

// sendMessage queues a chat message (RFC 6121, section 5).
func (l *link) sendMessage(o protocol.Outgoing, to jid.JID) error {
	id := o.ID
	if id == "" {
		id = rand.Text() // nobody waits to hear of it
	} else {
		l.messages.add(id, to.Bare().String())
	}
	e := chat(o, id, to)
	if l.uploads.made(o.Body) {
		e.add(fileLink(o.Body))
	}
	return l.out.put(outgoing{bytes: e.marshal(), stanza: true, talk: true, chat: true, id: o.ID})
}

// chat is a chat message. What is sealed asks to be archived nowhere and copied to
// no other device (XEP-0334, XEP-0280), which could not read it, and says how it is
// encrypted (XEP-0380). It may still wait for a peer who is away: no-store would
// lose it, so only what means nothing later says that. A query has no XEP-0380: its
// text is for people, whose program would hide it.
func chat(o protocol.Outgoing, id string, to jid.JID) *element {
	m := newElement(nsClient, "message").with("type", "chat").with("id", id).with("to", to.String())
	m.add(newText(nsClient, "body", o.Body))
	follow(m, o)
	if o.Hints.Sealed {
		m.add(newElement(nsHints, "no-copy"))
		m.add(newElement(nsHints, "no-permanent-store"))
		if o.Hints.Momentary {
			m.add(newElement(nsHints, "no-store"))
		}
		m.add(newElement(nsCarbons, "private"))
	}
	if by := sanitize(o.Hints.By); by != "" {
		m.add(newElement(nsEME, "encryption").with("namespace", by))
	}
	return m
}

// typing is a chat state on its own (XEP-0085), not to be stored.
func typing(to jid.JID, t im.Typing) *element {
	state := "gone"
	switch t {
	case im.TypingActive:
		state = "active"
	case im.TypingComposing:
		state = "composing"
	case im.TypingPaused:
		state = "paused"
	}
	return newElement(nsClient, "message", newElement(nsStates, state), newElement(nsHints, "no-store")).
		with("type", "chat").with("to", to.String())
}

// message handles a message. What still claims to be a copy here is none.
func (l *link) message(e *element, from jid.JID) {
	switch e.attr("type") {
	case "error":
		l.returned(e, from)
		return
	case "groupchat":
		return
	}
	if isCopy(e) {
		return
	}
	written, late := stamp(e)
	if late && l.onlyInterrupted(e) {
		late = false
	}
	if r := content(e); r.Body != "" {
		if !late {
			written = time.Now()
		}
		r.From, r.Time, r.Late, r.Archive = addr(from), written, late, l.archived(e)
		l.emit(r)
	}
	if state, ok := chatState(e); ok && !late {
		l.emit(protocol.TypingChanged{From: addr(from), State: state})
	}
}

// isCopy reports that a message wraps another one: a carbon (XEP-0280) or a result
// of an archive (XEP-0313). One that a person forwarded (XEP-0297) has words of its
// own around it, and is read as those.
func isCopy(e *element) bool {
	for _, c := range e.children {
		if c.space == nsCarbons && (c.name == "received" || c.name == "sent") || isResult(c) {
			return true
		}
	}
	return false
}

// isResult reports that this is what an archive found, by any version of XEP-0313.
func isResult(e *element) bool { return e.name == "result" && strings.HasPrefix(e.space, nsArchives) }

// content is what a message says, whoever sent it, and whenever.
func content(e *element) protocol.Received {
	return protocol.Received{ID: originOf(e), Body: cmp.Or(body(e), linked(e)), Replaces: correctionOf(e), WantReceipt: wantsReceipt(e)}
}

// body returns the text of a message; of several languages the one without a
// name, else the first.
func body(e *element) string {
	first := ""
	for _, c := range e.children {
		if !c.is(nsClient, "body") {
			continue
		}
		if c.attr("xml:lang") == "" {
			return c.text
		}
		if first == "" {
			first = c.text
		}
	}
	return first
}

func chatState(e *element) (im.Typing, bool) {
	for _, c := range e.children {
		if c.space != nsStates {
			continue
		}
		switch c.name {
		case "active":
			return im.TypingActive, true
		case "composing":
			return im.TypingComposing, true
		case "paused":
			return im.TypingPaused, true
		case "inactive", "gone":
			return im.TypingGone, true
		}
	}
	return im.TypingGone, false
}

// stamp reports when a message was written that waited on the way (XEP-0203), or that
// is forwarded. A time that cannot be is replaced by now.
func stamp(e *element) (written time.Time, late bool) {
	d := e.child(nsDelay, "delay")
	if d == nil {
		return time.Time{}, false
	}
	return stamped(d), true
}

// stamped is the time that a delay tells.
func stamped(delay *element) time.Time {
	now := time.Now()
	t, err := time.Parse(time.RFC3339, delay.attr("stamp"))
	if err != nil || t.After(now) || t.Year() < firstYear {
		return now
	}
	return t.In(time.Local)
}

// skew is how far the server's clock may be behind ours.
const skew = 2 * time.Minute

// onlyInterrupted reports that a message waited for nothing but another connection of
// this session: it came as it would have come, and is answered like that. Servers mark these, too,
// when they send them again (XEP-0198, section 5).
func (l *link) onlyInterrupted(e *element) bool {
	for _, d := range e.children {
		if !d.is(nsDelay, "delay") {
			continue
		}
		t, err := time.Parse(time.RFC3339, d.attr("stamp"))
		by := d.attr("from") // Prosody marks them as the account, ejabberd as itself
		if err != nil || by != l.domain && by != l.bare || t.Before(l.began.Add(-skew)) {
			return false
		}
	}
	return l.interrupted
}

// firstYear is when the first XMPP server was published.
const firstYear = 1999

// returned handles a message of ours that came back.
func (l *link) returned(e *element, from jid.JID) {
	id := e.attr("id")
	if l.roomReturned(e, from, id) {
		return
	}
	to, ok := l.messages.returned(id, from.Bare().String(), l.isOwn(from))
	if !ok {
		return
	}
	condition := stanzaCondition(e)
	if condition == "not-acceptable" && l.blocks.has(to) { // not all servers say that this is why
		condition = "blocked"
	}
	l.emit(protocol.Rejected{ID: id, From: addr(from), Reason: rejection(condition, to)})
}

// rejection says in a sentence why a message came back (RFC 6120, section
// 8.3.3). What the other side wrote about it is not shown.
func rejection(condition, to string) string {
	switch condition {
	case "service-unavailable", "recipient-unavailable":
		return lang.F("%s is not online, or does not exist, and the server does not keep messages for them.", to)
	case "item-not-found", "gone":
		return lang.F("%s does not exist. Check the address.", to)
	case "remote-server-not-found", "remote-server-timeout":
		return lang.F("The server of %s cannot be reached. Check the address, or try again later.", to)
	case "not-allowed", "forbidden", "not-authorized", "subscription-required", "registration-required", "policy-violation":
		return lang.F("%s does not take messages from you.", to)
	case "blocked":
		return lang.F("You have blocked %s. Unblock them to write to them.", to)
	case "not-acceptable", "resource-constraint":
		return lang.F("The server of %s did not take the message: it may be too long, or too many may wait there.", to)
	default:
		return lang.F("The message to %s came back (%s).", to, known(condition))
	}
}
