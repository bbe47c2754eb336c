package xmpp

import (
	"strconv"
	"time"

	"mellium.im/xmpp/jid"

	"culver/im"
	"culver/protocol"
)

// announcement is our own presence (RFC 6121, section 4.7), with a hash of what we can
// do (XEP-0115).
func announcement(p im.Presence, c capability) *element {
	e := newElement(nsClient, "presence")
	switch p.Show {
	case im.Offline:
		e.with("type", "unavailable")
	case im.FreeForChat:
		e.add(newText(nsClient, "show", "chat"))
	case im.Away:
		e.add(newText(nsClient, "show", "away"))
	case im.ExtendedAway:
		e.add(newText(nsClient, "show", "xa"))
	case im.DoNotDisturb:
		e.add(newText(nsClient, "show", "dnd"))
	}
	if status := sanitize(p.Status); status != "" {
		e.add(newText(nsClient, "status", status))
	}
	if priority := clampPriority(p.Priority); priority != 0 {
		e.add(newText(nsClient, "priority", strconv.Itoa(priority)))
	}
	if !p.Idle.IsZero() && p.Show != im.Offline {
		e.add(newElement(nsIdle, "idle").with("since", p.Idle.UTC().Format(time.RFC3339)))
	}
	if p.Show != im.Offline && c != (capability{}) {
		e.add(c.element())
	}
	return e
}

func clampPriority(p int) int { return max(-128, min(p, 127)) }

// idleSince is since when somebody does nothing there (XEP-0319), zero if it is not said.
func idleSince(e *element) time.Time {
	idle := e.child(nsIdle, "idle")
	if idle == nil {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, idle.attr("since"))
	if err != nil || t.After(time.Now()) {
		return time.Time{}
	}
	return t
}

// show is the availability that a <show/> means; an unknown one counts as none
// (RFC 6121, section 4.7.2.1).
func show(text string) im.Show {
	switch text {
	case "chat":
		return im.FreeForChat
	case "away":
		return im.Away
	case "xa":
		return im.ExtendedAway
	case "dnd":
		return im.DoNotDisturb
	default:
		return im.Available
	}
}

// presence handles what others tell of themselves.
func (l *link) presence(e *element, from jid.JID) {
	bare := from.Bare().String()
	if bare == l.bare {
		return // ourselves, here or on another device
	}
	switch e.attr("type") {
	case "":
		priority, err := strconv.Atoi(e.childText(nsClient, "priority"))
		if err != nil {
			priority = 0
		}
		l.emit(protocol.PresenceChanged{From: addr(from), Presence: im.Presence{
			Show:     show(e.childText(nsClient, "show")),
			Status:   e.childText(nsClient, "status"),
			Priority: clampPriority(priority),
			Idle:     idleSince(e),
		}})
	case "unavailable":
		l.emit(protocol.PresenceChanged{From: addr(from), Presence: im.Presence{
			Show: im.Offline, Status: e.childText(nsClient, "status"),
		}})
	case "error":
		if l.roomError(e, from) {
			return
		}
		l.emit(protocol.PresenceChanged{From: addr(from)})
	case "subscribe":
		l.emit(protocol.SubscriptionAsked{Bare: bare, Reason: e.childText(nsClient, "status")})
	case "subscribed", "unsubscribed":
		// An answer to what was never asked is not passed on. The roster alone
		// tells: its own change may have come before.
		if l.knows(bare) {
			l.emit(protocol.SubscriptionAnswered{Bare: bare, Approved: e.attr("type") == "subscribed"})
		}
	}
}

// subscription is a presence stanza that asks for, grants or refuses presence
// (RFC 6121, section 3).
func subscription(kind, bare, reason string) *element {
	e := newElement(nsClient, "presence").with("type", kind).with("to", bare)
	if reason = sanitize(reason); reason != "" {
		e.add(newText(nsClient, "status", reason))
	}
	return e
}
