package im

import (
	"time"

	"culver/lang"
)

// Level says how well a conversation, or one message of it, is protected.
type Level int

// The levels. Private means that only the two ends can read; Verified, that
// the user also made sure who is at the other end.
const (
	Open Level = iota
	Private
	Verified
	Ended // the peer ended the private conversation; nothing may be sent
)

// String is the word that people read, the same as in Pidgin.
func (l Level) String() string {
	switch l {
	case Private:
		return lang.T("Unverified")
	case Verified:
		return lang.T("Private")
	case Ended:
		return lang.T("Finished")
	default:
		return lang.T("Not private")
	}
}

// Encrypted reports whether only the two ends can read what has this level.
func (l Level) Encrypted() bool { return l == Private || l == Verified }

// Seal is a level and the plugin that vouches for it.
type Seal struct {
	Level Level
	By    string // the ID of the plugin; empty when Open. Old lines of the history may have another name of it.
}

// Kind separates what people said from what Culver says.
type Kind int

// The kinds of line in a conversation.
const (
	Chat   Kind = iota
	Notice      // a line by Culver or a plugin: session started, buddy signed off
	Alarm       // a notice that must not be overlooked
)

// State is how far a message has come. Incoming ones are always Done. Stores keep
// the numbers.
type State int

// The states of a message.
const (
	Done      State = iota // received, or taken by the network
	Waiting                // kept here: not connected yet, or held by a plugin
	Sending                // logged and handed to the network
	Failed                 // not sent; Message.Reason says why
	Delivered              // a device of the peer has confirmed it
)

// Taken reports whether the network has taken a message with this state.
func (s State) Taken() bool { return s == Done || s == Delivered }

// Message is one line of a conversation.
type Message struct {
	ID     string // unique in the conversation, and stable over restarts
	Conv   ConvID
	Kind   Kind
	Out    bool // the user typed it
	From   Addr // the sender's address; ours when Out
	Text   Text // sanitised
	Time   time.Time
	Seal   Seal // how it travelled
	State  State
	Reason string // a sentence, when Failed or Waiting
	Late   bool   // it was kept for us while we were away; Time is when it was written
	// Came is when a Late line came, if it stands there, behind lines that are later than
	// Time; zero: it stands at Time, or came in an earlier run.
	Came time.Time
	// Private: it was written to be private. It leaves sealed, or the user says
	// that it may leave open.
	Private bool
	// Origin is its ID on the network, chosen by its sender: what corrections and
	// confirmations name. That of ours is the ID that it had when it was first sent.
	Origin string
	// Archive is its ID in the account's archive on the server, empty if not known.
	Archive string
	Edited  bool   // its sender corrected it: Text is the last wording
	Nick    string // in a room, who said it; sanitised
}

// Moment is when the message took its place among the others.
func (m Message) Moment() time.Time {
	if m.Came.IsZero() {
		return m.Time
	}
	return m.Came
}
