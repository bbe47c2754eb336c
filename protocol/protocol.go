package protocol

import (
	"context"
	"time"

	"culver/im"
	"culver/lang"
)

// Protocol is one chat network.
type Protocol interface {
	// Scheme is the network's short name, the first part of its account IDs.
	Scheme() string
	// Name is what people call the network.
	Name() string
	// Settings are the fields that set up an account: "address", "password"
	// if the network wants one, "pin" if it takes one, and its own. None: there is nothing to set up.
	Settings() []im.Field
	// Account turns answers to Settings into an account, or says in a sentence
	// for people what is wrong with them.
	Account(answers map[string]string) (im.Account, error)
	// NormalizePeer turns what a user typed into a bare peer address, or says
	// in a sentence for people what is wrong with it.
	NormalizePeer(typed string) (string, error)
	// New makes a session for the account. It does not connect.
	New(a im.Account, password im.Secret) Session
}

// The IDs of the settings fields that every network shares.
const (
	FieldAddress  = "address"
	FieldPassword = "password"
	FieldPin      = "pin" // the SHA-256 of a certificate that the user trusts, as in Certificate
)

// Session is one connection of one account, from dialling to its end. It is used
// once.
type Session interface {
	// Run connects, serves, and returns why it ended: nil after ctx was
	// cancelled and the session signed off, else a *Failure. It calls emit
	// in order from one goroutine at a time; emit may block.
	Run(ctx context.Context, emit func(Event)) error
	// Send queues a message. An error means that it will not be sent; a
	// message that was queued is answered by a Sent or a Rejected event, or
	// by the end of the session.
	Send(o Outgoing) error
	// Limits are facts about the network.
	Limits() Limits
}

// ErrOffline is returned by a session's methods when it is not connected.
var ErrOffline error = lang.Error("not connected")

// Limits are neutral facts about a network.
type Limits struct {
	MaxMessage int // the longest body in bytes, 0: no limit to speak of
}

// Outgoing is a message on its way to a peer.
type Outgoing struct {
	ID    string // returns in Sent, Rejected and Delivered; also the stanza id
	To    im.Addr
	Body  string
	Hints Hints
	// Replaces is the ID of an earlier message, as it was sent, that this one corrects.
	Replaces string
	// WantReceipt asks the peer's device to confirm that it came.
	WantReceipt bool
	// Typing: the peer is told when we type. Some tell it only those who do.
	Typing bool
	// Room: To is a room, or one of its occupants. See [Rooms].
	Room bool
}

// Hints tell the network how a message wants to be handled.
type Hints struct {
	// Sealed: the body is encrypted, or part of setting up encryption. It is
	// not copied to other devices and not archived as far as the network can
	// be asked to.
	Sealed bool
	// Momentary: it means something only now, as a part of setting up encryption.
	// It is not kept for a peer who is away.
	Momentary bool
	// By names the method of encryption for XEP-0380, for instance
	// "urn:xmpp:otr:0".
	By string
}

// RosterEditor is a session whose network keeps the buddy list on the server.
type RosterEditor interface {
	// SetBuddy adds a buddy or changes their name and groups.
	SetBuddy(b im.Buddy) error
	// RemoveBuddy takes a buddy off the list, and ends both subscriptions.
	RemoveBuddy(bare string) error
	// Subscribe asks to see somebody's presence; Unsubscribe does not want it any more.
	Subscribe(bare, reason string) error
	Unsubscribe(bare string) error
	// Approve lets somebody see ours; Deny refuses it or takes it back.
	Approve(bare string) error
	Deny(bare string) error
}

// PresenceSetter is a session that can tell others our presence. A call before
// the session is connected says what to start with.
type PresenceSetter interface {
	SetPresence(p im.Presence) error
}

// TypingSender is a session that can tell a peer that we type.
type TypingSender interface {
	SendTyping(to im.Addr, t im.Typing) error
}

// Event is something that happened on the network: one of the types below.
type Event interface{ isEvent() }

type (
	// Online says that the session is ready. Self is our own address there.
	Online struct{ Self im.Addr }
	// Roster is the whole buddy list, as it is now.
	Roster struct{ Buddies []im.Buddy }
	// BuddyChanged is one new or changed buddy.
	BuddyChanged struct{ Buddy im.Buddy }
	// BuddyRemoved is one buddy that is no longer on the list.
	BuddyRemoved struct{ Bare string }
	// PresenceChanged is the presence of one device of a peer.
	PresenceChanged struct {
		From     im.Addr
		Presence im.Presence
	}
	// SubscriptionAsked: somebody wants to see our presence.
	SubscriptionAsked struct {
		Bare   string
		Reason string // their words: untrusted
	}
	// SubscriptionAnswered: somebody let us see their presence, or not.
	SubscriptionAnswered struct {
		Bare     string
		Approved bool
	}
	// Received is a message for us. Body is untrusted.
	Received struct {
		From im.Addr
		ID   string
		Body string
		Time time.Time // when it was written, as the network says
		Late bool      // it waited for us while we were away
		// Replaces is the ID of an earlier message of theirs that this one corrects.
		Replaces string
		// WantReceipt: they ask for a confirmation.
		WantReceipt bool
		// Archive is its ID in our own archive on the server, if it tells.
		Archive string
		// Own: another device of ours sent it. From is that device, To the peer.
		Own bool
		To  im.Addr
		// Copy: it is a copy of what another device got, or comes from the archive. What
		// is sealed in it is not for us, or was read long ago.
		Copy bool
	}
	// Delivered: a device of the peer confirms that the message with this ID came.
	Delivered struct {
		From im.Addr
		ID   string
	}
	// TypingChanged: a peer types, or stopped.
	TypingChanged struct {
		From  im.Addr
		State im.Typing
	}
	// Sent: the network has taken the message with this ID, as far as it lets us know.
	Sent struct{ ID string }
	// Rejected: the network or the peer returned the message with this ID.
	Rejected struct {
		ID     string
		From   im.Addr
		Reason string // a sentence for people
	}
)

func (Online) isEvent()               {}
func (Roster) isEvent()               {}
func (BuddyChanged) isEvent()         {}
func (BuddyRemoved) isEvent()         {}
func (PresenceChanged) isEvent()      {}
func (SubscriptionAsked) isEvent()    {}
func (SubscriptionAnswered) isEvent() {}
func (Received) isEvent()             {}
func (TypingChanged) isEvent()        {}
func (Sent) isEvent()                 {}
func (Rejected) isEvent()             {}
func (Delivered) isEvent()            {}

// Trial is a protocol that can be tried out without an account anywhere.
type Trial interface {
	Trial() Tryout
}

// Tryout is the ready-made account of a Trial.
type Tryout struct {
	Account im.Account
	Peer    string // the bare address of the one to talk to
	Words   string // a sentence or two on what it is
}
