package xmpp

import (
	"crypto/rand"

	"mellium.im/xmpp/jid"

	"culver/im"
	"culver/protocol"
)

// What becomes of a message after it was written: receipts (XEP-0184), corrections
// (XEP-0308), and the ID by which both name it.

const (
	nsReceipts = "urn:xmpp:receipts"          // XEP-0184
	nsCorrect  = "urn:xmpp:message-correct:0" // XEP-0308
)

// maxStanzaID is the length of an ID beyond which it names nothing.
const maxStanzaID = 512

// delivery tells of the receipts that come in. Whether one names a message that went
// there, its reader knows.
func (l *link) delivery() extension {
	return extension{
		features: []string{nsReceipts, nsCorrect, nsStates},
		message: func(e *element, from jid.JID) bool {
			if e.attr("type") == "groupchat" {
				return false
			}
			if id := receiptOf(e); id != "" {
				l.emit(protocol.Delivered{From: addr(from), ID: id})
			}
			return false // it may say more
		},
	}
}

// receiptOf is the ID of the message that this one confirms.
func receiptOf(e *element) string { return idOf(e.child(nsReceipts, "received")) }

// correctionOf is the ID of the message that this one replaces.
func correctionOf(e *element) string { return idOf(e.child(nsCorrect, "replace")) }

// wantsReceipt reports whether a message asks for a receipt. One without an ID could
// not get any.
func wantsReceipt(e *element) bool {
	return e.attr("id") != "" && e.child(nsReceipts, "request") != nil
}

// originOf is the ID that the sender gave to a message. Servers keep it but for some
// chat rooms, for which it is said once more (XEP-0359).
func originOf(e *element) string {
	id := e.attr("id")
	if origin := idOf(e.child(nsIDs, "origin-id")); id == "" || origin != "" && e.attr("type") == "groupchat" {
		id = origin
	}
	if len(id) > maxStanzaID {
		return ""
	}
	return id
}

// idOf is the ID that an element names, if there is such an element.
func idOf(e *element) string {
	if e == nil || len(e.attr("id")) > maxStanzaID {
		return ""
	}
	return e.attr("id")
}

// follow adds to a message what concerns its life after it was written.
func follow(m *element, o protocol.Outgoing) {
	if o.ID != "" {
		m.add(newElement(nsIDs, "origin-id").with("id", o.ID))
	}
	if o.Replaces != "" {
		m.add(newElement(nsCorrect, "replace").with("id", o.Replaces))
	}
	if o.WantReceipt && o.ID != "" {
		m.add(newElement(nsReceipts, "request"))
	}
	if o.Typing {
		m.add(newElement(nsStates, "active"))
	}
}

// receiptFor is a receipt. Nobody has to be online to get it: it may be stored.
func receiptFor(to jid.JID, id string) *element {
	return newElement(nsClient, "message", newElement(nsReceipts, "received").with("id", id), newElement(nsHints, "store")).
		with("type", "chat").with("id", rand.Text()).with("to", to.String())
}

// SendReceipt tells a peer's device that its message with this ID came.
func (s *Session) SendReceipt(to im.Addr, id string) error {
	l, err := s.online()
	if err != nil {
		return err
	}
	address, err := peer(to)
	if err != nil {
		return err
	}
	if id == "" || len(id) > maxStanzaID {
		return sentencef("There is no such message.")
	}
	return l.send(receiptFor(address, id))
}
