// Package discovery tells what a message from the wire is, and makes and finds
// the offers to speak OTR (sections "OTR Query Messages", "Tagged plaintext
// messages"). All of it is pure: it owns no state, and every
// function may be called from any goroutine.
package discovery

import (
	"bytes"

	"culver/otrplugin/otr/internal/fragment"
	"culver/otrplugin/otr/internal/wire"
)

// Kind is what a message is.
type Kind uint8

// The kinds of messages.
const (
	Plain    Kind = iota // words, perhaps with an invisible offer: see CutOffer
	Query                // asks for OTR in the versions Offered
	Error                // reports an error, in Text
	Piece                // a fragment, in Piece
	Armoured             // a binary message, decoded in Body
	TooLong              // armoured, and longer than MaxArmoured
)

// MaxArmoured is the length of the longest message that is decoded, in bytes.
const MaxArmoured = 2 << 20

// Message is a message from the wire. The fields besides Kind belong to the
// kinds at which they are named; all alias the message, but for Body.
type Message struct {
	Kind    Kind
	Offered Versions
	Text    []byte
	Piece   fragment.Piece
	Body    []byte
	Dotted  bool // Armoured: the final dot was there
}

const errorMark = "?OTR Error:"

// Read is ReadIn without a buffer or a memory.
func Read(msg []byte) Message { return ReadIn(nil, msg, nil) }

// ReadIn tells what a message is. The mark of OTR may stand anywhere in it,
// since networks put things before it. Words that only look like OTR are
// words. A Body is decoded into buf if it has the room. buf may be msg[:0]:
// then a message that turns out to be Armoured is overwritten, and there may be
// no memory.
func ReadIn(buf, msg []byte, memory *wire.Memory) (m Message) {
	at := 0
	if !bytes.HasPrefix(msg, []byte("?OTR")) { // not the usual case
		at = bytes.Index(msg, []byte("?OTR"))
	}
	if at < 0 {
		return m
	}
	marked := msg[at:]
	switch {
	case bytes.HasPrefix(marked, []byte(wire.Prefix)):
		if len(marked) > MaxArmoured {
			m.Kind = TooLong
			return m
		}
		if at > 0 {
			buf = nil // it may be words yet
		}
		if body, dotted := memory.AppendUnarmour(buf[:0], marked[len(wire.Prefix):]); at == 0 || len(body) > 3 && body[0] == 0 {
			m.Kind, m.Body, m.Dotted = Armoured, body, dotted
		}
	case bytes.HasPrefix(marked, []byte("?OTR|")), bytes.HasPrefix(marked, []byte("?OTR,")):
		if p, ok := fragment.Parse(marked); ok {
			m.Kind, m.Piece = Piece, p
		}
	case bytes.HasPrefix(marked, []byte(errorMark)):
		m.Kind, m.Text = Error, bytes.TrimSpace(marked[len(errorMark):])
	default:
		if offered, found := FindQuery(marked); found {
			m.Kind, m.Offered = Query, offered
		}
	}
	return m
}
