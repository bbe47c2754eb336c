package xmpp

import (
	"time"

	"culver/protocol"
)

// A message counts as sent when the server says that it has it. One that counts what it
// handles is asked for its count (XEP-0198). Any other is sent a ping (XEP-0199) behind what was
// written: its answer, also a refusal, confirms all that went before it, because a server handles
// what one client sends in order (RFC 6120, section 10.1). One question serves for all that
// was written meanwhile; the next follows its answer.

// slowest is how many bytes a second a server takes at least. Many hold clients
// to a few thousand; a question behind a long message has to wait for that.
const slowest = 1000

// maxUncounted is how many stanzas that nobody waits for may be unconfirmed: to ask
// after each would slow down what goes back and forth in small steps.
const maxUncounted = 32

// askReceipt asks whether what was written has arrived, unless that is asked already.
func (l *link) askReceipt() {
	if stanzas, chat := l.out.open(); !l.asked && (chat || stanzas >= maxUncounted) {
		l.question()
	}
}

// suspect asks even if there is nothing to confirm: the connection may be dead.
func (l *link) suspect() {
	if !l.asked {
		l.question()
	}
}

func (l *link) question() {
	size := time.Duration(l.out.bytes())
	if l.counted() {
		if l.out.put(outgoing{bytes: newElement(nsManage, "r").marshal()}) != nil {
			return // signing off asks, too, and what fills the queue has yet to leave
		}
	} else {
		m := new(mark)
		ping := l.request("", "get", newElement(nsPing, "ping"), func(*element) { l.arrived(m) })
		if ping == nil {
			l.end(errSilent) // a server that leaves so much unanswered is gone
			return
		}
		if l.out.put(outgoing{bytes: ping.marshal(), stanza: true, mark: m}) != nil {
			l.requests.forget(ping.attr("id"))
			return
		}
	}
	l.asked = true
	l.overdue.Reset(l.patience.confirm + size*time.Second/slowest)
}

// arrived reports what a ping has confirmed.
func (l *link) arrived(m *mark) {
	l.asked = false
	l.overdue.Stop()
	l.tellSent(l.out.reached(m))
	l.askReceipt()
}

// tellSent tells of the messages that the server has, unless they came back already.
func (l *link) tellSent(items []outgoing) {
	for _, item := range items {
		if item.room {
			l.expectRepeat(item.id)
		}
		if item.chat && !item.room && l.messages.sent(item.id) {
			l.emit(protocol.Sent{ID: item.id})
			l.confirms.add(item.id, time.Now())
		}
	}
}

// checkLink is called when a receipt is overdue. A link on which something
// still comes in lives: the receipt may be behind that.
func (l *link) checkLink() error {
	silence := time.Since(l.heard)
	if silence >= l.patience.confirm {
		return errSilent
	}
	l.overdue.Reset(l.patience.confirm - silence)
	return nil
}
