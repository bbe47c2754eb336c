package xmpp

import (
	"time"

	"mellium.im/xmpp/jid"

	"culver/im"
	"culver/protocol"
)

// copied is a message that another device of ours got or sent, or that was said
// earlier. Whoever sent the stanza that it came in has to be looked at before.
type copied struct {
	e    *element
	from jid.JID
	to   jid.JID
	own  bool      // from a device of ours
	time time.Time // when it was said, if it was delayed
	late bool
}

// forwarded reads the message in a wrapper (XEP-0297). It has to be one between us
// and somebody else: not of a room, which has an archive and members of its own, and
// no error.
func (l *link) forwarded(wrapper *element) (copied, bool) {
	f := wrapper.child(nsForward, "forwarded")
	if f == nil {
		return copied{}, false
	}
	e := f.child(nsClient, "message")
	if e == nil || isCopy(e) || e.child(nsRoomUser, "x") != nil {
		return copied{}, false
	}
	switch e.attr("type") {
	case "", "chat", "normal":
	default:
		return copied{}, false
	}
	from, err := parseJID(e.attr("from"))
	if err != nil {
		return copied{}, false
	}
	to := l.self.Bare()
	if s := e.attr("to"); s != "" {
		if to, err = parseJID(s); err != nil {
			return copied{}, false
		}
	}
	c := copied{e: e, from: from, to: to}
	switch toUs := to.Bare().String() == l.bare; {
	case from.Bare().String() == l.bare:
		c.own = !toUs // what we wrote to ourselves reads as if somebody had written to us
	case !toUs:
		return copied{}, false
	}
	c.time, c.late = stamp(f)
	if !c.late {
		c.time, c.late = stamp(e)
	}
	return c, true
}

// peer is the one that we talked with.
func (c copied) peer() jid.JID {
	if c.own {
		return c.to.Bare()
	}
	return c.from.Bare()
}

// received is the copy in the words of the core, if there is something to read in it.
func (c copied) received() (protocol.Received, bool) {
	r := content(c.e)
	r.From, r.To, r.Own, r.Copy = addr(c.from), addr(c.to), c.own, true
	r.WantReceipt = false // the device that it went to answers, or nobody does any more
	r.Time, r.Late = c.time, c.late
	if !c.late {
		r.Time = time.Now()
	}
	return r, r.Body != ""
}

// state is what the peer does at the keyboard, if the copy tells of that and is fresh.
func (c copied) state() (im.Typing, bool) {
	if c.own || c.late {
		return im.TypingGone, false
	}
	return chatState(c.e)
}
